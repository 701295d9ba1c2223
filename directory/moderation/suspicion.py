"""Suspicion: signals kept, a new review held for a person, a published one shown and not counted until one decided.

Nothing here hides or removes a review. What signals lead to is the table in `signals.verdict`.
"""

from typing import NamedTuple

from sqlalchemy import func, select

from directory import mail, queue
from directory.accounts.links import link_for
from directory.accounts.models import User
from directory.cases.models import Case
from directory.cases.opening import OPEN, open_case
from directory.clinics.models import Clinic
from directory.db import db, now
from directory.ledger import record
from directory.moderation.signals import near_copies, traces
from directory.moderation.signals.evidence import findings, newest_stage, review_of
from directory.moderation.signals.finding import Finding
from directory.moderation.signals.models import STRENGTHS, Signal, text_of
from directory.moderation.signals.thresholds import ALERT_REVIEWS
from directory.moderation.signals.verdict import HOLD, NOTHING, PUBLIC_REASON, Verdict, answer, judge
from directory.reviews.models import Review, Stage


class Drawn(NamedTuple):
    """A sketch, and the text that it is of."""

    text: str
    values: list[int]


def draw(stage: Stage) -> Drawn:
    """The sketch of what a stage says now: work of a millisecond, for which no writer need wait."""
    return Drawn(text_of(stage), near_copies.sketch(text_of(stage)))


JOB = "moderation.examine"
ONWARD_AT_MOST = 60


def note_submission(stage: Stage, *, caller: str, device: str, drawn: Drawn | None = None) -> None:
    """Keep what the signals will need of a stage just sent in, and have it examined after the commit.

    `caller` is the address the form came from, `device` is `accounts.devices.this_device()`; only keyed digests of a
    network and of a device's mark are kept of them. `drawn` is the sketch, where it was drawn before anybody waited.
    """
    traces.note(stage, caller=caller, device=device)
    text = text_of(stage)
    near_copies.note(stage, drawn.values if drawn is not None and drawn.text == text else near_copies.sketch(text))
    queue.put(JOB, review_id=stage.review_id)


@queue.carries_out(JOB)
def _examine(_job: str, *, review_id: int, onward: bool = True, belief: float | None = None) -> None:
    examine(review_id, onward=onward, belief=belief)


def examine(review_id: int, *, onward: bool = True, belief: float | None = None) -> list[Signal]:
    """Look at a review with all signals and do what they ask for; returns its open signals, strongest first.

    `onward` has the reviews that the evidence points at looked at too, in jobs of their own: what came first in a
    burst or a group looked like nothing then. `belief` is the nightly one about its author.
    """
    review = db.session.get(Review, review_id)
    if review is None or newest_stage(review) is None:
        return []
    found = findings(review, belief=belief)
    kept = _keep(review, found)
    _act(review, judge(Finding(one.kind, one.strength, one.words) for one in kept))
    if onward:
        _look_at_others(found)
    return kept


def _stronger(one: str, other: str) -> bool:
    return STRENGTHS.index(one) > STRENGTHS.index(other)


def _of(review: Review) -> list[Signal]:
    query = select(Signal).where(Signal.review_id == review.id).order_by(Signal.id)
    return list(db.session.scalars(query))


def _keep(review: Review, found: list[Finding]) -> list[Signal]:
    """Write down what is new. A signal only grows until somebody decides; one that did not hold up is not raised again
    unless it is stronger than then."""
    known = _of(review)
    signals = {one.kind: one for one in known if one.confirmed is None}
    refuted = {one.kind: one.strength for one in known if one.confirmed is False}
    for finding in found:
        if finding.kind in refuted and not _stronger(finding.strength, refuted[finding.kind]):
            continue
        held = signals.get(finding.kind)
        if held is None:
            held = signals[finding.kind] = Signal(review_id=review.id, kind=finding.kind, strength="low")
            db.session.add(held)
        elif _stronger(held.strength, finding.strength):
            continue
        held.strength, held.words, held.others = finding.strength, finding.words, list(finding.others)
    db.session.flush()
    return sorted(signals.values(), key=lambda one: (-STRENGTHS.index(one.strength), one.kind))


def _act(review: Review, verdict: Verdict) -> None:
    if verdict.act == NOTHING:
        return
    held = verdict.act == HOLD
    for case in _waiting_cases(review):
        case.raise_priority("high" if held else "medium", verdict.words)
    if held and not review.suspicious and any(stage.is_public for stage in review.stages):
        _suspect(review, verdict)


def _waiting_cases(review: Review) -> list[Case]:
    """The open cases about the review itself or one of its stages."""
    subjects = [f"review:{review.public_id}", *(f"stage:{stage.public_id}" for stage in review.stages)]
    query = select(Case).where(Case.subject.in_(subjects), Case.state.in_(OPEN)).order_by(Case.id)
    return list(db.session.scalars(query))


