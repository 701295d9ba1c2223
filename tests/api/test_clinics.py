"""GET /api/v1/clinics: shapes, errors, cursors, and the same results as the page."""

import re
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from directory.clinics.models import Clinic
from directory.db import db
from tests.factories import clinic, price, saved

RESULT = {
    "slug",
    "name",
    "name_lang",
    "url",
    "is_example",
    "distance_km",
    "location",
    "rating",
    "credential_strength",
    "credential",
    "requirements",
    "goals",
    "price",
    "why",
}
ADDRESS = "/api/v1/clinics"


def _json(client: FlaskClient, query: str, status: int = 200) -> dict[str, Any]:
    answer = client.get(f"{ADDRESS}?{query}")
    assert answer.status_code == status, answer.text
    body: dict[str, Any] = answer.json  # type: ignore[assignment]
    return body


def test_the_shape_is_the_promised_one(app: Flask, client: FlaskClient) -> None:
    def make() -> None:
        made = clinic("Dot House", slug="dot-house-leeds", region="England", goals=[])
        made.put_prices([price("hairline", 125000, 160000), price("crown", 90000)])

    saved(app, make)
    body = _json(client, "near=Leeds&goal=hairline")
    assert set(body) == {"total", "origin", "unit", "results", "next"}
    assert body["total"] == 1
    assert body["origin"]["name"] == "Leeds"
    assert body["origin"]["country"] == "GB"
    assert body["unit"] == "mi"
    assert body["next"] is None
    result = body["results"][0]
    assert set(result) == RESULT
    assert result["slug"] == "dot-house-leeds"
    assert result["url"] == "http://localhost:8000/clinics/dot-house-leeds"
    assert result["location"] == {
        "lat": 53.7997,
        "lon": -1.5492,
        "city": "Leeds",
        "region": "England",
        "postal_code": "LS1 4AP",
        "country": "GB",
        "approximate": False,
    }
    assert result["rating"] == {"score": None, "count": 0, "counted": 0, "healed": 0}
    assert result["credential_strength"] is None
    assert result["requirements"] == {"met": 0, "missing": 0, "unknown": 0}
    assert sorted(result["goals"]) == ["crown", "hairline"]
    assert result["price"] == {"min": 90000, "max": 160000, "currency": "GBP"}
    assert 0 < result["distance_km"] < 2
    assert [why["factor"] for why in result["why"]] == ["goal", "distance", "score", "draw"]
    assert all(set(why) == {"factor", "value", "weight"} for why in result["why"])


def test_without_a_place_there_is_no_distance_and_no_price_is_null(app: Flask, client: FlaskClient) -> None:
    saved(app, lambda: clinic("No price"))
    body = _json(client, "")
    assert body["origin"] is None
    assert body["results"][0]["distance_km"] is None
    assert body["results"][0]["price"] is None


def test_a_home_studio_shows_its_cell_only(app: Flask, client: FlaskClient) -> None:
    def make() -> None:
        made = clinic("At home", is_home=True, postal_code="LS6 2AD", address="14 Otley Road")
        made.move_point(53.81991, -1.57951, precision="given")

    saved(app, make)
    location = _json(client, "near=Leeds")["results"][0]["location"]
    assert (location["lat"], location["lon"]) == (53.815, -1.575)
    assert location["approximate"] is True
    assert location["postal_code"] == ""


def test_an_edit_shows_at_once(app: Flask, client: FlaskClient) -> None:
    made: list[Any] = []
    saved(app, lambda: made.append(clinic("Before", slug="same")))
    assert [one["name"] for one in _json(client, "")["results"]] == ["Before"]
    saved(app, lambda: db.session.query(Clinic).one().rename("After"))
    app.extensions["live"]._looked = -1.0  # a quarter of a second has passed
    assert [one["name"] for one in _json(client, "")["results"]] == ["After"]


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("near=Qxzzqwv+Zzzyx", "near"),
        ("near=" + "x" * 201, "near"),
        ("lat=999&lon=0", "lat"),
        ("lat=nan&lon=0", "lat"),
        ("lat=53.8", "lon"),
        ("near=Leeds&radius=-1", "radius"),
        ("near=Leeds&radius=500", "radius"),
        ("unit=ells", "unit"),
        ("goal=fame", "goal"),
        ("price_max=cheap", "price_max"),
        ("price_max=10&currency=POUNDS", "currency"),
        ("sort=stars", "sort"),
        ("sort=distance", "sort"),
        ("page=1000000000", "page"),
        ("per_page=51", "per_page"),
        ("cursor=made-up", "cursor"),
        ("raduis=5", "raduis"),
        ("min_score=6", "min_score"),
        ("credential=5", "credential"),
        ("consultation=phone", "consultation"),
        ("near=Leeds&near=York", "near"),
        ("q=%00%01", "q"),
    ],
)
def test_a_bad_value_is_named(example_app: Flask, query: str, field: str) -> None:
    answer = example_app.test_client().get(f"{ADDRESS}?{query}")
    assert answer.status_code == 422, answer.text
    assert answer.mimetype == "application/problem+json"
    problem: dict[str, Any] = answer.json  # type: ignore[assignment]
    assert set(problem) == {"type", "title", "status", "detail", "errors", "request_id"}
    assert problem["status"] == 422
    assert field in problem["errors"]
    assert problem["request_id"] == answer.headers["X-Request-Id"]


