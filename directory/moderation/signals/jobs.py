"""What happens to signals with no visitor: rings over everything each night, old traces go, ended alerts are noted."""

from datetime import timedelta

import numpy as np
from sqlalchemy import select

from directory import queue
from directory.db import db, now, writing
from directory.moderation import alerts
from directory.moderation.signals import ring, traces
from directory.moderation.signals.models import Signal
from directory.moderation.suspicion import JOB
from directory.reviews.models import Review

WATCHED = timedelta(days=2 * 365)
BATCH = 500


def _edges() -> ring.Ints:
    """(account, clinic) of every review of the last two years."""
    query = (
        select(Review.author_id, Review.clinic_id)
        .where(Review.author_id.is_not(None), Review.created_at > now() - WATCHED)
        .order_by(Review.id)
        .execution_options(yield_per=10_000)
    )
    flat = (number for row in db.session.execute(query) for number in row)
    return np.fromiter(flat, dtype=np.int64).reshape(-1, 2)


def find_rings() -> str:
    """Believe over all reviews who belongs to a ring, and have those accounts' reviews looked at."""
    members = dict(ring.propagate(_edges()).members())
    db.session.rollback()
    asked, ids = 0, sorted(members)
    for start in range(0, len(ids), BATCH):
        part = ids[start : start + BATCH]
        known = select(Signal.review_id).where(Signal.kind == "ring")
        query = select(Review.id, Review.author_id).where(Review.author_id.in_(part), Review.id.not_in(known))
        with writing():
            for review_id, author_id in db.session.execute(query.order_by(Review.id)).all():
                belief = round(members[author_id or 0], 4)
                queue.put(JOB, review_id=review_id, onward=False, belief=belief)
                asked += 1
            db.session.commit()
    return f"{len(members)} accounts in rings, {asked} of their reviews looked at"


def tend_signals() -> str:
    """Delete traces whose key's time is over; let pages know of alerts that ended since yesterday."""
    with writing():
        gone = traces.drop_expired()
        ended = alerts.note_ended(now() - timedelta(days=2))
        db.session.commit()
    return f"deleted {gone} traces; {ended} alerts ended"
