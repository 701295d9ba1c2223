"""The order of results, and "why here": one pure function over arrays, with all its constants public.

`best` orders by a sum of points, highest first: the goals asked for, then how near, then the conservative score of the
counted reviews, then a daily draw among equals; a clinic whose licence the law asks for and that has run out comes
last. Each step of nearness is worth more than everything that follows it, so the sum reads like "first by goals, then
by distance, then by score, then by lot". Nothing here can be paid for: there is no column for money.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from directory.search.circle import chord2_of

Sort = Literal["best", "distance", "score", "newest"]
SORTS: tuple[Sort, ...] = ("best", "distance", "score", "newest")

# Kilometres at which a step of nearness ends; what lies beyond the last is the last step.
DISTANCE_BANDS_KM = (1.0, 2.0, 3.0, 4.0, 5.0, 7.5, 10.0, 15.0, 20.0, 30.0, 50.0, 75.0)
# Nine of the ten points of a step are for the score that reviews give; the draw is below one point.
BAND_POINTS = 10.0
SCORE_POINTS = 9.0
# The conservative score counts in steps: what is nearer together than this is equal, and the draw decides.
SCORE_STEP = 0.1
LOWEST, HIGHEST = 1.0, 5.0
GOAL_POINTS = 200.0
# A licence that the law asks for and that has run out weighs more than all nearness and every score together.
LAPSED_POINTS = 150.0
DRAW_POINTS = 1.0
CONSTANTS: dict[str, float | tuple[float, ...]] = {
    "distance_bands_km": DISTANCE_BANDS_KM,
    "band_points": BAND_POINTS,
    "score_points": SCORE_POINTS,
    "score_step": SCORE_STEP,
    "goal_points": GOAL_POINTS,
    "lapsed_points": LAPSED_POINTS,
    "draw_points": DRAW_POINTS,
}

_BAND_CHORDS2 = np.array([chord2_of(km) for km in DISTANCE_BANDS_KM])
_SPAN = float(2**64)


class Key(NamedTuple):
    """Where a row stands: rows go by `primary`, then by `tie`, both rising. `tie` differs for each clinic."""

    primary: float
    tie: int


class Candidates(NamedTuple):
    """Row-aligned columns that an order looks at; `chord2` is None where there is no origin.

    `lapsed`: a licence that the law asks for there has run out.
    """

    id: NDArray[np.int64]
    chord2: NDArray[np.float64] | None
    created: NDArray[np.int64]
    lower: NDArray[np.float32]
    lapsed: NDArray[np.bool_]


class Factor(NamedTuple):
    """One line of "why here". The weights of a result sum to what the list is ordered by, highest first."""

    factor: Literal["goal", "distance", "score", "lapsed", "draw", "newest"]
    weight: float


def score_points(lower: NDArray[np.float32]) -> NDArray[np.float64]:
    """0 to SCORE_POINTS for a conservative score of 1 to 5, in steps of SCORE_STEP."""
    steps = np.floor((lower.astype(np.float64) - LOWEST) / SCORE_STEP + 1e-6)
    points: NDArray[np.float64] = np.clip(steps * SCORE_STEP / (HIGHEST - LOWEST), 0.0, 1.0) * SCORE_POINTS
    return points


def seed_of(day: date) -> int:
    """The draw's seed for one day (UTC), the same in every process."""
    return day.toordinal()


