"""Sessions as rows: who is signed in on which device, since when, until when.

The cookie holds 256 random bits, of which the row keeps the digest, and the moment it was last sent, signed. So a
visit prolongs a session without a write, and an old copy of the cookie is as idle as it looks.
"""

import secrets
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from flask import Flask, Response, current_app, g, request
from flask import session as form_session
from flask_babel import gettext as _
from itsdangerous import BadSignature, TimestampSigner
from sqlalchemy import ForeignKey, Index, String, bindparam, delete, select, update
from sqlalchemy.orm import Mapped, joinedload, mapped_column, relationship

from directory.accounts import tokens
from directory.accounts.devices import device_words, mark_of, network_of, this_device
from directory.accounts.models import User
from directory.accounts.roles import LIFETIMES, Standing, standing
from directory.accounts.second_factor import drop_app
from directory.config import Settings
from directory.db import Base, UTCDateTime, db, now
from directory.errors import Refused
from directory.keyed import fingerprint
from directory.words import new_public_id

MOST = 10
HALF_LIFE = timedelta(minutes=10)
FRESH = timedelta(minutes=10)
RESEND = timedelta(minutes=1)
KEPT = timedelta(days=30)


class UserSession(Base):
    """One device signed in. While `half`, the password was right and the second factor is still owed.

    `proven_at` is when the person last proved who they are; `network` is the caller's, cut to /24 or /48; `device_mark`
    tells the same device from another when a review may come from a clinic's own staff.
    """

    __tablename__ = "user_session"
    __table_args__ = (Index("ix_user_session_user_id_ended_at", "user_id", "ended_at"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(22), unique=True, default=new_public_id)
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id", ondelete="CASCADE"))
    digest: Mapped[str] = mapped_column(String(64), unique=True)
    epoch: Mapped[int]
    half: Mapped[bool] = mapped_column(default=False)
    device: Mapped[str] = mapped_column(String(80), default="")
    network: Mapped[str] = mapped_column(String(50), default="", index=True)
    device_mark: Mapped[str] = mapped_column(String(64), default="")
    created_at: Mapped[datetime] = mapped_column(UTCDateTime, default=now)
    proven_at: Mapped[datetime] = mapped_column(UTCDateTime, default=now)
    ended_at: Mapped[datetime | None] = mapped_column(UTCDateTime, index=True)

    user: Mapped[User] = relationship()

    @property
    def is_fresh(self) -> bool:
        """Whether the person proved who they are within the last ten minutes."""
        return now() - self.proven_at <= FRESH

    def prove(self) -> None:
        self.proven_at = now()

    def end(self) -> None:
        self.ended_at = self.ended_at or now()

    def lives(self, seen_at: datetime) -> bool:
        """Whether it still stands, when the last visit was at `seen_at`."""
        if self.ended_at is not None or self.epoch != self.user.epoch or self.user.locked_at is not None:
            return False
        age = now() - self.created_at
        if self.half:
            return age <= HALF_LIFE
        g.standing = standing(self.user)
        lifetime = LIFETIMES[g.standing]
        return age <= lifetime.absolute and now() - seen_at <= lifetime.idle


_WHOSE = joinedload(UserSession.user)
# Asked by every page of a member: put together once, and one statement for the person with all that a door asks for.
_BY_DIGEST = (
    select(UserSession)
    .where(UserSession.digest == bindparam("digest"), UserSession.ended_at.is_(None))
    .options(_WHOSE.joinedload(User.roles), _WHOSE.joinedload(User.passkeys))
)


class _Cookie(NamedTuple):
    token: str
    sent_at: datetime


def cookie_name() -> str:
    settings: Settings = current_app.config["SETTINGS"]
    return "__Host-sid" if settings.is_https else "sid"


def _signer() -> TimestampSigner:
    settings: Settings = current_app.config["SETTINGS"]
    return TimestampSigner([*settings.secret_key_fallbacks, settings.secret_key], salt="session")


def _read_cookie() -> _Cookie | None:
    try:
        token, sent_at = _signer().unsign(request.cookies.get(cookie_name(), ""), return_timestamp=True)
    except BadSignature:
        return None
    return _Cookie(token.decode(), sent_at.astimezone(UTC))


def begin(user: User, *, half: bool = False) -> UserSession:
    """Sign the person in on this device under a new id; what was signed in here before ends.

    Beyond MOST sessions of one person the oldest end. Raises Refused for a locked account.
    """
    if user.locked_at is not None:
        raise Refused(_("This account is locked. We wrote to its address and said why."))
    leave()
    token = secrets.token_urlsafe(32)
    made = UserSession(
        user=user,
        digest=fingerprint(token),
        epoch=user.epoch,
        half=half,
        device=device_words(request.user_agent.string),
        network=network_of(request.remote_addr or ""),
        device_mark=mark_of(this_device()),
    )
    db.session.add(made)
    db.session.flush()
    if not half:
        user.signed_in()
        for surplus in open_sessions(user)[MOST:]:
            surplus.end()
    _hand_out(token, made)
    return made


def _hand_out(token: str, session: UserSession) -> None:
    """Send the cookie with this answer. A desk is only reached from the site itself."""
    g.sid, g.user_session = token, session
    g.sid_same_site = "Strict" if standing(session.user) is Standing.DESK else "Lax"


def leave() -> None:
    """End the session of this device, if there is one, and take its cookie and its form tokens away."""
    found = present(half=True) or present()
    if found is not None:
        found.end()
    form_session.clear()
    g.sid, g.user_session = "", None


def present(*, half: bool = False) -> UserSession | None:
    """The session this request belongs to; only private pages may ask. `half` asks for one that owes a factor."""
    if "user_session" not in g:
        g.user_session = _find()
    found: UserSession | None = g.user_session
    return found if found is not None and found.half == half else None


def _find() -> UserSession | None:
    cookie = _read_cookie()
    if cookie is None:
        return None
    found = db.session.scalars(_BY_DIGEST, {"digest": fingerprint(cookie.token)}).unique().one_or_none()
    if found is None or not found.lives(cookie.sent_at):
        return None
    if now() - cookie.sent_at > RESEND:
        _hand_out(cookie.token, found)
    return found


def person() -> User:
    """Whoever is signed in; only behind a door that lets members in."""
    found = present()
    if found is None:
        raise RuntimeError("nobody is signed in: the door of this page must be a member's")
    return found.user


def open_sessions(user: User) -> list[UserSession]:
    """The person's sessions that stand, newest first."""
    query = (
        select(UserSession)
        .where(UserSession.user_id == user.id, UserSession.ended_at.is_(None), UserSession.epoch == user.epoch)
        .where(UserSession.created_at > now() - LIFETIMES[standing(user)].absolute, UserSession.half.is_(False))
        .order_by(UserSession.created_at.desc(), UserSession.id.desc())
        .options(joinedload(UserSession.user))
    )
    return list(db.session.scalars(query))


def end_all(user: User) -> None:
    """Every device is out at its next click."""
    db.session.execute(
        update(UserSession)
        .where(UserSession.user_id == user.id, UserSession.ended_at.is_(None))
        .values(ended_at=now()),
        execution_options={"synchronize_session": False},
    )


def put_password(user: User, password_hash: str) -> None:
    """Set a new password; all sessions end and links for a forgotten one are dead."""
    user.put_password(password_hash)
    end_all(user)
    tokens.kill(user.id, tokens.RESET)


def take_back(user: User, email: str, *, since: datetime) -> None:
    """Give the account back to the address it was moved away from.

    Sessions end, the password is void, and so is every key added since. Raises IntegrityError when the address has an
    account of its own by now.
    """
    user.move_to(email)
    user.password_hash = None
    user.epoch += 1
    end_all(user)
    tokens.kill(user.id, tokens.RESET, tokens.MOVE, tokens.UNDO, tokens.ENTER)
    user.passkeys = [key for key in user.passkeys if key.created_at < since]
    if user.totp_confirmed_at is None or user.totp_confirmed_at >= since:
        drop_app(user)
    user.recovery_codes = [code for code in user.recovery_codes if code.created_at < since]
    db.session.flush()


def drop_old() -> int:
    """Delete sessions that ended, or could no longer stand, KEPT ago; returns how many."""
    past = now() - KEPT
    gone = (UserSession.ended_at < past) | (UserSession.created_at < past - LIFETIMES[min(LIFETIMES)].absolute)
    return int(db.session.execute(delete(UserSession).where(gone)).rowcount)  # type: ignore[attr-defined]


def _send_cookie(response: Response) -> Response:
    token = g.get("sid")
    settings: Settings = current_app.config["SETTINGS"]
    if token:
        value = _signer().sign(token).decode()
        response.set_cookie(
            cookie_name(), value, httponly=True, secure=settings.is_https, samesite=g.sid_same_site, path="/"
        )
    elif token == "":
        response.delete_cookie(cookie_name(), httponly=True, secure=settings.is_https, samesite="Lax", path="/")
    return response


def init_app(app: Flask) -> None:
    app.after_request(_send_cookie)
