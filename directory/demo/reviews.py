"""Invented reviews into the database, and out again. They have no author, and nothing of them goes into the record."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from directory import transit
from directory.cases.decisions import Decision, Statement
from directory.cases.models import Case
from directory.clinics.models import Clinic
from directory.demo.listing import DRAWN_ON, Listing
from directory.demo.telling import Told
from directory.reviews.models import Review
from directory.reviews.photos import Photo
from directory.reviews.proofs import Proof
from directory.reviews.replies import Reply
from directory.reviews.stages import STAGES, Stage

EXAMPLE = "Invented example"
_DECIDED_AFTER = timedelta(days=9)
_RESTRICTIONS = {"removed": ("remove", "personal"), "redacted": ("redact", "personal")}


def add_reviews(session: Session, listings: Sequence[Listing], told: Sequence[Sequence[Told]]) -> int:
    """Add the reviews of the small set to the session; how many there are."""
    found = session.execute(select(Clinic.name, Clinic.city, Clinic.id).where(Clinic.is_example).order_by(Clinic.id))
    clinics = {(name, city): number for name, city, number in found}
    total = 0
    for listing, reviews in zip(listings, told, strict=True):
        clinic = session.get_one(Clinic, clinics[listing.name, listing.city])
        for one in reviews:
            _add(session, clinic, one)
        total += len(reviews)
    return total


def _add(session: Session, clinic: Clinic, one: Told) -> None:
    review = Review(
        clinic=clinic,
        pseudonym=one.pseudonym,
        language=one.language,
        goal=one.goal,
        treated_month=one.treated_month,
        sessions=one.sessions,
        verification=one.verification,
        stays=True,
        created_at=one.stages[0].published_at,
        incentive="A free touch-up" if one.fate == "incentive" else "",
    )
    for said in one.stages:
        stage = Stage(
            stage=said.stage,
            position=STAGES.index(said.stage),
            overall=said.stars,
            again=said.stars > 3,
            sub_ratings=said.sub_ratings,
            text=said.text,
            state="published",
            submitted_at=said.published_at,
            published_at=said.published_at,
            state_at=said.published_at,
        )
        review.stages.append(stage)
    if one.reply:
        review.reply = Reply(text=one.reply, state="published", state_at=one.stages[-1].published_at)
    session.add(review)
    session.flush()
    _befall(session, review, one.fate)
    review.recount()
    review.shown_otherwise()


def _befall(session: Session, review: Review, fate: str) -> None:
    """What became of it, by the verbs that the desk and its author would use."""
    stage = review.stages[-1]
    moment = stage.state_at + _DECIDED_AFTER
    match fate:
        case "removed":
            for told in review.stages:
                told.remove(_statement(session, review, fate))
                told.state_at = moment
        case "redacted":
            stage.redact(stage.text, _statement(session, review, fate))
        case "withdrawn":
            review.withdraw()
            for told in review.stages:
                told.state_at = moment
        case "under_review":
            review.put_under_review()
        case "disputed":
            review.dispute()
        case "suspicious":
            review.suspect("Many reviews of this clinic came in within a few days; somebody looks at them.")


def _statement(session: Session, review: Review, fate: str) -> int:
    """The decision that a removal points at, already closed, addressed to nobody."""
    act, rule = _RESTRICTIONS[fate]
    moment = review.stages[-1].published_at or DRAWN_ON
    case = Case.open(
        "report",
        subject=f"review:{review.public_id}",
        subject_id=review.id,
        clock="report",
        priority="low",
        reason=EXAMPLE,
        clinic_id=review.clinic_id,
    )
    case.state, case.opened_at, case.due_at, case.closed_at = "decided", moment, moment, moment
    decision = Decision(
        case=case,
        act=act,
        rule=rule,
        statement="An invented decision about an invented review.",
        at=moment,
        seconded_at=moment,
        agreed=True,
        carried_out_at=moment,
        stars=review.stages[-1].overall,
    )
    statement = Statement(decision=decision, restriction=fate, facts=EXAMPLE, erased=True, at=moment)
    session.add_all([case, decision, statement])
    session.flush()
    return statement.id


def clear_reviews(session: Session, doomed: Any) -> None:
    """Delete the reviews of these clinics with their files, and the decisions invented for them."""
    mine = select(Review.id).where(Review.clinic_id.in_(doomed))
    photos = select(Photo).join(Photo.stage).where(Stage.review_id.in_(mine), Photo.key != "").order_by(Photo.id)
    proofs = select(Proof).where(Proof.review_id.in_(mine), Proof.state == "waiting").order_by(Proof.id)
    for file in (*session.scalars(photos), *session.scalars(proofs)):
        transit.send_off(file.keys)
    quietly: dict[str, Any] = {"synchronize_session": False}
    session.execute(delete(Review).where(Review.clinic_id.in_(doomed)), execution_options=quietly)
    cases = select(Case.id).where(Case.reason == EXAMPLE, Case.clinic_id.in_(doomed))
    decisions = select(Decision.id).where(Decision.case_id.in_(cases))
    session.execute(delete(Statement).where(Statement.decision_id.in_(decisions)), execution_options=quietly)
    session.execute(delete(Decision).where(Decision.case_id.in_(cases)), execution_options=quietly)
    session.execute(delete(Case).where(Case.reason == EXAMPLE, Case.clinic_id.in_(doomed)), execution_options=quietly)
    # What was told to an invented clinic is addressed to nobody once it is gone.
    told = update(Statement).where(Statement.to_clinic_id.in_(doomed)).values(erased=True)
    session.execute(told, execution_options=quietly)
