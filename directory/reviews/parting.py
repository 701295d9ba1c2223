"""What becomes of reviews when their author's account is erased: they go too, or the words stay without a name.

Photos always go: of somebody we no longer know nobody could take the consent back.
"""

from flask_babel import lazy_gettext as _l
from sqlalchemy import select, update

from directory.accounts.models import User
from directory.accounts.registry import Wish, asks
from directory.db import db
from directory.reviews import pseudonyms
from directory.reviews.models import Review

QUESTION = _l("If your account is erased, what becomes of your reviews?")
ANSWERS = {
    "go": _l("They go with it"),
    "stay": _l("The words stay, under a new invented name and without the photos"),
}


def _wished(user: User) -> str:
    stays = db.session.scalars(select(Review.stays).where(Review.author_id == user.id)).all()
    return ("stay" if any(stays) else "go") if stays else ""


def wish(user: User, answer: str) -> None:
    """Keep the person's wish with each review."""
    db.session.execute(update(Review).where(Review.author_id == user.id).values(stays=answer == "stay"))


def part(user: User) -> None:
    """The account is being erased: do with each review as its author wished."""
    query = select(Review).where(Review.author_id == user.id).order_by(Review.id)
    for review in db.session.scalars(query).all():
        _part(review)
    db.session.flush()


def _part(review: Review) -> None:
    was_seen = any(stage.published_at is not None for stage in review.stages)
    if review.stays and any(stage.is_public for stage in review.stages):
        _leave_words(review)
    elif was_seen:
        review.withdraw()
        review.record_withdrawal()
    else:
        for photo in review.photos:
            photo.forget()
        review.drop_proof()
        db.session.delete(review)
        return
    review.author_id, review.pseudonym = None, pseudonyms.invented()


def _leave_words(review: Review) -> None:
    """Only what is public stays, and nothing that leads to a person."""
    for photo in review.photos:
        if photo.state != "withdrawn":
            photo.withdraw()
    for stage in list(review.stages):
        stage.proposed_text = stage.original_text = stage.receipt_salt = ""
        if not stage.is_public:
            review.stages.remove(stage)
    if review.proof is not None:
        review.drop_proof()
    review.letter_at, review.code_digest, review.attested = None, "", {}


asks(Wish("reviews", QUESTION, ANSWERS, present=_wished, keep=wish))