def test_all_bad_values_are_named_at_once(example_app: Flask) -> None:
    problem = _json(example_app.test_client(), "sort=x&radius=0&raduis=5&lat=100", 422)
    assert {"sort", "radius", "raduis", "lat"} <= set(problem["errors"])


@pytest.mark.parametrize(
    "query", ["near=Leeds&radius=50&unit=mi", "sort=newest", "goal=shaved-look", "near=London&sort=distance"]
)
def test_a_walk_by_cursor_meets_every_clinic_once(example_app: Flask, query: str) -> None:
    client = example_app.test_client()
    met, cursor = [], ""
    while cursor is not None:
        body = _json(client, f"{query}&per_page=7" + (f"&cursor={cursor}" if cursor else ""))
        assert len(body["results"]) <= 7
        met += [one["slug"] for one in body["results"]]
        cursor = body["next"]
    assert len(met) == len(set(met)) == body["total"] > 7


def test_a_cursor_belongs_to_its_question(example_app: Flask) -> None:
    client = example_app.test_client()
    cursor = _json(client, "sort=newest&per_page=5")["next"]
    assert "cursor" in _json(client, f"sort=newest&goal=crown&per_page=5&cursor={cursor}", 422)["errors"]
    assert "page" in _json(client, f"sort=newest&per_page=5&page=2&cursor={cursor}", 422)["errors"]


@pytest.mark.parametrize(
    "query", ["near=Leeds", "near=Leeds&goal=hairline&sort=distance", "q=scalp+studio", "near=Berlin&language=tr"]
)
def test_the_page_shows_the_same_in_the_same_order(example_app: Flask, query: str) -> None:
    client = example_app.test_client()
    told = _json(client, query)
    page = client.get(f"/search?{query}").text
    shown = list(dict.fromkeys(re.findall(r'id="clinic-([a-z0-9-]+)"', page)))
    assert shown == [one["slug"] for one in told["results"]]
    assert told["total"] > 0


def test_price_max_is_in_whole_units_and_prices_in_minor_ones(example_app: Flask) -> None:
    body = _json(example_app.test_client(), "price_max=900&currency=GBP&per_page=50")
    assert body["total"] > 0
    assert all(one["price"]["currency"] == "GBP" and one["price"]["min"] <= 90000 for one in body["results"])


def test_nothing_is_sent_while_nothing_changed(example_app: Flask) -> None:
    client = example_app.test_client()
    first = client.get(f"{ADDRESS}?near=Leeds")
    again = client.get(f"{ADDRESS}?near=Leeds", headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    assert first.headers["Cache-Control"] == "public, no-cache"
    assert "Set-Cookie" not in first.headers


@pytest.mark.parametrize("address", [ADDRESS, f"{ADDRESS}?sort=x", f"{ADDRESS}/nobody", "/api/v1/nothing"])
def test_pages_elsewhere_may_read_it(example_app: Flask, address: str) -> None:
    client = example_app.test_client()
    answer = client.get(address, headers={"Origin": "https://elsewhere.example"})
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert answer.headers["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert "Access-Control-Allow-Credentials" not in answer.headers
    before = client.options(address, headers={"Origin": "https://elsewhere.example"})
    assert "POST" not in before.headers.get("Access-Control-Allow-Methods", "")


def test_other_pages_stay_closed_to_other_sites(example_app: Flask) -> None:
    answer = example_app.test_client().get("/search", headers={"Origin": "https://elsewhere.example"})
    assert "Access-Control-Allow-Origin" not in answer.headers
    assert answer.headers["Cross-Origin-Resource-Policy"] == "same-origin"


@pytest.mark.parametrize("method", ["post", "put", "delete", "patch"])
def test_it_is_read_only(example_app: Flask, method: str) -> None:
    answer = getattr(example_app.test_client(), method)(ADDRESS, data="{}")
    assert answer.status_code == 405
    assert answer.mimetype == "application/problem+json"
