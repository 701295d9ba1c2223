"""A published review to report, and the form sent as a person would: some seconds after it was opened."""

from datetime import timedelta
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from directory.accounts.models import User
from directory.accounts.queries import user_by_email
from directory.db import db, now, writing
from directory.reviews.models import Review, Stage
from directory.strangers import opened
from tests import factories
from tests.accounts.people import form_token

SAID = "It names Tom Archer, who does not work there any more."


def a_review(app: Flask, *, slug: str = "one", author: str = "author@example.org", **facts: Any) -> str:
    """A clinic with one published review; the review's public id. An author who has an account already is taken."""
    with app.app_context(), writing():
        clinic = factories.clinic(slug=slug, name=f"Clinic {slug}", **facts)
        person = user_by_email(author) or User(email=author)
        review = Review(
            clinic=clinic,
            author_id=None,
            pseudonym="quiet heron",
            treated_month="2026-03",
            verification="contact",
        )
        db.session.add_all([person, review])
        db.session.flush()
        review.author_id = person.id
        text = "The dots are too large, and nobody had told me about it."
        db.session.add(Stage(review=review, stage="6m", overall=2, text=text, state="published", published_at=now()))
        db.session.commit()
        return review.public_id


def send(browser: FlaskClient, to: str, *, wait: int = 5, **fields: str) -> TestResponse:
    """Open the form, take one's time, send it filled in."""
    page = browser.get(to)
    with browser.application.app_context():
        mark = opened(now() - timedelta(seconds=wait))
    return browser.post(to, data={"csrf_token": form_token(page), "opened": mark, **fields})


def report(browser: FlaskClient, about: str, ground: str = "facts", **fields: str) -> TestResponse:
    """A report with everything in it that the form asks for; an empty text leaves a field out."""
    given = {"ground": ground, "text": SAID, "name": "Rita Lund", "email": "rita@example.org", "faith": "y", **fields}
    return send(browser, f"/report?about={about}", **{name: value for name, value in given.items() if value})
