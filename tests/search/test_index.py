"""The index finds what a row-by-row search finds: the same clinics, total, order and counts."""

import random
from datetime import timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from directory.places.distance import great_circle
from directory.search.circle import Circle
from directory.search.index import Index, Segment
from directory.search.matching import Criteria
from directory.search.names import query_terms
from directory.search.part import JOINT, Listing, build, merge
from directory.search.ranking import SORTS, Key, Order
from tests.search import plain
from tests.search.plain import NOON

SEED = 739_000


def index_of(listings: list[Listing]) -> Index:
    return Index((Segment.of(build(listings)),))


def crowd(count: int, seed: int = 1) -> list[Listing]:
    dice = random.Random(seed)
    return [plain.listing(number, dice) for number in range(1, count + 1)]


LISTINGS = crowd(900)
INDEX = index_of(LISTINGS)
# The same clinics in three parts, with stale rows of changed clinics left dead in the first.
_stale = [one._replace(lat=10.0, names="gone") for one in LISTINGS[600:720]]
PATCHED = Index(
    (
        Segment.of(build([*LISTINGS[:600], *_stale])).without(np.arange(601, 721)),
        Segment.of(build(LISTINGS[600:720])),
        Segment.of(build(LISTINGS[720:])),
    )
)
INDEXES = {"one part": INDEX, "patched": PATCHED}

circles = st.builds(
    lambda place, north, east, radius: Circle(
        max(-90.0, min(90.0, place[0] + north)), (place[1] + east + 180) % 360 - 180, radius
    ),
    st.sampled_from(plain.PLACES),
    st.floats(-1, 1),
    st.floats(-2, 2),
    st.sampled_from([0.1, 5.0, 25.0, 100.0, 900.0, 20_100.0]),
)
asked = st.builds(
    Criteria,
    circle=st.none() | circles,
    country=st.sampled_from(["", "", "", "FJ", "XX"]),
    terms=st.sampled_from(["", "", "scal", "scalp x", "studio", "muller", "hair scalps", "纹饰", "الر", "zzz"]).map(
        query_terms
    ),
    goals=st.sampled_from([0, 0, 1, 5, 8192, 130]),
    language=st.sampled_from(["", "", "en", "sw"]),
    gender=st.sampled_from([0, 0, 1, 2]),
    price_max=st.sampled_from([None, None, 90_000, 500_000]),
    currency=st.sampled_from(["GBP", "EUR", ""]),
    open_now=st.booleans(),
    min_tenths=st.sampled_from([0, 0, 38, 45]),
    strength=st.sampled_from([0, 0, 0, 1, 3, 4]),
    met=st.sampled_from([False, False, True]),
    by_video=st.sampled_from([False, False, True]),
    healed=st.booleans(),
)


@pytest.mark.parametrize("made", ["one part", "patched"])
@settings(max_examples=80, deadline=None)
@given(criteria=asked, sort=st.sampled_from(SORTS), size=st.sampled_from([1, 20, 2000]))
def test_results_total_and_order_are_those_of_a_plain_search(made, criteria, sort, size):
    order = Order(sort, SEED, criteria.goals.bit_count())
    expected = plain.found(LISTINGS, criteria, order, NOON)
    found = INDEXES[made].search(criteria, order, now=NOON, size=size)
    assert found.total == len(expected)
    assert [hit.id for hit in found.hits] == expected[:size]


@pytest.mark.parametrize("made", ["one part", "patched"])
@settings(max_examples=15, deadline=None)
@given(criteria=asked)
def test_every_filter_says_exactly_what_it_would_leave(made, criteria):
    index = INDEXES[made]
    found = index.search(criteria, Order("best", SEED), now=NOON, size=1, with_counts=True)
    expected = plain.counted(LISTINGS, criteria, index.price_steps(criteria.currency), NOON)
    assert plain.same(found.counts, expected)


@pytest.mark.parametrize("sort", SORTS)
def test_pages_and_walks_by_key_visit_every_result_once_in_order(sort):
    criteria, order = Criteria(circle=Circle(53.8, -1.55, 80.0)), Order(sort, SEED)
    everything = [hit.id for hit in PATCHED.search(criteria, order, now=NOON, size=5000).hits]
    assert len(everything) > 70
    paged = [
        hit.id
        for skip in range(0, len(everything), 7)
        for hit in PATCHED.search(criteria, order, now=NOON, size=7, skip=skip).hits
    ]
    walked: list[int] = []
    after: Key | None = None
    while hits := PATCHED.search(criteria, order, now=NOON, size=7, after=after).hits:
        walked += [hit.id for hit in hits]
        after = hits[-1].key
    assert paged == walked == everything


