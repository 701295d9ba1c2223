"""Files on their way in or out: the store and the database cannot commit together, so a row remembers the difference.

A file is announced (and the row committed) before its bytes are written, and has arrived in the transaction that
begins to need it. A file that is no longer needed is sent off in the transaction that gives it up. Whatever dies in
between leaves a row, and `sweep` deletes the bytes it names: nothing that nobody points at stays.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta

from sqlalchemy import String, delete, or_, select
from sqlalchemy.orm import Mapped, mapped_column

from directory import files, queue
from directory.db import Base, UTCDateTime, db, now

# Longer than any request lives: what is younger may still arrive.
ARRIVES_WITHIN = timedelta(hours=1)
BATCH = 50  # a few at a time: on SQLite nobody else writes meanwhile
JOB = "files.sweep"


class FileInTransit(Base):
    """One key of `files` whose bytes may be there without anything that needs them."""

    __tablename__ = "file_in_transit"
    key: Mapped[str] = mapped_column(String(200), primary_key=True)
    going: Mapped[bool] = mapped_column(default=False)
    at: Mapped[datetime] = mapped_column(UTCDateTime, default=now, index=True)


def announce(keys: Iterable[str]) -> None:
    """These are about to be written; commit before writing them."""
    db.session.add_all([FileInTransit(key=key) for key in keys])


def arrived(keys: Iterable[str]) -> None:
    """From this transaction on something needs them."""
    db.session.execute(delete(FileInTransit).where(FileInTransit.key.in_(list(keys))))


def send_off(keys: Iterable[str]) -> None:
    """Nothing needs them after this transaction; their bytes are deleted right after its commit."""
    gone = list(keys)
    if gone:
        arrived(gone)  # they may never have
        db.session.add_all([FileInTransit(key=key, going=True) for key in gone])
        queue.put(JOB)


def sweep() -> int:
    """Delete the bytes of what was sent off or never arrived; returns how many. The caller commits.

    Raises ServiceUnavailable when the store does not answer; the rows stay for the next time.
    """
    over = or_(FileInTransit.going, FileInTransit.at < now() - ARRIVES_WITHIN)
    query = select(FileInTransit).where(over).order_by(FileInTransit.at, FileInTransit.key).limit(BATCH)
    found = list(db.session.scalars(query))
    for file in found:
        files.delete(file.key)
        db.session.delete(file)
    return len(found)


@queue.carries_out(JOB)
def _sweep(_row: str) -> None:
    sweep()
