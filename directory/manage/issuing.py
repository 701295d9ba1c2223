"""Invitations that a clinic hands to every client: codes made in batches, counted so that nobody can be found out.

A code follows from its batch by a key, so cards can be printed again without any code being kept. Which code was used
nobody can read: of that there is one number, rounded down to fives, and it moves once a month.
"""

import hashlib
from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import CheckConstraint, ForeignKey, String, func, select
from sqlalchemy.orm import Mapped, mapped_column

from directory.clinics.models import Clinic
from directory.db import Base, UTCDateTime, db, now
from directory.errors import Refused
from directory.keyed import pseudonym
from directory.ledger import record
from directory.reviews.invitations import Invitation, digest_of
from directory.words import new_public_id

MOST_AT_ONCE = 200
MOST_IN_A_MONTH = 600
MONTH = timedelta(days=30)
STEP = 5
# No 0, 1, I, L, O, U: codes are read off paper.
LETTERS = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
GROUPS, GROUP = 4, 4  # 78 bits


class Batch(Base):
    """So many codes made at once; how they are told apart is their number in it."""

    __tablename__ = "invitation_batch"
    __table_args__ = (CheckConstraint("number BETWEEN 1 AND 200", name="number"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(22), unique=True, default=new_public_id)
    clinic_id: Mapped[int] = mapped_column(ForeignKey("clinic.id", ondelete="CASCADE"), index=True)
    number: Mapped[int]
    issued_at: Mapped[datetime] = mapped_column(UTCDateTime, default=now)

    def codes(self) -> list[str]:
        """All of them, in order, as they are printed."""
        return [_code(self.public_id, place) for place in range(self.number)]


class Tally(Base):
    """At the beginning of a month: how many codes a clinic had made, and how many were used, in steps of STEP."""

    __tablename__ = "invitation_tally"
    clinic_id: Mapped[int] = mapped_column(ForeignKey("clinic.id", ondelete="CASCADE"), primary_key=True)
    month: Mapped[str] = mapped_column(String(7), primary_key=True)
    issued: Mapped[int]
    used: Mapped[int]


class Counted(NamedTuple):
    """What a clinic may know: codes made until now, and the last monthly number of used ones."""

    issued: int
    used: int
    month: str


def _code(batch: str, place: int) -> str:
    number = int.from_bytes(hashlib.sha256(pseudonym("invitation", f"{batch}:{place}").encode()).digest()[:16], "big")
    letters = []
    for _letter in range(GROUPS * GROUP):
        number, at = divmod(number, len(LETTERS))
        letters.append(LETTERS[at])
    return "-".join("".join(letters[start : start + GROUP]) for start in range(0, GROUPS * GROUP, GROUP))


def issue(clinic: Clinic, number: int) -> Batch:
    """Make codes. Raises Refused when the month's are used up. Flushed."""
    moment = now()
    recent = select(func.sum(Batch.number)).where(Batch.clinic_id == clinic.id, Batch.issued_at > moment - MONTH)
    if (db.session.scalar(recent) or 0) + number > MOST_IN_A_MONTH:
        raise Refused("More codes than a clinic can have clients were made within 30 days.")
    batch = Batch(public_id=new_public_id(), clinic_id=clinic.id, number=number, issued_at=moment)
    db.session.add(batch)
    month = f"{moment:%Y-%m}"
    db.session.add_all(
        Invitation(clinic_id=clinic.id, digest=digest_of(code), issued_month=month) for code in batch.codes()
    )
    db.session.flush()
    record("invitations.issued", role="clinic", subject=f"clinic:{clinic.public_id}", number=number)
    return batch


def batches_of(clinic: Clinic) -> list[Batch]:
    """What was made within a month, newest first: cards can be printed again that long."""
    query = select(Batch).where(Batch.clinic_id == clinic.id, Batch.issued_at > now() - MONTH)
    return list(db.session.scalars(query.order_by(Batch.id.desc())))


def batch_of(clinic: Clinic, public_id: str) -> Batch | None:
    """The clinic's batch of that name, as long as it can be printed again."""
    return next((batch for batch in batches_of(clinic) if batch.public_id == public_id), None)


def counted(clinic: Clinic) -> Counted:
    query = select(Tally).where(Tally.clinic_id == clinic.id).order_by(Tally.month.desc()).limit(1)
    last = db.session.scalars(query).one_or_none()
    issued = db.session.scalar(select(func.sum(Batch.number)).where(Batch.clinic_id == clinic.id)) or 0
    return Counted(issued, last.used if last else 0, last.month if last else "")


def clinic_of(code: str) -> Clinic | None:
    """Whose code it is; a used one answers as an unused one does."""
    query = select(Clinic).join(Invitation, Invitation.clinic_id == Clinic.id)
    return db.session.scalars(query.where(Invitation.digest == digest_of(code[:40]))).one_or_none()


def tally(month: str) -> int:
    """Write the month's numbers, once; returns how many clinics have some."""
    used = func.sum(func.coalesce(Invitation.used, False).cast(db.Integer))
    query = (
        select(Invitation.clinic_id, func.count(), used)
        .where(Invitation.clinic_id.not_in(select(Tally.clinic_id).where(Tally.month == month)))
        .group_by(Invitation.clinic_id)
        .order_by(Invitation.clinic_id)
    )
    rows = [(clinic_id, issued, int(spent) // STEP * STEP) for clinic_id, issued, spent in db.session.execute(query)]
    for clinic_id, issued, spent in rows:
        db.session.add(Tally(clinic_id=clinic_id, month=month, issued=issued, used=spent))
    return len(rows)
