"""`demo load` and `demo clear`, on both databases."""

from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from directory.clinics.changes import present_version
from directory.clinics.models import Clinic, OldSlug, Service
from directory.credentials.checks import Check
from directory.credentials.issuers import Issuer
from directory.credentials.models import Credential
from directory.credentials.outside import Inspection
from directory.db import Base, db
from directory.practitioners.models import Engagement, Practitioner
from tests.factories import clinic, practitioner, saved

Run = Callable[..., Any]


def _rows(app: Flask, model: type[Base]) -> int:
    with app.app_context():
        return db.session.execute(select(func.count()).select_from(model)).scalar_one()


def test_the_first_page_has_something_to_show(app: Flask, client: FlaskClient, run: Run) -> None:
    done = run("demo", "load")
    assert done.exit_code == 0, done.output
    assert "example clinics" in done.output
    assert "example" in client.get("/").text.lower() or "invented" in client.get("/").text.lower()
    assert client.get("/clinics/headingley-scalp-hairline-studio-leeds").status_code == 200
    assert client.get("/practitioners/amara-osei-bonsu").status_code == 200
    near = client.get("/api/v1/clinics?near=Leeds&radius=15&unit=mi&per_page=50").json
    assert near is not None
    assert near["total"] >= 15
    assert all(result["is_example"] for result in near["results"])


def test_loading_again_changes_nothing(app: Flask, run: Run) -> None:
    run("demo", "load")
    with app.app_context():
        before = present_version()
    again = run("demo", "load")
    assert again.exit_code == 0
    assert "nothing was changed" in again.output
    assert run("demo", "load", "--if-empty").exit_code == 0
    with app.app_context():
        assert present_version() == before


def test_if_empty_leaves_a_real_listing_alone(app: Flask, run: Run) -> None:
    saved(app, lambda: clinic("A real one"))
    done = run("demo", "load", "--if-empty")
    assert done.exit_code == 0
    assert "nothing was loaded" in done.output
    assert _rows(app, Clinic) == 1


def test_clear_takes_all_examples_and_nothing_else(app: Flask, client: FlaskClient, run: Run) -> None:
    run("demo", "load")

    def real() -> None:
        made = clinic("A real one", slug="a-real-one")
        practitioner("Real Person", slug="real-person", at=made)
        guest = db.session.scalars(select(Practitioner).order_by(Practitioner.id).limit(1)).one()
        db.session.add(Engagement(practitioner=guest, clinic=made))
        example = db.session.scalars(select(Clinic).where(Clinic.is_example).order_by(Clinic.id).limit(1)).one()
        db.session.add(OldSlug(slug="former-name", clinic_id=example.id))
        db.session.flush()
        clinic("An example with a higher number", slug="late-example", is_example=True)

    saved(app, real)
    assert client.get("/api/v1/clinics?per_page=1").json["total"] > 100  # type: ignore[index]
    done = run("demo", "clear")
    assert done.exit_code == 0, done.output
    assert (_rows(app, Clinic), _rows(app, Practitioner), _rows(app, Engagement)) == (1, 1, 1)
    assert (_rows(app, Service), _rows(app, OldSlug)) == (0, 0)
    assert client.get("/clinics/a-real-one").status_code == 200
    assert client.get("/clinics/headingley-scalp-hairline-studio-leeds").status_code == 404


def test_a_running_site_sees_examples_come_and_go(client: FlaskClient, run: Run) -> None:
    def shown() -> int:
        client.application.extensions["live"]._looked = -1.0  # a quarter of a second has passed
        total: int = client.get("/api/v1/clinics").json["total"]  # type: ignore[index]
        return total

    assert shown() == 0
    run("demo", "load")
    assert shown() > 100
    run("demo", "clear")
    assert shown() == 0


