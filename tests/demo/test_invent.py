"""What the small set is made of."""

import re
from collections import Counter

import phonenumbers
import pytest

from directory.clinics.facts import BY_KEY
from directory.clinics.hours import valid_hours
from directory.demo.invent import example_clinics
from directory.demo.listing import DRAWN_ON, Listing
from directory.places.countries import code_of
from directory.places.distance import great_circle
from directory.vocabulary import ACCESS, FACTS, GENDERS, GOALS, MATERIALS

LEEDS = (53.796, -1.548)
# Ranges that regulators keep for drama: United Kingdom, Ireland, North America, Australia, Germany, France.
FICTION = re.compile(
    r"\+44(113496|1144960|115496|116496|117496|118496|121496|131496|141496|151496|161496|1632960|2079460|191498|"
    r"2920180|2896496)\d+|\+3532091\d{5}|\+1\d{3}55501\d\d|\+61[2378]5550\d{4}|"
    r"\+49(3023125|4066969|8999998|2214710|6990009)\d{3}|\+33(19900|35301|46571|53649)\d{4}"
)


@pytest.fixture(scope="module")
def clinics() -> list[Listing]:
    return example_clinics(1)


def test_real_towns_of_many_countries(clinics: list[Listing]) -> None:
    countries = Counter(one.country for one in clinics)
    assert len(clinics) > 150
    assert len(countries) >= 15
    assert all(code_of(country) == country for country in countries)
    near_leeds = [one for one in clinics if great_circle(*LEEDS, one.lat, one.lon) <= 24.14]
    assert len(near_leeds) >= 15


def test_every_phone_number_is_kept_for_fiction(clinics: list[Listing]) -> None:
    numbers = [one.phone for one in clinics if one.phone]
    assert len(numbers) > 100
    assert [number for number in numbers if not FICTION.fullmatch(number)] == []
    assert all(phonenumbers.is_possible_number(phonenumbers.parse(number)) for number in numbers)


def test_websites_end_where_nobody_can_register(clinics: list[Listing]) -> None:
    hosts = [one.website_host for one in clinics if one.website_host]
    assert len(hosts) > 100
    assert all(re.fullmatch(r"[a-z0-9-]+\.example", host) for host in hosts)


def test_opening_hours_are_canonical_and_of_many_kinds(clinics: list[Listing]) -> None:
    written = [one.opening_hours for one in clinics if one.opening_hours]
    assert len(set(written)) >= 20
    assert [text for text in written if valid_hours(text) != text] == []
    assert any("closed" in text for text in written)


def test_everything_is_in_the_vocabulary(clinics: list[Listing]) -> None:
    for one in clinics:
        assert set(one.goals) <= set(GOALS)
        assert set(one.facts) <= {*FACTS, *MATERIALS, *ACCESS, *BY_KEY}
        assert {post.person.gender for post in one.team} <= set(GENDERS)
        assert {goal for post in one.team for goal in post.person.goals} <= set(GOALS)
    assert {goal for one in clinics for goal in one.goals} == set(GOALS)


def test_some_say_little_and_some_are_awkward(clinics: list[Listing]) -> None:
    assert any(len(one.name) >= 80 for one in clinics)
    assert any(re.search("[\u0590-\u06ff]", one.name) for one in clinics)
    assert any(re.search("[\u3040-\u9fff]", one.name) for one in clinics)
    assert any(not one.prices for one in clinics)
    assert any(not one.opening_hours for one in clinics)
    assert any(not one.team for one in clinics)
    homes = [one for one in clinics if one.is_home]
    assert homes
    assert not any(one.street for one in homes)


def test_streets_have_no_house_number(clinics: list[Listing]) -> None:
    numbered = re.compile(r"^\d+\s+\D|\s\d+$")
    kept = {"37th Avenue", "9 Avenue SE"}  # names of streets
    assert [one.street for one in clinics if numbered.search(one.street) and one.street not in kept] == []


def test_prices_and_dates_hang_together(clinics: list[Listing]) -> None:
    for one in clinics:
        for price in one.prices:
            assert price.low > 0
            assert price.high is None or price.high >= price.low
        for post in one.team:
            assert post.until is None or post.since is None or post.since <= post.until
            assert post.since is None or post.since < DRAWN_ON.date()
        assert len({post.person.name for post in one.team}) == len(one.team)
    shared = Counter(id(post.person) for one in clinics for post in one.team)
    assert max(shared.values()) > 1, "nobody works at two places"
