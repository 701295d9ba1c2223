"""Nothing is hidden without a statement: the rules say no, and so does the database."""

from collections.abc import Iterator

import pytest
import sqlalchemy as sa
from flask import Flask

from directory.accounts.models import User
from directory.cases.moderated import STATES, TRANSITIONS
from directory.db import db, writing
from directory.errors import Refused
from directory.reviews.models import Review, Stage
from tests import factories

HIDING = ("needs_edit", "redacted", "refused", "removed")


@pytest.fixture
def stage(app: Flask) -> Iterator[Stage]:
    with app.app_context(), writing():
        clinic = factories.clinic(slug="one")
        review = Review(clinic=clinic, pseudonym="grey fox", treated_month="2026-03")
        made = Stage(review=review, stage="6m", overall=4, text="Calm.", state="published")
        db.session.add(made)
        db.session.commit()
        yield made
        db.session.rollback()


@pytest.mark.parametrize("state", HIDING)
def test_the_database_refuses_to_hide_without_a_statement(stage: Stage, state: str) -> None:
    with pytest.raises(sa.exc.IntegrityError):
        db.session.execute(sa.update(Stage).values(state=state))
    db.session.rollback()
    assert db.session.scalars(sa.select(Stage.state)).all() == ["published"]


def test_an_uncounted_review_says_why(stage: Stage) -> None:
    with pytest.raises(sa.exc.IntegrityError):
        db.session.execute(sa.update(Review).values(counted=False))


@pytest.mark.parametrize("start", STATES)
@pytest.mark.parametrize("end", STATES)
def test_transitions(start: str, end: str) -> None:
    stage = Stage(state=start, review=Review())
    if (start, end) in TRANSITIONS:
        stage.become(end, statement_id=1)
        assert stage.state == end
    else:
        with pytest.raises(Refused):
            stage.become(end, statement_id=1)


def test_one_review_for_each_episode(stage: Stage) -> None:
    author = User(email="a@example.org")
    db.session.add(author)
    db.session.flush()
    facts = {"clinic_id": stage.review.clinic_id, "author_id": author.id, "pseudonym": "x", "treated_month": "2026-01"}
    db.session.add(Review(**facts))
    db.session.commit()
    db.session.add(Review(**facts))
    with pytest.raises(sa.exc.IntegrityError):
        db.session.commit()
