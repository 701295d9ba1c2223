"""GET /api/v1/places."""

from typing import Any

import pytest
from flask import Flask

SHAPE = {"name", "region", "country", "lat", "lon", "kind", "population"}


def _found(app: Flask, query: str) -> list[dict[str, Any]]:
    answer = app.test_client().get(f"/api/v1/places?{query}")
    assert answer.status_code == 200, answer.text
    body: dict[str, Any] = answer.json  # type: ignore[assignment]
    assert set(body) == {"results"}
    assert all(set(place) == SHAPE for place in body["results"])
    results: list[dict[str, Any]] = body["results"]
    return results


def test_a_town_with_its_other_readings(example_app: Flask) -> None:
    first, *others = _found(example_app, "q=Springfield")
    assert first["kind"] == "town"
    assert first["country"] == "US"
    assert first["population"] > 10_000
    assert others


def test_a_country_comes_first_when_asked_for(example_app: Flask) -> None:
    assert _found(example_app, "q=Newcastle&country=GB")[0]["country"] == "GB"
    assert _found(example_app, "q=Newcastle&country=AU")[0]["country"] == "AU"


@pytest.mark.parametrize(
    ("query", "kind", "country"),
    [("q=SW1A+1AA", "postal_code", "GB"), ("q=90210", "postal_code", "US"), ("q=53.8,-1.55", "coordinates", "GB")],
)
def test_codes_and_coordinates(example_app: Flask, query: str, kind: str, country: str) -> None:
    place = _found(example_app, query)[0]
    assert (place["kind"], place["country"]) == (kind, country)


def test_nothing_found_is_an_empty_list(example_app: Flask) -> None:
    assert _found(example_app, "q=Qxzzqwv+Zzzyx") == []


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("", "q"),
        ("q=", "q"),
        ("q=%00", "q"),
        ("q=" + "x" * 201, "q"),
        ("q=Leeds&country=ZZ", "country"),
        ("q=Leeds&country=England", "country"),
        ("q=Leeds&q=York", "q"),
        ("q=Leeds&near=1", "near"),
    ],
)
def test_a_bad_value_is_named(example_app: Flask, query: str, field: str) -> None:
    answer = example_app.test_client().get(f"/api/v1/places?{query}")
    assert answer.status_code == 422, answer.text
    assert field in answer.json["errors"]  # type: ignore[index]
