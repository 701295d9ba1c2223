"""What becomes of reviews when their author's account is erased: they go too, or the words stay without a name.

Photos always go: of somebody we no longer know nobody could take the consent back.
"""

from datetime import timedelta
from secrets import SystemRandom

from flask_babel import lazy_gettext as _l
from sqlalchemy import select, update

from directory import queue
from directory.accounts.models import User
from directory.accounts.registry import Wish, asks
from directory.db import db, now
from directory.reviews import pseudonyms
from directory.reviews.models import Review
from directory.reviews.queries import review_by_public_id

# When the public log says that an erased person's review was taken back.
SOONEST, LATEST = timedelta(hours=1), timedelta(hours=72)
_chance = SystemRandom()
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
    if review.stays and any(stage.is_public for stage in review.stages):
        _leave_words(review)
    elif review.was_published:
        review.withdraw()
        _record_later(review.public_id)
    else:
        for photo in review.photos:
            photo.forget()
        review.drop_proof()
        db.session.delete(review)
        return
    review.author_id, review.pseudonym = None, pseudonyms.invented()


def _record_later(public_id: str) -> None:
    """Each at a moment of its own: side by side in the public log they would say that one person wrote them all."""
    wait = _chance.uniform(SOONEST.total_seconds(), LATEST.total_seconds())
    queue.put("reviews/withdrawn", due_at=now() + timedelta(seconds=wait), review=public_id)


@queue.carries_out("reviews/withdrawn")
def _record(row_id: str, review: str) -> None:
    found = review_by_public_id(review)
    if found is not None:
        found.record_withdrawal()


def _leave_words(review: Review) -> None:
    """Only what is public stays, and nothing that leads to a person."""
    for photo in review.photos:
        if photo.state != "withdrawn":
            photo.withdraw()
    for stage in list(review.stages):
        stage.proposed_text = stage.original_text = stage.receipt_salt = ""
        stage.decided_texts.clear()
        if not stage.is_public:
            review.stages.remove(stage)
    if review.proof is not None:
        review.drop_proof()
    review.letter_at, review.code_digest, review.attested = None, "", {}


asks(Wish("reviews", QUESTION, ANSWERS, present=_wished, keep=wish))
