"""The open data: who is in it, what it holds, and that a spreadsheet runs none of it."""

import csv
import io
import json
from collections.abc import Callable
from typing import Any

from flask import Flask
from flask.testing import FlaskClient

from directory.api import export
from directory.clinics.models import ClinicSource
from tests.factories import clinic, price, saved


def _fill() -> None:
    made = clinic(
        '=HYPERLINK("http://bad.example")',
        slug="formula",
        email="a@b.example",
        goals=[],
        languages=["en", "pl"],
        phone="+441134960417",
        address="14 Otley Road",
    )
    made.put_prices([price("hairline", 125050, 160000), price("crown", 90000)])
    made.sources = [ClinicSource(source="A register", source_id="7", source_url="https://register.example/7")]
    home = clinic("At home", slug="home", is_home=True, address="14 Secret Lane", postal_code="LS6 2AD")
    home.move_point(53.81991, -1.57951, precision="given")
    clinic("Invented", slug="invented", is_example=True)
    clinic("Hidden", slug="hidden", status="suspended")
    clinic("Shut", slug="shut", status="closed")


def _csv(client: FlaskClient) -> list[dict[str, str]]:
    answer = client.get("/api/v1/export/clinics.csv")
    assert answer.status_code == 200
    assert answer.mimetype == "text/csv"
    assert "attachment" in answer.headers["Content-Disposition"]
    return list(csv.DictReader(io.StringIO(answer.text)))


def _lines(client: FlaskClient) -> list[dict[str, Any]]:
    answer = client.get("/api/v1/export/clinics.jsonl")
    assert answer.status_code == 200
    return [json.loads(line) for line in answer.text.splitlines()]


def test_only_what_is_public_and_real(app: Flask, client: FlaskClient) -> None:
    saved(app, _fill)
    rows = {row["slug"]: row for row in _csv(client)}
    assert set(rows) == {"formula", "home"}
    assert "Secret Lane" not in str(rows)
    assert "LS6 2AD" not in str(rows)
    assert "a@b.example" not in str(rows)
    assert (rows["home"]["lat"], rows["home"]["lon"], rows["home"]["approximate"]) == ("53.815", "-1.575", "1")
    assert rows["formula"]["source_url"] == "https://register.example/7"


def test_no_cell_is_a_formula_and_numbers_stay_numbers(app: Flask, client: FlaskClient) -> None:
    saved(app, _fill)
    row = _csv(client)[0]
    assert row["name"] == '\'=HYPERLINK("http://bad.example")'
    assert row["phone"] == "'+441134960417"
    assert row["lon"] == "-1.5492"
    assert (row["price_min"], row["price_max"], row["currency"]) == ("900", "1600", "GBP")
    assert row["languages"] == "en;pl"


def test_json_lines_hold_the_same_in_their_own_types(app: Flask, client: FlaskClient) -> None:
    saved(app, _fill)
    first = _lines(client)[0]
    assert tuple(first) == export.COLUMNS
    assert first["name"].startswith("=HYPERLINK")
    assert first["languages"] == ["en", "pl"]
    assert first["price_min"] == 900
    assert first["approximate"] is False


def test_the_files_of_the_night_are_served_as_they_were(
    app: Flask, client: FlaskClient, run: Callable[..., Any]
) -> None:
    saved(app, _fill)
    streamed = client.get("/api/v1/export/clinics.csv").data
    with app.app_context():
        assert export.write_files() == "2 clinics in 2 files"
    kept = client.get("/api/v1/export/clinics.csv")
    assert kept.data == streamed
    saved(app, lambda: clinic("New since", slug="new-since"))
    assert len(_csv(client)) == 2, "the file is made at night"
    again = client.get("/api/v1/export/clinics.csv", headers={"If-None-Match": kept.headers["ETag"]})
    assert again.status_code == 304
    with app.app_context():
        assert export.write_files() == "3 clinics in 2 files"
    assert len(_lines(client)) == 3


def test_the_dictionary_tells_every_column(client: FlaskClient) -> None:
    saved(client.application, _fill)
    body: dict[str, Any] = client.get("/api/v1/export/dictionary.json").json  # type: ignore[assignment]
    assert [one["column"] for one in body["columns"]] == list(_csv(client)[0])
    assert all(one["about"] for one in body["columns"])


def test_unknown_files_are_missing(client: FlaskClient) -> None:
    assert client.get("/api/v1/export/clinics.xlsx").status_code == 404
