"""The order is a sum anyone can check, and no name or money moves it."""

import random

import numpy as np
import pytest

from directory.search.circle import chord2_of
from directory.search.ranking import (
    BAND_POINTS,
    CONSTANTS,
    DISTANCE_BANDS_KM,
    DRAW_POINTS,
    SCORE_POINTS,
    SORTS,
    Candidates,
    Order,
    draw,
)
from tests.search.plain import lot, points


def candidates(count: int, seed: int, lapsed: float = 0.0) -> Candidates:
    dice = np.random.default_rng(seed)
    ids = dice.permutation(np.arange(1, count + 1))
    km = dice.choice([0.0, 1.9, 2.1, 7.0, 15.0, 60.0, 99.0], count) + dice.random(count) * 0.05
    lower = dice.choice([3.6, 4.1, 4.6], count).astype(np.float32)
    chord2, created = np.array([chord2_of(length) for length in km]), dice.integers(0, 50, count) * 86_400
    return Candidates(ids, chord2, created, lower, dice.random(count) < lapsed)


def test_lots_agree_with_plain_arithmetic_and_never_meet():
    ids = np.arange(1, 20_000)
    lots = draw(ids, 739_577)
    assert lots[:50].tolist() == [lot(number, 739_577) for number in range(1, 51)]
    assert len(np.unique(lots)) == len(ids)


def test_another_day_is_another_order_but_the_same_clinics():
    rows = candidates(300, 1)
    first, second = (Order("best", seed).first(rows, 300)[0].tolist() for seed in (1, 2))
    assert sorted(first) == sorted(second)
    assert first != second
    near = {place for place in range(300) if rows.chord2[place] <= chord2_of(2.0)}
    assert set(first[: len(near)]) == set(second[: len(near)]) == near


def test_no_clinic_is_favoured_by_the_draw():
    """Over many days each of ten equal clinics leads about a tenth of the time."""
    rows = Candidates(
        np.arange(1, 11), None, np.zeros(10, np.int64), np.full(10, 3.6, np.float32), np.zeros(10, np.bool_)
    )
    leaders = [int(Order("best", seed).first(rows, 1)[0][0]) for seed in range(2_000)]
    shares = np.bincount(leaders, minlength=10) / 2_000
    assert shares.min() > 0.07
    assert shares.max() < 0.13


def test_the_first_few_are_those_of_a_full_sort():
    dice = random.Random(4)
    for seed in range(40):
        rows = candidates(dice.randrange(1, 400), seed, lapsed=dice.choice([0.0, 0.2, 0.9]))
        for sort in SORTS:
            order = Order(sort, seed, goals=dice.randrange(3))
            everything, keys = order.first(rows, 10_000)
            assert keys == sorted(keys)
            count = dice.randrange(1, 60)
            assert order.first(rows, count)[0].tolist() == everything[:count].tolist()
            at = dice.randrange(len(keys))
            after, _ = order.first(rows, count, keys[at])
            assert after.tolist() == everything[at + 1 : at + 1 + count].tolist()


def test_the_weights_of_why_here_sum_to_what_is_sorted_by():
    rows = candidates(200, 9)
    order = Order("best", 5, goals=2)
    places, keys = order.first(rows, 200)
    sums = []
    for place, key in zip(places.tolist(), keys, strict=True):
        km = 6371.0088 * 2 * np.arcsin(np.sqrt(rows.chord2[place]) / 2)
        lower = float(rows.lower[place])
        factors = order.why(km, key, lower)
        assert [factor.factor for factor in factors] == ["goal", "distance", "score", "draw"]
        assert sum(factor.weight for factor in factors[:3]) == pytest.approx(points(km, 2, lower))
        assert 0 <= factors[3].weight <= DRAW_POINTS
        sums.append(sum(factor.weight for factor in factors))
    assert sums == sorted(sums, reverse=True)


def test_constants_keep_the_steps_apart():
    """A step of nearness outweighs everything that follows it, and a goal outweighs all of nearness."""
    assert CONSTANTS["band_points"] == BAND_POINTS >= SCORE_POINTS + DRAW_POINTS
    assert CONSTANTS["goal_points"] > BAND_POINTS * (len(DISTANCE_BANDS_KM) + 1)
    assert BAND_POINTS * len(DISTANCE_BANDS_KM) + SCORE_POINTS + DRAW_POINTS < CONSTANTS["lapsed_points"]
    assert CONSTANTS["lapsed_points"] < CONSTANTS["goal_points"]


def test_a_licence_that_ran_out_comes_after_all_others():
    rows = candidates(200, 9, lapsed=0.3)
    order = Order("best", 5)
    places, keys = order.first(rows, 200)
    ran_out = rows.lapsed[places].tolist()
    assert ran_out == sorted(ran_out)
    km = 6371.0088 * 2 * np.arcsin(np.sqrt(rows.chord2[places[-1]]) / 2)
    factors = order.why(km, keys[-1], float(rows.lower[places[-1]]), lapsed=True)
    assert [factor.factor for factor in factors] == ["distance", "score", "lapsed", "draw"]
    assert sum(factor.weight for factor in factors[:3]) == pytest.approx(-keys[-1].primary)
