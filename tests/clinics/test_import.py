"""`clinics import`: an operator takes in a list, again and again, and visitors find what it says."""

import csv
import json
from pathlib import Path

import pytest
from flask import Flask

from directory.clinics.changes import present_version
from directory.clinics.models import Clinic
from directory.db import db, now, writing
from tests.clinics.files import LEEDS, YORK, clinics, dump, report_of, row, write_csv


@pytest.fixture
def take_in(run, tmp_path):
    """Import rows as a file of the source "list"; returns (result, report)."""

    def import_rows(*rows, options=(), name="list.csv"):
        file = write_csv(tmp_path / name, *rows)
        result = run("clinics", "import", file, "--source", "list", "--report", tmp_path / "report.csv", *options)
        assert result.exit_code in {0, 1}, result.output
        return result, report_of(tmp_path / "report.csv")

    return import_rows


def test_a_listing_says_what_the_file_says(app: Flask, take_in) -> None:
    result, report = take_in(
        row(
            LEEDS,
            phone="0113 496 0123",
            email="Hello@Noor.Example.ORG",
            website="www.noor.example.org/smp",
            opening_hours="Mo-Fr 09:00-18:00",
            goals="hairline; FUT scar",
            price_min="£1,250",
            languages="English;pl",
            description="First line.\nSecond line.",
            source_url="https://list.example.org/a1",
        )
    )
    assert result.exit_code == 0, result.output
    assert [(line["line"], line["action"], line["reasons"]) for line in report] == [("2", "added", "")]
    with app.app_context():
        (clinic,) = clinics()
        assert (clinic.name, clinic.city, clinic.country) == ("Noor Scalp Studio", "Leeds", "GB")
        assert clinic.slug == "noor-scalp-studio-leeds"
        assert (clinic.lat, clinic.lon, clinic.point_precision) == (53.7986, -1.5471, "given")
        assert clinic.timezone == "Europe/London"
        assert (clinic.phone, clinic.email) == ("+441134960123", "Hello@noor.example.org")
        assert (clinic.website, clinic.website_host) == ("https://www.noor.example.org/smp", "noor.example.org")
        assert clinic.goals == ["hairline", "scar-fut"]
        assert clinic.languages == ["en", "pl"]
        assert (clinic.price_min, clinic.price_max, clinic.currency) == (125000, 125000, "GBP")
        assert clinic.description == "First line.\nSecond line."
        assert (clinic.claimed_at, clinic.is_example, clinic.status) == (None, False, "published")
        (source,) = clinic.sources
        assert (source.source, source.source_id, source.line) == ("list", "a1", 2)
        assert source.source_url == "https://list.example.org/a1"
        assert clinic.changed_at_version == present_version().version > 0


def test_a_visitor_sees_that_nobody_checked_it(app: Flask, take_in, page) -> None:
    take_in(LEEDS)
    shown = page("/clinics/noor-scalp-studio-leeds").get_data(as_text=True)
    assert "Noor Scalp Studio" in shown
    assert "not checked" in shown.lower()


def test_running_it_again_changes_nothing(app: Flask, take_in) -> None:
    take_in(LEEDS, YORK)
    with app.app_context():
        before, version = dump(), present_version().version
    result, report = take_in(LEEDS, YORK)
    assert result.exit_code == 0
    assert [line["action"] for line in report] == ["unchanged", "unchanged"]
    assert [line["slug"] for line in report] == ["noor-scalp-studio-leeds", "halden-smp-york"]
    with app.app_context():
        assert dump() == before
        assert present_version().version == version


def test_rows_without_an_id_are_known_by_name_address_and_code(app: Flask, take_in) -> None:
    anonymous = row(LEEDS, source_id="")
    take_in(anonymous)
    _, report = take_in(row(anonymous, phone="0113 496 0123"))
    assert [(line["action"], line["reasons"]) for line in report] == [("updated", "phone changed")]
    with app.app_context():
        assert len(clinics()) == 1


def test_a_changed_row_changes_its_listing_and_keeps_its_address_here(app: Flask, take_in) -> None:
    take_in(LEEDS)
    _, report = take_in(row(LEEDS, name="Noor Studio", phone="0113 496 0123", city="Leeds"))
    assert report[0]["action"] == "updated"
    assert report[0]["reasons"] == "name changed; phone changed"
    with app.app_context():
        (clinic,) = clinics()
        assert (clinic.name, clinic.name_key, clinic.slug) == ("Noor Studio", "noor studio", "noor-scalp-studio-leeds")
        assert clinic.phone == "+441134960123"


