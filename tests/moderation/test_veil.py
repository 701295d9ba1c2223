"""A small count never comes out, not even by taking what is told from the sum."""

import random
from itertools import product

from directory.moderation.veil import FEWEST, veiled


def test_small_counts_are_not_told() -> None:
    assert veiled({1: 12, 2: 3, 3: 0, 4: 5}) == {1: 12, 2: None, 3: None, 4: 5}
    assert veiled({1: 12, 2: 30}) == {1: 12, 2: 30}
    assert veiled({}) == {}


def test_one_alone_is_hidden_with_the_next_smallest() -> None:
    assert veiled({1: 12, 2: 3, 3: 9}) == {1: 12, 2: None, 3: None}


def test_as_large_as_can_be_is_hidden_with_the_next_smallest() -> None:
    assert veiled({1: 12, 2: 4, 3: 4}) == {1: None, 2: None, 3: None}


def test_whoever_knows_the_sum_is_left_with_more_than_one_answer() -> None:
    """Tried out: every table that looks the same and has the same sum; each small number could be another."""
    dice = random.Random(5)
    for _round in range(300):
        counts = {key: dice.choice((0, 1, 2, 3, 4, 5, 6, 9)) for key in range(dice.randint(2, 4))}
        told = veiled(counts)
        hidden = [key for key in counts if told[key] is None]
        rest = sum(counts[key] for key in hidden)
        fitting = [guess for guess in product(range(rest + 1), repeat=len(hidden)) if sum(guess) == rest]
        same = [guess for guess in fitting if veiled({**counts, **dict(zip(hidden, guess, strict=True))}) == told]
        for place, key in enumerate(hidden):
            if 0 < counts[key] < FEWEST and len(counts) > 1:
                assert len({guess[place] for guess in same}) > 1, (counts, told)
