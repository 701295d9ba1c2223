"""People who write reviews by the front door, and the clinic they went to."""

import io
import re
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from directory.db import db, now, writing
from directory.reviews.models import Review, Stage
from tests import factories
from tests.accounts.people import form_token, member, submit

ANN = "ann@example.org"
TEXT = "They took their time, showed healed work and drew the line twice before a single dot was made."
_ONCE = re.compile(r'name="once"[^>]*value="([^"]+)"')


def clinic(app: Flask, slug: str = "one", **facts: Any) -> None:
    factories.saved(app, lambda: factories.clinic(slug=slug, **facts))


def author(app: Flask, email: str = ANN) -> FlaskClient:
    """A member with a confirmed address."""
    return member(app, email)


def month_ago(months: int) -> dict[str, str]:
    """Answers of step 1 for a treatment so many months ago."""
    today = now()
    count = today.year * 12 + today.month - 1 - months
    return {"month": str(count % 12 + 1), "year": str(count // 12)}


def visited(months: int = 7, **more: str) -> dict[str, str]:
    return {"goal": "hairline", **month_ago(months), **more}


def judged(**more: str) -> dict[str, str]:
    return {"stage": "6m", "overall": "4", "again": "yes", "text": TEXT, "language": "en", **more}


def signed(**more: str) -> dict[str, str]:
    return {"pseudonym": "Quiet heron", "own": "y", "no_tie": "y", "incentive": "no", "health": "y", **more}


def once_of(page: TestResponse) -> str:
    """The hidden key of the page's form."""
    found = _ONCE.search(page.get_data(as_text=True))
    assert found, page.request.path
    return found.group(1)


def fill(browser: FlaskClient, address: str, **answers: str) -> TestResponse:
    """Open a page with a form and send it, with its hidden key."""
    page = browser.get(address)
    data = {"csrf_token": form_token(page), **answers}
    if found := _ONCE.search(page.get_data(as_text=True)):
        data["once"] = found.group(1)
    return browser.post(address, data=data)


def begin(browser: FlaskClient, slug: str = "one", **answers: str) -> str:
    """Step 1; the address of the draft."""
    answer = submit(browser, f"/clinics/{slug}/reviews/new", **visited(**answers))
    assert answer.status_code == 303, answer.text
    assert answer.location.endswith("/result"), answer.location
    return answer.location.removesuffix("/result")


def draft(browser: FlaskClient, slug: str = "one", **answers: str) -> str:
    """Steps 1 and 2; the address of the draft."""
    address = begin(browser, slug)
    answer = submit(browser, f"{address}/result", **judged(**answers))
    assert answer.location == f"{address}/sign", answer.text
    return address


def send(browser: FlaskClient, slug: str = "one", **answers: str) -> str:
    """All three steps; the address of the review on its author's pages."""
    address = draft(browser, slug)
    answer = fill(browser, f"{address}/sign", **signed(**answers))
    assert answer.status_code == 303, answer.text
    assert answer.location == address
    return address


def upload(browser: FlaskClient, address: str, content: bytes, name: str = "me.jpg", **answers: str) -> TestResponse:
    """Send one photo into the draft, as the button beside it does."""
    token = form_token(browser.get(f"{address}/result"))
    data = {"csrf_token": token, "photo": (io.BytesIO(content), name), **answers}
    return browser.post(f"{address}/photos", data=data)


def prove(browser: FlaskClient, address: str, content: bytes, name: str = "bill.pdf") -> TestResponse:
    token = form_token(browser.get(f"{address}/sign"))
    return browser.post(f"{address}/proof", data={"csrf_token": token, "document": (io.BytesIO(content), name)})


def reviews(app: Flask) -> list[Review]:
    """All reviews there are, with their stages."""
    with app.app_context():
        found = list(db.session.scalars(select(Review).order_by(Review.id)))
        for review in found:
            _ = [list(stage.photos) for stage in review.stages], review.consents, review.proof, review.clinic
        return found


def publish(app: Flask) -> None:
    """What a moderator's decision does to everything that waits."""
    with app.app_context(), writing():
        for stage in db.session.scalars(select(Stage).where(Stage.state == "pending").order_by(Stage.id)):
            stage.publish()
            for photo in stage.photos:
                if photo.state == "pending":
                    photo.publish()
        for stage in db.session.scalars(select(Stage).where(Stage.proposed_text != "").order_by(Stage.id)):
            stage.publish()
        db.session.commit()
