"""Every door has exactly one lock, and what a door says of itself is what visitors get."""

import inspect

import pytest
from flask import Flask
from flask.testing import FlaskClient

from directory.access import CACHE_CONTROL
from tests import factories

ACCESS = {
    "public",
    "operator",
    "member",
    "clinic_staff",
    "moderator",
    "checker",
    "lead",
    "auditor",
    "desk",
    "operators",
}
# Values that make every address with a variable part lead somewhere.
SAMPLE = {
    "slug": "sample",
    "topic": "what-it-is",
    "page": "ranking",
    "part": 1,
    "number": 1,
    "seq": 1,
    "section": "languages",
    "public_id": "sample",
    "token": "sample",
    "name": "clinics.csv",
    "kind": "clinics",
}


def _rules(app: Flask) -> list[tuple[str, str]]:
    return sorted((rule.endpoint, rule.rule) for rule in app.url_map.iter_rules())


def test_every_route_wears_one_access_decorator(app: Flask) -> None:
    bare = []
    for endpoint, rule in _rules(app):
        locks = sum(_is_door(layer) for layer in _layers(app.view_functions[endpoint]))
        if locks != 1:
            bare.append((rule, locks))
    assert not bare, f"routes without exactly one access decorator: {bare}"


def _layers(view: object) -> list[object]:
    found = [view]
    while (inner := getattr(found[-1], "__wrapped__", None)) is not None:
        found.append(inner)
    return found


def _is_door(layer: object) -> bool:
    """`functools.wraps` copies the mark outwards, so the wrapper itself is known by its code."""
    code = getattr(layer, "__code__", None)
    return code is not None and code.co_qualname.endswith("_wear.<locals>.door") and layer.access in ACCESS


def _addresses(app: Flask) -> list[tuple[str, str]]:
    made = []
    for rule in app.url_map.iter_rules():
        if "GET" in (rule.methods or set()):
            with app.test_request_context():
                arguments = {**{name: SAMPLE.get(name, "sample") for name in rule.arguments}, **(rule.defaults or {})}
                made.append((rule.endpoint, app.url_for(rule.endpoint, **arguments)))
    return sorted(made)


def test_public_pages_are_the_same_for_everybody(app: Flask, client: FlaskClient) -> None:
    """No session, no cookie, no variation by cookie on any page that says it is public."""
    factories.saved(app, lambda: factories.clinic(slug="sample"), lambda: factories.practitioner(slug="sample"))
    for endpoint, address in _addresses(app):
        cache = next(layer.cache for layer in _layers(app.view_functions[endpoint]) if "cache" in vars(layer))
        answer = client.get(address, headers={"Cookie": "session=x; theme=dark; saved=a"})
        if cache == "private" or answer.status_code >= 400:
            continue
        assert "Set-Cookie" not in answer.headers, address
        assert "Cookie" not in answer.headers.get("Vary", ""), address
        assert answer.headers["Cache-Control"] == CACHE_CONTROL[cache] or "max-age" in answer.headers["Cache-Control"]


def test_no_address_answers_with_a_fault(app: Flask, client: FlaskClient) -> None:
    factories.saved(app, lambda: factories.clinic(slug="sample"), lambda: factories.practitioner(slug="sample"))
    for _endpoint, address in _addresses(app):
        answer = client.get(address)
        assert answer.status_code < 500 or address == "/readyz", f"{address}: {answer.status_code}"


@pytest.mark.parametrize("address", ["/", "/search", "/clinics/none", "/api/v1/clinics/none", "/nowhere", "/theme.css"])
def test_security_headers_stand_on_every_answer(client: FlaskClient, address: str) -> None:
    headers = client.get(address).headers
    policy = headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    for name in (
        "X-Content-Type-Options",
        "Referrer-Policy",
        "X-Frame-Options",
        "Cross-Origin-Opener-Policy",
        "Permissions-Policy",
    ):
        assert name in headers, (address, name)
    assert "Server" not in headers


def test_view_functions_stay_thin(app: Flask) -> None:
    """A view loads, checks, calls one verb, commits, answers: never past 40 lines."""
    long = []
    for endpoint, view in app.view_functions.items():
        bare = _layers(view)[-1]
        lines = len(inspect.getsource(bare).splitlines())
        if lines > 40:
            long.append((endpoint, lines))
    assert not long
