"""Listings that may be one place are put forward, never merged; a person settles them."""

import re
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from directory.clinics.duplicates import DuplicatePair
from directory.clinics.importing.duplicates import Listings, find_pairs
from directory.clinics.models import OldSlug
from directory.db import db
from tests.clinics.files import LEEDS, YORK, clinics, row, write_csv


@pytest.fixture
def take_in(run, tmp_path: Path):
    def import_rows(*rows, source="list"):
        result = run("clinics", "import", write_csv(tmp_path / f"{source}.csv", *rows), "--source", source)
        assert result.exit_code == 0, result.output
        return result

    return import_rows


def test_the_same_place_in_two_lists_is_put_forward(app: Flask, run, take_in) -> None:
    take_in(LEEDS, source="one")
    result = take_in(row(LEEDS, name="Noor Scalp Studio Ltd", source_id="z9"), source="two")
    assert "Pairs that may be the same place: 1" in result.output
    shown = run("clinics", "duplicates", "list").output
    assert "similar name, same postal code, same place" in shown
    assert "noor-scalp-studio-leeds " in shown
    assert "noor-scalp-studio-ltd-leeds " in shown
    with app.app_context():
        assert [clinic.status for clinic in clinics()] == ["published", "published"]


def test_the_same_place_in_one_list_too_and_only_once(app: Flask, take_in) -> None:
    both = (LEEDS, row(LEEDS, name="Noor Scalp-Studio", source_id="b"))
    assert "Pairs" in take_in(*both).output
    assert "Pairs" not in take_in(*both).output
    with app.app_context():
        assert len(db.session.scalars(select(DuplicatePair).order_by(DuplicatePair.id)).all()) == 1


def test_settled_as_different_it_is_not_put_forward_again(app: Flask, run, take_in) -> None:
    both = (LEEDS, row(LEEDS, source_id="b"))
    take_in(*both)
    assert run("clinics", "duplicates", "settle", _only_pair(run), "different").exit_code == 0
    assert "No pairs" in run("clinics", "duplicates", "list").output
    assert "[different]" in run("clinics", "duplicates", "list", "--all").output
    assert "Pairs" not in take_in(*both).output


def test_settled_as_one_the_other_closes_for_good(app: Flask, run, take_in) -> None:
    both = (LEEDS, row(LEEDS, name="Noor Studio", source_id="b"))
    take_in(*both)
    pair = _only_pair(run)
    result = run("clinics", "duplicates", "settle", pair, "same", "--keep", "noor-scalp-studio-leeds")
    assert result.exit_code == 0, result.output
    take_in(LEEDS, row(both[1], phone="0113 496 0123"))
    with app.app_context():
        kept, closed = clinics()
        assert (kept.status, closed.status) == ("published", "closed")
        assert closed.phone == ""
        old = db.session.get(OldSlug, "noor-studio-leeds")
        assert old is not None
        assert old.clinic_id == kept.id
    again = run("clinics", "duplicates", "settle", pair, "different")
    assert again.exit_code == 1
    assert f"Pair {pair} was settled as same" in again.output


def test_the_closed_address_leads_to_the_kept_listing(app: Flask, run, take_in, client) -> None:
    take_in(LEEDS, row(LEEDS, name="Noor Studio", source_id="b"))
    run("clinics", "duplicates", "settle", _only_pair(run), "same", "--keep", "noor-scalp-studio-leeds")
    answer = client.get("/clinics/noor-studio-leeds")
    assert answer.status_code == 301
    assert answer.location.endswith("/clinics/noor-scalp-studio-leeds")


def test_a_third_listing_is_compared_with_the_one_kept(app: Flask, run, take_in) -> None:
    take_in(LEEDS, row(LEEDS, name="Noor Studio", source_id="b"), row(LEEDS, name="Studio Noor Scalp", source_id="c"))
    found = re.findall(r"^(\d+): ", run("clinics", "duplicates", "list").output, re.MULTILINE)
    assert len(found) == 3
    run("clinics", "duplicates", "settle", found[0], "same", "--keep", "noor-scalp-studio-leeds")
    shown = run("clinics", "duplicates", "list").output
    assert len(re.findall(r"^\d+: ", shown, re.MULTILINE)) == 1
    assert "closed-" not in shown


