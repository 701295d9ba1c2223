"""A visitor opens the card of a credential, and everything that shows it; then the clock moves and no job runs."""

from collections.abc import Callable
from datetime import UTC, date, datetime

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from directory.credentials.models import Credential
from directory.db import db, writing
from directory.practitioners.models import Practitioner
from tests.credentials import papers
from tests.factories import commit
from tests.reading import text_of

Page = Callable[[str], TestResponse]
CHECKED = datetime(2026, 10, 14, 9, 0, tzinfo=UTC)
LAST_DAY = date(2026, 12, 31)
ON_THE_LAST_DAY = datetime(2026, 12, 31, 23, 59, 59, tzinfo=UTC)
AFTER_IT = datetime(2027, 1, 1, 0, 0, 0, tzinfo=UTC)


def _licensed(app: Flask, expires: date | None = LAST_DAY) -> str:
    with time_machine.travel(CHECKED, tick=False), app.app_context(), writing():
        public_id = papers.licensed(expires).public_id
        commit()
    return public_id


def _changed(app: Flask, public_id: str, change: Callable[[Credential], object]) -> None:
    with app.app_context(), writing():
        one = db.session.query(Credential).filter_by(public_id=public_id).one()
        change(one)
        commit()


def test_the_card_says_what_was_checked_how_and_when(app: Flask, page: Page) -> None:
    public_id = _licensed(app)
    with time_machine.travel(datetime(2026, 11, 22, tzinfo=UTC), tick=False):
        text = text_of(page(f"/credentials/{public_id}"))
    assert "Amara Osei-Bonsu: Registered for semi-permanent skin colouring" in text
    assert "Found in register" in text
    assert "14 Oct 2026" in text
    assert "ends in 40 days" in text
    assert "a council in England has no power to refuse" in text
    assert "LCC/SP/•••417" in text
    assert "00417" not in text


def test_the_clinic_page_answers_what_the_law_asks(app: Flask, page: Page) -> None:
    _licensed(app)
    with time_machine.travel(datetime(2026, 11, 22, tzinfo=UTC), tick=False):
        text = text_of(page("/clinics/headingley"))
    assert "In England, the law asks for" in text
    assert "Each practitioner registered for semi-permanent skin colouring" in text
    assert "2 of 2 known requirements" in text
    assert "Strongest credential" in text


@pytest.mark.parametrize("address", ["/clinics/headingley", "/practitioners/amara", "card"])
def test_an_expiry_acts_the_second_it_has_passed_and_no_job_runs(app: Flask, client: FlaskClient, address: str) -> None:
    """A copy that a browser kept is not confirmed any more either."""
    public_id = _licensed(app)
    address = f"/credentials/{public_id}" if address == "card" else address
    with time_machine.travel(ON_THE_LAST_DAY, tick=False):
        before = client.get(address)
        assert "ends today" in text_of(before)
        assert client.get(address, headers={"If-None-Match": before.headers["ETag"]}).status_code == 304
    with time_machine.travel(AFTER_IT, tick=False):
        after = client.get(address, headers={"If-None-Match": before.headers["ETag"]})
    assert after.status_code == 200
    assert "Expired" in text_of(after)


def test_the_badge_changes_by_itself(app: Flask, client: FlaskClient) -> None:
    _licensed(app)
    with time_machine.travel(ON_THE_LAST_DAY, tick=False):
        answer = client.get("/badges/headingley.svg")
    assert "Found in register" in answer.text
    assert answer.headers["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert answer.headers["Cache-Control"] == "public, no-cache"
    assert "Set-Cookie" not in answer.headers


def test_a_revocation_is_told_everywhere_and_the_badge_says_nothing_of_the_kind(
    app: Flask, client: FlaskClient
) -> None:
    public_id = _licensed(app)
    one, two = "first@example.org", "second@example.org"
    source = "https://register.example.org/revoked"
    _changed(app, public_id, lambda c: c.revoke(source=source, by=papers.person(one), second=papers.person(two)))
    assert "Revoked" in text_of(client.get(f"/credentials/{public_id}"))
    assert "Revoked" in text_of(client.get("/clinics/headingley"))
    with app.app_context(), writing():
        db.session.query(Credential).filter(Credential.clinic_id.is_not(None)).one().withdraw()
        commit()
    assert "No current credential" in client.get("/badges/headingley.svg").text


@pytest.mark.parametrize("hide", ["refuse", "withdraw", "suspend the person", "draft"])
def test_what_may_not_be_seen_is_as_if_it_were_not_there(app: Flask, client: FlaskClient, hide: str) -> None:
    public_id = _licensed(app)
    if hide == "refuse":
        with app.app_context(), writing():
            made = papers.paper("gb-eng-person", db.session.query(Practitioner).one(), "999")
            made.refuse("The number is not in the register of that council.", papers.person("c@example.org"))
            public_id = made.public_id
            commit()
    elif hide == "withdraw":
        _changed(app, public_id, lambda one: one.withdraw())
    elif hide == "draft":
        with app.app_context(), writing():
            draft = Credential.of(papers.kind("gb-eng-person"), holder=db.session.query(Practitioner).one(), number="5")
            db.session.add(draft)
            commit()
            public_id = draft.public_id
    else:
        with app.app_context(), writing():
            db.session.query(Practitioner).one().status = "suspended"
            commit()
    hidden, missing = client.get(f"/credentials/{public_id}"), client.get("/credentials/never-was")
    assert hidden.status_code == missing.status_code == 404
    assert len(hidden.data) == len(missing.data)


def test_the_code_to_print_leads_to_the_card(app: Flask, client: FlaskClient) -> None:
    answer = client.get(f"/credentials/{_licensed(app)}/qr.svg")
    assert answer.mimetype == "image/svg+xml"
    assert answer.data.startswith(b"<svg")


def test_machines_read_permissions_that_stand_and_no_others(app: Flask, client: FlaskClient) -> None:
    _licensed(app)
    with time_machine.travel(ON_THE_LAST_DAY, tick=False):
        assert client.get("/clinics/headingley").text.count('"@type": "Certification"') == 2
    with time_machine.travel(AFTER_IT, tick=False):
        assert client.get("/clinics/headingley").text.count('"@type": "Certification"') == 1
