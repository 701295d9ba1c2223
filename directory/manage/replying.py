"""A clinic's reply to a review, from the first word to the desk."""

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from directory.cases.opening import case_about, open_case
from directory.clinics.models import Clinic
from directory.db import db
from directory.errors import Refused
from directory.ledger import record
from directory.manage.guard import Marked
from directory.practitioners.models import Engagement, Practitioner
from directory.reviews.models import Review
from directory.reviews.replies import Reply
from directory.words import new_public_id

SAFE_WORDS = (
    "Thank you for writing. We take what is said about our work seriously. Confidentiality keeps us from saying "
    "whether anybody is our client. Whoever has a question about a result finds our address on this page."
)


def names_at(clinic: Clinic) -> list[str]:
    """Names that are no secret in a reply: the clinic's, its town's, those of the people it lists."""
    people = (
        select(Practitioner.name)
        .join(Engagement, Engagement.practitioner_id == Practitioner.id)
        .where(Engagement.clinic_id == clinic.id, Practitioner.status == "published")
        .order_by(Practitioner.name, Practitioner.id)
    )
    return [clinic.name, clinic.city, clinic.region, *db.session.scalars(people)]


def reply_to(review: Review, text: str, *, by_id: int, marks: list[Marked]) -> Reply:
    """The clinic's one reply, new or in other words; a moderator reads it before it shows. Flushed.

    Raises Refused when the reply was refused or removed: against that there is an appeal.
    """
    reply = db.session.scalars(select(Reply).where(Reply.review_id == review.id)).one_or_none()
    if reply is not None and reply.state == "withdrawn":
        db.session.delete(reply)
        db.session.flush()
        reply = None
    if reply is None:
        reply = Reply(public_id=new_public_id(), review_id=review.id, text=text, state="pending")
        db.session.add(reply)
    else:
        reply.say(text)
    reply.by_id = by_id
    db.session.flush()
    case = open_case(
        "reply",
        subject=f"reply:{reply.public_id}",
        subject_id=reply.id,
        clock="review",
        priority="medium" if marks else "low",
        reason="A reply that may tell who the reviewer is." if marks else "A clinic's reply to a review.",
        clinic_id=review.clinic_id,
    )
    # Kinds only: the words themselves stand in the reply.
    case.facts = {**case.facts, "marks": sorted({mark.kind for mark in marks})}
    record("reply.sent", role="clinic", subject=f"reply:{reply.public_id}", case=case.public_id)
    return reply


def take_back(reply: Reply) -> None:
    """The clinic withdraws its reply; what waits at the desk about it is settled with that."""
    if reply.state not in ("pending", "needs_edit", "published"):
        raise Refused("There is no reply to take back.")
    waiting = case_about("reply", f"reply:{reply.public_id}")
    if waiting is not None:
        waiting.withdraw()
    reply.withdraw()
    record("reply.withdrawn", role="clinic", subject=f"reply:{reply.public_id}")


def review_at(clinic: Clinic, public_id: str) -> Review | None:
    """The clinic's review of that name, when visitors can see it; any other does not exist for the clinic."""
    query = (
        select(Review)
        .options(joinedload(Review.reply))
        .where(Review.public_id == public_id, Review.clinic_id == clinic.id)
    )
    review = db.session.scalars(query).one_or_none()
    return review if review is not None and any(stage.is_public for stage in review.stages) else None