@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        (("999", "different"), "There is no pair 999."),
        (("PAIR", "same"), "is neither of the two"),
        (("PAIR", "same", "--keep", "halden-smp-york"), "is neither of the two"),
    ],
)
def test_a_decision_that_cannot_be_made(app: Flask, run, take_in, words: tuple[str, ...], complaint: str) -> None:
    take_in(LEEDS, row(LEEDS, source_id="b"), YORK)
    pair = _only_pair(run)
    result = run("clinics", "duplicates", "settle", *(word.replace("PAIR", pair) for word in words))
    assert result.exit_code == 1
    assert complaint in result.output


def _only_pair(run) -> str:
    (found,) = re.findall(r"^(\d+): ", run("clinics", "duplicates", "list").output, re.MULTILINE)
    return found


def _listings(*rows: dict[str, object]) -> Listings:
    found = Listings()
    for key, facts in enumerate(rows, 1):
        common = {
            "name_key": f"name {key}",
            "lat": 10.0 + key,
            "lon": 20.0,
            "exact": True,
            "country": "GB",
            "postal_code": "",
            "city_key": "",
            "phone": "",
            "host": "",
        }
        found.add(key, **{**common, **facts})  # type: ignore[arg-type]
    return found


# What two listings share, and the reasons for which they are a pair; empty: they are none.
RULES = [
    ({"phone": "+441"}, {"phone": "+441"}, ["same phone"]),
    ({"host": "a.org"}, {"host": "a.org"}, ["same web site"]),
    (
        {"name_key": "noor studio", "lat": 53.8, "lon": -1.5},
        {"name_key": "noor studio ltd", "lat": 53.801, "lon": -1.5},
        ["similar name", "same place"],
    ),
    # 170 m apart
    (
        {"name_key": "noor studio", "lat": 53.8, "lon": -1.5},
        {"name_key": "noor studio ltd", "lat": 53.80153, "lon": -1.5},
        [],
    ),
    ({"name_key": "noor studio", "lat": 53.8, "lon": -1.5}, {"name_key": "kestrel", "lat": 53.8, "lon": -1.5}, []),
    (
        {"name_key": "noor studio", "postal_code": "LS1 4AP"},
        {"name_key": "noor studios", "postal_code": "ls14ap"},
        ["similar name", "same postal code"],
    ),
    (
        {"name_key": "noor", "postal_code": "1010", "country": "AT"},
        {"name_key": "noor", "postal_code": "1010", "country": "NO"},
        [],
    ),
    # across the antimeridian and at a pole
    (
        {"name_key": "noor", "lat": 0.0, "lon": 179.9999},
        {"name_key": "noor", "lat": 0.0, "lon": -179.9999},
        ["similar name", "same place"],
    ),
    (
        {"name_key": "noor", "lat": 90.0, "lon": 0.0},
        {"name_key": "noor", "lat": 90.0, "lon": 120.0},
        ["similar name", "same place"],
    ),
    # two rows placed at the middle of their town say nothing about their doors, unless the names are equal
    (
        {"name_key": "noor a", "lat": 53.8, "lon": -1.5, "exact": False, "city_key": "leeds"},
        {"name_key": "noor a studio", "lat": 53.8, "lon": -1.5, "exact": False, "city_key": "leeds"},
        [],
    ),
    (
        {"name_key": "noor", "exact": False, "city_key": "leeds"},
        {"name_key": "noor", "exact": False, "city_key": "leeds"},
        ["same name", "same town"],
    ),
]


@pytest.mark.parametrize(("one", "other", "reasons"), RULES)
def test_the_rule(one: dict[str, object], other: dict[str, object], reasons: list[str]) -> None:
    expected = [(1, 2, reasons)] if reasons else []
    listings = _listings(one, other)
    assert find_pairs(listings, [2]) == expected
    assert find_pairs(listings, [1, 2]) == expected
    assert find_pairs(listings, []) == []


def test_a_number_that_many_share_says_nothing() -> None:
    many = [{"phone": "+44800", "lat": 10.0 + n} for n in range(21)]
    assert find_pairs(_listings(*many), range(1, 22)) == []


def test_a_chain_needs_more_than_its_number() -> None:
    chain = [
        {"phone": "+44800", "lat": 10.0},
        {"phone": "+44800", "lat": 11.0},
        {"phone": "+44800", "lat": 11.001},
        {"phone": "+44800", "lat": 11.1, "name_key": "name 1"},
    ]
    assert find_pairs(_listings(*chain), range(1, 5)) == [(2, 3, ["same phone"])]


def test_a_placeholder_point_says_nothing() -> None:
    crowd = [{"name_key": "noor", "lat": 53.8, "lon": -1.5} for _ in range(51)]
    assert find_pairs(_listings(*crowd), range(1, 52)) == []
