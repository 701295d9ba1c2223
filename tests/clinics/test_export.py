"""`clinics export`: the same columns back, and nothing that was not meant for the public."""

import csv
import json
from pathlib import Path

import pytest
from flask import Flask

from directory.clinics.importing.columns import COLUMNS
from directory.clinics.importing.exporting import guarded
from directory.db import db, writing
from tests.clinics.files import LEEDS, YORK, clinics, dump, report_of, row, write_csv
from tests.factories import clinic

FULL = row(
    LEEDS,
    name="=cmd|' /C calc'!A0",
    phone="0113 496 0123",
    email="a@example.org",
    address2="'s",
    website="noor.example.org",
    opening_hours="Mo-Fr 09:00-18:00",
    goals="hairline;crown",
    price_min="1250.50",
    price_max="2400",
    currency="GBP",
    languages="en;pl",
    description='@first\n-second "quoted", done',
    source_url="https://list.example.org/1",
)
PLACED_BY_CODE = {"name": "Kestrel", "postal_code": "10115", "city": "Berlin", "country": "DE", "source_id": "k"}


@pytest.fixture
def listed(run, tmp_path: Path) -> None:
    file = write_csv(tmp_path / "list.csv", FULL, PLACED_BY_CODE, row(YORK, source_id=""))
    assert run("clinics", "import", file, "--source", "list").exit_code == 0


@pytest.mark.parametrize(
    ("ending", "options"),
    [(".csv", []), (".csv", ["--source", "list"]), (".tsv", []), (".json", []), (".jsonl", []), (".geojson", [])],
)
def test_what_was_exported_comes_back_unchanged(
    app: Flask, run, listed: None, tmp_path: Path, ending: str, options: list[str]
) -> None:
    with app.app_context():
        before = dump()
    out = tmp_path / f"out{ending}"
    assert run("clinics", "export", out).exit_code == 0
    result = run("clinics", "import", out, *options, "--report", tmp_path / "r.csv")
    assert result.exit_code == 0, result.output
    assert [(line["action"], line["reasons"]) for line in report_of(tmp_path / "r.csv")] == [("unchanged", "")] * 3
    with app.app_context():
        assert dump() == before


def test_the_columns_are_the_contracts(app: Flask, run, listed: None, tmp_path: Path) -> None:
    out = tmp_path / "out.csv"
    run("clinics", "export", out)
    with out.open(encoding="utf-8", newline="") as file:
        first, second, _ = csv.DictReader(file)
    assert tuple(first) == COLUMNS
    assert first["name"] == "'=cmd|' /C calc'!A0"
    assert first["description"].startswith("'@first")
    assert first["lon"] == "-1.5471"
    assert (first["price_min"], first["price_max"], first["currency"]) == ("1250.50", "2400", "GBP")
    assert (first["goals"], first["languages"]) == ("hairline;crown", "en;pl")
    assert (first["source_id"], first["source_url"]) == ("a1", "https://list.example.org/1")
    assert second["phone"] == ""


def test_an_edited_export_is_taken_as_a_change(app: Flask, run, listed: None, tmp_path: Path) -> None:
    out = tmp_path / "out.json"
    run("clinics", "export", out)
    found = json.loads(out.read_text(encoding="utf-8"))
    found[1]["phone"] = "030 901820"
    out.write_text(json.dumps(found), encoding="utf-8")
    run("clinics", "import", out, "--report", tmp_path / "r.csv")
    assert [line["action"] for line in report_of(tmp_path / "r.csv")] == ["unchanged", "updated", "unchanged"]
    with app.app_context():
        assert clinics()[1].phone == "+4930901820"


def test_what_is_not_public_stays_in(app: Flask, run, tmp_path: Path) -> None:
    with app.app_context(), writing():
        home = clinic("Home Studio", is_home=True, address="1 Secret Lane", address2="Flat 2")
        home.move_point(53.79971234, -1.54921234, precision="given")
        for status in ("suspended", "closed", "erased"):
            clinic(f"Gone {status}", status=status)
        clinic("Invented", is_example=True)
        db.session.commit()
    for ending in (".csv", ".geojson"):
        out = tmp_path / f"out{ending}"
        assert "1 listings written" in run("clinics", "export", out).output
        text = out.read_text(encoding="utf-8")
        assert "Home Studio" in text
        assert not any(word in text for word in ("Secret", "Flat", "53.7997", "Gone", "Invented"))
    run("clinics", "export", tmp_path / "all.csv", "--examples")
    assert "Invented" in (tmp_path / "all.csv").read_text(encoding="utf-8")


def test_only_one_source(app: Flask, run, listed: None, tmp_path: Path) -> None:
    run("clinics", "import", write_csv(tmp_path / "b.csv", row(YORK, name="Vero")), "--source", "other")
    assert "1 listings" in run("clinics", "export", tmp_path / "o.csv", "--source", "other").output
    assert "Vero" in (tmp_path / "o.csv").read_text(encoding="utf-8")


@pytest.mark.parametrize(("name", "complaint"), [("x.xlsx", "must end in one of"), ("no/x.csv", "cannot be written")])
def test_a_place_that_cannot_be_written(app: Flask, run, tmp_path: Path, name: str, complaint: str) -> None:
    result = run("clinics", "export", tmp_path / name)
    assert result.exit_code == 2
    assert complaint in result.output
    assert list(tmp_path.glob("*.csv*")) == []


@pytest.mark.parametrize("text", ["=1+1", "+44", "-5", "@x", "\tx", "＝1", "'=1", "''=1"])
def test_cells_that_a_spreadsheet_would_run_get_an_apostrophe(text: str) -> None:
    assert guarded(text) == f"'{text}"


@pytest.mark.parametrize("text", ["Noor", "'s-Hertogenbosch", "1+1", ""])
def test_other_cells_stay_as_they_are(text: str) -> None:
    assert guarded(text) == text
