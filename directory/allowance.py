"""How often the bold things may be tried: sign-in, second factor, reset, sign-up and what else must never open.

Counts are rows of our own database: they hold across workers and do not open when Redis dies. Keys are pseudonyms.
A window moves: at most `times` within any span of `seconds`.
"""

from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import Index, String, delete, func, insert, literal, select, text
from sqlalchemy.orm import Mapped, mapped_column

from directory.db import Base, UTCDateTime, db, is_sqlite, now
from directory.keyed import pseudonym

LONGEST = timedelta(days=8)


class Allowance(NamedTuple):
    """So many times within so many seconds, for one key."""

    name: str
    times: int
    seconds: int


class RateEvent(Base):
    """One use of an allowance."""

    __tablename__ = "rate_event"
    __table_args__ = (Index("ix_rate_event_bucket_at", "bucket", "at"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    bucket: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime] = mapped_column(UTCDateTime, default=now, index=True)


def _bucket(allowance: Allowance, key: str) -> str:
    return pseudonym("allowance", f"{allowance.name}\0{allowance.seconds}\0{key}")


def spend(allowance: Allowance, key: str) -> bool:
    """Use the allowance once; False when it is used up. The caller commits at once, whatever comes of the act.

    Counting and noting are one statement. On SQLite whoever writes is alone; PostgreSQL takes a lock of the bucket
    first, because two statements at once would not see each other's row.
    """
    bucket = _bucket(allowance, key)
    if not is_sqlite():
        db.session.execute(text("SELECT pg_advisory_xact_lock(hashtextextended(:bucket, 0))"), {"bucket": bucket})
    moment = now()
    used = (
        select(func.count())
        .where(RateEvent.bucket == bucket, RateEvent.at > moment - timedelta(seconds=allowance.seconds))
        .scalar_subquery()
    )
    free = select(literal(bucket), literal(moment, UTCDateTime)).where(used < allowance.times)
    note = insert(RateEvent).from_select(["bucket", "at"], free).returning(RateEvent.id)
    return db.session.execute(note).first() is not None


def seconds_to_wait(allowance: Allowance, key: str) -> int:
    """When an allowance that is used up can be used once more, in seconds from now."""
    bucket, moment = _bucket(allowance, key), now()
    since = moment - timedelta(seconds=allowance.seconds)
    oldest = db.session.scalar(select(func.min(RateEvent.at)).where(RateEvent.bucket == bucket, RateEvent.at > since))
    return max(1, int((oldest - since).total_seconds()) + 1) if oldest else 1


def drop_old() -> int:
    """Delete uses older than the longest window; returns how many."""
    return int(db.session.execute(delete(RateEvent).where(RateEvent.at < now() - LONGEST)).rowcount)  # type: ignore[attr-defined]
