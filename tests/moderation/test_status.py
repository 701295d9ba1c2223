"""What whoever reported reads: only behind the link, the outcome and reasons, nothing of the author."""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from directory.accounts.models import User
from directory.cases.models import Case
from directory.db import db, writing
from directory.moderation.reports import complaints_of, is_clinics_complaint, settled
from directory.reviews.models import Review
from tests.accounts.people import empty_outbox, letters, member
from tests.moderation.reporting import a_review, report
from tests.reading import text_of

WHY = "It tells of a treatment at this clinic, and no rule speaks against it."


def decide(app: Flask, act: str, rule: str) -> None:
    """What the desk does, without its pages."""
    with app.app_context(), writing():
        case = db.session.scalars(select(Case).where(Case.state == "open")).one()
        moderator = User(email=f"mo{case.id}@example.org")
        db.session.add(moderator)
        db.session.flush()
        case.lease_to(moderator.id)
        case.decide(act, rule=rule, statement=WHY, by_id=moderator.id, role="moderator", two_people=False)
        settled(case)
        db.session.commit()


# Act, rule, what the page says, whether it quotes the moderator.
ENDS = [
    ("keep", "none_broken", "It stays as it is", True),
    ("redact", "personal", "Part of it was taken out", False),
    ("remove", "threat", "It was removed", False),
    ("set_aside", "tie", "no longer counts", False),
]


@pytest.mark.parametrize(("act", "rule", "said", "quoted"), ENDS)
def test_the_outcome(app: Flask, client: FlaskClient, act: str, rule: str, said: str, quoted: bool) -> None:
    answer = report(client, f"review:{a_review(app)}")
    letters(app)
    empty_outbox(app)
    decide(app, act, rule)
    page = text_of(client.get(answer.location))
    assert said in page
    assert (WHY in page) is quoted
    (letter,) = letters(app, "rita@example.org")
    assert answer.location in letter.get_content()
    assert said not in letter.get_content()
    with app.app_context():
        assert db.session.scalars(select(Review.under_review_since)).all() == [None]


def test_another_open_report_keeps_the_mark(app: Flask, client: FlaskClient) -> None:
    number = a_review(app)
    report(client, f"review:{number}")
    decide(app, "keep", "none_broken")
    report(client, f"review:{number}", "threat")
    with app.app_context():
        assert db.session.scalars(select(Review.under_review_since)).one() is not None


def test_an_unknown_link_is_no_page(app: Flask, client: FlaskClient) -> None:
    report(client, f"review:{a_review(app)}")
    assert client.get("/reports/" + "a" * 64).status_code == 404


def test_an_address_that_somebody_typed_speaks_for_no_clinic(app: Flask, client: FlaskClient) -> None:
    number = a_review(app, website_host="www.one.example")
    report(client, f"review:{number}", email="office@one.example")
    report(member(app, "somebody@elsewhere.example"), f"review:{number}", email="office@one.example")
    with app.app_context():
        assert not is_clinics_complaint(db.session.scalars(select(Case)).one())


def test_a_clinics_complaints_are_counted(app: Flask, client: FlaskClient) -> None:
    """A confirmed address at the clinic's own site speaks for the clinic, whatever is typed into the form."""
    number = a_review(app, website_host="www.one.example")
    office = member(app, "office@one.example")
    report(office, f"review:{number}", email="other@elsewhere.example")
    with app.app_context():
        assert is_clinics_complaint(db.session.scalars(select(Case)).one())
    decide(app, "keep", "none_broken")
    report(office, f"review:{number}", email="office@one.example")
    decide(app, "redact", "personal")
    report(client, f"review:{number}", email="somebody@elsewhere.example")
    decide(app, "keep", "none_broken")
    with app.app_context():
        clinic_id = db.session.scalars(select(Review.clinic_id)).one()
        assert complaints_of(clinic_id) == complaints_of() == (2, 1)
        assert complaints_of(clinic_id + 1) == (0, 0)