@pytest.mark.parametrize(
    ("centre", "inside"),
    [
        # both sides of the antimeridian, from either side and from 180 itself
        ((-17.8, 179.99), (-17.8, -179.9)),
        ((-17.8, -179.99), (-17.8, 179.9)),
        ((10.0, 180.0), (10.0, -179.95)),
        ((10.0, -180.0), (10.0, 179.95)),
        # over a pole, and from the pole itself in any direction
        ((89.9, 0.0), (89.9, 180.0)),
        ((-89.9, 30.0), (-89.9, -150.0)),
        ((90.0, 0.0), (89.5, 77.7)),
        ((-90.0, 5.0), (-89.5, -140.0)),
        # nothing is special about 0/0, or about the edge of a band
        ((0.0, 0.0), (-0.05, -0.05)),
        ((53.1, 7.0), (53.0999999, 7.0)),
    ],
)
def test_the_globe_has_no_seams(centre, inside):
    dice = random.Random(3)
    near = plain.listing(1, dice, lat=inside[0], lon=inside[1])
    far = plain.listing(2, dice, lat=-centre[0] + 20 * (centre[0] == 0), lon=centre[1])
    hits = (
        index_of([near, far])
        .search(Criteria(circle=Circle(*centre, 60.0)), Order("distance", SEED), now=NOON, size=5)
        .hits
    )
    assert [hit.id for hit in hits] == [1]
    assert hits[0].km == pytest.approx(great_circle(*centre, *inside), abs=1e-6)


def test_a_radius_reaches_exactly_as_far_as_it_says():
    at = plain.listing(1, random.Random(1), lat=53.9, lon=-1.2)
    distance = great_circle(53.8, -1.55, 53.9, -1.2)
    for radius, total in ((distance - 1e-6, 0), (distance + 1e-6, 1)):
        found = index_of([at]).search(
            Criteria(circle=Circle(53.8, -1.55, radius)), Order("best", SEED), now=NOON, size=1
        )
        assert found.total == total


@pytest.mark.parametrize(
    ("typed", "name", "is_found"),
    [
        ("muller", "muller haarstudio", True),  # accents and case do not matter
        ("MÜLLER haar", "muller haarstudio", True),  # the last word may go on
        ("mull haarstudio", "muller haarstudio", False),  # only the last
        ("haarstudio müller", "muller haarstudio", True),  # in any order
        ("o'neil", "oneil", True),
        ("纹饰", "头皮纹饰中心", True),  # no spaces: anywhere in the run
        ("头皮 中心", "头皮纹饰中心", True),
        ("纹皮", "头皮纹饰中心", False),
        ("شعر", "استوديو شعر", True),
        ("はり", "東京はりアート", True),
        ("문신", "두피문신 서울", True),  # Korean compounds
        ("ink", "pink studio", False),
    ],
)
def test_words_are_found_as_people_type_them(typed, name, is_found):
    from directory.words import name_key

    one = plain.listing(1, random.Random(1), names=name_key(name))
    found = index_of([one]).search(Criteria(terms=query_terms(typed)), Order("best", SEED), now=NOON, size=1)
    assert found.total == int(is_found)


def test_opening_states_follow_the_clock_of_the_clinic():
    schedule = JOINT.join(("Mo-Fr 09:00-18:00", "Asia/Tokyo", "JP"))
    index = index_of([plain.listing(1, random.Random(1), schedule=schedule)])
    opened = [
        index.search(Criteria(open_now=True), Order("best", SEED), now=moment, size=1).total
        for hour in range(0, 24, 3)
        for moment in [NOON.replace(hour=hour)]
    ]
    assert opened == [1, 1, 1, 0, 0, 0, 0, 0]  # 09:00 to 18:00 in Tokyo is 00:00 to 09:00 UTC
    for days in (9, 40, 400, -30):  # and goes on past what was worked out at first, and before it
        moment = NOON.replace(hour=3) + timedelta(days=days)
        weekday = moment.weekday() < 5
        total = index.search(Criteria(open_now=True), Order("best", SEED), now=moment, size=1).total
        assert total == int(weekday), moment


def test_merging_parts_is_the_same_as_building_from_what_is_alive():
    merged = merge([(segment.part, segment.dead) for segment in PATCHED.segments])
    built = build(sorted(LISTINGS, key=lambda one: one.id))
    assert merged.id.tolist() == built.id.tolist()
    for name in ("lat", "lon", "goals", "genders", "price", "flags", "version", "band_starts", "by_id"):
        assert np.array_equal(getattr(merged, name), getattr(built, name)), name
    for name, table in merged.tables.items():
        texts = [table[code] for code in getattr(merged, name).tolist()]
        assert texts == [built.tables[name][code] for code in getattr(built, name).tolist()], name


def test_an_empty_directory_answers_too():
    index = index_of([])
    for criteria in (Criteria(), Criteria(circle=Circle(0, 0, 50)), Criteria(terms=query_terms("a"), language="en")):
        found = index.search(criteria, Order("best", SEED), now=NOON, size=5, with_counts=True)
        assert (found.hits, found.total) == ([], 0)
    assert (index.total, index.examples, index.towns, index.largest_towns(3)) == (0, 0, 0, [])


def test_numbers_of_the_home_page_count_each_living_row_once():
    assert PATCHED.total == len(LISTINGS)
    assert PATCHED.at_door == sum(bool(one.flags & 2) for one in LISTINGS)
    assert PATCHED.towns == len({one.town for one in LISTINGS})
    assert PATCHED.countries == len({one.country for one in LISTINGS})
    first = PATCHED.largest_towns(1)[0]
    assert first.clinics == max(sum(one.town == town for one in LISTINGS) for town in {one.town for one in LISTINGS})
