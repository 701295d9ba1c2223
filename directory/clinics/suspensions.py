"""Suspension: a listing taken off the site for a technical reason, with words to its people, and put back again.

No judgement of content: that is the desk's, with its cases and appeals. What the desk suspended is not lifted here.
"""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, select, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from directory import mail
from directory.accounts.models import User
from directory.clinics.membership import Membership
from directory.clinics.models import PUBLISHED, Clinic
from directory.db import Base, UTCDateTime, db, now
from directory.errors import Refused
from directory.ledger import record
from directory.words import new_public_id

SHORTEST = 20
CAUSES = ("import", "security", "order", "data")


class Suspension(Base):
    """One time that a listing was off for a technical cause. `reason` is what its people read."""

    says_itself = True  # see clinics.changes: the clinic itself changes with it
    __tablename__ = "clinic_suspension"
    __table_args__ = (
        CheckConstraint(f"cause IN ({', '.join(repr(cause) for cause in CAUSES)})", name="cause"),
        CheckConstraint(f"length(reason) >= {SHORTEST}", name="says_why"),
        Index(
            "uq_clinic_suspension_open",
            "clinic_id",
            unique=True,
            sqlite_where=text("lifted_at IS NULL"),
            postgresql_where=text("lifted_at IS NULL"),
        ),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(22), unique=True, default=new_public_id)
    clinic_id: Mapped[int] = mapped_column(ForeignKey("clinic.id", ondelete="CASCADE"), index=True)
    cause: Mapped[str] = mapped_column(String(10))
    reason: Mapped[str] = mapped_column(String(500))
    at: Mapped[datetime] = mapped_column(UTCDateTime, default=now)
    lifted_at: Mapped[datetime | None] = mapped_column(UTCDateTime)

    clinic: Mapped[Clinic] = relationship()

    def lift(self) -> None:
        """The cause is gone: the listing shows again, and its people are told."""
        if self.lifted_at is not None:
            raise Refused("This was lifted already.")
        self.lifted_at = now()
        self.clinic.publish()
        record("clinic.technical_lifted", role="operator", subject=f"clinic:{self.clinic.public_id}", cause=self.cause)
        _tell(self.clinic, "lifted", "")


def suspend(clinic: Clinic, *, cause: str, reason: str) -> Suspension:
    """Take the listing off. Raises Refused for one that does not show now."""
    if clinic.status != PUBLISHED:
        raise Refused("Only a listing that shows can be suspended.")
    clinic.suspend()
    made = Suspension(clinic=clinic, cause=cause, reason=reason, public_id=new_public_id())
    db.session.add(made)
    record("clinic.technical_suspended", role="operator", subject=f"clinic:{clinic.public_id}", cause=cause)
    _tell(clinic, "suspended", reason)
    return made


def open_suspension(clinic: Clinic) -> Suspension | None:
    """The one in force, if any."""
    query = select(Suspension).where(Suspension.clinic_id == clinic.id, Suspension.lifted_at.is_(None))
    return db.session.scalars(query).one_or_none()


def open_suspensions(limit: int) -> list[Suspension]:
    """Those in force, newest first."""
    query = select(Suspension).where(Suspension.lifted_at.is_(None)).join(Suspension.clinic)
    return list(db.session.scalars(query.order_by(Suspension.id.desc()).limit(limit)))


def _tell(clinic: Clinic, letter: str, reason: str) -> None:
    people = select(User.email).join(Membership, Membership.user_id == User.id)
    for address in db.session.scalars(people.where(Membership.clinic_id == clinic.id).order_by(User.id)):
        link = mail.link("manage.clinic", slug=clinic.slug)
        mail.post(f"clinics/{letter}", to=address, clinic=clinic.name, reason=reason, link=link)
