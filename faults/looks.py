"""A kill between a paper's decryption and the record of the look: `python -m faults.looks sqlite 50`.

The checker's browser asks for a page of a paper while somebody else holds the database's lock for writing: the server
has the picture in its hand and waits to write the look down. Then it is killed by its process id. Not a byte of the
picture may have left, and no look may stand in the record; asked again once the lock is gone, picture and look are both
there.
"""

import contextlib
import http.client
import os
import secrets
import signal
import sys
import threading
import time
from collections.abc import Iterator
from io import BytesIO

import sqlalchemy as sa
from flask import Flask
from PIL import Image

from directory.accounts.second_factor import begin_app
from directory.accounts.sessions import UserSession, _signer, cookie_name
from directory.cases.models import Case
from directory.credentials import handing_in
from directory.credentials.evidence import Evidence
from directory.db import db, now, writing
from directory.keyed import fingerprint
from directory.ledger import LedgerRow
from directory.transit import announce, arrived
from faults.outcome import Outcome
from faults.site import Site, a_site, close
from tests.credentials import papers

WAITING_SECONDS = 0.6
PATIENCE_SECONDS = 30


def _sheet() -> bytes:
    content = BytesIO()
    Image.effect_noise((300, 400), 60).save(content, "PNG")
    return content.getvalue()


def prepare(app: Flask) -> tuple[str, str]:
    """A paper at the desk, its case in the hand of a checker: the page's address and the checker's cookie."""
    with app.app_context(), writing():
        _studio, person = papers.leeds()
        holder, checker = papers.person("holder@example.org"), papers.person("checker@example.org")
        begin_app(checker)
        checker.confirmed_at, checker.totp_confirmed_at = now(), now()
        checker.give_role("checker")
        one = papers.kind("gb-eng-person")
        facts = {"number": "N-1", "authority": "Leeds", "title": "", "issued_on": None, "expires_on": None}
        made = handing_in.begin(one, person, holder, **facts)  # type: ignore[arg-type]
        paper, about = Evidence.of(made, [_sheet()])
        announce(paper.keys)
        paper.seal([_sheet()], about)
        db.session.add(paper)
        arrived(paper.keys)
        handing_in.hand_in(made, holder)
        db.session.flush()
        case = db.session.scalars(sa.select(Case)).one()
        case.lease_to(checker.id)
        token = secrets.token_urlsafe(32)
        db.session.add(UserSession(user=checker, digest=fingerprint(token), epoch=checker.epoch or 1))
        address = f"/desk/papers/{paper.public_id}/1"
        cookie = f"{cookie_name()}={_signer().sign(token).decode()}"
        db.session.commit()
    return address, cookie


@contextlib.contextmanager
def nobody_writes(app: Flask) -> Iterator[None]:
    """Hold what every look must write to."""
    with app.app_context(), db.engine.connect() as connection:
        if connection.dialect.name == "sqlite":
            raw = connection.connection.driver_connection
            assert raw is not None
            raw.execute("BEGIN IMMEDIATE")
            try:
                yield
            finally:
                raw.execute("ROLLBACK")
        else:
            with connection.begin():
                connection.execute(sa.text("LOCK TABLE ledger IN EXCLUSIVE MODE"))
                yield
    close(app)


def _ask(site: Site, address: str, cookie: str, got: list[bytes]) -> None:
    """What came back: the head and the bytes, or nothing where the connection broke."""
    link = http.client.HTTPConnection("127.0.0.1", site.port, timeout=PATIENCE_SECONDS)
    with contextlib.suppress(OSError, http.client.HTTPException):
        link.request("GET", address, headers={"Host": f"localhost:{site.port}", "Cookie": cookie})
        answer = link.getresponse()
        got.append(str(answer.status).encode())
        got.append(answer.read())
    link.close()


def looks(app: Flask) -> tuple[int, int]:
    """How many stand in the record, and how many are counted for the holder."""
    with app.app_context():
        rows = db.session.scalar(sa.select(sa.func.count()).where(LedgerRow.act == "evidence.seen")) or 0
        counted = db.session.scalar(sa.select(Evidence.looks)) or 0
    close(app)
    return rows, counted


def main(database: str, kills: int) -> None:
    outcome = Outcome("a kill between a paper and its record", database)
    sent = waited = 0
    with a_site(database) as (site, _cluster):
        site.environment["WEB_WORKERS"] = "1"
        app = site.app()
        address, cookie = prepare(app)
        close(app)
        site.serve()
        for _kill in range(kills):
            before, got = looks(app), list[bytes]()
            asking = threading.Thread(target=_ask, args=(site, address, cookie, got))
            with nobody_writes(app):
                asking.start()
                time.sleep(WAITING_SECONDS)
                waited += asking.is_alive()
                for worker in site.workers():
                    with contextlib.suppress(ProcessLookupError):
                        os.kill(worker, signal.SIGKILL)
                asking.join(PATIENCE_SECONDS)
            if got:
                sent += 1
                outcome.faults.append(f"{sum(map(len, got))} bytes were sent: {got[0][:80]!r}")
            if looks(app) != before:
                outcome.faults.append(f"a look stands that nobody had: {looks(app)}, not {before}")
            again = list[bytes]()
            deadline = time.monotonic() + PATIENCE_SECONDS
            while not again and time.monotonic() < deadline:  # until the next worker is there
                _ask(site, address, cookie, again)
                time.sleep(0.05)
            if again[:1] != [b"200"] or looks(app) != (before[0] + 1, before[1] + 1):
                outcome.faults.append(f"afterwards: {again[:1]}, {looks(app)} after {before}")
    if waited < kills:
        outcome.faults.append(f"only {waited} of {kills} had the picture in hand when they were killed")
    outcome.counts = {"kills": kills, "waiting to write the look": waited, "acknowledged": kills, "pictures sent": sent}
    outcome.end()


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
