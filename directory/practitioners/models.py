"""Practitioner (a person who does the work) and Engagement (who works where, from when to when)."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, Text, UniqueConstraint, event, select
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from directory.clinics.changes import note_change
from directory.clinics.models import Clinic
from directory.db import Base, UTCDateTime, WordList, now
from directory.words import new_public_id


class Practitioner(Base):
    """A person named by a clinic. What a clinic says of the person is shown as the clinic's word."""

    __tablename__ = "practitioner"
    __table_args__ = (
        CheckConstraint("gender IN ('female', 'male', 'other', 'unstated')", name="gender"),
        CheckConstraint("status IN ('published', 'suspended', 'erased')", name="status"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(22), unique=True, default=new_public_id)
    slug: Mapped[str] = mapped_column(String(120), unique=True)
    status: Mapped[str] = mapped_column(String(12), default="published")
    is_example: Mapped[bool] = mapped_column(default=False, index=True)
    name: Mapped[str] = mapped_column(String(200))
    name_key: Mapped[str] = mapped_column(String(200))
    name_lang: Mapped[str] = mapped_column(String(12), default="")
    gender: Mapped[str] = mapped_column(String(8), default="unstated")
    languages: Mapped[list[str]] = mapped_column(WordList, default=list)
    goals: Mapped[list[str]] = mapped_column(WordList, default=list)
    about: Mapped[str] = mapped_column(Text, default="")
    about_lang: Mapped[str] = mapped_column(String(12), default="")
    created_at: Mapped[datetime] = mapped_column(UTCDateTime, default=now)

    engagements: Mapped[list["Engagement"]] = relationship(
        back_populates="practitioner", order_by="Engagement.id", cascade="all, delete-orphan"
    )


class Engagement(Base):
    """One person at one clinic. `until` empty means still there; dates are in the clinic's own zone."""

    __tablename__ = "engagement"
    __table_args__ = (
        UniqueConstraint("practitioner_id", "clinic_id", "since", name="uq_engagement_person_place_since"),
        CheckConstraint("until IS NULL OR since IS NULL OR until >= since", name="order"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    practitioner_id: Mapped[int] = mapped_column(ForeignKey("practitioner.id", ondelete="CASCADE"), index=True)
    clinic_id: Mapped[int] = mapped_column(ForeignKey("clinic.id", ondelete="CASCADE"), index=True)
    role: Mapped[str] = mapped_column(String(120), default="")
    since: Mapped[date | None]
    until: Mapped[date | None]

    practitioner: Mapped[Practitioner] = relationship(back_populates="engagements")
    clinic: Mapped[Clinic] = relationship()


@event.listens_for(Session, "after_flush")
def _note_clinics(session: Session, context: object) -> None:
    """A person's name, gender or languages are found through the clinics they work at."""
    people = [thing.id for thing in (*session.dirty, *session.deleted) if isinstance(thing, Practitioner)]
    if people:
        places = select(Engagement.clinic_id).where(Engagement.practitioner_id.in_(people))
        note_change(session, *session.connection().execute(places).scalars())
