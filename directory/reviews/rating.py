"""The sum behind the stars: one function, every constant public (they are shown live on /policy/ranking).

    weight  w = verification x stage x recency
    score     = (C m + sum w r) / (C + sum w)
    effective n = (sum w)^2 / sum w^2                      (Kish 1965)
    lower     = score - Z * sqrt(variance / (C + sum w))   (what the order of results uses)

`r` is 1 to 5, `m` the mean of the clinic's country and `C` how many full reviews that prior weighs. The variance is
that of the counted reviews together with the prior's own, so one glowing review does not look certain.
"""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal, NamedTuple

Verification = Literal["contact", "visit"]
StageKey = Literal["fresh", "6w", "6m", "12m"]

VERIFICATION_WEIGHT: dict[str, float] = {"contact": 0.4, "visit": 1.0}
STAGE_WEIGHT: dict[str, float] = {"fresh": 0.5, "6w": 0.8, "6m": 1.0, "12m": 1.0}
HEALED_STAGES = frozenset({"6w", "6m", "12m"})
HALF_LIFE_MONTHS = 24
RECENCY_FLOOR = 0.2
PRIOR_WEIGHT = 8.0
PRIOR_VARIANCE = 1.0
# Used until a country has reviews enough to have a mean of its own (see `country_prior`).
WORLD_PRIOR = 4.0
MINIMUM_EFFECTIVE = 3.0
LOWER_BOUND_Z = 1.0

CONSTANTS = {
    "verification": VERIFICATION_WEIGHT,
    "stage": STAGE_WEIGHT,
    "half_life_months": HALF_LIFE_MONTHS,
    "recency_floor": RECENCY_FLOOR,
    "prior_weight": PRIOR_WEIGHT,
    "prior_variance": PRIOR_VARIANCE,
    "world_prior": WORLD_PRIOR,
    "minimum_effective": MINIMUM_EFFECTIVE,
    "lower_bound_z": LOWER_BOUND_Z,
}


class Voice(NamedTuple):
    """One published review at its newest stage. `age_months` is whole months since the treatment's stage."""

    overall: int
    verification: str
    stage: str
    age_months: int
    counted: bool = True


@dataclass(frozen=True, slots=True)
class Rating:
    """What a page may show. `score` is None while `effective` is below MINIMUM_EFFECTIVE.

    `lower` is never None: a clinic without reviews stands at its country's prior, less its uncertainty.
    `distribution[stage][stars]` counts the counted reviews.
    """

    score: float | None
    lower: float
    count: int
    counted: int
    healed: int
    effective: float
    distribution: dict[str, dict[int, int]]


def weight(voice: Voice) -> float:
    """How much one counted review says, 0 to 1."""
    recency: float = max(RECENCY_FLOOR, 0.5 ** (max(0, voice.age_months) / HALF_LIFE_MONTHS))
    return VERIFICATION_WEIGHT[voice.verification] * STAGE_WEIGHT[voice.stage] * recency


def rate(voices: Iterable[Voice], *, prior: float = WORLD_PRIOR) -> Rating:
    """The rating of one clinic from the newest stage of each of its episodes; `prior` is its country's mean."""
    shown = list(voices)
    counted = [voice for voice in shown if voice.counted]
    weights = [weight(voice) for voice in counted]
    total = math.fsum(weights)
    squares = math.fsum(w * w for w in weights)
    mass = PRIOR_WEIGHT + total
    mean = (PRIOR_WEIGHT * prior + math.fsum(w * v.overall for w, v in zip(weights, counted, strict=True))) / mass
    spread = PRIOR_WEIGHT * (PRIOR_VARIANCE + (prior - mean) ** 2)
    spread += math.fsum(w * (v.overall - mean) ** 2 for w, v in zip(weights, counted, strict=True))
    lower = mean - LOWER_BOUND_Z * math.sqrt(spread / mass / mass)
    effective = total * total / squares if squares else 0.0
    distribution = {stage: dict.fromkeys(range(5, 0, -1), 0) for stage in STAGE_WEIGHT}
    for voice in counted:
        distribution[voice.stage][voice.overall] += 1
    return Rating(
        score=round(mean, 1) if effective >= MINIMUM_EFFECTIVE else None,
        lower=lower,
        count=len(shown),
        counted=len(counted),
        healed=sum(voice.stage in HEALED_STAGES for voice in counted),
        effective=effective,
        distribution=distribution,
    )


def country_prior(weighted_sum: float, total_weight: float) -> float:
    """A country's mean, itself held to WORLD_PRIOR by the weight of PRIOR_WEIGHT full reviews."""
    return (PRIOR_WEIGHT * WORLD_PRIOR + weighted_sum) / (PRIOR_WEIGHT + total_weight)