def test_an_edit_made_here_wins_over_the_file(app: Flask, take_in) -> None:
    take_in(row(LEEDS, phone="0113 496 0123", email="a@example.org"))
    with app.app_context(), writing():
        clinics()[0].phone = "+441134960999"
        db.session.commit()
    _, report = take_in(row(LEEDS, phone="0113 496 0124", email="b@example.org"))
    assert "phone was changed on this site and is kept" in report[0]["reasons"]
    with app.app_context():
        (clinic,) = clinics()
        assert (clinic.phone, clinic.email) == ("+441134960999", "b@example.org")


def test_a_claimed_listing_is_its_clinics_own(app: Flask, take_in) -> None:
    take_in(LEEDS)
    with app.app_context(), writing():
        clinics()[0].claimed_at = now()
        db.session.commit()
    result, report = take_in(row(LEEDS, name="Another name", phone="0113 496 0123"))
    assert result.exit_code == 0
    assert (report[0]["action"], report[0]["reasons"]) == (
        "unchanged",
        "the clinic keeps its own listing, so not taken from the file: name, phone",
    )
    with app.app_context():
        assert clinics()[0].name == "Noor Scalp Studio"


def test_an_erased_listing_is_not_listed_again(app: Flask, take_in) -> None:
    take_in(LEEDS)
    with app.app_context(), writing():
        clinics()[0].erase()
        db.session.commit()
    _, report = take_in(row(LEEDS, phone="0113 496 0123"))
    assert report[0]["action"] == "unchanged"
    assert "the listing is erased" in report[0]["reasons"]
    with app.app_context():
        (clinic,) = clinics()
        assert (clinic.status, clinic.name, clinic.phone) == ("erased", "", "")


def test_rows_that_leave_the_file_stay_and_are_counted(app: Flask, take_in) -> None:
    take_in(LEEDS, YORK)
    result, _ = take_in(LEEDS)
    assert "not in the file any more: 1; they stay listed" in result.output
    with app.app_context():
        assert [clinic.status for clinic in clinics()] == ["published", "published"]


def test_a_row_that_stands_twice_is_reported_not_dropped(app: Flask, take_in) -> None:
    result, report = take_in(LEEDS, YORK, LEEDS, row(YORK, phone="01904 000000"))
    assert [(line["line"], line["action"], line["reasons"]) for line in report] == [
        ("2", "added", ""),
        ("3", "added", ""),
        ("4", "unchanged", "same as line 2"),
        ("5", "refused", "has the source_id of line 3 but says otherwise"),
    ]
    assert result.exit_code == 1


def test_a_refused_row_is_named_with_its_line_and_reason(app: Flask, take_in) -> None:
    result, report = take_in(
        LEEDS,
        row(YORK, name=" \u200b "),
        row(YORK, name="N" * 201, source_id="a3"),
        row(YORK, country="Atlantis", source_id="a4"),
    )
    assert result.exit_code == 1
    assert [(line["line"], line["reasons"]) for line in report if line["action"] == "refused"] == [
        ("3", "the name is empty"),
        ("4", "the name is longer than 200 letters"),
        ("5", "country 'Atlantis' is not known"),
    ]
    assert "line 3: the name is empty" in result.output
    with app.app_context():
        assert len(clinics()) == 1


def test_a_dry_run_writes_nothing_and_says_the_same(app: Flask, take_in) -> None:
    take_in(LEEDS)
    rows = (row(LEEDS, phone="0113 496 0123"), YORK, row(YORK, source_id="a9", name="Halden SMP York"))
    with app.app_context():
        before = dump()
    dry, dry_report = take_in(*rows, options=["--dry-run"])
    assert "nothing was written" in dry.output
    with app.app_context():
        assert dump() == before
    _, report = take_in(*rows)
    assert [line["action"] for line in dry_report] == [line["action"] for line in report]
    assert [line["action"] for line in report] == ["updated", "added", "added", "flagged"]


def test_names_that_would_share_an_address_are_numbered(app: Flask, take_in) -> None:
    take_in(LEEDS, row(LEEDS, source_id="b"), row(LEEDS, source_id="c"))
    take_in(LEEDS, row(LEEDS, source_id="b"), row(LEEDS, source_id="c"), row(LEEDS, source_id="d"))
    with app.app_context():
        assert [clinic.slug for clinic in clinics()] == [
            "noor-scalp-studio-leeds",
            "noor-scalp-studio-leeds-2",
            "noor-scalp-studio-leeds-3",
            "noor-scalp-studio-leeds-4",
        ]


