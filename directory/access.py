"""Who may open which door: each route wears exactly one of these decorators.

The decorator also says how far an answer may travel. Public pages look the same to everybody, so they never
touch the session; an answer that did is `private, no-store` whatever its route says.

A form that came through has the database to itself (see `directory.db`), unless its view says `reads_first`: such a
view reads without waiting for anybody, and what it rests on it asks again once it writes: by a row that it locks, by a
condition of the statement that writes, or by a constraint.
"""

import ipaddress
from collections.abc import Callable
from functools import wraps
from typing import Any, Literal, TypeVar

from flask import Flask, Response, abort, current_app, g, request
from flask.sessions import SecureCookieSessionInterface, SessionMixin

from directory.db import write_from_here

View = TypeVar("View", bound=Callable[..., Any])
Cache = Literal["checked", "page", "asset", "private"]

CACHE_CONTROL: dict[str, str] = {
    # Shows a rating, a credential or a distance: asked for again each time, 304 when nothing changed.
    "checked": "public, no-cache",
    # Guide and policy: a proxy may keep it.
    "page": "public, max-age=60, s-maxage=600",
    # Drawn from its address alone.
    "asset": "public, max-age=86400",
    # About one visitor.
    "private": "private, no-store",
}


def _wear(
    view: View, *, access: str, cache: str, check: Callable[[], None] | None = None, reads_first: bool = False
) -> View:
    @wraps(view)
    def door(*args: Any, **kwargs: Any) -> Any:
        if check is not None:
            check()
        g.cache = cache
        if not reads_first:
            write_from_here()
        return view(*args, **kwargs)

    door.access = access  # type: ignore[attr-defined]
    door.cache = cache  # type: ignore[attr-defined]
    return door  # type: ignore[return-value]


def public(*, cache: Cache = "checked") -> Callable[[View], View]:
    """Anybody may open it."""
    return lambda view: _wear(view, access="public", cache=cache)


def _from_metrics_address() -> None:
    try:
        caller = ipaddress.ip_address(request.remote_addr or "")
    except ValueError:
        abort(404)
    if not any(caller in network for network in current_app.config["METRICS_ADDRESS"]):
        abort(404)


def operator(view: View) -> View:
    """Machines of the operator only, known by METRICS_ADDRESS; to everybody else it does not exist."""
    return _wear(view, access="operator", cache="private", check=_from_metrics_address)


def _admitted(door: str, **conditions: Any) -> Callable[[], None]:
    """The room that knows people decides: it raises when this visitor may not pass (see `accounts.doors`)."""
    return lambda: current_app.extensions["admit"](door, **conditions)


def member(*, fresh: bool = False, setting_up: bool = False, reads_first: bool = False) -> Callable[[View], View]:
    """Anybody signed in. `fresh`: proven within ten minutes. `setting_up`: also who still owes a second factor."""
    check = _admitted("member", fresh=fresh, setting_up=setting_up)
    return lambda view: _wear(view, access="member", cache="private", check=check, reads_first=reads_first)


def clinic_staff(*, level: Literal["editor", "owner"] = "editor", fresh: bool = False) -> Callable[[View], View]:
    """Staff of the clinic that the address names by `slug`, of any clinic where it names none."""
    check = _admitted("clinic_staff", level=level, fresh=fresh)
    return lambda view: _wear(view, access="clinic_staff", cache="private", check=check)


def _desk(door: str) -> Callable[..., Callable[[View], View]]:
    def wear(*, fresh: bool = False) -> Callable[[View], View]:
        check = _admitted(door, fresh=fresh)
        return lambda view: _wear(view, access=door, cache="private", check=check)

    wear.__doc__ = f"Holders of the role {door}, and whom `accounts.roles.OPENS` names; auditors may look."
    return wear


moderator, checker, lead, auditor = _desk("moderator"), _desk("checker"), _desk("lead"), _desk("auditor")
operators = _desk("operators")  # people with the role operator; `operator` above is for their machines
desk = _desk("desk")  # whoever decides anything: which kinds of item, the desk asks of each


def _hide(response: Response) -> None:
    """For one visitor: in no cache and in no index."""
    response.headers["Cache-Control"] = CACHE_CONTROL["private"]
    response.headers["X-Robots-Tag"] = "noindex"


def _close(response: Response) -> None:
    _hide(response)
    response.headers.pop("ETag", None)


def seal(response: Response) -> Response:
    """Give the answer the cache rule of its door; errors are never kept."""
    if response.status_code >= 400:
        _close(response)
    elif "Cache-Control" not in response.headers:
        if (cache := g.get("cache", "private")) == "private":
            _hide(response)
        else:
            response.headers["Cache-Control"] = CACHE_CONTROL[cache]
    return response


class SealedSessions(SecureCookieSessionInterface):
    """Whatever a route says of itself, an answer that used the session stays with its visitor.

    Asking `session.accessed` in an after-request function would itself count as access; here the bare session is
    handed in.
    """

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        super().save_session(app, session, response)
        if session.accessed or session.modified:
            _close(response)
            response.vary.add("Cookie")


def init_app(app: Flask) -> None:
    app.session_interface = SealedSessions()
    app.after_request(seal)
