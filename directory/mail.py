"""Letters: queued in the commit of the act they tell of, sent after it by the jobs process.

A letter is a plain text template `mail/<room>/<letter>.txt` whose first line is the subject. Letters say that something
awaits on the site, never what ails anybody. Addresses in them are built from BASE_URL, never from a request.
"""

import os
import smtplib
import ssl
from email.message import EmailMessage
from email.utils import format_datetime
from pathlib import Path
from urllib.parse import urlsplit

from flask import current_app, render_template

from directory import queue
from directory.config import Settings
from directory.db import now
from directory.keyed import pseudonym
from directory.relay import Relay, read_relay
from directory.words import visible

SECONDS = 10
LONGEST_SUBJECT = 150
KIND = "mail"


def about(address: str) -> str:
    """The pseudonym under which letters to this address wait."""
    return pseudonym("mail", address.lower())


def link(endpoint: str, **values: object) -> str:
    """The full address of a page, for letters and the command line."""
    base = urlsplit(current_app.config["SETTINGS"].base_url)
    adapter = current_app.url_map.bind(base.netloc, url_scheme=base.scheme)
    return adapter.build(endpoint, values, force_external=True)


def post(letter: str, *, to: str, unsubscribe: str = "", **facts: str | int) -> None:
    """Queue one letter; it leaves after the present transaction's commit, and only then.

    `unsubscribe` is an address of ours that ends such letters by one POST; mail programs offer it as a button.
    """
    queue.put(KIND, about=about(to), letter=letter, to=to, facts=facts, unsubscribe=unsubscribe)


def compose(letter: str, to: str, facts: dict[str, str | int], letter_id: str, unsubscribe: str = "") -> EmailMessage:
    """The letter as it will be sent. Raises ValueError for an address that would break out of its header."""
    settings: Settings = current_app.config["SETTINGS"]
    host = urlsplit(settings.base_url).hostname
    sender = settings.mail_from or f"noreply@{host}"
    subject, _, body = render_template(f"mail/{letter}.txt", site_name=settings.site_name, **facts).partition("\n")
    if not to.isprintable() or to.count("@") != 1 or any(mark in to for mark in ' ,;<>"\\'):
        raise ValueError("this is not one plain address")
    message = EmailMessage()
    message["From"], message["To"] = sender, to
    message["Subject"] = visible(subject, limit=LONGEST_SUBJECT)
    message["Date"] = format_datetime(now())
    # The same for every attempt: a letter sent twice after a lost answer is seen as one.
    message["Message-ID"] = f"<{letter_id}@{sender.rpartition('@')[2]}>"
    message["Auto-Submitted"] = "auto-generated"
    if unsubscribe:  # RFC 8058
        message["List-Unsubscribe"] = f"<{unsubscribe}>"
        message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    body = body.strip() + "\n"
    # Plain letters stay as they are, so that a link can be copied out of the file; others are quoted.
    message.set_content(body, cte="7bit" if body.isascii() else "quoted-printable")
    return message


def _write(message: EmailMessage, outbox: Path, letter: str, letter_id: str) -> None:
    """One file a letter, complete or absent, readable by its owner only."""
    outbox.mkdir(parents=True, exist_ok=True, mode=0o700)
    name = f"{now():%Y%m%d-%H%M%S}-{letter.replace('/', '-')}-{letter_id[:8]}.eml"
    half = outbox / f".{name}"
    with os.fdopen(os.open(half, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        file.write(bytes(message))
    half.rename(outbox / name)


def _speak(message: EmailMessage, relay: Relay) -> None:
    context = ssl.create_default_context()
    server: smtplib.SMTP
    if relay.tls == "implicit":
        server = smtplib.SMTP_SSL(relay.host, relay.port, timeout=SECONDS, context=context)
    else:
        server = smtplib.SMTP(relay.host, relay.port, timeout=SECONDS)
    with server:
        if relay.tls == "starttls":
            server.starttls(context=context)
        if relay.user:
            server.login(relay.user, relay.password)
        server.send_message(message)


@queue.carries_out(KIND)
def send(row_id: str, letter: str, to: str, facts: dict[str, str | int], unsubscribe: str = "") -> None:
    """Send one letter. Raises what the wire raises: the queue tries again."""
    settings: Settings = current_app.config["SETTINGS"]
    message = compose(letter, to, facts, row_id, unsubscribe)
    relay = read_relay(settings.mail_url)
    if relay is None:
        _write(message, settings.data / "outbox", letter, row_id)
    else:
        _speak(message, relay)
