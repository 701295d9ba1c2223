"""The desk's cast: a moderator, a second one, a lead, an author with a review, a clinic with an owner."""

import re
import time
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from directory import files
from directory.accounts.models import User
from directory.cases.models import Case
from directory.cases.opening import open_case
from directory.clinics.models import Clinic
from directory.db import db, writing
from directory.reviews.models import Review
from directory.reviews.photos import Photo
from directory.reviews.proofs import Proof
from directory.reviews.stages import Stage
from tests import factories
from tests.accounts import people

AUTHOR = "author@example.org"
WHY = "It names a person who is not listed on this site."


def with_role(app: Flask, email: str, role: str) -> FlaskClient:
    """A browser of somebody who holds the role, second factor set up."""
    browser = people.member(app, email)
    people.set_up_app(browser, time.time())
    with app.app_context(), writing():
        db.session.query(User).filter_by(email=email).one().give_role(role)
        db.session.commit()
    return browser


def moderator(app: Flask, name: str = "first") -> FlaskClient:
    return with_role(app, f"{name}@desk.example", "moderator")


def confirmed(email: str) -> User:
    """Somebody with a confirmed address, inside a transaction of the caller's."""
    found = db.session.query(User).filter_by(email=email).one_or_none() or User(email=email)
    found.confirm_address()
    db.session.add(found)
    db.session.flush()
    return found


def a_review(app: Flask, state: str = "pending", *, slug: str = "one", number: int = 1, **facts: Any) -> str:
    """A review by an author of its own, sent in; returns the public id of its case ("" when published already)."""
    with app.app_context(), writing():
        clinic = db.session.query(Clinic).filter_by(slug=slug).one_or_none()
        if clinic is None:
            clinic = factories.clinic(slug=slug, name=f"Clinic {slug}", website_host=f"{slug}.example")
            db.session.flush()
        email = AUTHOR if number == 1 else f"author{number}@example.org"
        author = confirmed(email)
        review = Review(
            clinic=clinic,
            author_id=author.id,
            pseudonym=f"grey fox {number}",
            treated_month="2026-03",
            goal="crown",
            verification="contact",
        )
        text = facts.pop("text", "The dots look natural. My nurse Jane was rude. I would go again.")
        stage = Stage(review=review, stage="6m", overall=facts.pop("overall", 2), text=text, state=state)
        db.session.add(review)
        db.session.flush()
        public_id = ""
        if state == "pending":
            case = open_case(
                "review",
                subject=f"review:{review.public_id}",
                subject_id=review.id,
                clock="review",
                priority="medium",
                reason="A new review",
                clinic_id=clinic.id,
                author_id=author.id,
            )
            public_id = case.public_id
        else:
            stage.published_at = stage.state_at
        db.session.commit()
        return public_id


def with_photos(app: Flask, *names: str) -> list[str]:
    """Photos that wait beside the one review's text."""
    with app.app_context(), writing():
        stage = db.session.query(Stage).one()
        for name in names:
            stage.photos.append(Photo(key=name, width=8, height=8, phash=0, state="pending"))
            for size in ("400.webp", "800.webp"):
                files.put(f"{name}-{size}", b"a picture", content_type="image/webp")
        db.session.commit()
        return [photo.public_id for photo in stage.photos]


def with_proof(app: Flask, pages: int = 2) -> None:
    """A document that shows a visit."""
    with app.app_context(), writing():
        review = db.session.query(Review).one()
        proof = Proof.of(review.id, [b"page"] * pages)
        proof.seal([b"page"] * pages)
        db.session.add(proof)
        db.session.commit()


def open_cases(app: Flask, kind: str) -> list[str]:
    with app.app_context():
        found = db.session.query(Case).filter_by(kind=kind).filter(Case.state.in_(("open", "waiting")))
        return [case.public_id for case in found.order_by(Case.id)]


def press(browser: FlaskClient, page: str, address: str, **fields: Any) -> TestResponse:
    """Send the form of that address on that page."""
    shown = browser.get(page)
    assert shown.status_code == 200, shown.status_code
    found = re.search(rf'action="{re.escape(address)}".*?(</form>|\Z)', shown.text, re.DOTALL)
    assert found, f"no form {address}"
    once = re.search(r'name="once"[^>]*value="([^"]*)"', found.group())
    data = {"csrf_token": people.form_token(shown), "once": once.group(1) if once else "", **fields}
    return browser.post(address, data=data)


def take(browser: FlaskClient, case: str) -> TestResponse:
    return press(browser, f"/desk/items/{case}", f"/desk/items/{case}/take")


OPENED = re.compile(r'href="(/desk/(?:items/[^"]+/(?:photos|proof)|papers|evidence)/[^"]+)"')


def open_all(browser: FlaskClient, case: str) -> list[int]:
    """Open every photo and every page that the item offers; what each answered."""
    return [browser.get(address).status_code for address in OPENED.findall(browser.get(f"/desk/items/{case}").text)]


def decide(
    browser: FlaskClient, case: str, act: str, rule: str = "none_broken", statement: str = WHY, **more: Any
) -> TestResponse:
    """Take the item, open all there is to open, and decide it."""
    took = take(browser, case)
    assert took.status_code == 303, took.text
    open_all(browser, case)
    return press_decide(browser, case, act, rule, statement, **more)


def press_decide(
    browser: FlaskClient, case: str, act: str, rule: str = "none_broken", statement: str = WHY, **more: Any
) -> TestResponse:
    """Decide the item that is held, whatever was opened of it."""
    item = f"/desk/items/{case}"
    fields = {"act": act, "rule": rule, "statement": statement, **more}
    return press(browser, item, f"{item}/decide", **fields)


def agree(browser: FlaskClient, case: str) -> TestResponse:
    """The second person says yes."""
    item = f"/desk/items/{case}"
    return press(browser, item, f"{item}/second", agrees="yes")


def reverse(app: Flask, case: str, statement: str = "We read it again, and the first reading was wrong.") -> None:
    """An appeal is won: two people who took no part in the decision say so."""
    first, second = moderator(app, "reader"), moderator(app, "second.reader")
    assert decide(first, case, "reverse", statement=statement).status_code == 303
    assert agree(second, case).status_code == 303


def state_of(app: Flask) -> list[str]:
    """The states of all stages, in order."""
    with app.app_context():
        return [stage.state for stage in db.session.query(Stage).order_by(Stage.id)]
