"""GET /api/v1/clinics/<slug> and /api/v1/practitioners/<slug>."""

from datetime import date
from typing import Any

from flask import Flask
from flask.testing import FlaskClient

from directory.clinics.models import Clinic, ClinicSource, OldSlug
from directory.db import db
from directory.practitioners.models import Engagement
from tests.factories import clinic, practitioner, price, saved

ADDRESS = "/api/v1/clinics/dot-house"
PERSON = "/api/v1/practitioners/amara"


def _dot_house(**facts: Any) -> Clinic:
    return clinic("Dot House", slug="dot-house", **{"goals": [], "status": "published", **facts})


def _body(client: FlaskClient, address: str) -> dict[str, Any]:
    answer = client.get(address)
    assert answer.status_code == 200, answer.text
    body: dict[str, Any] = answer.json  # type: ignore[assignment]
    return body


def test_everything_public_is_there(app: Flask, client: FlaskClient) -> None:
    def make() -> None:
        made = _dot_house(
            address="Otley Road",
            address2="First floor",
            phone="+441134960417",
            website="https://dot.example/",
            email="hello@dot.example",
            opening_hours="Mo-Fr 09:00-17:00",
            languages=["en", "pl"],
            facts={"patch_test": "48 hours before"},
            description="Three people.",
            description_lang="en",
        )
        made.put_prices([price("hairline", 125000, sessions_min=2, sessions_max=3, included="Touch-up")])
        made.sources = [ClinicSource(source="A register", source_id="7", source_url="https://register.example/7")]
        practitioner("Amara", slug="amara", at=made, role="Practitioner and owner")

    saved(app, make)
    body = _body(client, ADDRESS)
    assert body["address"] == ["Otley Road", "First floor"]
    assert body["phone"] == "+441134960417"
    assert body["opening_hours"] == "Mo-Fr 09:00-17:00"
    assert body["languages"] == ["en", "pl"]
    assert body["facts"] == {"patch_test": "48 hours before"}
    assert body["services"] == [
        {
            "goal": "hairline",
            "title": "",
            "price_min": 125000,
            "price_max": 125000,
            "currency": "GBP",
            "sessions_min": 2,
            "sessions_max": 3,
            "included": "Touch-up",
        }
    ]
    assert body["practitioners"] == [
        {
            "slug": "amara",
            "name": "Amara",
            "url": "http://localhost:8000/practitioners/amara",
            "role": "Practitioner and owner",
            "since": None,
            "agreed": True,
        }
    ]
    assert body["sources"][0]["name"] == "A register"
    assert (body["claimed"], body["status"], body["is_example"]) == (False, "published", False)
    assert "hello@dot.example" not in client.get(ADDRESS).text, "addresses are not handed to machines"


def test_a_home_studio_keeps_its_street(app: Flask, client: FlaskClient) -> None:
    saved(app, lambda: _dot_house(is_home=True, address="14 Secret Lane", postal_code="LS6 2AD"))
    text = client.get(ADDRESS).text
    assert "Secret Lane" not in text
    assert "LS6 2AD" not in text


def test_what_may_not_be_seen_does_not_exist(app: Flask, client: FlaskClient) -> None:
    missing = client.get(ADDRESS)
    saved(app, lambda: _dot_house().suspend())
    hidden = client.get(ADDRESS)
    assert (missing.status_code, hidden.status_code) == (404, 404)
    assert {**missing.json, "request_id": ""} == {**hidden.json, "request_id": ""}  # type: ignore[dict-item]


def test_erased_is_gone_and_closed_says_so(app: Flask, client: FlaskClient) -> None:
    saved(app, lambda: _dot_house().close())
    assert _body(client, ADDRESS)["status"] == "closed"
    saved(app, lambda: db.session.query(Clinic).one().erase())
    gone = client.get(ADDRESS)
    assert gone.status_code == 410
    assert gone.mimetype == "application/problem+json"


def test_a_former_address_leads_to_the_present_one(app: Flask, client: FlaskClient) -> None:
    def make() -> None:
        made = _dot_house()
        db.session.flush()
        db.session.add(OldSlug(slug="old-house", clinic_id=made.id))

    saved(app, make)
    moved = client.get("/api/v1/clinics/old-house")
    assert moved.status_code == 301
    assert moved.headers["Location"].endswith(ADDRESS)


def test_an_edit_changes_the_tag(app: Flask, client: FlaskClient) -> None:
    saved(app, _dot_house)
    tag = client.get(ADDRESS).headers["ETag"]
    assert client.get(ADDRESS, headers={"If-None-Match": tag}).status_code == 304
    saved(app, lambda: db.session.query(Clinic).one().rename("Dash House"))
    again = client.get(ADDRESS, headers={"If-None-Match": tag})
    assert again.status_code == 200
    assert again.json["name"] == "Dash House"  # type: ignore[index]


def test_a_practitioner_with_present_and_past_places(app: Flask, client: FlaskClient) -> None:
    def make() -> None:
        person = practitioner("Amara", slug="amara", at=_dot_house(), gender="female", languages=["en", "tw"])
        former = clinic("Old place", slug="old-place")
        db.session.add(Engagement(practitioner=person, clinic=former, since=date(2019, 1, 7), until=date(2021, 1, 31)))

    saved(app, make)
    body = _body(client, PERSON)
    assert body["gender"] == "female"
    assert body["languages"] == ["en", "tw"]
    places = [(one["slug"], one["until"]) for one in body["clinics"]]
    assert places == [("dot-house", None), ("old-place", "2021-01-31")]
    tag = client.get(PERSON).headers["ETag"]
    assert client.get(PERSON, headers={"If-None-Match": tag}).status_code == 304


def test_a_hidden_practitioner_is_missing_and_an_erased_one_gone(app: Flask, client: FlaskClient) -> None:
    saved(app, lambda: practitioner(slug="hidden", status="suspended"))
    saved(app, lambda: practitioner(slug="gone", status="erased"))
    assert client.get("/api/v1/practitioners/hidden").status_code == 404
    assert client.get("/api/v1/practitioners/nobody").status_code == 404
    assert client.get("/api/v1/practitioners/gone").status_code == 410
