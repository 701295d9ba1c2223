"""A form that is sent twice does its work once: a double click, a reload, a retry after a lost answer.

Each form that makes something carries a hidden key. The key is used up in the transaction of the act; whoever comes
with it again is led to where the first one was led. Two at once meet at the unique constraint.
"""

import secrets
from datetime import datetime, timedelta

from sqlalchemy import String, UniqueConstraint, delete, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Mapped, mapped_column
from wtforms import HiddenField

from directory.db import Base, UTCDateTime, db, insert_unless_there, now
from directory.forms import Form
from directory.keyed import pseudonym

KEPT = timedelta(days=7)


class SentForm(Base):
    """One use of a form's key by one actor. `result` is the address the sender was led to; it names no person."""

    __tablename__ = "sent_form"
    __table_args__ = (UniqueConstraint("actor", "key", name="uq_sent_form_actor_key"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    actor: Mapped[str] = mapped_column(String(64))
    key: Mapped[str] = mapped_column(String(64))
    result: Mapped[str] = mapped_column(String(300), default="")
    at: Mapped[datetime] = mapped_column(UTCDateTime, default=now, index=True)


class OnceForm(Form):
    """A form that makes something: draw `{{ form.once }}` beside the token."""

    once = HiddenField(default=lambda: secrets.token_urlsafe(16))


def claim(actor: str, key: str) -> SentForm:
    """Use the key up. A `result` means that it was used before: lead there, and do nothing again.

    Otherwise do the work and set `result` before the commit of the same transaction; if that fails, the key is free
    again. `actor` is a public id, or the caller's address where nobody is signed in; neither is kept as it is.
    """
    who, what = pseudonym("once", actor), pseudonym("once", key)
    made = SentForm(actor=who, key=what)
    try:
        with db.session.begin_nested():
            db.session.add(made)
            db.session.flush()
    except IntegrityError:
        return db.session.scalars(select(SentForm).where(SentForm.actor == who, SentForm.key == what)).one()
    return made


def use_up(actor: str, key: str, *, leads_to: str) -> str:
    """The same where the address is known beforehand: empty the first time, else where the first one was led."""
    who, what = pseudonym("once", actor), pseudonym("once", key)
    first = insert_unless_there(SentForm).values(actor=who, key=what, result=leads_to).returning(SentForm.id)
    if db.session.scalar(first) is not None:
        return ""
    led = select(SentForm.result).where(SentForm.actor == who, SentForm.key == what)
    return db.session.scalar(led) or leads_to


def drop_old() -> int:
    """Delete keys used more than KEPT ago; returns how many."""
    return int(db.session.execute(delete(SentForm).where(SentForm.at < now() - KEPT)).rowcount)  # type: ignore[attr-defined]
