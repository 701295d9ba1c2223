"""The judgement: how likely each reading of a name is, and which readings are the same place twice."""

from collections.abc import Iterable
from math import log10

from directory.places import countries
from directory.places.distance import great_circle
from directory.places.place import Place, town_radius
from directory.places.rows import ALTERNATE, CODE, MAIN, SHORT
from directory.places.store import Code, Entry, Store
from directory.places.writer import COUNTRY, COUNTY, REGION, TOWN

# Scores are powers of ten of people: a penalty of 1 means that a place must be ten times larger to come first.
_BY_RANK = {MAIN: 0.0, SHORT: 0.5, ALTERNATE: 1.6, CODE: 2.2}
_BY_KIND = {TOWN: 0.0, COUNTY: 1.5, REGION: 1.5, COUNTRY: 0.0}
HOME = 1.3
# Typed in the United States, Georgia is the state.
_ABROAD = 0.5
EDIT = 2.2
_SHORT_WORD_EDIT = 0.5
_ODD_EDIT = 0.5
_BARE_CODE = 1.5
_CITY_STATE_KM = 40
_WIDEST_RADIUS = 100.0
_NEAR_DEGREES = 0.3


def score(entry: Entry, country: str | None) -> float:
    """Likelihood of a reading on a scale of powers of ten of people, higher is likelier.

    `country` is where the person or the site is: a bias worth a factor of twenty in population, never a wall.
    """
    value = log10(entry.population + 10) - _BY_RANK[entry.rank] - _BY_KIND[entry.kind]
    if entry.rank == CODE and entry.kind != TOWN:
        # "Bra" is a town before it is Brazil; after a comma, where codes belong, nothing competes.
        value -= _BARE_CODE
    if entry.kind == COUNTRY:
        value -= 1.0 if entry.cover < _CITY_STATE_KM else 0.0
        value -= _ABROAD if country and entry.country != country else 0.0
    elif country and entry.country == country:
        value += HOME
    if entry.edits:
        value -= EDIT * entry.edits + (_SHORT_WORD_EDIT if len(entry.key) < 6 else 0.0)
        # Odd alternate names are many, so a near hit on one of them says little.
        value -= _ODD_EDIT if entry.rank >= ALTERNATE else 0.0
    return value


def ranked(entries: Iterable[Entry], country: str | None) -> list[tuple[float, Entry]]:
    """Entries with their scores, likeliest first, each place once under its best spelling."""
    best: dict[int, tuple[float, Entry]] = {}
    for entry in entries:
        value = score(entry, country)
        if entry.id not in best or value > best[entry.id][0]:
            best[entry.id] = (value, entry)
    return sorted(best.values(), key=lambda pair: (-pair[0], pair[1].id))


def distinct(readings: list[tuple[float, Entry]]) -> list[tuple[float, Entry]]:
    """Readings without those that are the same place again: a city and its own region, a town filed twice."""
    kept: list[tuple[float, Entry]] = []
    for value, entry in readings[:60]:
        if not any(_same(entry, other) for _, other in kept):
            kept.append((value, entry))
    return kept


def _same(one: Entry, other: Entry) -> bool:
    # The cheap comparison first: this runs for every pair of readings.
    if one.country != other.country or abs(one.lat - other.lat) > _NEAR_DEGREES:
        return False
    apart = great_circle(one.lat, one.lon, other.lat, other.lon)
    if one.kind == other.kind == TOWN:
        return apart < 12 and (one.name == other.name or one.key == other.key)
    # "Berlin" the state lies around "Berlin" the city; "New York" the state does not count as the city.
    return (one.kind == TOWN) != (other.kind == TOWN) and one.key == other.key and apart < 30


def as_place(store: Store, entry: Entry) -> Place:
    """The public form of an entry."""
    if entry.kind == TOWN:
        return Place(
            entry.name,
            store.area_name(entry.region),
            entry.country,
            entry.lat,
            entry.lon,
            "town",
            entry.population or None,
            town_radius(entry.population),
        )
    whole = entry.kind == COUNTRY
    return Place(
        countries.name(entry.country) if whole else entry.name,
        "" if whole else store.area_name(entry.region),
        entry.country,
        entry.lat,
        entry.lon,
        "country" if whole else "region",
        entry.population or None,
        min(_WIDEST_RADIUS, max(25.0, entry.cover)),
        area=True,
        cover_km=max(25.0, entry.cover),
        precision="area",
    )


def as_places(store: Store, entries: list[Entry]) -> list[Place]:
    """Public forms; towns that would read alike are told apart by their county."""
    places = [as_place(store, entry) for entry in entries]
    labels = [place.label for place in places]
    return [
        _in_county(place, store.area_name(entry.county)) if labels.count(label) > 1 and entry.county else place
        for place, entry, label in zip(places, entries, labels, strict=True)
    ]


def unlike(places: list[Place]) -> list[Place]:
    """Places without those that a reader could not tell from an earlier one."""
    seen: dict[str, Place] = {}
    for place in places:
        seen.setdefault(place.label, place)
    return list(seen.values())


def _in_county(place: Place, county: str) -> Place:
    values = {name: getattr(place, name) for name in Place.__slots__}
    return Place(**{**values, "county": county})


def code_place(store: Store, code: Code, written: str, cut: bool) -> Place:
    """The public form of a postal code: "75001 Paris". `cut` says that only the first part of it is known."""
    town = store.nearest(code.lat, code.lon, code.country)
    return Place(
        f"{written} {code.name}".strip(),
        store.area_name(town.region) if town else "",
        code.country,
        code.lat,
        code.lon,
        "postal_code",
        None,
        town_radius(town.population) if town else 25.0,
        precision="outcode" if cut else "postal_code",
    )