def draw(ids: NDArray[np.int64], seed: int) -> NDArray[np.uint64]:
    """A lot for each clinic: splitmix64 (Steele, Lea, Flood 2014) of the id under the day's seed.

    It is a bijection, so no two clinics draw the same lot.
    """
    step = np.uint64(seed * 0x9E3779B97F4A7C15 % 2**64)
    mixed = ids.astype(np.uint64) * np.uint64(0x9E3779B97F4A7C15) + step
    mixed = (mixed ^ (mixed >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    mixed = (mixed ^ (mixed >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    lots: NDArray[np.uint64] = mixed ^ (mixed >> np.uint64(31))
    return lots


@dataclass(frozen=True, slots=True)
class Order:
    """One way to order results. `goals` is how many goals were asked for: each result offers them all."""

    sort: Sort
    seed: int
    goals: int = 0

    def primary(self, rows: Candidates) -> NDArray[np.float64]:
        """What is sorted by first, rising: negated points, squared chords, or negated times."""
        if self.sort == "newest":
            return -rows.created.astype(np.float64)
        if self.sort == "distance":
            return np.zeros(len(rows.id)) if rows.chord2 is None else rows.chord2
        if self.sort == "score":
            return -rows.lower.astype(np.float64)
        points = score_points(rows.lower) + self.goals * GOAL_POINTS - LAPSED_POINTS * rows.lapsed
        if rows.chord2 is not None:
            bands = np.searchsorted(_BAND_CHORDS2, rows.chord2)
            points += (len(DISTANCE_BANDS_KM) - bands) * BAND_POINTS
        return -points

    def tie(self, ids: NDArray[np.int64]) -> NDArray[np.uint64]:
        """What decides among equals, rising: the day's lot, or the clinic's number where order is by fact."""
        return draw(ids, self.seed) if self.sort == "best" else ids.astype(np.uint64)

    def first(self, rows: Candidates, count: int, after: Key | None = None) -> tuple[NDArray[np.int64], list[Key]]:
        """Places of the first `count` rows in order, after the given key if any, and their keys."""
        places = self._promising(rows, count) if after is None else np.arange(len(rows.id))
        rows = _take(rows, places)
        primary = self.primary(rows)
        if after is not None:
            same = np.flatnonzero(primary == after.primary)
            behind = primary > after.primary
            behind[same] = self.tie(rows.id[same]) > np.uint64(after.tie)
            places, rows, primary = places[behind], _take(rows, behind), primary[behind]
        chosen = self._smallest(primary, rows.id, count)
        ties = self.tie(rows.id[chosen])
        in_order = np.lexsort((ties, primary[chosen]))
        keys = [Key(float(primary[chosen[i]]), int(ties[i])) for i in in_order.tolist()]
        return places[chosen[in_order]], keys

    def _promising(self, rows: Candidates, count: int) -> NDArray[np.int64]:
        """Only rows of the nearest bands that hold `count` together can come first, when nearness decides."""
        if rows.chord2 is not None and self.sort in {"best", "distance"} and len(rows.id) > 4 * count:
            for edge in _BAND_CHORDS2:
                near = rows.chord2 <= edge
                if self.sort == "best":
                    near &= ~rows.lapsed
                if np.count_nonzero(near) >= count:
                    return np.flatnonzero(near)
        return np.arange(len(rows.id))

    def _smallest(self, primary: NDArray[np.float64], ids: NDArray[np.int64], count: int) -> NDArray[np.int64]:
        """Places of the `count` smallest by (primary, tie), in no order; a tie is worked out only where it decides."""
        if len(primary) <= count:
            return np.arange(len(primary))
        edge = np.partition(primary, count - 1)[count - 1]
        below, level = np.flatnonzero(primary < edge), np.flatnonzero(primary == edge)
        wanted = count - len(below)
        if wanted < len(level):
            level = level[np.argpartition(self.tie(ids[level]), wanted - 1)[:wanted]]
        return np.concatenate([below, level])

    def why(self, km: float | None, key: Key, lower: float, *, lapsed: bool = False) -> list[Factor]:
        """The factors of one result, the largest first as they are ranked; `lower` is its conservative score."""
        return list(self._factors(km, key, lower, LAPSED_POINTS if lapsed else 0.0))

    def _factors(self, km: float | None, key: Key, lower: float, lost: float) -> Iterator[Factor]:
        if self.sort == "newest":
            yield Factor("newest", -key.primary)
            return
        if self.sort == "score":
            yield Factor("score", -key.primary)
            return
        if self.sort == "distance" and km is not None:
            yield Factor("distance", -km)
            return
        if self.goals:
            yield Factor("goal", self.goals * GOAL_POINTS)
        score = float(score_points(np.array([lower], np.float32))[0])
        if km is not None:
            yield Factor("distance", round(-key.primary - self.goals * GOAL_POINTS - score + lost, 6))
        yield Factor("score", score)
        if lost:
            yield Factor("lapsed", -lost)
        if self.sort == "best":
            # The smallest lot stands first, so it is worth most.
            yield Factor("draw", DRAW_POINTS * (1.0 - key.tie / _SPAN))


def _take(rows: Candidates, places: NDArray[np.integer] | NDArray[np.bool_]) -> Candidates:
    chord2 = None if rows.chord2 is None else rows.chord2[places]
    return Candidates(rows.id[places], chord2, rows.created[places], rows.lower[places], rows.lapsed[places])
