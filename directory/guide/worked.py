"""The sum behind a score, worked through on four invented reviews with the constants in use."""

from typing import NamedTuple

from directory.reviews.rating import WORLD_PRIOR, Rating, Voice, rate, weight


class Step(NamedTuple):
    """One review of the example and what it weighs."""

    voice: Voice
    weight: float


class Worked(NamedTuple):
    steps: list[Step]
    prior: float
    mass: float
    total: float
    rating: Rating


_VOICES = (
    Voice(overall=5, verification="visit", stage="12m", age_months=2),
    Voice(overall=4, verification="visit", stage="6m", age_months=14),
    Voice(overall=2, verification="contact", stage="fresh", age_months=0),
    Voice(overall=5, verification="visit", stage="6w", age_months=5),
)


def worked_example() -> Worked:
    steps = [Step(voice, weight(voice)) for voice in _VOICES]
    total = sum(step.weight * step.voice.overall for step in steps)
    return Worked(steps, WORLD_PRIOR, sum(step.weight for step in steps), total, rate(_VOICES))
