"""The panel beside a clinic's reviews: the score, how far it is from one, and a dot for each review that counts."""

from collections.abc import Mapping
from dataclasses import dataclass
from math import ceil
from typing import Any, NamedTuple

from sqlalchemy import select

from directory.db import db
from directory.reviews.rating import HEALED_STAGES, MINIMUM_EFFECTIVE
from directory.reviews.scores import ClinicScore, CountryMean
from directory.reviews.stages import STAGES

# Up to this many reviews each has a dot of its own; beyond, one dot stands for ten, or for a hundred.
MOST_DOTS = 60
ROW_OF_DOTS = 15


class Dot(NamedTuple):
    x: int
    y: int
    healed: bool


@dataclass(frozen=True, slots=True)
class Line:
    """Reviews with so many stars, drawn as dots: healed ones filled, fresh ones as rings."""

    stars: int
    healed: int
    fresh: int
    dots: list[Dot]

    @property
    def count(self) -> int:
        return self.healed + self.fresh

    @property
    def rows(self) -> int:
        return max(1, ceil(len(self.dots) / ROW_OF_DOTS))


@dataclass(frozen=True, slots=True)
class Panel:
    """What is known of a clinic's score; all noughts where nobody has written. `stages` counts those that count."""

    score: float | None
    count: int
    counted: int
    healed: int
    needed: int
    stages: Mapping[str, int]
    lines: list[Line]
    dot_is: int

    @property
    def fresh(self) -> int:
        return self.counted - self.healed

    @property
    def apart(self) -> int:
        """Shown, and not counted."""
        return self.count - self.counted


def panel_of(clinic_id: int) -> Panel:
    held = db.session.get(ClinicScore, clinic_id)
    if held is None:
        return Panel(None, 0, 0, 0, ceil(MINIMUM_EFFECTIVE), dict.fromkeys(STAGES, 0), [], 1)
    stages = {stage: sum(held.spread.get(stage, {}).values()) for stage in STAGES}
    dot_is = 1
    while held.counted > MOST_DOTS * dot_is:
        dot_is *= 10
    lines = [_line(stars, held.spread, dot_is) for stars in range(5, 0, -1)]
    score = held.shown.score
    needed = 0 if score is not None else max(1, ceil(MINIMUM_EFFECTIVE - held.effective))
    return Panel(score, held.count, held.counted, held.healed, needed, stages, lines, dot_is)


def _line(stars: int, spread: Mapping[str, Any], dot_is: int) -> Line:
    by_stage = {stage: int(row.get(str(stars), 0)) for stage, row in spread.items()}
    healed = sum(number for stage, number in by_stage.items() if stage in HEALED_STAGES)
    fresh = sum(by_stage.values()) - healed
    full, rings = ceil(healed / dot_is), ceil(fresh / dot_is)
    dots = [Dot(at % ROW_OF_DOTS * 10 + 5, at // ROW_OF_DOTS * 10 + 5, at < full) for at in range(full + rings)]
    return Line(stars, healed, fresh, dots)


def largest_means(most: int = 12) -> list[CountryMean]:
    """The means of the countries with most to go by."""
    query = select(CountryMean).order_by(CountryMean.weight.desc(), CountryMean.country).limit(most)
    return list(db.session.scalars(query))
