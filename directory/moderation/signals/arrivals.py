"""Arrival: one review reaching one clinic, as the signals about time and accounts see it."""

from datetime import datetime
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np
from sqlalchemy import func, select

from directory.accounts.models import User
from directory.clinics.models import Clinic
from directory.db import UTCDateTime, db
from directory.moderation.signals.thresholds import FRESH_ACCOUNT, OLD_ACCOUNT, SHARE_WEIGHT, USUAL_READY
from directory.reviews.models import Review, Stage

MOST = 400
# Everything somebody sent in and did not take back, refused or not.
SENT = ("pending", "published", "redacted", "needs_edit", "refused", "removed")


def lay_ready(signed_up: datetime, at: datetime) -> bool:
    """Whether the account was opened neither for this review nor long before it."""
    return FRESH_ACCOUNT <= at - signed_up <= OLD_ACCOUNT


def weighed(some: int, of: int, usual: float) -> float:
    """A share as it was seen, drawn towards the usual one as if that had been seen SHARE_WEIGHT times."""
    return (some + SHARE_WEIGHT * usual) / (of + SHARE_WEIGHT)


class Arrival(NamedTuple):
    """The first stage of a review that was sent in. `proven`: with proof of a visit; `signed_up` of its author."""

    review_id: int
    public_id: str
    clinic_id: int
    author_id: int | None
    at: datetime
    overall: int
    proven: bool
    signed_up: datetime | None

    @property
    def is_fresh(self) -> bool:
        """Whether its author had just signed up."""
        return self.signed_up is not None and self.at - self.signed_up < FRESH_ACCOUNT

    @property
    def is_ready(self) -> bool:
        """Whether its author's account lay ready."""
        return self.signed_up is not None and lay_ready(self.signed_up, self.at)


_COLUMNS = (
    Review.id,
    Review.public_id,
    Review.clinic_id,
    Review.author_id,
    Stage.submitted_at,
    Stage.overall,
    Review.verification,
    User.created_at,
)


def _query() -> Any:
    return (
        select(*_COLUMNS)
        .join(Stage, Stage.review_id == Review.id)
        .outerjoin(User, User.id == Review.author_id)
        .where(Stage.state.in_(SENT), Stage.submitted_at.is_not(None))
    )


def _first_stages(rows: Any) -> list[Arrival]:
    """One arrival a review, oldest first: a later stage is no new arrival."""
    first: dict[int, Arrival] = {}
    for row in rows:
        made = Arrival(row[0], row[1], row[2], row[3], row[4], row[5] or 0, row[6] == "visit", row[7])
        held = first.get(made.review_id)
        if held is None or made.at < held.at:
            first[made.review_id] = made
    return sorted(first.values(), key=lambda arrival: (arrival.at, arrival.review_id))


def at_clinic(clinic_id: int) -> list[Arrival]:
    """The newest reviews of a clinic, at most MOST, oldest first."""
    newest = (
        select(Review.id).where(Review.clinic_id == clinic_id).order_by(Review.id.desc()).limit(MOST).scalar_subquery()
    )
    query = _query().where(Review.id.in_(newest)).order_by(Stage.submitted_at, Stage.id)
    return _first_stages(db.session.execute(query))


def by_author(author_id: int) -> list[Arrival]:
    """The person's newest reviews, at most 50, oldest first."""
    newest = select(Review.id).where(Review.author_id == author_id).order_by(Review.id.desc()).limit(50)
    query = _query().where(Review.id.in_(newest.scalar_subquery()))
    return _first_stages(db.session.execute(query.order_by(Stage.submitted_at, Stage.id)))


def listed_since(clinic: Clinic, arrivals: list[Arrival]) -> datetime:
    """From when on a clinic could be reviewed here: it was listed, and the site took reviews."""
    first = db.session.scalar(select(Review.created_at).order_by(Review.id).limit(1)) or clinic.created_at
    return min([max(clinic.created_at, first), *(arrival.at for arrival in arrivals[:1])])


def ready_share() -> float:
    """The share of the site's newest MOST reviews that came from accounts that lay ready."""
    newest = select(Review.id).order_by(Review.id.desc()).limit(MOST).scalar_subquery()
    query = (
        select(func.min(Stage.submitted_at, type_=UTCDateTime()), User.created_at)
        .join(Review, Review.id == Stage.review_id)
        .join(User, User.id == Review.author_id)
        .where(Review.id.in_(newest), Stage.state.in_(SENT), Stage.submitted_at.is_not(None))
        .group_by(Review.id, User.created_at)
        .order_by(Review.id)
    )
    ready = [lay_ready(signed_up, at) for at, signed_up in db.session.execute(query) if at]
    return weighed(sum(ready), len(ready), USUAL_READY)


class Clock:
    """How many reviews the site had by a moment, read off their numbers, which are given in order.

    MARKS numbers, evenly spread, are looked up by primary key in one question; between two marks time runs evenly.
    """

    MARKS = 200

    @cached_property
    def _marks(self) -> tuple[list[float], list[float]]:
        """Moments and numbers, asked for at the first use: most reviews need no clock."""
        last = db.session.scalar(select(func.max(Review.id))) or 0
        asked = {max(1, last * mark // self.MARKS) for mark in range(self.MARKS + 1)}
        query = select(Review.id, Review.created_at).where(Review.id.in_(asked)).order_by(Review.id)
        rows = db.session.execute(query).all()
        return [row.created_at.timestamp() for row in rows], [float(row.id) for row in rows]

    def __call__(self, moment: datetime) -> float:
        moments, numbers = self._marks
        return float(np.interp(moment.timestamp(), moments, numbers, left=0.0)) if moments else 0.0
