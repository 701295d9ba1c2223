"""The index of one process at one moment: one large part and a few small ones with what changed since."""

import heapq
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property, lru_cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from directory.credentials.figures import ALWAYS
from directory.search.circle import km_of
from directory.search.matching import Counts, Criteria, Match
from directory.search.part import AT_DOOR, EXAMPLE, JOINT, Part
from directory.search.ranking import Candidates, Key, Order
from directory.search.schedules import Schedules


class Hit(NamedTuple):
    """One result. `km` is None without an origin; `hours` are opening hours, zone and country as stated.

    `lower` is the conservative score that it was ordered by, `counted` the number of reviews behind it; `lapsed`:
    a licence that the law asks for there has run out.
    """

    id: int
    version: int
    km: float | None
    lat: float
    lon: float
    hours: tuple[str, str, str]
    key: Key
    lower: float
    counted: int
    lapsed: bool


class Found(NamedTuple):
    """The results asked for, the exact total, and the counts (empty unless asked for)."""

    hits: list[Hit]
    total: int
    counts: Counts


@dataclass(frozen=True, eq=False)
class Segment:
    """A part, which of its rows no longer count (None: all count), and its opening states."""

    part: Part
    schedules: Schedules
    dead: NDArray[np.bool_] | None = None

    @classmethod
    def of(cls, part: Part) -> "Segment":
        return cls(part, Schedules(part))

    @cached_property
    def alive(self) -> int:
        return len(self.part) - (0 if self.dead is None else int(np.count_nonzero(self.dead)))

    def without(self, ids: NDArray[np.int64]) -> "Segment":
        """The same with the rows of these ids dead."""
        rows = self.part.rows_of(ids)
        if not len(rows):
            return self
        dead = np.zeros(len(self.part), np.bool_) if self.dead is None else self.dead.copy()
        dead[rows] = True
        return Segment(self.part, self.schedules, dead)

    def rows(self, mask: NDArray[np.bool_]) -> NDArray[np.int64]:
        return np.flatnonzero(mask if self.dead is None else mask & ~self.dead)


class Town(NamedTuple):
    name: str
    country: str
    clinics: int


@dataclass(frozen=True, eq=False)
class Index:
    """Immutable: a change makes a new one that shares all unchanged columns. A clinic lives in one segment."""

    segments: tuple[Segment, ...] = ()

    def search(
        self,
        criteria: Criteria,
        order: Order,
        *,
        now: datetime,
        size: int,
        skip: int = 0,
        after: Key | None = None,
        with_counts: bool = False,
    ) -> Found:
        """Results `skip` to `skip + size` in order (those after the key, if given), and the exact total of all."""
        counts, hits = Counts(), []
        steps = self.price_steps(criteria.currency) if with_counts else ()
        for segment in self.segments:
            match = Match(segment.part, segment.schedules, segment.dead, criteria, now)
            if with_counts:
                counts.add(match.count(steps))
            else:
                counts.total += len(match.hits)
            hits += _first(match, order, skip + size, after)
        hits.sort(key=lambda hit: hit.key)
        return Found(hits[skip : skip + size], counts.total, counts)

    def price_steps(self, currency: str) -> Sequence[int]:
        """A few round amounts of the currency that divide its prices, from the largest part that knows it."""
        for segment in sorted(self.segments, key=lambda segment: -len(segment.part)):
            if currency in segment.part.price_steps:
                return segment.part.price_steps[currency]
        return ()

    def turned(self, now: datetime) -> int:
        """How many of the moments have passed at which a credential stops to count; answers hold in between."""
        seconds = int(now.timestamp())
        return sum(int(np.searchsorted(_turns(segment.part), seconds, "right")) for segment in self.segments)

    @cached_property
    def total(self) -> int:
        return sum(segment.alive for segment in self.segments)

    def _flagged(self, flag: int) -> int:
        masks = ((segment, (segment.part.flags & np.uint8(flag)) != 0) for segment in self.segments)
        return sum(len(segment.rows(mask)) for segment, mask in masks)

    @cached_property
    def examples(self) -> int:
        return self._flagged(EXAMPLE)

    @cached_property
    def at_door(self) -> int:
        """Clinics whose point is their door."""
        return self._flagged(AT_DOOR)

    def _sum_of(self, column: str) -> int:
        alive = ((getattr(one.part, column), one.dead) for one in self.segments)
        return sum(int((numbers if dead is None else numbers[~dead]).sum()) for numbers, dead in alive)

    @cached_property
    def counted(self) -> int:
        """Reviews that count, of all clinics."""
        return self._sum_of("counted")

    @cached_property
    def healed(self) -> int:
        """Those of them that tell of a healed result."""
        return self._sum_of("healed")

    @cached_property
    def _by_town(self) -> Counter[str]:
        """Clinics by country and folded city."""
        towns: Counter[str] = Counter()
        for segment in self.segments:
            towns.update(_town_counts(segment.part))
            if segment.dead is not None:
                table = segment.part.tables["town"]
                towns.subtract(table[code] for code in segment.part.town[segment.dead].tolist())
        return +towns

    @cached_property
    def countries(self) -> int:
        return len({town.split(JOINT)[0] for town in self._by_town})

    @cached_property
    def towns(self) -> int:
        return len({tuple(town.split(JOINT)[:2]) for town in self._by_town})

    def largest_towns(self, count: int) -> list[Town]:
        """Towns with most clinics, most first, then by name."""
        named = (item for item in self._by_town.items() if JOINT * 2 not in item[0])
        ranked = heapq.nsmallest(count, named, key=lambda item: (-item[1], item[0]))
        return [Town(text.split(JOINT)[2], text.split(JOINT)[0], clinics) for text, clinics in ranked]


@lru_cache(maxsize=64)
def _turns(part: Part) -> NDArray[np.int64]:
    """The moments at which something in the part's columns of credentials turns, in order."""
    columns = (part.strength1, part.strength2, part.strength3, part.strength4, part.met, part.lapses)
    return np.unique(np.concatenate([column[(column > 0) & (column < ALWAYS)] for column in columns]))


@lru_cache(maxsize=4)
def _town_counts(part: Part) -> dict[str, int]:
    """Rows of the part by town, dead or alive: kept, because a change makes a new index but no new large part."""
    held = np.bincount(part.town, minlength=len(part.tables["town"]))
    return {text: int(rows) for text, rows in zip(part.tables["town"].texts(), held.tolist(), strict=True)}


def _first(match: Match, order: Order, count: int, after: Key | None) -> list[Hit]:
    part, rows = match.part, match.rows[match.hits]
    chord2 = None if match.chord2 is None else match.chord2[match.hits]
    lapsed = part.lapses[rows] <= int(match.now.timestamp())
    candidates = Candidates(part.id[rows], chord2, part.created[rows], part.lower[rows], lapsed)
    places, keys = order.first(candidates, count, after)
    schedules = part.tables["schedule"]
    hits = []
    for place, key in zip(places.tolist(), keys, strict=True):
        row = int(rows[place])
        hours, timezone, country = schedules[int(part.schedule[row])].split(JOINT)
        hits.append(
            Hit(
                id=int(part.id[row]),
                version=int(part.version[row]),
                km=None if chord2 is None else km_of(float(chord2[place])),
                lat=float(part.lat[row]),
                lon=float(part.lon[row]),
                hours=(hours, timezone, country),
                key=key,
                lower=float(part.lower[row]),
                counted=int(part.counted[row]),
                lapsed=bool(lapsed[place]),
            )
        )
    return hits
