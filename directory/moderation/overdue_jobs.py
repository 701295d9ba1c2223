"""Age escalates: what waits too long moves up the queue, whatever it is about."""

from datetime import timedelta

from sqlalchemy import case, update

from directory.cases.models import FIRST, Case, rank_of
from directory.db import db, now, writing

# A new review is decided within ten days at the most (ISO 20488); three days before that it is urgent.
LONGEST_WAIT = timedelta(days=7)
WRITTEN = ("review", "stage", "photo", "reply", "result")


def raise_overdue() -> str:
    """Overdue items of low priority become medium; what people wrote and nobody read for a week becomes high."""
    moment = now()
    overdue = (Case.due_at < moment, Case.priority == "low", Case.clock != "calm")
    long_waiting = (Case.kind.in_(WRITTEN), Case.opened_at < moment - LONGEST_WAIT, Case.priority != "high")
    moved = 0
    with writing():
        for priority, which in (("medium", overdue), ("high", long_waiting)):
            change = update(Case).where(Case.state == "open", *which)
            rank = case((Case.clock.in_(FIRST), 0), else_=rank_of(priority, ""))
            done = db.session.execute(change.values(priority=priority, rank=rank))
            moved += int(done.rowcount)  # type: ignore[attr-defined]
        db.session.commit()
    return f"raised {moved}"
