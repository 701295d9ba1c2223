"""Locate: the structured look-up of an importer, where code, city, region and country come in cells of their own."""

from dataclasses import dataclass
from typing import Literal

from directory.places import countries, postal
from directory.places.distance import great_circle
from directory.places.fold import fold
from directory.places.judgement import ranked
from directory.places.rows import ALTERNATE
from directory.places.store import Code, Entry, Store
from directory.places.writer import TOWN

# A code whose places lie further apart than this says less than the name of the town does.
_WIDE_KM = 1
_BESIDE = 1.5
# An Irish routing key covers up to half a county and is filed under its post town alone.
_COARSE_KM = {"IE": 40.0}
# Without a country, a code is believed when the town named beside it lies this near.
_AGREES_KM = 15
# A neighbouring code is used when all its siblings lie within this.
_SIBLINGS_KM = 15
_ARTICLES = frozenset(
    [
        "l",
        "la",
        "le",
        "les",
        "el",
        "los",
        "las",
        "the",
        "die",
        "der",
        "das",
        "il",
        "lo",
        "i",
        "gli",
        "de",
        "het",
        "a",
        "o",
        "as",
        "os",
    ]
)


@dataclass(frozen=True, slots=True)
class Located:
    """Degrees, and what they are the centre of. `country` is ISO alpha-2; `spread_km` the rough size of it."""

    lat: float
    lon: float
    precision: Literal["postal_code", "outcode", "town"]
    name: str
    country: str
    spread_km: float


def locate(store: Store, postal_code: str, city: str, region: str, country: str) -> Located | None:
    """The best point for an address: its postal code, made finer or replaced by the town where the code is coarse.

    `country` is a code or a name in any language; without one, only a code and town that agree are believed.
    """
    home = countries.code_of(country) if country else None
    found = _code(store, postal_code, home) if postal_code else None
    if found and home and not _reach(found[0]):
        return _of_code(*found)
    towns = _towns(store, city, region, home or (found[0].country if found else None)) if city else []
    if found:
        code, cut = found
        if beside := _beside(code, towns, _reach(code)):
            return _of_town(beside)
        if home or _beside(code, towns, code.spread + _AGREES_KM):
            return _of_code(code, cut)
    if towns:
        return _of_town(towns[0])
    if postal_code and home:
        return _siblings(store, postal.filed(home, postal_code), home)
    return None


def _code(store: Store, text: str, home: str | None) -> tuple[Code, bool] | None:
    plain = postal.bare(text)
    for key, where, cut in postal.keys(plain, home):
        if rows := store.postal(key, where):
            return rows[0], cut
    for territory in countries.TERRITORIES.get(home or "", ()):
        if rows := store.postal(plain, territory):
            # The address says FI for a place that the data file under AX; it keeps the country it was given.
            return rows[0]._replace(country=home or territory), False
    return None


def _towns(store: Store, city: str, region: str, home: str | None) -> list[Entry]:
    """Towns of that name, likeliest first, those in the region before all others."""
    for name in _written(city):
        entries = [e for e in store.exact(name) if e.kind == TOWN and home in (None, e.country)]
        if entries:
            break
    else:
        # A name that is written right but names a region is not a town spelt wrong.
        known = store.exact(fold(city))
        entries = (
            []
            if known
            else [e for e in store.near(fold(city)) if e.kind == TOWN and home == e.country and e.rank < ALTERNATE]
        )
    areas = {area.id for area in store.exact(fold(region))} if region and len(entries) > 1 else set()
    inside = [e for e in entries if e.region in areas or e.county in areas]
    return [entry for _, entry in ranked(inside or entries, home)]


def _written(city: str) -> list[str]:
    """Folded forms to try: as written, without district numbers and brackets, with an article put back in front."""
    parts = [part.strip() for part in city.replace("(", ",").replace(")", ",").replace("/", ",").split(",")]
    whole = fold(city)
    forms = [whole]
    if len(parts) > 1 and fold(parts[1]) in _ARTICLES:
        forms += [fold(f"{parts[1]} {parts[0]}"), fold(parts[1] + parts[0])]
    forms += [fold(part) for part in parts]
    words = [word for word in whole.split() if not word.isdigit() and word != "cedex"]
    forms.append(" ".join(words))
    forms += [fold(part) for part in city.split(" - ")] + ([fold(city.split("-")[0])] if "--" in city else [])
    forms += [" ".join(words[:2]), " ".join(words[-2:])] if len(words) > 2 else []
    return list(dict.fromkeys(form for form in forms if len(form) > 1))


def _reach(code: Code) -> float:
    """Kilometres within which a town of the address is a better point than the middle of its code; 0 for never."""
    if code.country in _COARSE_KM:
        return _COARSE_KM[code.country]
    return code.spread * _BESIDE if code.spread > _WIDE_KM else 0.0


def _beside(code: Code, towns: list[Entry], reach: float) -> Entry | None:
    for town in towns:
        if town.country == code.country and great_circle(code.lat, code.lon, town.lat, town.lon) <= reach:
            return town
    return None


def _siblings(store: Store, key: str, home: str) -> Located | None:
    for length in range(len(key) - 1, max(1, len(key) - 3), -1):
        rows = store.postal_starting(key[:length], 200, home)
        if not rows:
            continue
        lat, lon = sum(r.lat for r in rows) / len(rows), sum(r.lon for r in rows) / len(rows)
        spread = max(great_circle(lat, lon, r.lat, r.lon) for r in rows)
        if spread <= _SIBLINGS_KM:
            return Located(lat, lon, "outcode", rows[0].name, home, spread)
        return None
    return None


def _of_code(code: Code, cut: bool) -> Located:
    return Located(code.lat, code.lon, "outcode" if cut else "postal_code", code.name, code.country, float(code.spread))


def _of_town(town: Entry) -> Located:
    size = 2.0 if town.population < 100_000 else 8.0
    return Located(town.lat, town.lon, "town", town.name, town.country, size)
