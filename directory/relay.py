"""Where letters go: MAIL_URL taken apart.

Empty is a folder of files. `smtp://user:password@host:587?tls=starttls` speaks to a server; `tls` is `starttls`
(default), `implicit` (default of `smtps://`) or `none`, the last only on this machine.
"""

import ipaddress
from typing import NamedTuple
from urllib.parse import parse_qs, unquote, urlsplit

PORTS = {"starttls": 587, "implicit": 465, "none": 25}


class Relay(NamedTuple):
    """An SMTP server and how to speak to it."""

    host: str
    port: int
    tls: str
    user: str
    password: str


def _is_this_machine(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def read_relay(url: str) -> Relay | None:
    """The server that the address names, None when letters go to files. Raises ValueError with a line fit to show."""
    if not url:
        return None
    parts = urlsplit(url)
    if parts.scheme not in {"smtp", "smtps"} or not parts.hostname:
        raise ValueError("MAIL_URL must look like smtp://user:password@host:587?tls=starttls")
    tls = parse_qs(parts.query).get("tls", ["implicit" if parts.scheme == "smtps" else "starttls"])[0]
    if tls not in PORTS:
        raise ValueError("MAIL_URL: tls must be starttls, implicit or none")
    if tls == "none" and not _is_this_machine(parts.hostname):
        raise ValueError("MAIL_URL: tls=none is for a server on this machine only")
    return Relay(
        parts.hostname, parts.port or PORTS[tls], tls, unquote(parts.username or ""), unquote(parts.password or "")
    )


def relay_fault(url: str) -> str:
    """What is wrong with the address in one line; empty when nothing is."""
    try:
        read_relay(url)
    except ValueError as error:
        return str(error) if str(error).startswith("MAIL_URL") else "MAIL_URL: the port must be a number"
    return ""
