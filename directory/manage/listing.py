"""A clinic's reviews as its people see them: what every visitor sees, no more, and what the clinic did about them."""

from sqlalchemy import func, select
from sqlalchemy.orm import selectinload

from directory.cases.moderated import PUBLIC
from directory.clinics.models import Clinic
from directory.db import db
from directory.reviews.models import Review, Stage

PER_PAGE = 20


def _shown(clinic: Clinic) -> object:
    return (Review.clinic_id == clinic.id) & Review.stages.any(Stage.state.in_(PUBLIC))


def reviews_of(clinic: Clinic, page: int) -> tuple[list[Review], int]:
    """One page of the public reviews, the one published last first, and how many there are.

    Not by row: whose draft was begun first says when somebody sat down to write it.
    """
    published = (
        select(func.max(Stage.published_at))
        .where(Stage.review_id == Review.id, Stage.state.in_(PUBLIC))
        .correlate(Review)
        .scalar_subquery()
    )
    shown = _shown(clinic)
    total = db.session.scalar(select(func.count()).select_from(Review).where(shown)) or 0  # type: ignore[arg-type]
    query = (
        select(Review)
        .options(selectinload(Review.stages), selectinload(Review.reply))
        .where(shown)  # type: ignore[arg-type]
        .order_by(published.desc(), Review.id.desc())
        .limit(PER_PAGE)
        .offset(PER_PAGE * (page - 1))
    )
    return list(db.session.scalars(query)), total
