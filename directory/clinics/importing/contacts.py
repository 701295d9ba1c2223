"""Phone, e-mail and web address cells: what is kept, or why not."""

import re
from functools import lru_cache
from urllib.parse import urlsplit

import phonenumbers

_SEVERAL = re.compile(r"[;,/]|\bor\b|\boder\b")
_EMAIL = re.compile(
    r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@((?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z]{2,63})"
)
_LABEL = re.compile(r"(?!-)[a-z0-9-]{1,63}(?<!-)")
MAX_WEBSITE = 300


def read_phone(text: str, country: str) -> str | None:
    """E.164 of a number as dialled in `country` (ISO alpha-2); None when it is none there.

    Of several numbers in one cell the first that is valid is taken.
    """
    for part in (text, *_SEVERAL.split(text)):
        part = part.strip()
        if len(part) > 40 or sum(letter.isdigit() for letter in part) < 5:
            continue
        found = _phone(part, country) or (_phone(f"+{part[2:]}", country) if part.startswith("00") else None)
        if found:
            return found
    return None


def _phone(text: str, country: str) -> str | None:
    try:
        number = phonenumbers.parse(text, country or None)
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_valid_number(number):
        return None
    return str(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164))


def read_email(text: str) -> str | None:
    """An address of the usual shape, its host in lower case; None when it has another shape."""
    text = text.strip().removeprefix("mailto:").strip()
    found = _EMAIL.fullmatch(text) if len(text) <= 254 and ".." not in text else None
    if not found or text.startswith(".") or ".@" in text:
        return None
    return text[: found.start(1)] + found[1].lower()


@lru_cache(maxsize=4096)
def read_website(text: str) -> tuple[str, str] | None:
    """(address, host) of an http or https page, the host in lower case and, where it is not ASCII, in punycode.

    A bare host gets https. None for any other scheme, for credentials in the address, and for hosts that are none.
    """
    text = text.strip()
    if "://" not in text and not text.lower().startswith(("javascript:", "data:", "mailto:", "vbscript:")):
        text = f"https://{text}"
    if len(text) > MAX_WEBSITE or any(letter.isspace() or not letter.isprintable() for letter in text):
        return None
    if any(letter in text for letter in "\\<>\"'`{}|^"):
        return None
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError:
        return None
    if parts.scheme.lower() not in {"http", "https"} or "@" in parts.netloc or not parts.hostname:
        return None
    host = _ascii_host(parts.hostname)
    if not host:
        return None
    place = f"{host}:{port}" if port else host
    address = parts._replace(scheme=parts.scheme.lower(), netloc=place).geturl()
    return (address, host.removeprefix("www.")) if len(address) <= MAX_WEBSITE else None


def _ascii_host(host: str) -> str:
    """The host as ASCII labels with a top-level domain, "" when it is none."""
    try:
        ascii_host = host.encode("idna").decode("ascii").lower().rstrip(".")
    except UnicodeError:
        return ""
    labels = ascii_host.split(".")
    if len(labels) < 2 or len(ascii_host) > 253 or not all(_LABEL.fullmatch(label) for label in labels):
        return ""
    return "" if labels[-1].isdigit() else ascii_host
