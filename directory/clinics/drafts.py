"""Draft: what somebody typed into a section of a clinic's profile and has not saved yet; nobody else sees it."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import JSON, ColumnElement, ForeignKey, String, UniqueConstraint, delete, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Mapped, mapped_column

from directory.accounts.models import User
from directory.accounts.registry import covers
from directory.clinics.models import Clinic, forgets
from directory.db import Base, UTCDateTime, db, now

KEPT = timedelta(days=60)
LONGEST = 40_000  # letters of all fields together

Typed = dict[str, list[str]]


class Draft(Base):
    """One person's unsaved section: the fields as typed, judged only when they are saved.

    `seen` is the stamp of the state the form was drawn from (see `clinics.editing`).
    """

    says_itself = True  # see clinics.changes
    __tablename__ = "clinic_draft"
    __table_args__ = (
        UniqueConstraint("user_id", "clinic_id", "section", name="uq_clinic_draft_user_id_clinic_id_section"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id", ondelete="CASCADE"))
    clinic_id: Mapped[int] = mapped_column(ForeignKey("clinic.id", ondelete="CASCADE"), index=True)
    section: Mapped[str] = mapped_column(String(12))
    typed: Mapped[Typed] = mapped_column(JSON)
    seen: Mapped[str] = mapped_column(String(32), default="")
    saved_at: Mapped[datetime] = mapped_column(UTCDateTime, default=now, index=True)


def _mine(user: User, clinic: Clinic, section: str) -> ColumnElement[bool]:
    return (Draft.user_id == user.id) & (Draft.clinic_id == clinic.id) & (Draft.section == section)


def draft_of(user: User, clinic: Clinic, section: str) -> Draft | None:
    return db.session.scalars(select(Draft).where(_mine(user, clinic, section))).one_or_none()


def drafts_of(user: User, clinic: Clinic) -> set[str]:
    """The sections of which this person has a draft."""
    query = select(Draft.section).where(Draft.user_id == user.id, Draft.clinic_id == clinic.id)
    return set(db.session.scalars(query.order_by(Draft.section)))


def keep_draft(user: User, clinic: Clinic, section: str, typed: Typed, *, seen: str) -> None:
    """Keep what was typed, in place of an earlier draft of the same section."""
    told: dict[str, Any] = {"typed": typed, "seen": seen[:32], "saved_at": now()}
    try:
        with db.session.begin_nested():
            db.session.add(Draft(user_id=user.id, clinic_id=clinic.id, section=section, **told))
    except IntegrityError:  # there is one already, or another window was quicker
        db.session.execute(update(Draft).where(_mine(user, clinic, section)).values(**told))


def drop_draft(user: User, clinic: Clinic, section: str) -> None:
    """Forget it; nothing happens when there is none."""
    db.session.execute(delete(Draft).where(_mine(user, clinic, section)))


def drop_old() -> int:
    """Delete the drafts nobody touched for KEPT; returns how many."""
    return int(db.session.execute(delete(Draft).where(Draft.saved_at < now() - KEPT)).rowcount)  # type: ignore[attr-defined]


@forgets
def _forget(clinic: Clinic) -> None:
    db.session.execute(delete(Draft).where(Draft.clinic_id == clinic.id))


def _exported(user: User) -> list[dict[str, Any]]:
    query = select(Draft, Clinic.slug).join(Clinic, Clinic.id == Draft.clinic_id).where(Draft.user_id == user.id)
    return [
        {"clinic": slug, "section": one.section, "typed": one.typed, "at": one.saved_at.isoformat()}
        for one, slug in db.session.execute(query.order_by(Draft.id))
    ]


covers("clinic_draft", title="Unsaved changes to clinics' pages", export=_exported)
