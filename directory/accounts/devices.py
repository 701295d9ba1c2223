"""Devices in words for the list of sessions, and the mark by which a device that signed in before is known again.

A known device has an allowance of its own: whoever tries passwords from elsewhere cannot lock the person out of it.
"""

import ipaddress
import secrets

from flask import current_app, g, request
from itsdangerous import BadSignature, URLSafeTimedSerializer
from werkzeug.wrappers import Response

from directory.config import Settings
from directory.keyed import pseudonym

KNOWN_SECONDS = 180 * 24 * 3600
BROWSERS = (("Edg/", "Edge"), ("OPR/", "Opera"), ("Firefox/", "Firefox"), ("Chrome/", "Chrome"), ("Safari/", "Safari"))
SYSTEMS = (
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows", "Windows"),
    ("Mac OS X", "macOS"),
    ("CrOS", "ChromeOS"),
    ("Linux", "Linux"),
)


def device_words(user_agent: str) -> str:
    """`Firefox, Linux`: enough to tell one's own devices apart; empty when the browser does not say."""
    browser = next((name for mark, name in BROWSERS if mark in user_agent), "")
    system = next((name for mark, name in SYSTEMS if mark in user_agent), "")
    return ", ".join(word for word in (browser, system) if word)


def network_of(address: str) -> str:
    """The caller's network, /24 or /48: tells one place from another without naming a household."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return ""
    bits = 24 if parsed.version == 4 else 48
    return str(ipaddress.ip_network((parsed, bits), strict=False))


def _name() -> str:
    settings: Settings = current_app.config["SETTINGS"]
    return "__Host-device" if settings.is_https else "device"


def _serializer() -> URLSafeTimedSerializer:
    settings: Settings = current_app.config["SETTINGS"]
    return URLSafeTimedSerializer([*settings.secret_key_fallbacks, settings.secret_key], salt="device")


def _read() -> tuple[str, str]:
    """(pseudonym of who signed in last, name of the device); both empty on a device never seen."""
    try:
        whose, name = _serializer().loads(request.cookies.get(_name(), ""), max_age=KNOWN_SECONDS)
    except (BadSignature, ValueError, TypeError):
        return "", ""
    return str(whose), str(name)


def known_device(email: str) -> str:
    """The name of this device when that address signed in on it before, else empty."""
    whose, name = _read()
    return name if whose == pseudonym("device", email) else ""


def this_device() -> str:
    """The random name of this device, whoever uses it; a device never seen gets one with this request."""
    if "device" not in g:
        g.device = _read()[1] or secrets.token_urlsafe(12)
    name: str = g.device
    return name


def mark_of(device: str) -> str:
    """What stands for a device's name in the database; empty for none."""
    return pseudonym("device mark", device) if device else ""


def remember_device(response: Response, email: str) -> None:
    """Know this device again for half a year; the cookie names nobody, and keeps its name when others sign in."""
    settings: Settings = current_app.config["SETTINGS"]
    value = _serializer().dumps([pseudonym("device", email), this_device()])
    response.set_cookie(
        _name(), value, max_age=KNOWN_SECONDS, httponly=True, secure=settings.is_https, samesite="Lax", path="/"
    )
