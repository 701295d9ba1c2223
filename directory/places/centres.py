"""Centres: one point for each postal code, out of the many places that share it."""

import re
from collections import Counter, defaultdict
from pathlib import Path
from typing import NamedTuple

from directory.places import packages, postal
from directory.places.distance import great_circle
from directory.places.fold import fold, spellings_of
from directory.places.rows import PostalCode, Town

# United Arab Emirates rows are building numbers of Dubai, not postal codes.
_NOT_POSTAL = frozenset({"AE"})
# "Praha 10-Vinohrady" speaks of Praha, "Wien, Innere Stadt" of Wien.
_DISTRICT = re.compile(r"[\s-]+\d.*$|,.*$")


# GeoNames' accuracy: below 4 a point was estimated from its neighbours.
_PLACED = 4
_ESTIMATE_KM = 25


class _Spot(NamedTuple):
    lat: float
    lon: float
    name: str
    accuracy: int


class Postal(NamedTuple):
    """What the postal rows tell: codes with their centres, the divisions in which the towns of each named state lie
    (votes by country and state), and the folded names of places as their own post office writes them, by country."""

    codes: list[PostalCode]
    states: dict[tuple[str, str], Counter[str]]
    names: set[tuple[str, str]]


def postal_codes(folder: Path, towns: list[Town]) -> Postal:
    """All postal codes, each at the mean of its places and named after the largest town among them."""
    people: dict[tuple[str, str], Town] = {}
    for town in towns:
        for key in (*spellings_of(town.name), *town.short):
            people.setdefault((town.country, key), town)
    rows: dict[tuple[str, str], list[_Spot]] = defaultdict(list)
    states: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    names: set[tuple[str, str]] = set()
    for row in packages.postal_rows(folder):
        country = str(row["country_code"])
        if country in _NOT_POSTAL:
            continue
        key = postal.filed(country, str(row["postal_code"]))
        name = str(row["city"]).split(" / ")[0]
        name = _DISTRICT.sub("", name.split("(")[0]).strip() or name.strip()
        island = country == "GB" and key[:2] in ("GY", "JE", "IM")
        if not key or island or row["latitude"] is None:
            continue
        rows[country, key].append(
            _Spot(float(row["latitude"]), float(row["longitude"]), name, int(row["accuracy"] or 0))
        )
        if (country, fold(name)) not in names:
            names.update((country, written) for written in spellings_of(name))
        home = people.get((country, fold(name)))
        if home and home.region:
            for state in str(row["state"]).split(" / "):
                states[country, state].update([home.region])
    codes = [_centre(country, key, places, people) for (country, key), places in sorted(rows.items())]
    known = {(code.country, code.key) for code in codes}
    # People also type the first half of a fine code ("1200 Lisboa"), so the halves are filed beside the wholes.
    halves = [code for code in _shortened(codes) if (code.country, code.key) not in known]
    return Postal(codes + halves, states, names)


def _centre(country: str, key: str, places: list[_Spot], people: dict[tuple[str, str], Town]) -> PostalCode:
    lat = sum(place.lat for place in places) / len(places)
    # A code never spans the antimeridian by more than a whole country, so longitudes are averaged as they are.
    lon = sum(place.lon for place in places) / len(places)
    spread = max(great_circle(lat, lon, place.lat, place.lon) for place in places)
    known = [people[found] for place in places if (found := (country, fold(place.name))) in people]
    near = [town for town in known if great_circle(lat, lon, town.lat, town.lon) <= spread + 10]
    largest = max(near, key=lambda town: (town.population, town.name), default=None)
    if largest is None:
        largest = next((town for town in known if great_circle(lat, lon, town.lat, town.lon) <= _ESTIMATE_KM), None)
    if largest and spread < 0.05 and len(places) > 1 and places[0].accuracy < _PLACED:
        # Several districts guessed onto one point, often in a field: the middle of their town is the better guess.
        lat, lon = largest.lat, largest.lon
    name = largest.name if largest else places[0].name
    return PostalCode(country, key, lat, lon, min(999, round(spread)), name)


def _shortened(codes: list[PostalCode]) -> list[PostalCode]:
    """The fine codes of some countries cut to the length people know by heart, each at the mean of its members."""
    grouped: dict[tuple[str, str], list[PostalCode]] = defaultdict(list)
    for code in codes:
        if length := postal.FIRST_HALF.get(code.country):
            grouped[code.country, code.key[:length]].append(code)
    return [_merged(country, key, group) for (country, key), group in sorted(grouped.items())]


def _merged(country: str, key: str, group: list[PostalCode]) -> PostalCode:
    if len(group) == 1:
        return PostalCode(country, key, group[0].lat, group[0].lon, group[0].spread_km, group[0].name)
    lat, lon = sum(c.lat for c in group) / len(group), sum(c.lon for c in group) / len(group)
    spread = max(great_circle(lat, lon, c.lat, c.lon) for c in group)
    name, _ = Counter(c.name for c in group).most_common(1)[0]
    return PostalCode(country, key, lat, lon, round(spread), name)
