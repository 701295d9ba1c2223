"""All signals about one review, each from its own bounded questions to the database."""

from functools import cache

from sqlalchemy import select

from directory.accounts.models import User
from directory.db import db
from directory.moderation.signals import account, arrivals, burst, context, near_copies, origin, ring, ties
from directory.moderation.signals.arrivals import SENT
from directory.moderation.signals.finding import Finding
from directory.moderation.signals.thresholds import NEW_RIVAL, PERIOD
from directory.reviews.models import Review, Stage


def newest_stage(review: Review) -> Stage | None:
    """The stage sent in last."""
    sent = [stage for stage in review.stages if stage.state in SENT and stage.submitted_at is not None]
    return max(sent, key=lambda stage: (stage.submitted_at, stage.id), default=None)


def findings(review: Review, *, belief: float | None = None) -> list[Finding]:
    """What the signals say now; at most one of each kind. `belief` is the nightly job's about its author."""
    stage = newest_stage(review)
    if stage is None:
        return []
    found: list[Finding | None] = []
    there = arrivals.at_clinic(review.clinic_id)
    own = next((one for one in there if one.review_id == review.id), None)
    if own is not None:
        past = burst.Past(arrivals.listed_since(review.clinic, there), arrivals.Clock(), cache(arrivals.ready_share))
        found += burst.find(own, there, past)
        rivals = context.rivals_of(review.clinic, since=own.at - NEW_RIVAL) if own.overall <= 2 else []
        found.append(context.find(own, there, rivals))
    found.append(near_copies.find(near_copies.copies_of(stage)))
    author = db.session.get(User, review.author_id) if review.author_id is not None else None
    trace = origin.trace_of(review.id)
    near = origin.neighbours(trace, review.author_id) if trace is not None else []
    tied = ties.ties_of(author, review.clinic, trace) if author is not None else []
    networks = {tie.network for tie in tied if tie.network}
    if author is not None and trace is not None and near:
        networks |= origin.networks_of(author.id, trace)
    insiders = [review.author_id or 0, *ties.staff_ids(review.clinic_id)]
    shared = origin.is_shared(review.clinic_id, near, origin.strangers(networks, insiders) if networks else ())
    meanwhile = sum(abs(one.at - trace.submitted_at) <= 2 * PERIOD for one in there) if trace is not None else 0
    found.append(origin.find(review.clinic_id, near, meanwhile, shared=shared))
    if author is not None:
        found.append(ties.find(tied, stage.overall or 0, shared=shared))
        written = arrivals.by_author(author.id)
        mine = next((one for one in written if one.review_id == review.id), None)
        if mine is not None:
            found.append(account.find(mine, written))
            others = tuple(one.public_id for one in written if one.review_id != review.id)
            found.append(_ring(author.id, others, belief))
    return [one for one in found if one is not None]


def _ring(author_id: int, others: tuple[str, ...], belief: float | None) -> Finding | None:
    """Only an account that wrote more than once has company to be known by."""
    if not others:
        return None
    finding = ring.find(author_id, ring.neighbourhood(author_id), belief)
    return finding._replace(others=others) if finding is not None else None


def review_of(subject_kind: str, subject_id: int) -> Review | None:
    """The review that a case's subject belongs to; None when it is about something else."""
    if subject_kind == "review":
        return db.session.get(Review, subject_id)
    if subject_kind == "stage":
        return db.session.scalars(select(Review).join(Stage).where(Stage.id == subject_id)).one_or_none()
    return None
