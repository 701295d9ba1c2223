"""Two listings were one place: what was said of the one that leads to the other is read, and counts, at the other."""

from sqlalchemy import func, select, update

from directory.cases.models import Case
from directory.clinics.duplicates import brings
from directory.clinics.models import Clinic
from directory.db import db
from directory.reviews.invitations import Invitation
from directory.reviews.models import Review


@brings
def _bring(closed: Clinic, kept: Clinic) -> None:
    """Reviews with all that hangs on them, codes that were given out, and what the desk knows of the place."""
    reviews = db.session.scalars(select(Review).where(Review.clinic_id == closed.id).order_by(Review.id)).all()
    for review in reviews:
        review.shown_otherwise()
        review.episode, review.clinic = _free_episode(review, kept), kept
        db.session.flush()
        review.shown_otherwise()
    for told in (update(Invitation), update(Case)):
        db.session.execute(told.where(told.table.c.clinic_id == closed.id).values(clinic_id=kept.id))


def _free_episode(review: Review, at: Clinic) -> int:
    """The next of its author there, who may have told of that place before."""
    last = select(func.max(Review.episode)).where(Review.clinic_id == at.id, Review.author_id == review.author_id)
    return int(db.session.scalar(last) or 0) + 1 if review.author_id is not None else review.episode
