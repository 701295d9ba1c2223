"""Inspection and Sanction: what an authority published about a place or a person, with its source.

Not every place gives out licences: in parts of Canada what the public can read is the last inspection.
"""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, select
from sqlalchemy.orm import Mapped, mapped_column

from directory.credentials.issuers import one_of
from directory.db import Base, UTCDateTime, db, now
from directory.words import new_public_id

OUTCOMES = ("passed", "passed_with_conditions", "failed", "closed", "unknown")
SANCTIONS = ("warning", "fine", "restriction", "suspension", "prohibition")


class Inspection(Base):
    """One visit of an authority to a clinic, as the authority published it."""

    __tablename__ = "inspection"
    __table_args__ = (
        CheckConstraint(one_of("outcome", OUTCOMES), name="outcome"),
        CheckConstraint("url <> ''", name="has_a_source"),
        UniqueConstraint("clinic_id", "issuer_id", "inspected_on", name="uq_inspection_clinic_issuer_day"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(22), unique=True, default=new_public_id)
    clinic_id: Mapped[int] = mapped_column(ForeignKey("clinic.id", ondelete="CASCADE"))
    issuer_id: Mapped[int] = mapped_column(ForeignKey("issuer.id"), index=True)
    inspected_on: Mapped[date]
    outcome: Mapped[str] = mapped_column(String(24))
    url: Mapped[str] = mapped_column(String(300))
    recorded_at: Mapped[datetime] = mapped_column(UTCDateTime, default=now)


class Sanction(Base):
    """What an authority ordered against a person or a place, from when to when; it needs a source."""

    __tablename__ = "sanction"
    __table_args__ = (
        CheckConstraint("(practitioner_id IS NULL) <> (clinic_id IS NULL)", name="one_subject"),
        CheckConstraint(one_of("kind", SANCTIONS), name="kind"),
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
    kind: Mapped[str] = mapped_column(String(12))
    since: Mapped[date]
    until: Mapped[date | None]
    url: Mapped[str] = mapped_column(String(300))
    recorded_at: Mapped[datetime] = mapped_column(UTCDateTime, default=now)


def last_inspections(clinic_id: int, most: int = 3) -> list[Inspection]:
    """The newest visits, newest first."""
    query = select(Inspection).where(Inspection.clinic_id == clinic_id)
    return list(db.session.scalars(query.order_by(Inspection.inspected_on.desc(), Inspection.id.desc()).limit(most)))
