"""Links sent by mail and challenges of passkeys: 256 random bits, kept as a digest, good once and for a short time.

A token is used up by one UPDATE that names every condition: of many who come at once, one succeeds.
"""

import secrets
from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, and_, delete, or_, select, update
from sqlalchemy.orm import Mapped, mapped_column

from directory.db import Base, UTCDateTime, db, now
from directory.keyed import fingerprint

CONFIRM, RESET, MOVE, UNDO = "confirm", "reset", "move", "undo"
ENTER = "enter"  # opens an account that has no password
PASSKEY_ADD, PASSKEY_SIGN_IN = "passkey-add", "passkey-sign-in"
LIFE = {
    CONFIRM: timedelta(hours=24),
    RESET: timedelta(minutes=15),
    MOVE: timedelta(hours=24),
    UNDO: timedelta(hours=72),
    ENTER: timedelta(days=7),
    PASSKEY_ADD: timedelta(minutes=5),
    PASSKEY_SIGN_IN: timedelta(minutes=5),
}
# A letter about an appointment opens the account until it is over, but not one of next year.
LONGEST_ENTER = timedelta(days=100)
# How long it is known after it ran out whose it was; of those that open an account, so that a fresh one can be sent.
KEPT, ENTER_KEPT = timedelta(days=1), timedelta(days=30)


class AccountToken(Base):
    """One link or challenge. `email` is the address a move goes to, or an undo goes back to."""

    __tablename__ = "account_token"
    __table_args__ = (
        CheckConstraint(
            "purpose IN ('confirm', 'reset', 'move', 'undo', 'enter', 'passkey-add', 'passkey-sign-in')", name="purpose"
        ),
        CheckConstraint("user_id IS NOT NULL OR purpose = 'passkey-sign-in'", name="owner"),
        Index("ix_account_token_user_id_purpose", "user_id", "purpose"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id", ondelete="CASCADE"))
    purpose: Mapped[str] = mapped_column(String(16))
    digest: Mapped[str] = mapped_column(String(64), unique=True)
    email: Mapped[str] = mapped_column(String(254), default="")
    created_at: Mapped[datetime] = mapped_column(UTCDateTime, default=now)
    expires_at: Mapped[datetime] = mapped_column(UTCDateTime, index=True)
    used_at: Mapped[datetime | None] = mapped_column(UTCDateTime)


class Grant(NamedTuple):
    """What a good token says: whose it is, the address it carries, when it was issued."""

    user_id: int | None
    email: str
    issued_at: datetime


def issue(purpose: str, user_id: int | None, *, email: str = "", until: datetime | None = None) -> str:
    """A new token as text; older unused ones of one person and purpose die, UNDO and ENTER excepted.

    It is good for as long as LIFE says of its purpose, or until that moment.
    """
    if user_id is not None and purpose not in {UNDO, ENTER}:
        kill(user_id, purpose)
    token = secrets.token_urlsafe(32)
    db.session.add(
        AccountToken(
            user_id=user_id,
            purpose=purpose,
            digest=fingerprint(token),
            email=email,
            expires_at=until or now() + LIFE[purpose],
        )
    )
    return token


def kill(user_id: int, *purposes: str) -> None:
    """Unused tokens of these purposes are dead from now on."""
    db.session.execute(
        update(AccountToken)
        .where(AccountToken.user_id == user_id, AccountToken.purpose.in_(purposes), AccountToken.used_at.is_(None))
        .values(used_at=now()),
        execution_options={"synchronize_session": False},
    )


def peek(purpose: str, token: str) -> Grant | None:
    """What the token would grant now; it stays unused."""
    row = db.session.execute(
        select(AccountToken.user_id, AccountToken.email, AccountToken.created_at).where(
            AccountToken.digest == fingerprint(token),
            AccountToken.purpose == purpose,
            AccountToken.used_at.is_(None),
            AccountToken.expires_at > now(),
        )
    ).first()
    return Grant(row.user_id, row.email, row.created_at) if row else None


def use(purpose: str, token: str) -> Grant | None:
    """Use the token up; None when it is unknown, used, too old or for something else."""
    moment = now()
    row = db.session.execute(
        update(AccountToken)
        .where(
            AccountToken.digest == fingerprint(token),
            AccountToken.purpose == purpose,
            AccountToken.used_at.is_(None),
            AccountToken.expires_at > moment,
        )
        .values(used_at=moment)
        .returning(AccountToken.user_id, AccountToken.email, AccountToken.created_at),
        execution_options={"synchronize_session": False},
    ).first()
    return Grant(row.user_id, row.email, row.created_at) if row else None


def owner_of(purpose: str, token: str) -> int | None:
    """Whose token this was, used up or too old though it be; it opens nothing."""
    query = select(AccountToken.user_id).where(
        AccountToken.digest == fingerprint(token), AccountToken.purpose == purpose
    )
    return db.session.scalar(query)


def drop_old() -> int:
    """Delete tokens that ran out KEPT ago or more, ENTER_KEPT those that opened an account; returns how many."""
    moment, enters = now(), AccountToken.purpose == ENTER
    ran_out = or_(
        and_(~enters, AccountToken.expires_at < moment - KEPT),
        and_(enters, AccountToken.expires_at < moment - ENTER_KEPT),
    )
    return int(db.session.execute(delete(AccountToken).where(ran_out)).rowcount)  # type: ignore[attr-defined]
