"""What a person who types a place is understood to mean."""

import csv
import string
import time
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from directory.places.distance import great_circle
from directory.places.gazetteer import Gazetteer

QUERIES = list(csv.DictReader((Path(__file__).parent / "queries.csv").open(encoding="utf-8", newline="")))


@pytest.mark.parametrize("row", QUERIES, ids=lambda row: f"{row['query']} from {row['from'] or 'nowhere'}")
def test_queries(gazetteer: Gazetteer, row: dict[str, str]) -> None:
    found = gazetteer.resolve(row["query"], country=row["from"] or None)
    assert found.problem is None
    assert found.place is not None
    apart = great_circle(found.place.lat, found.place.lon, float(row["lat"]), float(row["lon"]))
    assert (found.place.name.startswith(row["name"]), found.place.country) == (True, row["country"]), found.place.label
    assert apart <= float(row["km"]), f"{found.place.label} lies {apart:.0f} km off"


def test_ambiguous_name_offers_the_other_places(gazetteer: Gazetteer) -> None:
    found = gazetteer.resolve("Springfield", country="US")
    regions = {place.region for place in (found.place, *found.others) if place}
    assert {"Missouri", "Illinois", "Massachusetts"} <= regions
    assert len(found.others) <= 6
    labels = [place.label for place in found.readings]
    assert len(labels) == len(set(labels))


@pytest.mark.parametrize(("query", "country", "other"), [
    ("York", "US", "York, England, United Kingdom"),
    ("Paris", None, "Paris, Texas, United States"),
    ("Newcastle", "GB", "Newcastle, New South Wales, Australia"),
    ("New York", None, "New York, United States"),
    ("Georgia", "US", "Georgia, United States"),
])  # fmt: skip
def test_bias_is_not_a_wall(gazetteer: Gazetteer, query: str, country: str | None, other: str) -> None:
    found = gazetteer.resolve(query, country=country)
    assert other in [place.label for place in found.readings]


def test_towns_alike_are_told_apart_by_county(gazetteer: Gazetteer) -> None:
    labels = [place.label for place in gazetteer.resolve("Newport", country="GB").readings]
    assert "Newport, Isle of Wight, England, United Kingdom" in labels


def test_mended_spelling_says_what_was_typed(gazetteer: Gazetteer) -> None:
    assert gazetteer.resolve("Manchster").corrected_from == "Manchster"
    assert gazetteer.resolve("Manchester").corrected_from is None


@pytest.mark.parametrize("typed", ["LSI 4AP", "lsl 4ap", "LS1 OAA", "Leeds LSI 4AP"])
def test_letters_typed_for_digits_of_a_postcode_are_mended(gazetteer: Gazetteer, typed: str) -> None:
    found = gazetteer.resolve(typed)
    assert found.place is not None
    assert (found.place.label, found.corrected_from) == ("LS1 Leeds, England, United Kingdom", typed)


@pytest.mark.parametrize("typed", ["Roundhay", "Headingley"])
def test_what_is_not_close_is_not_suggested(gazetteer: Gazetteer, typed: str) -> None:
    found = gazetteer.resolve(typed, country="GB")
    assert (found.problem, found.suggestions) == ("not_found", ())


def test_outcode_is_named_as_approximate(gazetteer: Gazetteer) -> None:
    whole, half, plain = (gazetteer.resolve(text).place for text in ("SW1A 1AA", "SW1A", "90210"))
    assert whole is not None
    assert half is not None
    assert plain is not None
    assert (whole.approximate, whole.precision, whole.kind) == ("SW1A", "outcode", "postal_code")
    assert half.approximate == plain.approximate == ""
    assert plain.label == "90210 Beverly Hills, California, United States"


def test_areas_carry_their_size(gazetteer: Gazetteer) -> None:
    country, region = gazetteer.resolve("Deutschland").place, gazetteer.resolve("Bavaria").place
    assert country is not None
    assert region is not None
    assert (country.kind, region.kind, country.area, region.area) == ("country", "region", True, True)
    assert country.radius_km == 100
    assert 250 < country.cover_km < 500
    town = gazetteer.resolve("Leeds").place
    assert town is not None
    assert not town.area
    assert town.radius_km == 30


@pytest.mark.parametrize(("text", "problem"), [
    ("", "empty"),
    ("   \t\n", "empty"),
    ("\x00\x01\u200f\u202e", "empty"),
    ("x" * 201, "too_long"),
    ("Leeds " * 2000, "too_long"),
    ("95,200", "bad_coordinates"),
    ("geo:91,0", "bad_coordinates"),
    ("53°75'N 1°33'W", "bad_coordinates"),
    ("qwertyuiopqwerty", "not_found"),
    ("🙂🙂🙂", "not_found"),
    ("12345678901234567890", "not_found"),
])  # fmt: skip
def test_problems(gazetteer: Gazetteer, text: str, problem: str) -> None:
    found = gazetteer.resolve(text)
    assert (found.place, found.problem) == (None, problem)


def test_nothing_found_suggests_what_is_in_it(gazetteer: Gazetteer) -> None:
    found = gazetteer.resolve("zzqx leeds qqzx")
    assert found.problem == "not_found"
    assert found.suggestions[0].label == "Leeds, England, United Kingdom"


def test_direction_marks_and_null_bytes_do_no_harm(gazetteer: Gazetteer) -> None:
    found = gazetteer.resolve("\u202bLeeds\u202c\x00")
    assert found.place is not None
    assert found.place.name == "Leeds"


def test_nouns_of_the_point(gazetteer: Gazetteer) -> None:
    sea = gazetteer.resolve("0,0").place
    assert sea is not None
    assert (sea.kind, sea.country, sea.lat, sea.lon) == ("coordinates", "", 0.0, 0.0)
    assert sea.label == "0.0000, 0.0000"


TYPED = st.one_of(
    st.text(max_size=250),
    st.text(alphabet=string.ascii_letters + string.digits + " ,.-'°/", max_size=60),
    st.text(alphabet=string.digits + " ,.-NSEW°'\"", max_size=30),
)


@settings(max_examples=300, deadline=2000)
@given(text=TYPED, country=st.sampled_from([None, "GB", "us", "ZZ", "", "x" * 50]))
@example(text="a" * 10_000, country=None)
@example(text="\ud800", country=None)
@example(text="'; DROP TABLE place; --", country="GB")
@example(text='%_*"(', country=None)
def test_no_text_breaks_it(gazetteer: Gazetteer, text: str, country: str | None) -> None:
    found = gazetteer.resolve(text, country=country)
    assert (found.place is None) == (found.problem is not None)
    assert len(found.others) <= 6
    for place in found.readings:
        assert abs(place.lat) <= 90
        assert abs(place.lon) <= 180
        assert place.label
        assert place.radius_km > 0
    assert all(isinstance(place.label, str) for place in gazetteer.suggest(text, country=country))


@pytest.mark.parametrize(
    "text", ["san " * 49, "1 " * 99, "a, " * 60, "٣" * 200, "ß" * 200, "1a" * 99, "-" * 200, "°" * 200]
)
def test_awkward_texts_are_answered_at_once(gazetteer: Gazetteer, text: str) -> None:
    started = time.perf_counter()
    gazetteer.resolve(text)
    gazetteer.suggest(text)
    # A backtracking pattern would take minutes; a second is far from both.
    assert time.perf_counter() - started < 1
