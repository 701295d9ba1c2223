"""The home page and its numbers."""

import re

from sqlalchemy import delete

from directory.clinics.changes import raise_floor
from directory.clinics.models import Clinic
from directory.db import db, writing
from tests import factories
from tests.factories import clinic, saved
from tests.reading import text_of
from tests.reviews.published import add


def test_numbers_are_counted_not_claimed(app, page):
    def clinics() -> None:
        factories.clinic("Ada")
        factories.clinic("Bea", point_precision="town")
        factories.clinic("Cleo", city="Berlin", country="DE", is_home=True)
        factories.clinic("Dana").status = "suspended"

    saved(app, clinics)
    text = page("/").text
    assert re.search(r">\s*3\s*<", text)
    assert "clinics listed, in 2 towns and 2 countries." in text
    assert "clinic placed by its own coordinates." in text
    assert "paid places in the results." in text
    assert "/search?near=Leeds%2C%20United%20Kingdom" in text


def test_an_empty_directory_has_a_home_page_too(page):
    assert "clinics listed, in 0 towns and 0 countries." in page("/").text


def test_it_is_answered_304_until_something_changes(app, client):
    tag = client.get("/").headers["ETag"]
    assert client.get("/", headers={"If-None-Match": tag}).status_code == 304


def test_reviews_are_counted_once_there_are_some(app, client):
    saved(app, lambda: add(clinic("First Rooms", slug="one"), stages=(("fresh", 4), ("12m", 5))))
    saved(app, lambda: add(clinic("Second Rooms", slug="two"), stages=(("fresh", 5),)))
    text = text_of(client.get("/"))
    assert "2 reviews count, each read by a person before it was shown. 1 of them tells of a result" in text
    assert "placed by its own coordinates" not in text


def test_the_notice_of_invented_clinics_is_true_once_there_are_real_ones(app, client):
    saved(app, lambda: factories.clinic("Ada", is_example=True))
    assert "Every clinic and person here is invented." in text_of(client.get("/"))
    saved(app, lambda: factories.clinic("Real Rooms", slug="real"))
    page = text_of(client.get("/clinics/real"))
    assert "Every clinic" not in page
    assert "Some clinics and people here are invented, and each of them says so" in page
    with app.app_context(), writing():
        db.session.execute(delete(Clinic).where(Clinic.is_example))
        raise_floor()
        db.session.commit()
    assert "invented" not in text_of(client.get("/"))
