"""The sum behind the stars, checked against sums done by hand."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from directory.reviews.rating import STAGE_WEIGHT, VERIFICATION_WEIGHT, Voice, country_prior, rate, weight

FULL = Voice(5, "visit", "6m", 0)

WEIGHTS = [
    (FULL, 1.0),  # proven, healed, new: says all it can
    (FULL._replace(verification="contact"), 0.4),
    (FULL._replace(stage="fresh"), 0.5),
    (FULL._replace(stage="6w"), 0.8),
    (FULL._replace(age_months=24), 0.5),  # one half-life
    (FULL._replace(age_months=240), 0.2),  # old ones fade, never to nothing
    (FULL._replace(verification="contact", stage="fresh", age_months=24), 0.1),
]


@pytest.mark.parametrize(("voice", "expected"), WEIGHTS)
def test_weight(voice: Voice, expected: float) -> None:
    assert weight(voice) == pytest.approx(expected)


def test_no_score_below_the_minimum() -> None:
    assert rate([]).score is None
    assert rate([FULL, FULL]).score is None
    assert rate([FULL, FULL, FULL]).score == 4.3  # (8 x 4 + 3 x 5) / 11


def test_many_weak_voices_do_not_count_as_many() -> None:
    """Effective n of equal weights is their number; one strong voice among weak ones lowers it."""
    assert rate([FULL] * 5).effective == pytest.approx(5)
    weak = Voice(5, "contact", "fresh", 240)
    assert rate([FULL, *[weak] * 3]).effective < 1.3


def test_one_perfect_review_stays_behind_a_hundred_good_ones() -> None:
    one = rate([FULL])
    many = rate([FULL] * 80 + [FULL._replace(overall=4)] * 20)
    assert one.lower < many.lower


def test_a_voice_under_suspicion_is_shown_and_not_counted() -> None:
    rating = rate([FULL] * 4 + [Voice(1, "visit", "12m", 1, counted=False)])
    assert (rating.count, rating.counted, rating.healed) == (5, 4, 4)
    assert rating.score == rate([FULL] * 4).score
    assert sum(sum(stars.values()) for stars in rating.distribution.values()) == 4


def test_country_prior_needs_weight_to_move() -> None:
    assert country_prior(0, 0) == 4.0
    assert country_prior(5 * 8, 8) == pytest.approx(4.5)


voices = st.builds(
    Voice,
    overall=st.integers(1, 5),
    verification=st.sampled_from(sorted(VERIFICATION_WEIGHT)),
    stage=st.sampled_from(sorted(STAGE_WEIGHT)),
    age_months=st.integers(-3, 400),
    counted=st.booleans(),
)


@given(st.lists(voices, max_size=60), st.floats(1, 5))
def test_it_stays_in_range_and_does_not_depend_on_order(crowd: list[Voice], prior: float) -> None:
    rating = rate(crowd, prior=prior)
    again = rate(reversed(crowd), prior=prior)
    assert math.isclose(rating.lower, again.lower, abs_tol=1e-9)
    assert rating.score == again.score
    assert rating.score is None or 1 <= rating.score <= 5
    assert rating.lower <= 5
    assert rating.counted <= rating.count


@given(st.lists(voices, max_size=30), st.floats(1, 5))
def test_a_better_review_never_lowers_the_score(crowd: list[Voice], prior: float) -> None:
    worse, better = (rate([*crowd, FULL._replace(overall=stars)], prior=prior) for stars in (3, 4))
    if worse.score is not None and better.score is not None:
        assert better.score >= worse.score
