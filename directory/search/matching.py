"""Which rows of one part meet the criteria, and what each filter would leave: exact, in one pass over the columns."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import reduce

import numpy as np
from numpy.typing import NDArray

from directory.search.circle import Circle, slices
from directory.search.names import Term
from directory.search.part import BY_VIDEO, NO_PRICE, Part
from directory.search.schedules import Schedules
from directory.vocabulary import GENDERS, GOALS

# Least scores that a chip offers, times ten.
SCORE_STEPS = (35, 40, 45)
Rows = NDArray[np.int64]
Mask = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Criteria:
    """What is asked for. `goals` and `gender` are bit masks (all of the goals; one gender), 0 for any.

    `price_max` is in minor units of `currency`; without it `currency` only says which prices are counted.
    `min_tenths` is the least score shown, times ten (0: any); `healed` asks for a review of a healed result.
    `strength` is the least strength of a credential (0: any), `met` asks that what the law is known to ask is shown;
    both as of the moment of the search. `by_video` asks for consultations by video.
    Circle and country bound the search; the others are filters that can be let go one by one.
    """

    circle: Circle | None = None
    country: str = ""
    terms: tuple[Term, ...] = ()
    goals: int = 0
    language: str = ""
    gender: int = 0
    price_max: int | None = None
    currency: str = ""
    open_now: bool = False
    min_tenths: int = 0
    healed: bool = False
    strength: int = 0
    met: bool = False
    by_video: bool = False


@dataclass(slots=True)
class Counts:
    """Exact numbers of rows. Those of several parts add up.

    `without[field]`: left when that one filter is let go. For each value that a filter could take,
    `goals`, `genders`, `languages`, `prices`, `scores`, `open_now`, `healed`, `met`, `by_video`, `strengths`: left when
    it is pressed (for goals in force: let go).
    """

    total: int = 0
    without: Counter[str] = field(default_factory=Counter)
    goals: Counter[str] = field(default_factory=Counter)
    genders: Counter[str] = field(default_factory=Counter)
    languages: Counter[str] = field(default_factory=Counter)
    prices: Counter[int] = field(default_factory=Counter)
    scores: Counter[int] = field(default_factory=Counter)
    open_now: int = 0
    healed: int = 0
    met: int = 0
    by_video: int = 0
    strengths: Counter[int] = field(default_factory=Counter)
    other_currency: int = 0
    no_price: int = 0

    def add(self, other: "Counts") -> None:
        self.total += other.total
        self.open_now += other.open_now
        self.healed += other.healed
        self.met += other.met
        self.by_video += other.by_video
        self.strengths.update(other.strengths)
        self.other_currency += other.other_currency
        self.no_price += other.no_price
        for name in ("without", "goals", "genders", "languages", "prices", "scores"):
            getattr(self, name).update(getattr(other, name))


class Match:
    """The rows of one part inside the bounds, with a mask for each filter in force."""

    def __init__(self, part: Part, schedules: Schedules, dead: Mask | None, criteria: Criteria, now: datetime) -> None:
        self.part, self.schedules, self.criteria, self.now = part, schedules, criteria, now
        self.masks: dict[str, Mask] = {}
        self.chord2: NDArray[np.float64] | None = None
        self.rows = self._in_circle(criteria.circle) if criteria.circle else self._anywhere()
        bounds = []
        if dead is not None:
            bounds.append(~dead[self.rows])
        if criteria.country:
            code = part.tables["country"].find(criteria.country)
            bounds.append(part.country[self.rows] == (-1 if code is None else code))
        if bounds:
            self._keep(np.flatnonzero(reduce(np.logical_and, bounds)))
        self._add_masks()
        self.hits = self._all(self.masks)

    def _in_circle(self, circle: Circle) -> Rows:
        part = self.part
        begins, ends = slices(circle, part.lon, part.band_starts)
        if not len(begins):
            self.chord2 = np.zeros(0)
            return np.zeros(0, np.int64)
        ranges = list(zip(begins.tolist(), ends.tolist(), strict=True))
        ox, oy, oz = circle.vector
        chord2 = np.square(np.concatenate([part.x[a:b] for a, b in ranges]) - ox)
        chord2 += np.square(np.concatenate([part.y[a:b] for a, b in ranges]) - oy)
        chord2 += np.square(np.concatenate([part.z[a:b] for a, b in ranges]) - oz)
        inside = np.flatnonzero(chord2 <= circle.chord2)
        self.chord2 = chord2[inside]
        if self.criteria.terms:
            self.masks["q"] = part.names.within(self.criteria.terms, begins, ends, len(part))[inside]
        return np.concatenate([np.arange(a, b) for a, b in ranges])[inside]

    def _anywhere(self) -> Rows:
        part = self.part
        if self.criteria.terms:
            found = part.names.everywhere(self.criteria.terms, len(part))
            self.masks["q"] = np.zeros(len(part), np.bool_)
            self.masks["q"][found] = True
        return np.arange(len(part))

    def _keep(self, places: Rows) -> None:
        self.rows = self.rows[places]
        self.chord2 = None if self.chord2 is None else self.chord2[places]
        self.masks = {name: mask[places] for name, mask in self.masks.items()}

    def _add_masks(self) -> None:
        criteria, part, rows = self.criteria, self.part, self.rows
        if criteria.goals:
            wanted = np.uint32(criteria.goals)
            self.masks["goal"] = (part.goals[rows] & wanted) == wanted
        if criteria.language:
            sets = part.tables["languages"].texts()
            speaks = np.array([criteria.language in spoken.split(";") for spoken in sets], np.bool_)
            self.masks["language"] = speaks[part.languages[rows]] if len(sets) else np.zeros(0, np.bool_)
        if criteria.gender:
            self.masks["gender"] = (part.genders[rows] & np.uint8(criteria.gender)) != 0
        if criteria.price_max is not None:
            price = part.price[rows]
            self.masks["price_max"] = self._in_currency(rows) & (price != NO_PRICE) & (price <= criteria.price_max)
        if criteria.min_tenths:
            self.masks["min_score"] = part.tenths[rows] >= np.uint8(criteria.min_tenths)
        if criteria.healed:
            self.masks["stage"] = part.healed[rows] > 0
        if criteria.strength:
            self.masks["credential"] = self._holds(f"strength{criteria.strength}", rows)
        if criteria.met:
            self.masks["requirement"] = self._holds("met", rows)
        if criteria.by_video:
            self.masks["consultation"] = self._by_video(rows)
        if criteria.open_now:
            self.masks["open_now"] = self.schedules.open_now(part.schedule[rows], self.now)

    def _holds(self, column: str, rows: Rows) -> Mask:
        """Where the moment of that column has not come yet."""
        answer: Mask = getattr(self.part, column)[rows] > int(self.now.timestamp())
        return answer

    def _by_video(self, rows: Rows) -> Mask:
        answer: Mask = (self.part.flags[rows] & np.uint8(BY_VIDEO)) != 0
        return answer

    def _in_currency(self, rows: Rows) -> Mask:
        code = self.part.tables["currency"].find(self.criteria.currency)
        answer: Mask = self.part.currency[rows] == (-1 if code is None else code)
        return answer

    def _all(self, masks: dict[str, Mask]) -> Rows:
        """Places in `rows` where every mask holds."""
        if not masks:
            return np.arange(len(self.rows))
        return np.flatnonzero(reduce(np.logical_and, masks.values()))

    def _without(self, name: str) -> Rows:
        """Rows that meet every filter but the one named."""
        if name not in self.masks:
            return self.rows[self.hits]
        return self.rows[self._all({other: mask for other, mask in self.masks.items() if other != name})]

    def count(self, price_steps: Sequence[int]) -> Counts:
        counts = Counts(total=len(self.hits))
        for name in self.masks:
            counts.without[name] = len(self._without(name))
        self._count_goals(counts)
        self._count_people(counts)
        self._count_prices(counts, price_steps)
        self._count_reviews(counts)
        counts.by_video = int(np.count_nonzero(self._by_video(self._without("consultation"))))
        open_rows = self._without("open_now")
        counts.open_now = int(np.count_nonzero(self.schedules.open_now(self.part.schedule[open_rows], self.now)))
        return counts

    def _count_goals(self, counts: Counts) -> None:
        wanted = self.criteria.goals
        offered = self.part.goals[self.rows[self.hits]]
        nearly = self.part.goals[self._without("goal")] if wanted else offered
        for place, key in enumerate(GOALS):
            bit = 1 << place
            if wanted & bit:
                rest = np.uint32(wanted ^ bit)
                counts.goals[key] = int(np.count_nonzero((nearly & rest) == rest))
            else:
                counts.goals[key] = int(np.count_nonzero(offered & np.uint32(bit)))

    def _count_people(self, counts: Counts) -> None:
        genders = self.part.genders[self._without("gender")]
        for place, key in enumerate(GENDERS):
            counts.genders[key] = int(np.count_nonzero(genders & np.uint8(1 << place)))
        codes = self.part.languages[self._without("language")]
        if len(codes):
            table = self.part.tables["languages"]
            held = np.bincount(codes, minlength=len(table))
            for code in np.flatnonzero(held).tolist():
                for language in filter(None, table[code].split(";")):
                    counts.languages[language] += int(held[code])

    def _count_reviews(self, counts: Counts) -> None:
        tenths = self.part.tenths[self._without("min_score")]
        for step in SCORE_STEPS:
            counts.scores[step] = int(np.count_nonzero(tenths >= np.uint8(step)))
        counts.healed = int(np.count_nonzero(self.part.healed[self._without("stage")]))
        counts.met = int(np.count_nonzero(self._holds("met", self._without("requirement"))))
        held = self._without("credential")
        for level in range(1, 5):
            counts.strengths[level] = int(np.count_nonzero(self._holds(f"strength{level}", held)))

    def _count_prices(self, counts: Counts, price_steps: Sequence[int]) -> None:
        rows = self._without("price_max")
        price = self.part.price[rows]
        here = self._in_currency(rows) & (price != NO_PRICE)
        in_currency = price[here]
        for step in price_steps:
            counts.prices[step] = int(np.count_nonzero(in_currency <= step))
        if "price_max" in self.masks:
            counts.no_price = int(np.count_nonzero(price == NO_PRICE))
            counts.other_currency = len(rows) - counts.no_price - len(in_currency)
