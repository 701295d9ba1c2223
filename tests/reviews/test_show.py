"""One review at its own address."""

import re
from datetime import UTC, datetime

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient

from directory.clinics.models import Clinic
from directory.db import db, writing
from tests.factories import clinic, saved
from tests.reading import text_of
from tests.reviews.published import told


def test_a_link_shows_one_review_and_leads_to_all(app: Flask, client: FlaskClient) -> None:
    saved(app, lambda: clinic("First Rooms", slug="one"))
    public_id, other = told(app), told(app, text="Something else.")
    answer = client.get(f"/reviews/{public_id}")
    text = text_of(answer)
    assert "The dots look natural" in text
    assert "Something else." not in text
    assert '<meta name="robots" content="noindex">' in answer.text
    assert 'href="/clinics/one#reviews"' in answer.text
    assert "Set-Cookie" not in answer.headers
    again = client.get(f"/reviews/{public_id}", headers={"If-None-Match": answer.headers["ETag"]})
    assert again.status_code == 304
    assert other not in answer.text


def test_readers_and_the_clinic_are_told_the_month_and_never_the_day(app: Flask, client: FlaskClient) -> None:
    saved(app, lambda: clinic("First Rooms", slug="one"))
    with time_machine.travel(datetime(2026, 11, 17, 9, tzinfo=UTC)):
        public_id = told(app, stages=(("fresh", 5), ("6m", 4)))
        for address in (f"/reviews/{public_id}", "/clinics/one"):
            text = text_of(client.get(address))
            assert "November 2026" in text
            assert "17" not in re.sub(r"\d{3,}", "", text)
        stages = client.get("/api/v1/clinics/one/reviews").get_json()["results"][0]["stages"]
    assert [stage["published_month"] for stage in stages] == ["2026-11", "2026-11"]
    assert "2026-11-17" not in str(stages)


@pytest.mark.parametrize("what", ["a draft", "a hidden clinic", "nothing"])
def test_what_may_not_be_seen_does_not_exist(app: Flask, client: FlaskClient, what: str) -> None:
    saved(app, lambda: clinic("First Rooms", slug="one"))
    public_id = "nothing"
    if what == "a draft":
        public_id = told(app, stages=())
    elif what == "a hidden clinic":
        public_id = told(app)
        with app.app_context(), writing():
            db.session.query(Clinic).one().suspend()
            db.session.commit()
    assert client.get(f"/reviews/{public_id}").status_code == 404
