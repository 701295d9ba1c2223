"""What counts: of each episode of care the newest stage that readers see, with its weight's ingredients."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from sqlalchemy import and_, exists, select
from sqlalchemy.orm import Session, aliased

from directory.cases.moderated import PUBLIC
from directory.reviews.models import Review
from directory.reviews.rating import Voice
from directory.reviews.stages import Stage

# How many months after the treatment a stage speaks of.
STAGE_MONTHS = {"fresh": 0, "6w": 1, "6m": 6, "12m": 12}


def months_between(month: str, moment: datetime) -> int:
    """Whole months from `2026-03` to a moment."""
    year, number = month.split("-")
    return (moment.year - int(year)) * 12 + moment.month - int(number)


def age_of(treated_month: str, stage: str, moment: datetime) -> int:
    """Months since what a stage speaks of: an old treatment told late is as old as it is."""
    return max(0, months_between(treated_month, moment) - STAGE_MONTHS[stage])


def _told_again() -> Any:
    """Whether the same person tells of the same clinic and month in a later episode: only the newest one counts."""
    again = aliased(Review)
    said = aliased(Stage)
    return exists().where(
        and_(
            again.author_id == Review.author_id,
            again.clinic_id == Review.clinic_id,
            again.treated_month == Review.treated_month,
            again.episode > Review.episode,
            again.counted,
            said.review_id == again.id,
            said.state.in_(PUBLIC),
        )
    )


def newest_shown() -> Any:
    """For each review that readers see: clinic, verification, month, newest stage, its stars, whether it counts."""
    later = aliased(Stage)
    newer = exists().where(
        and_(later.review_id == Stage.review_id, later.state.in_(PUBLIC), later.position > Stage.position)
    )
    counts = and_(Review.counted, ~_told_again()).label("counts")
    return (
        select(Review.clinic_id, Review.verification, Review.treated_month, Stage.stage, Stage.overall, counts)
        .join(Stage, Stage.review_id == Review.id)
        .where(Stage.state.in_(PUBLIC), Stage.overall.is_not(None), ~newer)
    )


def voices_of(session: Session, clinic_id: int, moment: datetime) -> Iterator[Voice]:
    """The voices of one clinic, in no particular order."""
    query = newest_shown().where(Review.clinic_id == clinic_id).order_by(Review.id)
    for _clinic, verification, month, stage, stars, counted in session.execute(query):
        counts = counted and verification != "none"
        yield Voice(stars, verification if counts else "contact", stage, age_of(month, stage, moment), counts)
