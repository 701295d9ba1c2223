"""GET /api/v1/clinics/<slug>/reviews."""

from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from directory.clinics.models import Clinic
from directory.db import db, writing
from directory.reviews.models import Review
from tests.factories import clinic, saved
from tests.reviews.published import add, change, statement, told

ADDRESS = "/api/v1/clinics/one/reviews"


def _body(client: FlaskClient, query: str = "") -> dict[str, Any]:
    answer = client.get(f"{ADDRESS}{query}")
    assert answer.status_code == 200, answer.text
    body: dict[str, Any] = answer.json  # type: ignore[assignment]
    return body


def _fill(app: Flask, number: int) -> None:
    saved(app, lambda: clinic("First Rooms", slug="one"))
    with app.app_context(), writing():
        place = db.session.query(Clinic).one()
        for _each in range(number):
            add(place)
        db.session.commit()


def test_pages_lead_through_every_review_once(app: Flask, client: FlaskClient) -> None:
    _fill(app, 7)
    seen, query = [], "?per_page=3"
    while True:
        body = _body(client, query)
        seen += [one["id"] for one in body["results"]]
        if body["next"] is None:
            break
        query = f"?per_page=3&cursor={body['next']}"
    assert len(seen) == len(set(seen)) == 7
    assert body["rating"] == client.get("/api/v1/clinics/one").json["rating"]  # type: ignore[index]


def test_a_review_is_told_as_the_page_tells_it(app: Flask, client: FlaskClient) -> None:
    _fill(app, 0)
    public_id = told(app, stages=(("fresh", 5), ("12m", 3)), language="pl", incentive="A cap")
    [one] = _body(client)["results"]
    assert one["id"] == public_id
    assert [(stage["stage"], stage["overall"]) for stage in one["stages"]] == [("12m", 3), ("fresh", 5)]
    assert (one["counted"], one["verification"], one["incentive"]) == (False, "visit", "A cap")
    assert one["not_counted_because"]
    assert "author" not in str(one)
    assert "@" not in str(one)


def test_what_is_removed_or_taken_back_is_gone(app: Flask, client: FlaskClient) -> None:
    _fill(app, 3)
    first, second, third = [one["id"] for one in _body(client)["results"]]
    change(app, first, lambda review: review.stages[0].remove(statement(review)))
    change(app, second, Review.withdraw)
    assert [one["id"] for one in _body(client)["results"]] == [third]
    # A page can be gone on with after a review that went meanwhile.
    assert [one["id"] for one in _body(client, f"?cursor={second}")["results"]] == [third]


@pytest.mark.parametrize("query", ["?per_page=0", "?per_page=51", "?per_page=x", "?cursor=nonsense", "?sort=newest"])
def test_what_is_not_understood_is_named(app: Flask, client: FlaskClient, query: str) -> None:
    _fill(app, 1)
    answer = client.get(f"{ADDRESS}{query}")
    assert answer.status_code == 422
    assert list(answer.json["errors"]) == [query[1:].split("=")[0]]  # type: ignore[index]


def test_an_unchanged_page_is_not_sent_again(app: Flask, client: FlaskClient) -> None:
    _fill(app, 1)
    tag = client.get(ADDRESS).headers["ETag"]
    assert client.get(ADDRESS, headers={"If-None-Match": tag}).status_code == 304
    told(app)
    assert client.get(ADDRESS, headers={"If-None-Match": tag}).status_code == 200
    assert client.get("/api/v1/clinics/none/reviews").status_code == 404
