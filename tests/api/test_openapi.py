"""The OpenAPI document is true: what it promises is what the site answers, also to odd questions."""

import re
from typing import Any

import pytest
import schemathesis
from flask import Flask
from hypothesis import HealthCheck, given, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from directory.api.document import openapi

CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]
MOST = 20


@pytest.fixture(scope="session")
def described(example_app: Flask) -> Any:
    return schemathesis.openapi.from_wsgi("/api/v1/openapi.json", example_app)


@pytest.mark.parametrize("mode", list(schemathesis.GenerationMode), ids=lambda mode: mode.value)
@pytest.mark.parametrize("path", sorted(openapi("", "")["paths"]))
def test_answers_are_as_described(described: Any, path: str, mode: schemathesis.GenerationMode) -> None:
    """Questions that fit the description and questions that do not, by the dozen."""
    operation = described[path]["GET"]
    if mode.is_negative and not operation.definition.raw["parameters"]:
        return  # there is nothing to ask wrongly
    if mode.is_negative and path.endswith("{public_id}"):
        return  # schemathesis finds no wrong text that still fits into an address

    @settings(max_examples=MOST, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    @given(case=operation.as_strategy(generation_mode=mode))
    def ask(case: Any) -> None:
        case.call_and_validate(checks=CHECKS, headers={"Accept-Encoding": "identity"})

    ask()


@pytest.mark.parametrize(
    "path",
    [
        "/api/v1/clinics?near=Leeds&goal=hairline&goal=crown&per_page=50",
        "/api/v1/clinics?q=scalp&open_now=1",
        "/api/v1/clinics?sort=newest",
        "/api/v1/clinics/headingley-scalp-hairline-studio-leeds",
        "/api/v1/clinics/headingley-scalp-hairline-studio-leeds/reviews?per_page=50",
        "/api/v1/practitioners/amara-osei-bonsu",
        "/api/v1/places?q=Leeds",
        "/api/v1/export/dictionary.json",
    ],
)
def test_full_answers_fit_their_schema(example_app: Flask, described: Any, path: str) -> None:
    answer = example_app.test_client().get(path)
    assert answer.status_code == 200
    address = re.sub(r"/(clinics|practitioners)/[^?/]+", r"/\1/{slug}", path.split("?")[0])
    described[address]["GET"].validate_response(schemathesis.Response.from_any(answer))


def test_it_is_3_1_and_names_every_route(example_app: Flask) -> None:
    document: dict[str, Any] = example_app.test_client().get("/api/v1/openapi.json").json  # type: ignore[assignment]
    assert document["openapi"].startswith("3.1")
    routes = {
        re.sub(r"<(?:[^:<>]+:)?(\w+)>", r"{\1}", str(rule))
        for rule in example_app.url_map.iter_rules()
        if str(rule).startswith("/api/v1/") and "openapi" not in str(rule)
    }
    routes.discard("/api/v1/export/{name}")
    routes |= {"/api/v1/export/clinics.csv", "/api/v1/export/clinics.jsonl"}
    assert set(document["paths"]) == routes
    assert document["components"]["schemas"]["Results"]["required"]


def test_people_can_read_it_too(example_app: Flask) -> None:
    answer = example_app.test_client().get("/api/")
    assert answer.status_code == 200
    for name in ("/api/v1/clinics", "price_max", "opening_hours", "distance_km"):
        assert name in answer.text
