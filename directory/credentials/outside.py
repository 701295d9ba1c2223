"""Inspection and Sanction: what an authority published about a place or a person, with its source.

Not every place gives out licences: in parts of Canada what the public can read is the last inspection. A checker enters
what stands at the source, the desk decides whether it is shown (a sanction needs two people), and whoever it is about
is told and may appeal.
"""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, and_, or_, select, text
from sqlalchemy.orm import Mapped, joinedload, mapped_column, relationship

from directory.clinics.changes import note_change
from directory.clinics.models import Clinic
from directory.credentials.issuers import Issuer
from directory.db import Base, UTCDateTime, db, now, one_of
from directory.errors import Refused
from directory.ledger import record
from directory.practitioners.models import Engagement, Practitioner
from directory.words import new_public_id

OUTCOMES = ("passed", "passed_with_conditions", "failed", "closed", "unknown")
SANCTIONS = ("warning", "fine", "restriction", "suspension", "prohibition")
GRAVE = ("restriction", "suspension", "prohibition")
SHOWN_AFTER_END = timedelta(days=730)
MOST_INSPECTIONS = 3
STATES = ("proposed", "shown", "dropped", "withdrawn")
# What a checker entered is shown or dropped by the desk; an appeal takes it off the page again.
TRANSITIONS = {("proposed", "shown"), ("proposed", "dropped"), ("shown", "withdrawn")}


class Found:
    """What both have in common: whose word it is, and the one way from a proposal to the page and off it again."""

    kind_of: str
    id: Any
    public_id: Any
    state: Any
    issuer: Any
    authority: Any
    clinic_id: Any

    @property
    def subject(self) -> str:
        return f"{self.kind_of}:{self.public_id}"

    @property
    def issued_by(self) -> str:
        """Who says so, in words: the office where the authority has many."""
        return str(self.authority or self.issuer.name)

    def show(self, *, role: str) -> None:
        """From now on visitors read it."""
        self._become("shown", role=role)

    def drop(self, *, role: str) -> None:
        """It is not what the source says, or is nobody's business: nothing is shown."""
        self._become("dropped", role=role)

    def withdraw(self, *, role: str) -> None:
        """An appeal was right: it is shown no more."""
        self._become("withdrawn", role=role)

    def _become(self, state: str, *, role: str) -> None:
        if (self.state, state) not in TRANSITIONS:
            raise Refused(f"What is {self.state} cannot become {state}.")
        self.state = state
        note_change(db.session(), *self._clinics())
        record(f"{self.kind_of}.{state}", role=role, subject=self.subject, issuer=self.issuer.key)

    def _clinics(self) -> list[int]:
        return [self.clinic_id]


class Inspection(Found, Base):
    """One visit of an authority to a clinic, as the authority published it; `words` are the authority's, cut short."""

    kind_of = "inspection"
    says_itself = True  # see clinics.changes: what is only proposed changes no page
    __tablename__ = "inspection"
    __table_args__ = (
        CheckConstraint(one_of("outcome", OUTCOMES), name="outcome"),
        CheckConstraint(one_of("state", STATES), name="state"),
        CheckConstraint("url <> ''", name="has_a_source"),
        # One visit of one office on one day; what was dropped or taken back may be entered anew.
        Index(
            "uq_inspection_standing",
            "clinic_id",
            "issuer_id",
            "authority",
            "inspected_on",
            unique=True,
            sqlite_where=text("state IN ('proposed', 'shown')"),
            postgresql_where=text("state IN ('proposed', 'shown')"),
        ),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(22), unique=True, default=new_public_id)
    clinic_id: Mapped[int] = mapped_column(ForeignKey("clinic.id", ondelete="CASCADE"))
    issuer_id: Mapped[int] = mapped_column(ForeignKey("issuer.id"), index=True)
    authority: Mapped[str] = mapped_column(String(120), default="")
    inspected_on: Mapped[date]
    outcome: Mapped[str] = mapped_column(String(24))
    words: Mapped[str] = mapped_column(String(300), default="")
    url: Mapped[str] = mapped_column(String(300))
    state: Mapped[str] = mapped_column(String(10), default="proposed")
    recorded_at: Mapped[datetime] = mapped_column(UTCDateTime, default=now)

    issuer: Mapped[Issuer] = relationship()
    clinic: Mapped[Clinic] = relationship()


