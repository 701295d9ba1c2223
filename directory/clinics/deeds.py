"""Who did what at a clinic's desk: each act of a colleague stays under their name, after they have left too."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, select, update
from sqlalchemy.orm import Mapped, joinedload, mapped_column, relationship

from directory.accounts.models import User
from directory.accounts.registry import covers
from directory.clinics.models import Clinic
from directory.db import Base, UTCDateTime, db, now

SHOWN = 50


class Deed(Base):
    """One act. `act` is a key such as `colleague.removed`; `about` names what it was done to (`kind:public_id`).

    `by_id` is empty once the account of whoever did it is erased: that it was done stays.
    """

    says_itself = True  # see clinics.changes
    __tablename__ = "clinic_deed"
    __table_args__ = (Index("ix_clinic_deed_clinic_id_id", "clinic_id", "id"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    clinic_id: Mapped[int] = mapped_column(ForeignKey("clinic.id", ondelete="CASCADE"))
    by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id", ondelete="SET NULL"), index=True)
    act: Mapped[str] = mapped_column(String(40))
    about: Mapped[str] = mapped_column(String(60), default="")
    at: Mapped[datetime] = mapped_column(UTCDateTime, default=now)

    by: Mapped[User | None] = relationship()


def note(clinic: Clinic, act: str, *, by: User, about: str = "") -> None:
    """Keep that this person did this at the clinic's desk."""
    db.session.add(Deed(clinic_id=clinic.id, by_id=by.id, act=act, about=about))


def deeds_of(clinic: Clinic) -> Sequence[Deed]:
    """The newest acts at this desk, the last one first."""
    query = select(Deed).where(Deed.clinic_id == clinic.id).options(joinedload(Deed.by))
    return db.session.scalars(query.order_by(Deed.id.desc()).limit(SHOWN)).all()


def _exported(user: User) -> list[dict[str, Any]]:
    query = (
        select(Clinic.slug, Deed.act, Deed.at)
        .join(Deed, Deed.clinic_id == Clinic.id)
        .where(Deed.by_id == user.id)
        .order_by(Deed.id)
    )
    return [{"clinic": slug, "what": act, "at": at.isoformat()} for slug, act, at in db.session.execute(query)]


def _forget(user: User) -> None:
    """What was done stays done; by whom is forgotten."""
    db.session.execute(update(Deed).where(Deed.by_id == user.id).values(by_id=None))


covers("clinic_deed", title="What you did at clinics' desks", export=_exported, erase=_forget)
