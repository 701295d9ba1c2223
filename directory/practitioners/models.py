"""Practitioner (a person who does the work) and Engagement (who works where, from when to when)."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, event, select, text
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from directory.clinics.changes import note_change
from directory.clinics.models import Clinic
from directory.db import Base, UTCDateTime, WordList, now
from directory.errors import Refused
from directory.words import new_public_id

# Whose word it is that somebody works somewhere: the clinic's alone, the clinic's about a person who was asked and has
# not answered, both sides', or the clinic's against the person's.
NAMED, ASKED, AGREED, DENIED = "named", "asked", "agreed", "denied"
SHOWN = (NAMED, AGREED)
BY_CLINIC, BY_PERSON = "clinic", "person"

# What may follow what.
TRANSITIONS = {
    (NAMED, AGREED),  # the person took the page over and agrees
    (NAMED, DENIED),
    (ASKED, AGREED),
    (ASKED, DENIED),
    (AGREED, DENIED),
    (DENIED, NAMED),  # the desk found that the person did work there
}


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
    """One person at one clinic. `until` empty means still there; dates are in the clinic's own zone.

    `standing` says whose word it is. Credentials of the person count at the clinic only once both sides say so, and
    what the person has not answered or denies is shown nowhere. `ended_by` tells who may take an end back.
    """

    __tablename__ = "engagement"
    __table_args__ = (
        UniqueConstraint("practitioner_id", "clinic_id", "since", name="uq_engagement_person_place_since"),
        CheckConstraint("until IS NULL OR since IS NULL OR until >= since", name="order"),
        CheckConstraint("standing IN ('named', 'asked', 'agreed', 'denied')", name="standing"),
        CheckConstraint("ended_by IN ('', 'clinic', 'person')", name="ended_by"),
        # Nobody works twice at one place at a time; one who denies it is not named again either.
        Index(
            "uq_engagement_present",
            "practitioner_id",
            "clinic_id",
            unique=True,
            sqlite_where=text("until IS NULL"),
            postgresql_where=text("until IS NULL"),
        ),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str | None] = mapped_column(String(22), unique=True, default=new_public_id)
    practitioner_id: Mapped[int] = mapped_column(ForeignKey("practitioner.id", ondelete="CASCADE"), index=True)
    clinic_id: Mapped[int] = mapped_column(ForeignKey("clinic.id", ondelete="CASCADE"), index=True)
    role: Mapped[str] = mapped_column(String(120), default="")
    since: Mapped[date | None]
    until: Mapped[date | None]
    standing: Mapped[str] = mapped_column(String(8), default=NAMED, server_default=NAMED)
    standing_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    ended_by: Mapped[str] = mapped_column(String(8), default="", server_default="")

    practitioner: Mapped[Practitioner] = relationship(back_populates="engagements")
    clinic: Mapped[Clinic] = relationship()

    def is_over(self, today: date) -> bool:
        return self.until is not None and self.until < today

    def _become(self, standing: str) -> None:
        if (self.standing, standing) not in TRANSITIONS:
            raise Refused(f"An engagement that is {self.standing} cannot become {standing}.")
        self.standing, self.standing_at = standing, now()

    def agree(self) -> None:
        """The person says so too. Raises Refused when it was answered already."""
        self._become(AGREED)

    def deny(self) -> None:
        """The person says that they never worked there: it is shown nowhere from now on."""
        self._become(DENIED)

    def name_again(self) -> None:
        """The desk found that the person did work there: the clinic's word stands again, and no more than that."""
        self._become(NAMED)

    def end(self, on: date, *, by: str) -> None:
        """The last day there. Raises Refused for a day before the first one, or when it has ended already."""
        if self.until is not None:
            raise Refused("This has an end already.")
        if self.since is not None and on < self.since:
            raise Refused("It cannot end before it began.")
        self.until, self.ended_by = on, by

    def resume(self, *, by: str) -> None:
        """Take the end back. Raises Refused for anybody but the side that set it."""
        if self.until is None or self.ended_by != by:
            raise Refused("Only who set the end can take it back.")
        self.until, self.ended_by = None, ""


@event.listens_for(Session, "after_flush")
def _note_clinics(session: Session, context: object) -> None:
    """A person's name, gender or languages are found through the clinics they work at."""
    people = [thing.id for thing in (*session.dirty, *session.deleted) if isinstance(thing, Practitioner)]
    if people:
        places = select(Engagement.clinic_id).where(Engagement.practitioner_id.in_(people))
        note_change(session, *session.connection().execute(places).scalars())
