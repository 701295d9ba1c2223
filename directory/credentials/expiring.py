"""Reminders before a credential's last day: at 60, 30 and 7 days, one letter each, however often the job runs."""

from datetime import date, datetime, timedelta

from sqlalchemy import CheckConstraint, ForeignKey, exists, select
from sqlalchemy.orm import Mapped, joinedload, mapped_column

from directory import mail
from directory.credentials.holders import addresses_of, own_address
from directory.credentials.models import Credential
from directory.credentials.transitions import VERIFIED
from directory.db import Base, UTCDateTime, db, now

MARKS = (7, 30, 60)
BATCH = 100


class Reminder(Base):
    """That the holder was told, so many days before this very date. A new date is a new matter."""

    __tablename__ = "credential_reminder"
    __table_args__ = (CheckConstraint("days IN (7, 30, 60)", name="days"),)
    credential_id: Mapped[int] = mapped_column(ForeignKey("credential.id", ondelete="CASCADE"), primary_key=True)
    expires_on: Mapped[date] = mapped_column(primary_key=True)
    days: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    sent_at: Mapped[datetime] = mapped_column(UTCDateTime, default=now)


def remind(mark: int, *, today: date) -> int:
    """Write to up to BATCH holders whose credential ends within `mark` days, and not within the next lower mark.

    Whoever was told of a nearer mark already is not told of this one. Returns how many credentials were taken.
    """
    lower = max((one for one in MARKS if one < mark), default=-1)
    told = exists().where(
        Reminder.credential_id == Credential.id, Reminder.expires_on == Credential.expires_on, Reminder.days <= mark
    )
    query = (
        select(Credential)
        .where(Credential.status.in_(VERIFIED), ~told)
        .where(Credential.expires_on > today + timedelta(days=lower))
        .where(Credential.expires_on <= today + timedelta(days=mark))
        .order_by(Credential.id)
        .limit(BATCH)
        .options(joinedload(Credential.type), joinedload(Credential.issuer), joinedload(Credential.submitted_by))
    )
    found = list(db.session.scalars(query))
    for credential in found:
        assert credential.expires_on is not None  # noqa: S101 (the query says so)
        db.session.add(Reminder(credential_id=credential.id, expires_on=credential.expires_on, days=mark))
        for address in addresses_of(credential):
            mail.post(
                "credentials/expiring",
                to=address,
                what=credential.title or credential.type.title,
                issuer=credential.issued_by,
                day=credential.expires_on.isoformat(),
                days=(credential.expires_on - today).days,
                link=own_address(credential),
            )
    db.session.flush()
    return len(found)
