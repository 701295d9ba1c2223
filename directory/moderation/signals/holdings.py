"""What signals keep about a person: handed out in words that do not teach how to pass them; all of it goes with the
person, the sketch of a text that stays public too: to be forgotten weighs more than to be compared."""

from typing import Any

from sqlalchemy import delete, select

from directory.accounts.models import User
from directory.accounts.registry import covers
from directory.db import db
from directory.moderation.signals.models import Signal, Sketch, Trace
from directory.reviews.models import Review, Stage

Rows = list[dict[str, Any]]


def _reviews_of(user: User) -> Any:
    return select(Review.id).where(Review.author_id == user.id).scalar_subquery()


def _stages_of(user: User) -> Any:
    query = select(Stage.id).join(Review, Review.id == Stage.review_id).where(Review.author_id == user.id)
    return query.scalar_subquery()


def _traces(user: User) -> Rows:
    query = select(Trace).where(Trace.review_id.in_(_reviews_of(user))).order_by(Trace.stage_id)
    return [
        {
            "kept": "keyed digests of the network and the device a review was sent from",
            "since": one.submitted_at.isoformat(),
            "deleted on": one.expires_at.isoformat(),
        }
        for one in db.session.scalars(query)
    ]


def _signals(user: User) -> Rows:
    query = select(Signal).where(Signal.review_id.in_(_reviews_of(user))).order_by(Signal.id)
    return [
        {"about": one.kind, "raised": one.raised_at.isoformat(), "held up": one.confirmed}
        for one in db.session.scalars(query)
    ]


def _sketches(user: User) -> Rows:
    query = select(Sketch.stage_id).where(Sketch.stage_id.in_(_stages_of(user))).group_by(Sketch.stage_id)
    return [
        {"kept": "hashes by which copies of a review's text are found"}
        for _stage in db.session.scalars(query.order_by(Sketch.stage_id))
    ]


def _forget_traces(user: User) -> None:
    db.session.execute(delete(Trace).where(Trace.review_id.in_(_reviews_of(user))))


def _forget_signals(user: User) -> None:
    db.session.execute(delete(Signal).where(Signal.review_id.in_(_reviews_of(user))))


def _forget_sketches(user: User) -> None:
    db.session.execute(delete(Sketch).where(Sketch.stage_id.in_(_stages_of(user))))


covers("review_trace", title="Where your reviews were sent from", export=_traces, erase=_forget_traces)
covers("review_sketch", title="How copies of your texts are found", export=_sketches, erase=_forget_sketches)
covers("signal", title="Signals about your reviews", export=_signals, erase=_forget_signals)