def test_a_file_without_countries_takes_the_one_its_points_lie_in(app: Flask, run, tmp_path: Path) -> None:
    rows = [row(LEEDS, country=""), {"name": "Kestrel", "postal_code": "M1 1AE", "source_id": "x"}]
    file = write_csv(tmp_path / "uk.csv", *rows)
    for line in (write_csv(file, *({k: v for k, v in r.items() if k != "country"} for r in rows)),):
        result = run("clinics", "import", line)
    assert result.exit_code == 0, result.output
    assert "Country GB: the file names no country; its points lie in United Kingdom." in result.output
    with app.app_context():
        assert [(c.country, c.point_precision) for c in clinics()] == [("GB", "given"), ("GB", "outcode")]


def test_a_mapping_file_says_which_column_is_what(app: Flask, run, tmp_path: Path) -> None:
    mapping = tmp_path / "map.toml"
    mapping.write_text(
        'source = "register"\n[columns]\nname = ["firm", "branch"]\naddress = ["road", "no"]\ncity = "where"\n'
        'source_id = "key"\n[fixed]\ncountry = "DE"\n[join]\naddress = " "\n',
        encoding="utf-8",
    )
    file = tmp_path / "x.csv"
    file.write_text(
        "key;firm;branch;road;no;where\n7;Haarwerk;Haarwerk;Lange Str.;5;München\n8;Haarwerk;Nord;Weg;1;Berlin\n",
        encoding="cp1252",
    )
    result = run("clinics", "import", file, "--map", mapping)
    assert result.exit_code == 0, result.output
    with app.app_context():
        assert [(c.name, c.address, c.city, c.country, c.sources[0].source) for c in clinics()] == [
            ("Haarwerk", "Lange Str. 5", "München", "DE", "register"),
            ("Haarwerk, Nord", "Weg 1", "Berlin", "DE", "register"),
        ]


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ('[columns]\nname = "gone"\n', "names gone for name, which is no column of the file"),
        ("[columns]\nnom = 'name'\n", "[columns] names nom, which is none of name, address"),
        ("[columns\n", "is not valid TOML"),
        ("[extra]\na = 1\n", "unknown parts: extra"),
    ],
)
def test_a_wrong_mapping_is_refused_in_one_line(app: Flask, run, tmp_path: Path, text: str, complaint: str) -> None:
    mapping = tmp_path / "map.toml"
    mapping.write_text(text, encoding="utf-8")
    result = run("clinics", "import", write_csv(tmp_path / "x.csv", LEEDS), "--map", mapping)
    assert result.exit_code == 2
    assert complaint in result.output
    assert len(result.output.strip().splitlines()) == 1


def test_the_report_can_be_json(app: Flask, run, tmp_path: Path) -> None:
    file = write_csv(tmp_path / "x.csv", LEEDS, row(YORK, name=""))
    run("clinics", "import", file, "--report", tmp_path / "r.json")
    found = json.loads((tmp_path / "r.json").read_text(encoding="utf-8"))
    assert [(line["line"], line["action"]) for line in found] == [(2, "added"), (3, "refused")]


def test_hostile_names_are_only_names(app: Flask, take_in, page) -> None:
    names = [
        "<script>alert(1)</script>",
        '=HYPERLINK("http://x","y")',
        "'; DROP TABLE clinic;--",
        "مركز الشعر",
        "頭皮アート東京",
        "{{7*7}} ${HOME}",
        "\u202egnp.exe",
    ]
    result, report = take_in(*(row(LEEDS, name=name, source_id=f"h{n}") for n, name in enumerate(names)))
    assert result.exit_code == 0, result.output
    with app.app_context():
        assert [clinic.name for clinic in clinics()] == [*names[:-1], "gnp.exe"]
        assert all(clinic.slug.isascii() for clinic in db.session.query(Clinic).order_by(Clinic.id))
    shown = page(f"/clinics/{report[0]['slug']}").get_data(as_text=True)
    assert "<script>alert" not in shown


def test_the_report_is_safe_in_a_spreadsheet(app: Flask, take_in, tmp_path: Path) -> None:
    take_in(row(LEEDS, source_id="=1+1"), row(LEEDS, source_id="=1+1", phone="1"))
    with (tmp_path / "report.csv").open(encoding="utf-8") as file:
        assert not any(cell.startswith(("=", "+", "-", "@")) for line in csv.reader(file) for cell in line)
