"""The big set for measurement: up to a million clinics in the world's towns, by population, dense in the cities.

Seeded: the same seed, number and gazetteer give the same rows. Names are put together from short lists, and prices,
hours and people from the lists of the small set.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from itertools import accumulate
from math import cos, radians
from random import Random
from typing import Any

import numpy as np

from directory.clinics.hours import valid_hours
from directory.demo.invent import SHARE
from directory.demo.listing import DRAWN_ON, Listing, Person, Post, Price
from directory.demo.wordbook import country_words, currency_of, minor_units, table
from directory.places.place import Place
from directory.places.zones import zone_at
from directory.vocabulary import GENDERS, GOALS

CHUNK = 5_000
# A clinic lies this many kilometres from the middle of its town (standard deviation), by the town's population.
_SPREAD_KM = ((5_000_000, 11.0), (1_000_000, 7.0), (200_000, 4.0), (0, 2.0))
_KM_PER_DEGREE = 111.2
_GENDERS = tuple(GENDERS)


@dataclass(frozen=True, slots=True)
class _Town:
    place: Place
    spread: float
    timezone: str


class Crowd:
    """Draws clinics around `towns`, each town's share being its population."""

    def __init__(self, towns: Sequence[Place], seed: int) -> None:
        self._towns = [place for place in towns if place.kind == "town" and (place.population or 0) > 0]
        if not self._towns:
            raise ValueError("the gazetteer knows no town with a population")
        self._shares = np.cumsum([place.population or 0 for place in self._towns], dtype=float)
        self._numbers = np.random.default_rng(seed)
        self._rng = Random(seed)
        styles = [style for name, style in table("styles").items() if name != "bare"]
        self._hours = sorted({valid_hours(text) or "" for style in styles for text in style["hours"]})
        self._known = cache(self._town)  # a zone is asked once for each town

    def chunks(self, count: int) -> Iterator[list[Listing]]:
        """`count` clinics in lists of at most CHUNK."""
        for start in range(0, count, CHUNK):
            yield self._chunk(min(CHUNK, count - start))

    def _town(self, number: int) -> _Town:
        place = self._towns[number]
        spread = next(km for people, km in _SPREAD_KM if (place.population or 0) >= people)
        return _Town(place, spread, zone_at(place.lat, place.lon))

    def _chunk(self, count: int) -> list[Listing]:
        picks = np.searchsorted(self._shares, self._numbers.random(count) * self._shares[-1], side="right")
        scatter = self._numbers.standard_normal((count, 2))
        listings = []
        for pick, (north, east) in zip(picks.tolist(), scatter.tolist(), strict=True):
            town = self._known(pick)
            lat = max(-89.0, min(89.0, town.place.lat + north * town.spread / _KM_PER_DEGREE))
            lon = town.place.lon + east * town.spread / (_KM_PER_DEGREE * max(0.05, cos(radians(lat))))
            listings.append(self._listing(town, round(lat, 5), round((lon + 180) % 360 - 180, 5)))
        return listings

    def _listing(self, town: _Town, lat: float, lon: float) -> Listing:
        draw, place = self._rng.random, town.place
        country = _country(place.country)
        chosen = country.goal_sets[int(draw() * len(country.goal_sets))]
        listing = Listing(
            name=self._name(country, place.name),
            name_lang="",
            country=place.country,
            city=place.name,
            region=place.region,
            postal_code="",
            street="",
            lat=lat,
            lon=lon,
            timezone=town.timezone,
            currency=country.currency,
            is_home=draw() < 0.04,
            goals=chosen,
            languages=country.languages,
            opening_hours="" if draw() < 0.2 else self._hours[int(draw() * len(self._hours))],
        )
        listing.created_at = DRAWN_ON - timedelta(minutes=int(draw() * 2_000_000))
        if draw() < 0.3:
            listing.claimed_at = listing.created_at + timedelta(days=3)
        if draw() < 0.7:
            listing.prices = self._prices(country, chosen)
        if draw() < 0.45:
            listing.team = [self._post(country, chosen) for _ in range(1 if draw() < 0.85 else 2)]
        return listing

    def _name(self, country: "_Country", town: str) -> str:
        draw = self._rng.random
        kind = country.kinds[int(draw() * len(country.kinds))]
        if draw() < 0.25:
            return f"{town} {kind}"
        return f"{country.firsts[int(draw() * len(country.firsts))]} {kind}"

    def _prices(self, country: "_Country", goals: list[str]) -> list[Price]:
        full = country.cheapest + self._rng.random() * country.span
        lines = []
        for goal in goals[:2]:
            share, fewest, most = SHARE[goal]
            low = max(1, round(full * share / country.step)) * country.step * country.unit
            lines.append(Price(goal, low, low + (low // 4 if self._rng.random() < 0.5 else 0), (fewest, most)))
        return lines

    def _post(self, country: "_Country", goals: list[str]) -> Post:
        draw = self._rng.random
        given = country.given[int(draw() * len(country.given))]
        name = f"{given[0]} {country.families[int(draw() * len(country.families))]}"
        gender = given[1] if draw() < 0.9 else _GENDERS[int(draw() * len(_GENDERS))]
        since = date(2026, 9, 1) - timedelta(days=int(draw() * 3000))
        return Post(Person(name, gender, country.languages[:1], goals[:1]), "Practitioner", since)


@dataclass(frozen=True, slots=True)
class _Country:
    languages: list[str]
    currency: str
    unit: int
    cheapest: float
    span: float
    step: int
    firsts: list[str]
    kinds: list[str]
    given: list[tuple[str, str]]
    families: list[str]
    goal_sets: list[list[str]]


@cache
def _country(code: str) -> _Country:
    words: dict[str, Any] = country_words(code)
    names = table("crowd").get(words["languages"][0], table("crowd")["en"])
    communities = [table("people")[name] for name in words["people"]]
    low, high = words["full_price"]
    currency = currency_of(code)
    return _Country(
        languages=words["languages"],
        currency=currency,
        unit=minor_units(currency),
        cheapest=low,
        span=high - low,
        step=words["step"],
        firsts=names["first"],
        kinds=names["kind"],
        given=[(name, gender) for one in communities for gender in ("female", "male") for name in one[gender]],
        families=[name for one in communities for name in one["family"]],
        goal_sets=_goal_sets(Random(code)),
    )


def _goal_sets(rng: Random) -> list[list[str]]:
    """Sixty combinations of one to five goals; the shaved look and the hairline are the most common."""
    weights = list(accumulate([8, 8, 5, 5, 3, 3, 3, 2, 2, 1, 2, 2, 1]))
    sets = []
    for _ in range(60):
        held = set(rng.choices(list(GOALS), cum_weights=weights, k=rng.randint(1, 5)))
        sets.append([goal for goal in GOALS if goal in held])
    return sets
