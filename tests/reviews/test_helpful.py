"""A member says that a review helped."""

from flask import Flask
from flask.testing import FlaskClient

from directory.db import db, writing
from directory.reviews.models import Review
from directory.reviews.votes import HelpfulVote
from tests.accounts.people import member, submit
from tests.factories import clinic, saved
from tests.reading import text_of
from tests.reviews.published import told


def _votes(app: Flask) -> int:
    with app.app_context():
        return db.session.query(HelpfulVote).count()


def test_the_number_shown_is_the_number_of_people(app: Flask, client: FlaskClient) -> None:
    saved(app, lambda: clinic("First Rooms", slug="one"))
    public_id = told(app)
    address = f"/reviews/{public_id}/helpful"
    assert "Helpful?" in client.get("/clinics/one").text
    for name in ("ann", "ben"):
        browser = member(app, f"{name}@example.org")
        for _twice in range(2):
            assert submit(browser, address, want="yes").status_code == 303
    assert _votes(app) == 2
    assert "Helpful to 2 people" in text_of(client.get("/clinics/one"))
    assert submit(browser, address, want="no").status_code == 303
    assert _votes(app) == 1
    assert "Helpful to 1 person" in text_of(client.get("/clinics/one"))


def test_helpful_ones_first(app: Flask, client: FlaskClient) -> None:
    saved(app, lambda: clinic("First Rooms", slug="one"))
    older, _newer = told(app, text="Older."), told(app, text="Newer.")
    submit(member(app, "ann@example.org"), f"/reviews/{older}/helpful", want="yes")
    text = text_of(client.get("/clinics/one?sort=helpful"))
    assert text.index("Older.") < text.index("Newer.")
    text = text_of(client.get("/clinics/one"))
    assert text.index("Newer.") < text.index("Older.")


def test_nobody_votes_for_their_own(app: Flask) -> None:
    saved(app, lambda: clinic("First Rooms", slug="one"))
    public_id, ann = told(app), member(app, "ann@example.org")
    with app.app_context(), writing():
        review = db.session.query(Review).filter_by(public_id=public_id).one()
        person = db.session.execute(db.text("SELECT id FROM user_account WHERE email = 'ann@example.org'")).scalar_one()
        review.author_id = person
        db.session.commit()
    assert ann.get(f"/reviews/{public_id}/helpful").status_code == 409
    assert _votes(app) == 0


def test_a_stranger_signs_in_first(app: Flask, client: FlaskClient) -> None:
    saved(app, lambda: clinic("First Rooms", slug="one"))
    answer = client.get(f"/reviews/{told(app)}/helpful")
    assert answer.status_code == 303
    assert "/account/sign-in" in answer.location