def test_the_big_set_spreads_over_the_world(app: Flask, client: FlaskClient, run: Run) -> None:
    done = run("demo", "load", "--clinics", "3000", "--seed", "7")
    assert done.exit_code == 0, done.output
    with app.app_context():
        rows = db.session.execute(select(Clinic.country, Clinic.slug, Clinic.lat).order_by(Clinic.id)).all()
        people = db.session.execute(select(func.count()).select_from(Practitioner)).scalar_one()
    countries = Counter(row.country for row in rows)
    assert len(rows) == len({row.slug for row in rows}) == 3000
    assert len(countries) > 60
    assert countries["CN"] + countries["IN"] > 300, "people live there"
    assert 0.4 < people / len(rows) < 0.65
    assert client.get("/api/v1/clinics").json["total"] == 3000  # type: ignore[index]
    refused = run("demo", "load", "--clinics", "10")
    assert refused.exit_code == 1
    assert "demo clear" in refused.output


def test_the_same_seed_gives_the_same_clinics(app: Flask, run: Run) -> None:
    def drawn(*words: str) -> list[tuple[Any, ...]]:
        run("demo", "load", *words)
        with app.app_context():
            query = select(Clinic.name, Clinic.lat, Clinic.opening_hours, Clinic.price_min, Clinic.facts)
            rows = [tuple(row) for row in db.session.execute(query.order_by(Clinic.id))]
        run("demo", "clear")
        return rows

    assert drawn() == drawn()
    assert drawn("--clinics", "200") == drawn("--clinics", "200")
    assert drawn("--seed", "2") != drawn("--seed", "3")


@pytest.mark.parametrize("count", ["0", "1000001", "many"])
def test_a_number_that_cannot_be_loaded_is_refused(run: Run, count: str) -> None:
    assert run("demo", "load", "--clinics", count).exit_code == 2


def test_every_strength_is_there_in_london_and_new_york(app: Flask, client: FlaskClient, run: Run) -> None:
    """By an invented issuer, said to be invented on each card, never a real council's; gone with the examples."""
    assert run("demo", "load").exit_code == 0
    for near in ("London", "New York"):
        found = client.get(f"/api/v1/clinics?near={near}&radius=12&unit=mi&per_page=50").json
        assert found is not None
        strengths = {one["credential_strength"] for one in found["results"]}
        assert {0, 1, 2, 3, 4} <= strengths, (near, strengths)
        held = next(one["credential"] for one in found["results"] if one["credential"])
        card = client.get(f"/credentials/{held}").text
        assert "Example register (invented)" in card
        assert "Invented example" in card
    with app.app_context():
        real = select(func.count()).select_from(Credential).join(Issuer).where(Issuer.is_example.is_(False))
        assert db.session.execute(real).scalar_one() == 0
    assert run("demo", "clear").exit_code == 0
    assert _rows(app, Credential) == _rows(app, Check) == 0


def test_an_inspection_is_shown_at_a_few_clinics_and_goes_with_them(app: Flask, client: FlaskClient, run: Run) -> None:
    """By the same invented issuer; nothing of it stands on the record, so no page points there."""
    assert run("demo", "load").exit_code == 0
    with app.app_context():
        query = select(Clinic.slug, Inspection.outcome).join(Inspection, Inspection.clinic_id == Clinic.id)
        visits = {slug: outcome for slug, outcome in db.session.execute(query.order_by(Clinic.id))}
        total = _rows(app, Clinic)
    assert 5 <= len(visits) < total / 4
    assert {"passed", "failed"} < set(visits.values())
    for slug in list(visits)[:3]:
        page = client.get(f"/clinics/{slug}").text
        assert "example-register.example/inspections/" in page
        assert "log?subject=inspection" not in page
        assert "two people looked" not in page
        told = client.get(f"/api/v1/clinics/{slug}").json
        assert told is not None
        assert [one["authority"] for one in told["inspections"]] == ["Example register (invented)"]
    assert run("demo", "clear").exit_code == 0
    assert _rows(app, Inspection) == 0
