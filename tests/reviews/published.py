"""Reviews that readers see, put there as the desk would."""

from itertools import count
from typing import Any

from flask import Flask

from directory.accounts.models import User
from directory.cases.decisions import Decision, Statement
from directory.cases.models import Case
from directory.cases.opening import open_case
from directory.clinics.models import Clinic
from directory.db import db, now, writing
from directory.reviews.models import Review
from directory.reviews.stages import STAGES, Stage

_numbers = count(1)
WORDS = "The dots look natural and the line is soft."


def told(app: Flask, slug: str = "one", **facts: Any) -> str:
    """A review of that clinic, published through its own verbs; its public id."""
    with app.app_context(), writing():
        clinic = db.session.query(Clinic).filter_by(slug=slug).one()
        review = add(clinic, **facts)
        db.session.commit()
        return review.public_id


def add(
    clinic: Clinic,
    *,
    stages: tuple[tuple[str, int], ...] = (("6m", 5),),
    verification: str = "visit",
    text: str = WORDS,
    **facts: Any,
) -> Review:
    """The same inside a transaction of the caller's."""
    number = next(_numbers)
    author = User(email=f"writer{number}@example.org")
    author.confirm_address()
    db.session.add(author)
    db.session.flush()
    moment = now()
    review = Review(
        clinic=clinic,
        author_id=author.id,
        pseudonym=facts.pop("pseudonym", f"Reader {number}"),
        treated_month=facts.pop("treated_month", f"{moment:%Y-%m}"),
        goal="hairline",
        verification=verification,
        **facts,
    )
    db.session.add(review)
    for stage, stars in stages:
        made = Stage(
            stage=stage, position=STAGES.index(stage), overall=stars, text=f"{text} ({stage})", state="pending"
        )
        review.stages.append(made)
        made.publish()
    db.session.flush()
    review.recount()
    return review


def statement(review: Review, rule: str = "personal", *, restriction: str = "removed") -> int:
    """The statement of a decision about the review, as the desk writes it; its row's number."""
    case: Case = open_case(
        "report",
        subject=f"review:{review.public_id}",
        subject_id=review.id,
        clock="report",
        priority="medium",
        reason="A report",
    )
    db.session.flush()
    decision = Decision(case=case, act="remove", rule=rule, statement="It names a person who is not listed here.")
    db.session.add(decision)
    db.session.flush()
    made = Statement(
        decision_id=decision.id, to_user_id=review.author_id, restriction=restriction, facts="It names a person."
    )
    db.session.add(made)
    db.session.flush()
    return made.id


def change(app: Flask, public_id: str, verb: Any) -> None:
    """Do something to a review and commit, as a view would."""
    with app.app_context(), writing():
        verb(db.session.query(Review).filter_by(public_id=public_id).one())
        db.session.commit()
