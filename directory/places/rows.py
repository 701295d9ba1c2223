"""The gazetteer between its sources and its file: plain rows, and the small committed form of them."""

import json
import lzma
from dataclasses import dataclass
from pathlib import Path
from typing import Any

# How well a spelling stands for its place; the order matters, the numbers are stored.
MAIN, SHORT, ALTERNATE, CODE = 0, 1, 2, 3

# Where the lite set and the table of countries are committed.
COMMITTED = Path(__file__).parent / "data"

_TOWNS, _CODES = "lite-towns.json.xz", "lite-codes.json.xz"
_FINE = 1000


@dataclass(frozen=True, slots=True)
class Division:
    """A first-level ("GB.ENG") or second-level ("GB.ENG.H3") division with its name and further folded spellings."""

    code: str
    name: str
    spellings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Town:
    """A populated place: codes of its divisions ("" when unknown), degrees, and folded spellings by rank."""

    name: str
    country: str
    region: str
    county: str
    lat: float
    lon: float
    population: int
    short: tuple[str, ...]
    alternates: tuple[str, ...]
    codes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PostalCode:
    """A postal code as filed: its centre in degrees, the kilometres its places spread, the name it goes by."""

    country: str
    key: str
    lat: float
    lon: float
    spread_km: int
    name: str


@dataclass(frozen=True, slots=True)
class Rows:
    """Everything the gazetteer is made of. Towns are ordered most populous first."""

    edition: str
    regions: list[Division]
    counties: list[Division]
    towns: list[Town]
    codes: list[PostalCode]


def save_lite(rows: Rows, folder: Path) -> None:
    """Write the committed form: columns of whole differences rather than rows of floats, because they pack well."""
    towns = rows.towns
    table: dict[str, Any] = {
        "regions": [[d.code, d.name, list(d.spellings)] for d in rows.regions],
        "counties": [[d.code, d.name] for d in rows.counties],
        "name": [t.name for t in towns],
        "country": [t.country for t in towns],
        "region": [t.region for t in towns],
        "county": [t.county for t in towns],
        "lat": [round(t.lat * _FINE) for t in towns],
        "lon": [round(t.lon * _FINE) for t in towns],
        "population": [t.population for t in towns],
        "short": [" / ".join(t.short) for t in towns],
        "alternates": [" / ".join(t.alternates) for t in towns],
        "codes": [" / ".join(t.codes) for t in towns],
    }
    _pack(folder / _TOWNS, table)
    codes = rows.codes
    names = sorted({c.name for c in codes})
    number = {name: n for n, name in enumerate(names)}
    _pack(
        folder / _CODES,
        {
            "names": names,
            "country": [c.country for c in codes],
            "key": [c.key for c in codes],
            "lat": _differences([round(c.lat * _FINE) for c in codes]),
            "lon": _differences([round(c.lon * _FINE) for c in codes]),
            "spread": [c.spread_km for c in codes],
            "name": _differences([number[c.name] for c in codes]),
        },
    )


def load_lite(folder: Path) -> Rows:
    """Read the committed form back. Raises FileNotFoundError when it is not there."""
    t = _unpack(folder / _TOWNS)
    towns = [
        Town(name, country, region, county, lat / _FINE, lon / _FINE, population, *(_split(s) for s in spelt))
        for name, country, region, county, lat, lon, population, *spelt in zip(
            *(t[column] for column in ("name", "country", "region", "county", "lat", "lon", "population")),
            *(t[column] for column in ("short", "alternates", "codes")),
            strict=True,
        )
    ]
    c = _unpack(folder / _CODES)
    places = (_sums(c["lat"]), _sums(c["lon"]), c["spread"], _sums(c["name"]))
    codes = [
        PostalCode(country, key, lat / _FINE, lon / _FINE, spread, c["names"][name])
        for country, key, lat, lon, spread, name in zip(c["country"], c["key"], *places, strict=True)
    ]
    regions = [Division(code, name, tuple(spellings)) for code, name, spellings in t["regions"]]
    return Rows("lite", regions, [Division(code, name) for code, name in t["counties"]], towns, codes)


def _pack(path: Path, table: dict[str, Any]) -> None:
    plain = json.dumps(table, ensure_ascii=False, separators=(",", ":")).encode()
    path.write_bytes(lzma.compress(plain, preset=9 | lzma.PRESET_EXTREME))


def _unpack(path: Path) -> dict[str, Any]:
    table: dict[str, Any] = json.loads(lzma.decompress(path.read_bytes()))
    return table


def _split(text: str) -> tuple[str, ...]:
    return tuple(text.split(" / ")) if text else ()


def _differences(values: list[int]) -> list[int]:
    return [value - before for value, before in zip(values, [0, *values], strict=False)]


def _sums(differences: list[int]) -> list[int]:
    total, values = 0, []
    for difference in differences:
        total += difference
        values.append(total)
    return values
