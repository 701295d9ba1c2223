"""Who is let through a door of `directory.access`: the check behind @member, @clinic_staff and the doors of the desk.

Nobody signed in is asked to sign in and led back; who may not pass meets the same 404 as if nothing were there.
"""

from collections.abc import Callable
from typing import NoReturn
from urllib.parse import urlsplit

from flask import Flask, abort, current_app, flash, g, redirect, request, url_for
from flask_babel import gettext as _

from directory.accounts import sessions
from directory.accounts.models import User
from directory.accounts.roles import may_pass, must_set_up
from directory.origin import SAFE_METHODS, is_page

StaffTest = Callable[[User, str | None, str], bool]


def _go(endpoint: str, *, back_to: str | None = None) -> NoReturn:
    abort(redirect(url_for(endpoint, next=back_to), 303))


def _way_back() -> str | None:
    """The page to return to; a form that was being sent is not sent again by itself. Its address may be no page."""
    if request.method in SAFE_METHODS:
        return request.full_path.rstrip("?")
    if is_page():
        return request.path
    came_from = urlsplit(request.referrer or "")
    return came_from.path if came_from.netloc == request.host else None


def admit(door: str, *, fresh: bool = False, setting_up: bool = False, level: str = "") -> None:
    """Let the visitor through or raise: a redirect to what is missing, or 404."""
    g.cache = "private"
    found = sessions.present()
    if found is None:
        if request.method not in SAFE_METHODS:
            flash(_("Not saved: you were signed out. Sign in, and you come back to what you were writing."), "warn")
        _go("accounts.sign_in", back_to=_way_back())
    user = found.user
    if door == "clinic_staff":
        is_staff: StaffTest = current_app.extensions["is_staff"]
        slug = (request.view_args or {}).get("slug")
        if not is_staff(user, slug, level):
            abort(404)
    elif door != "member" and not may_pass(user, door, only_looks=request.method in SAFE_METHODS):
        abort(404)
    if not setting_up and must_set_up(user, g.get("standing")):
        _go("accounts.second_factor")
    if fresh and not found.is_fresh:
        _go("accounts.again", back_to=_way_back())


def init_app(app: Flask) -> None:
    app.extensions["admit"] = admit
    sessions.init_app(app)
