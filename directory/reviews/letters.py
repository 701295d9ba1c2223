"""The link in a letter by which its reader ends such letters without signing in."""

from flask import current_app
from itsdangerous import BadSignature, URLSafeSerializer

from directory import mail
from directory.config import Settings


def _serializer() -> URLSafeSerializer:
    settings: Settings = current_app.config["SETTINGS"]
    return URLSafeSerializer([*settings.secret_key_fallbacks, settings.secret_key], salt="review letters")


def end_link(public_id: str) -> str:
    """The full address."""
    return mail.link("reviews.end_letters", token=_serializer().dumps(public_id))


def review_of(token: str) -> str | None:
    """The review's public id that a link names, None when it was not made here."""
    try:
        return str(_serializer().loads(token))
    except BadSignature:
        return None
