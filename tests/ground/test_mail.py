"""Letters: after the commit only, by a real SMTP conversation or into files, with headers nobody can add to."""

import ssl
from collections.abc import Callable, Iterator
from datetime import timedelta
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
import time_machine
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, Session
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from flask import Flask
from sqlalchemy import select

from directory import jobs, mail, queue
from directory.db import db, now, writing
from directory.factory import create_app
from directory.relay import Relay, read_relay, relay_fault
from tests.conftest import settings_for
from tests.engines import free_port

pytestmark = pytest.mark.filterwarnings("ignore:Requiring AUTH")  # plain text, on this machine only
LINK = "http://localhost:8000/account/reset/x"


class Server:
    """What the wire beyond this machine would be: a server that keeps what it is told, or refuses."""

    def __init__(self) -> None:
        self.letters: list[bytes] = []
        self.answer = "250 taken"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        if self.answer.startswith("250"):
            self.letters.append(envelope.content or b"")  # type: ignore[arg-type]
        return self.answer


@pytest.fixture
def server() -> Iterator[tuple[Server, int]]:
    kept, port = Server(), free_port()
    controller = Controller(
        kept,
        hostname="127.0.0.1",
        port=port,
        auth_require_tls=False,
        authenticator=lambda server, session, envelope, mechanism, data: AuthResult(
            success=data.login == b"letters@site" and data.password == b"p@ss"
        ),
        auth_required=True,
    )
    controller.start()
    yield kept, port
    controller.stop()


def post(app: Flask, to: str = "noor@example.org", **facts: Any) -> None:
    with app.app_context(), writing():
        mail.post("accounts/reset", to=to, link=LINK, **facts)
        db.session.commit()


def drain(app: Flask) -> int:
    with app.app_context():
        return jobs.drain()


@pytest.fixture
def through(data_folder: Path, database_url: str, server: tuple[Server, int]) -> Callable[[], Flask]:
    def make() -> Flask:
        url = f"smtp://letters%40site:p%40ss@127.0.0.1:{server[1]}?tls=none"
        return create_app(settings_for(data_folder, database_url, MAIL_URL=url, MAIL_FROM="letters@site.example"))

    return make


def test_a_letter_arrives_at_the_server_once(through: Callable[[], Flask], server: tuple[Server, int]) -> None:
    app = through()
    post(app)
    assert server[0].letters == []  # nothing leaves inside a request
    drain(app)
    drain(app)
    (letter,) = server[0].letters
    assert b"From: letters@site.example" in letter
    assert b"To: noor@example.org" in letter
    assert b"Auto-Submitted: auto-generated" in letter
    assert LINK.encode() in letter


def test_a_letter_refused_for_now_is_sent_again_under_the_same_id(
    through: Callable[[], Flask], server: tuple[Server, int]
) -> None:
    app = through()
    server[0].answer = "451 try later"
    post(app)
    drain(app)
    server[0].answer = "250 taken"
    with time_machine.travel(now() + timedelta(minutes=1)):
        drain(app)
    (letter,) = server[0].letters
    with app.app_context():
        row = db.session.scalars(select(queue.QueuedJob)).one()
        assert f"<{row.public_id}@site.example>".encode() in letter
        assert row.payload == {}  # the link is not kept once it is sent


def test_the_act_stands_when_no_server_answers(data_folder: Path, database_url: str) -> None:
    url = f"smtp://127.0.0.1:{free_port()}?tls=none"
    app = create_app(settings_for(data_folder, database_url, MAIL_URL=url))
    post(app)
    drain(app)
    with app.app_context():
        assert db.session.scalars(select(queue.QueuedJob)).one().state == "waiting"


def test_by_default_letters_are_files_of_their_owner(app: Flask) -> None:
    post(app)
    drain(app)
    (path,) = (app.config["SETTINGS"].data / "outbox").iterdir()
    assert path.suffix == ".eml"
    assert path.stat().st_mode & 0o077 == 0
    assert b"Subject: A password for Hairline" in path.read_bytes()


@pytest.mark.parametrize(
    "address",
    [
        "noor@example.org\nBcc: all@example.org",
        "noor@example.org\r\n\r\nbody",
        "noor@example.org, all@example.org",
        "Noor <noor@example.org>",
        "noor@example.org\u2028Bcc: x@example.org",
        "nobody",
    ],
)
def test_an_address_cannot_add_headers(app: Flask, address: str) -> None:
    with app.app_context(), pytest.raises(ValueError, match=r".+"):
        mail.compose("accounts/reset", address, {"link": LINK}, "id")


def test_a_fact_in_the_subject_stays_one_line(data_folder: Path) -> None:
    app = create_app(settings_for(data_folder, SITE_NAME="Hair\u2028line\u202e\x07"))
    with app.app_context():
        letter: EmailMessage = mail.compose("accounts/reset", "noor@example.org", {"link": LINK}, "id")
        assert letter["Subject"] == "A password for Hair line"


def test_a_link_is_one_piece_in_the_file(app: Flask) -> None:
    with app.app_context():
        link = mail.link("accounts.reset", token="t" * 43)
        assert link.encode() in bytes(mail.compose("accounts/reset", "noor@example.org", {"link": link}, "id"))


def test_no_letter_goes_to_a_server_whose_certificate_nobody_vouches_for(
    data_folder: Path, database_url: str, tmp_path: Path
) -> None:
    kept, port = Server(), free_port()
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate(tmp_path))
    controller = Controller(kept, hostname="127.0.0.1", port=port, tls_context=context, require_starttls=True)
    controller.start()
    url = f"smtp://127.0.0.1:{port}?tls=starttls"
    app = create_app(settings_for(data_folder, database_url, MAIL_URL=url))
    post(app)
    drain(app)
    controller.stop()
    assert kept.letters == []
    with app.app_context():
        assert db.session.scalars(select(queue.QueuedJob)).one().error == "SSLCertVerificationError"


def certificate(folder: Path) -> Path:
    """A key and a certificate that signs itself, in one file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "127.0.0.1")])
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now() - timedelta(days=1))
        .not_valid_after(now() + timedelta(days=1))
        .sign(key, hashes.SHA256())
    )
    plain = serialization.NoEncryption()
    path = folder / "server.pem"
    path.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, plain)
        + made.public_bytes(serialization.Encoding.PEM)
    )
    return path


@pytest.mark.parametrize("host", ["evil.example", "localhost:8000@evil.example", "127.0.0.1.evil.example"])
def test_the_host_a_request_names_never_enters_a_letter(app: Flask, host: str) -> None:
    with app.test_request_context("/", headers={"X-Forwarded-Host": host}, base_url="http://localhost"):
        assert mail.link("accounts.reset", token="t") == "http://localhost:8000/account/reset/t"


RELAYS = [
    ("", None),
    ("smtp://mail.example", Relay("mail.example", 587, "starttls", "", "")),
    ("smtps://u:p%40@mail.example", Relay("mail.example", 465, "implicit", "u", "p@")),
    ("smtp://127.0.0.1:2525?tls=none", Relay("127.0.0.1", 2525, "none", "", "")),
]


@pytest.mark.parametrize(("url", "relay"), RELAYS)
def test_mail_url_is_read(url: str, relay: Relay | None) -> None:
    assert read_relay(url) == relay


@pytest.mark.parametrize(
    "url", ["mail.example", "http://mail.example", "smtp://", "smtp://m.example:x", "smtp://m?tls=no"]
)
def test_a_wrong_mail_url_is_named(url: str) -> None:
    assert relay_fault(url).startswith("MAIL_URL")