class Sanction(Found, Base):
    """What an authority ordered against a person or a place, from when to when; it needs a source."""

    kind_of = "sanction"
    says_itself = True
    __tablename__ = "sanction"
    __table_args__ = (
        CheckConstraint("(practitioner_id IS NULL) <> (clinic_id IS NULL)", name="one_subject"),
        CheckConstraint(one_of("kind", SANCTIONS), name="kind"),
        CheckConstraint(one_of("state", STATES), name="state"),
        CheckConstraint("url <> ''", name="has_a_source"),
        CheckConstraint("until IS NULL OR until >= since", name="order"),
        Index("ix_sanction_clinic_id_id", "clinic_id", "id"),
        Index("ix_sanction_practitioner_id_id", "practitioner_id", "id"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(22), unique=True, default=new_public_id)
    practitioner_id: Mapped[int | None] = mapped_column(ForeignKey("practitioner.id", ondelete="CASCADE"))
    clinic_id: Mapped[int | None] = mapped_column(ForeignKey("clinic.id", ondelete="CASCADE"))
    issuer_id: Mapped[int] = mapped_column(ForeignKey("issuer.id"), index=True)
    authority: Mapped[str] = mapped_column(String(120), default="")
    kind: Mapped[str] = mapped_column(String(12))
    since: Mapped[date]
    until: Mapped[date | None]
    words: Mapped[str] = mapped_column(String(300), default="")
    url: Mapped[str] = mapped_column(String(300))
    state: Mapped[str] = mapped_column(String(10), default="proposed")
    recorded_at: Mapped[datetime] = mapped_column(UTCDateTime, default=now)

    issuer: Mapped[Issuer] = relationship()
    clinic: Mapped[Clinic | None] = relationship()
    practitioner: Mapped[Practitioner | None] = relationship()

    @property
    def about(self) -> Clinic | Practitioner:
        found = self.practitioner or self.clinic
        assert found is not None  # noqa: S101 (the database keeps it so)
        return found

    def is_in_force(self, today: date) -> bool:
        return self.since <= today and (self.until is None or self.until >= today)

    def _clinics(self) -> list[int]:
        """A person's is read on the page of every clinic where the person works."""
        if self.clinic_id is not None:
            return [self.clinic_id]
        query = select(Engagement.clinic_id).where(Engagement.practitioner_id == self.practitioner_id)
        return list(db.session.scalars(query.order_by(Engagement.clinic_id)))


class Outside(NamedTuple):
    """What authorities published about one clinic and its people, the newest first."""

    inspections: list[Inspection]
    sanctions: list[Sanction]


def outside(clinic_id: int | None, people: Sequence[int], today: date) -> Outside:
    """What a visitor may read on that day; a sanction stays for two years after its end. Two statements."""
    visits = (
        select(Inspection)
        .options(joinedload(Inspection.issuer))
        .where(Inspection.clinic_id == clinic_id, Inspection.state == "shown")
        .order_by(Inspection.inspected_on.desc(), Inspection.id.desc())
        .limit(MOST_INSPECTIONS)
    )
    about = or_(Sanction.clinic_id == clinic_id, Sanction.practitioner_id.in_(people))
    recent = or_(Sanction.until.is_(None), Sanction.until >= today - SHOWN_AFTER_END)
    orders = (
        select(Sanction)
        .options(joinedload(Sanction.issuer), joinedload(Sanction.practitioner), joinedload(Sanction.clinic))
        .where(and_(about, recent), Sanction.state == "shown")
        .order_by(Sanction.since.desc(), Sanction.id.desc())
    )
    seen = list(db.session.scalars(visits)) if clinic_id is not None else []
    return Outside(seen, list(db.session.scalars(orders)))


def entered_about(clinic: Clinic, people: Sequence[int]) -> Outside:
    """All that was ever entered, in any state, for the desk; the newest first."""
    visits = select(Inspection).options(joinedload(Inspection.issuer)).where(Inspection.clinic_id == clinic.id)
    about = or_(Sanction.clinic_id == clinic.id, Sanction.practitioner_id.in_(people))
    orders = select(Sanction).options(joinedload(Sanction.issuer), joinedload(Sanction.practitioner)).where(about)
    return Outside(
        list(db.session.scalars(visits.order_by(Inspection.id.desc()).limit(50))),
        list(db.session.scalars(orders.order_by(Sanction.id.desc()).limit(50))),
    )
