"""The language of a page: its translations are looked up once for a request, not once for each text on it."""

from typing import Any

from flask import Flask, g
from flask_babel import Babel, get_translations


def _translations() -> Any:
    held = g.get("translations")
    if held is None:
        held = g.translations = get_translations()
    return held


def _gettext(text: str) -> str:
    words: str = _translations().ugettext(text)
    return words


def _ngettext(one: str, many: str, count: int) -> str:
    words: str = _translations().ungettext(one, many, count)
    return words


def init_app(app: Flask) -> None:
    """A page holds some hundred texts, and Flask-Babel finds locale and domain anew for each."""
    Babel(app)
    app.jinja_env.install_gettext_callables(_gettext, _ngettext, newstyle=True)  # type: ignore[attr-defined]
