"""Effects that must happen after a commit: a row of the same transaction says so, the jobs process carries it out.

The table is the truth. What wakes the process (huey) may be lost with its file: the next wake-up finds the same rows.
A row that fails is tried again after a growing pause and given up after ATTEMPTS; a finished row keeps no payload.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from flask import current_app
from sqlalchemy import JSON, CheckConstraint, Index, String, delete, event, func, or_, select, update
from sqlalchemy.orm import Mapped, Session, SessionTransaction, mapped_column

from directory.db import Base, UTCDateTime, db, now
from directory.words import new_public_id

ATTEMPTS = 14  # with the pauses below a server may be away for more than a day
FIRST_PAUSE = timedelta(seconds=10)
LONGEST_PAUSE = timedelta(hours=6)
LEASE = timedelta(minutes=5)
KEPT = timedelta(days=7)

WAITING, RUNNING, DONE, DEAD = "waiting", "running", "done", "dead"
Handler = Callable[..., None]
_handlers: dict[str, Handler] = {}


class QueuedJob(Base):
    """One effect. `due_at` is when it is next tried, and when it ended once it has.

    `about` is a pseudonym by which what waits for one person can be found and dropped.
    """

    __tablename__ = "job"
    __table_args__ = (
        CheckConstraint("state IN ('waiting', 'running', 'done', 'dead')", name="state"),
        Index("ix_job_state_due_at_id", "state", "due_at", "id"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(22), unique=True, default=new_public_id)
    kind: Mapped[str] = mapped_column(String(60))
    payload: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    about: Mapped[str] = mapped_column(String(64), default="", index=True)
    state: Mapped[str] = mapped_column(String(8), default=WAITING)
    attempts: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime, default=now)
    due_at: Mapped[datetime] = mapped_column(UTCDateTime, default=now)
    error: Mapped[str] = mapped_column(String(200), default="")

    def finish(self) -> None:
        self.state, self.payload, self.error, self.due_at = DONE, {}, "", now()

    def give_up(self) -> None:
        self.state, self.payload, self.due_at = DEAD, {}, now()

    def fail(self, error: BaseException) -> None:
        """Try again later, or give up. The error's text may quote a person, so only its kind is kept."""
        self.error = type(error).__name__[:200]
        if self.attempts >= ATTEMPTS:
            self.give_up()
            return
        self.state = WAITING
        self.due_at = now() + min(LONGEST_PAUSE, FIRST_PAUSE * 3 ** (self.attempts - 1))


def carries_out(kind: str) -> Callable[[Handler], Handler]:
    """The function does what rows of this kind ask for; called with the row's id and its payload by name.

    What it writes is committed together with the mark that the row is done.
    """

    def keep(handler: Handler) -> Handler:
        _handlers[kind] = handler
        return handler

    return keep


def handler_of(kind: str) -> Handler:
    return _handlers[kind]


def put(kind: str, *, about: str = "", due_at: datetime | None = None, **payload: Any) -> None:
    """Ask for an effect after the present transaction's commit. Raises KeyError when nobody carries it out."""
    handler_of(kind)
    db.session.add(QueuedJob(kind=kind, about=about, due_at=due_at or now(), payload=payload))


def claim() -> int | None:
    """Take the next row that is due, or whose taker died; None when there is none. One statement, never two takers."""
    moment = now()
    due = or_(
        (QueuedJob.state == WAITING) & (QueuedJob.due_at <= moment),
        (QueuedJob.state == RUNNING) & (QueuedJob.due_at <= moment),
    )
    first = select(QueuedJob.id).where(due).order_by(QueuedJob.due_at, QueuedJob.id).limit(1)
    take = (
        update(QueuedJob)
        .where(QueuedJob.id == first.with_for_update(skip_locked=True).scalar_subquery(), due)
        .values(state=RUNNING, attempts=QueuedJob.attempts + 1, due_at=moment + LEASE)
        .returning(QueuedJob.id)
    )
    found: int | None = db.session.scalar(take, execution_options={"synchronize_session": False})
    return found


def drop_about(about: str) -> None:
    """Forget what still waits for one person."""
    db.session.execute(delete(QueuedJob).where(QueuedJob.about == about, QueuedJob.state != RUNNING))


def drop_old() -> int:
    """Delete rows that ended more than KEPT ago; returns how many."""
    ended = QueuedJob.state.in_((DONE, DEAD)) & (QueuedJob.due_at < now() - KEPT)
    return int(db.session.execute(delete(QueuedJob).where(ended)).rowcount)  # type: ignore[attr-defined]


def counts() -> dict[str, int]:
    """How many rows there are of each state."""
    rows = db.session.execute(select(QueuedJob.state, func.count()).group_by(QueuedJob.state).order_by(QueuedJob.state))
    return {state: number for state, number in rows}


@event.listens_for(Session, "after_flush")
def _notice(session: Session, context: object) -> None:
    if any(isinstance(thing, QueuedJob) for thing in session.new):
        session.info["queued"] = True


@event.listens_for(Session, "after_commit")
def _wake(session: Session) -> None:
    if not session.in_nested_transaction() and session.info.pop("queued", False):
        current_app.extensions["wake"]()


@event.listens_for(Session, "after_soft_rollback")
def _forget(session: Session, transaction: SessionTransaction) -> None:
    if transaction.parent is not None:
        return  # only a savepoint: the transaction goes on
    session.info.pop("queued", None)