def _suspect(review: Review, verdict: Verdict) -> None:
    """It stays readable, does not count, and somebody has to decide."""
    review.suspect(PUBLIC_REASON[verdict.leading])
    case = open_case(
        "suspicion",
        subject=f"review:{review.public_id}",
        subject_id=review.id,
        clock="suspicion",
        priority="high",
        reason=verdict.words,
        clinic_id=review.clinic_id,
        author_id=review.author_id,
    )
    record(
        "suspicion.raised",
        role="machine",
        subject=f"review:{review.public_id}",
        case=case.public_id,
        kind=verdict.leading,
    )
    db.session.flush()
    author = db.session.get(User, review.author_id) if review.author_id else None
    if author is not None:  # whoever is set aside, even for a while, is told (DSA Art. 17); the page says why
        mail.post(
            "reviews/suspected", to=author.email, link=link_for(author, "reviews.own", public_id=review.public_id)
        )
    _propose_alert(review.clinic_id)


def _propose_alert(clinic_id: int) -> None:
    """Many reviews of one clinic under suspicion: two people decide whether its page says so (`alerts`)."""
    suspicious = select(func.count()).where(Review.clinic_id == clinic_id, Review.suspicious)
    number = db.session.scalar(suspicious) or 0
    if number >= ALERT_REVIEWS:
        clinic = db.session.get_one(Clinic, clinic_id)
        open_case(
            "suspicion",
            subject=f"clinic:{clinic.public_id}",
            subject_id=clinic.id,
            clock="suspicion",
            priority="high",
            reason=f"{number} reviews of this clinic are under suspicion",
            clinic_id=clinic.id,
        )


def _look_at_others(found: list[Finding]) -> None:
    """Ask for a look at whatever the evidence points at and does not carry the same signal as strongly yet."""
    for finding in found:
        if finding.strength == "low" or not finding.others:
            continue
        seen = select(Signal.review_id).where(
            Signal.kind == finding.kind,
            Signal.strength.in_(STRENGTHS[STRENGTHS.index(finding.strength) :]),
        )
        query = (
            select(Review.id)
            .where(Review.public_id.in_(finding.others[-ONWARD_AT_MOST:]), Review.id.not_in(seen))
            .order_by(Review.id)
        )
        for review_id in db.session.scalars(query):
            queue.put(JOB, review_id=review_id, onward=False)


def signals_of(case: Case) -> list[Signal]:
    """Everything the signals ever said about the review a case is about, open and strongest first."""
    review = review_of(case.subject.partition(":")[0], case.subject_id)
    found = _of(review) if review is not None else []
    return sorted(found, key=lambda one: (one.confirmed is not None, -STRENGTHS.index(one.strength), one.kind, one.id))


def settle(case: Case, held: bool, rule: str) -> None:
    """The desk decided: whether the suspicion held up. Call it once the decision is carried out.

    When it did not, the review counts again at once. When it did, what follows is the decision's own verb (removed,
    or set aside); a review with nothing of both stays uncounted. A decision about a new stage settles nothing while a
    case of suspicion about the same review is open. Of the signals only those are judged that `rule` says something
    of (`signals.verdict.answer`).
    """
    review = review_of(case.subject.partition(":")[0], case.subject_id)
    if review is None:
        return
    other = select(Case.id).where(
        Case.kind == "suspicion",
        Case.subject == f"review:{review.public_id}",
        Case.state.in_(OPEN),
        Case.id != case.id,
    )
    if db.session.scalar(other.limit(1)) is not None:
        return
    for signal in _of(review):
        judged = answer(signal.kind, rule)
        if signal.confirmed is None and judged is not None:
            signal.confirmed, signal.settled_at = judged, now()
    gone = review.set_aside_id is not None or not any(stage.is_public for stage in review.stages)
    if review.suspicious and (not held or gone):
        review.clear_suspicion()


def held_up() -> dict[str, tuple[int, int]]:
    """For each kind of signal: (how often it held up, how often somebody decided); of medium and high ones."""
    query = (
        select(Signal.kind, Signal.confirmed, func.count())
        .where(Signal.confirmed.is_not(None), Signal.strength != "low")
        .group_by(Signal.kind, Signal.confirmed)
        .order_by(Signal.kind, Signal.confirmed)
    )
    counts: dict[str, tuple[int, int]] = {}
    for kind, confirmed, number in db.session.execute(query):
        good, all_ = counts.get(kind, (0, 0))
        counts[kind] = (good + (number if confirmed else 0), all_ + number)
    return counts
