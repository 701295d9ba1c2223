"""What reviews keep about a person: all handed out; the person's own words go with the person."""

from typing import Any

from sqlalchemy import select, update

from directory.accounts.models import User
from directory.accounts.registry import covers
from directory.db import db
from directory.reviews import invitations, scores  # noqa: F401 (their tables exist with the rest)
from directory.reviews.models import Review
from directory.reviews.parting import part
from directory.reviews.replies import Reply
from directory.reviews.votes import HelpfulVote

Rows = list[dict[str, Any]]


def _reviews(user: User) -> Rows:
    query = select(Review).where(Review.author_id == user.id).order_by(Review.id)
    return [
        {
            "clinic": review.clinic.name,
            "shown as": review.pseudonym,
            "treated": review.treated_month,
            "goal": review.goal,
            "stages": [
                {
                    "stage": stage.stage,
                    "overall": stage.overall,
                    "text": stage.text,
                    "text not yet read": stage.proposed_text,
                    "text when it was decided on": [one.text for one in stage.decided_texts],
                    "parts": stage.sub_ratings,
                    "would choose again": stage.again,
                    "state": stage.state,
                    "sent in": stage.submitted_at.isoformat() if stage.submitted_at else None,
                    "photos": [
                        f"{photo.state}, {photo.light}, {photo.width} x {photo.height}" for photo in stage.photos
                    ],
                }
                for stage in review.stages
            ],
            "sessions": review.sessions,
            "paid": f"{review.price_band} {review.currency}".strip(),
            "given for it": review.incentive,
            "consents": [f"{given.kind} {given.version}, {given.given_at.isoformat()}" for given in review.consents],
            "proof": review.proof.state if review.proof else None,
        }
        for review in db.session.scalars(query)
    ]


def _votes(user: User) -> Rows:
    query = select(HelpfulVote.review_id).where(HelpfulVote.user_id == user.id).order_by(HelpfulVote.review_id)
    return [{"review": number} for number in db.session.scalars(query)]


def _replies(user: User) -> Rows:
    query = select(Reply).where(Reply.by_id == user.id).order_by(Reply.id)
    return [{"reply": reply.text, "written": reply.created_at.isoformat()} for reply in db.session.scalars(query)]


def _forget_replies(user: User) -> None:
    """A reply is the clinic's word and stays; who typed it is forgotten."""
    db.session.execute(update(Reply).where(Reply.by_id == user.id).values(by_id=None))


covers("review", title="Your reviews", export=_reviews, erase=part)
covers("helpful_vote", title="Reviews you found helpful", export=_votes)
covers("review_reply", title="Replies you wrote for a clinic", export=_replies, erase=_forget_replies)
