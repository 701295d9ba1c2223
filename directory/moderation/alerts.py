"""Alert: what readers of a clinic's page are told about its reviews, with the evidence and an end (Yelp's practice).

An alert is the outcome of a case that two people decided; the row points at that decision.
"""

from datetime import datetime, timedelta

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, select
from sqlalchemy.orm import Mapped, mapped_column

from directory.cases.decisions import Decision
from directory.clinics.changes import note_change
from directory.clinics.models import Clinic
from directory.db import Base, UTCDateTime, db, now
from directory.errors import Refused
from directory.ledger import record
from directory.moderation.signals.thresholds import ALERT_DAYS
from directory.words import new_public_id

# Suspicious activity, reviews paid for, threats about reviews, an unusual rush that says nothing about the treatment.
KINDS = ("activity", "paid", "threats", "unusual")


class Alert(Base):
    """A banner on one clinic's page from `starts_at` until `ends_at`; `words` are the evidence, public."""

    says_itself = True  # see clinics.changes
    __tablename__ = "clinic_alert"
    __table_args__ = (
        CheckConstraint("ends_at > starts_at", name="ends"),
        CheckConstraint(f"kind IN ({', '.join(repr(kind) for kind in KINDS)})", name="kind"),
        CheckConstraint("words <> ''", name="says_why"),
        Index("ix_clinic_alert_clinic_id_ends_at", "clinic_id", "ends_at"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(22), unique=True, default=new_public_id)
    clinic_id: Mapped[int] = mapped_column(ForeignKey("clinic.id", ondelete="CASCADE"))
    decision_id: Mapped[int] = mapped_column(ForeignKey("decision.id"), unique=True)
    kind: Mapped[str] = mapped_column(String(12))
    words: Mapped[str] = mapped_column(Text)
    starts_at: Mapped[datetime] = mapped_column(UTCDateTime, default=now)
    ends_at: Mapped[datetime] = mapped_column(UTCDateTime, index=True)

    def end(self, *, role: str) -> None:
        """Take it down before its time, as after an appeal. It stays on record."""
        if self.ends_at > now():
            self.ends_at = max(now(), self.starts_at + timedelta(microseconds=1))
            _record("ended", self, role)


def _record(verb: str, alert: Alert, role: str) -> None:
    """The page changes with the commit, and the public record says so."""
    clinic = db.session.get_one(Clinic, alert.clinic_id)
    note_change(db.session(), alert.clinic_id)
    record(f"alert.{verb}", role=role, subject=f"clinic:{clinic.public_id}", alert=alert.public_id, kind=alert.kind)


def publish_alert(decision: Decision, *, clinic_id: int, kind: str, words: str, role: str) -> Alert:
    """Put the banner up for ALERT_DAYS. Raises Refused when not two people decided it, or without evidence in words."""
    if decision.seconded_at is None or not decision.agreed or decision.carried_out_at is None:
        raise Refused("An alert is published by two people.")
    if kind not in KINDS or not words.strip():
        raise Refused("An alert says what was seen.")
    begins = now()
    alert = Alert(
        public_id=new_public_id(),
        clinic_id=clinic_id,
        decision_id=decision.id,
        kind=kind,
        words=words.strip(),
        starts_at=begins,
        ends_at=begins + timedelta(days=ALERT_DAYS),
    )
    db.session.add(alert)
    _record("published", alert, role)
    return alert


def active_alert(clinic_id: int) -> Alert | None:
    """The newest alert that stands at this moment."""
    moment = now()
    query = (
        select(Alert)
        .where(Alert.clinic_id == clinic_id, Alert.ends_at > moment, Alert.starts_at <= moment)
        .order_by(Alert.starts_at.desc(), Alert.id.desc())
        .limit(1)
    )
    return db.session.scalars(query).one_or_none()


def note_ended(since: datetime) -> int:
    """Tell pages of the clinics whose alert ended after that moment; returns how many."""
    query = select(Alert.clinic_id).where(Alert.ends_at > since, Alert.ends_at <= now()).order_by(Alert.id)
    ended = set(db.session.scalars(query))
    note_change(db.session(), *ended)
    return len(ended)
