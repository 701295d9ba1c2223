"""Store: the questions put to the gazetteer's file. Every answer is in a fixed order."""

import math
import sqlite3
import struct
import threading
from collections.abc import Iterator
from functools import lru_cache
from itertools import islice
from pathlib import Path
from typing import Any, NamedTuple

from rapidfuzz.distance import OSA

from directory.places.distance import box, great_circle
from directory.places.writer import FINE, TOWN, deletions

_PLACE = "p.id, p.kind, p.name, p.region, p.county, p.country, p.lat, p.lon, p.population, p.cover"
_COMMON = 300
_LONGEST = 60
# Two letters wrong in the name of a smaller town are past guessing.
_TWICE_MENDED_PEOPLE = 5_000
# Beyond this a circle holds most of the towns of its box, and reading by population is quicker than sorting.
_WIDE_KM = 200
_NEAREST_DEGREES = (0.05, 0.4)


class Entry(NamedTuple):
    """One spelling of one place. `region` and `county` are ids of places; population in people, cover in km."""

    id: int
    kind: int
    name: str
    region: int | None
    county: int | None
    country: str
    lat: float
    lon: float
    population: int
    cover: float
    rank: int
    key: str
    edits: int = 0


class Code(NamedTuple):
    """One postal code of one country. Degrees; `spread` in km, how far the places that share it lie apart."""

    key: str
    country: str
    lat: float
    lon: float
    spread: int
    name: str


class Store:
    """A read-only gazetteer file. Safe to use from several threads: each has a connection of its own."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._local = threading.local()
        self._long: list[str] | None = None
        self._area = lru_cache(maxsize=50_000)(self._read_area)
        self.meta: dict[str, str] = dict(self._rows("SELECT key, value FROM meta ORDER BY key"))

    def _rows(self, sql: str, values: tuple[object, ...] = ()) -> list[Any]:
        database: sqlite3.Connection | None = getattr(self._local, "database", None)
        if database is None:
            database = sqlite3.connect(f"{self.path.absolute().as_uri()}?mode=ro&immutable=1", uri=True)
            database.execute("PRAGMA mmap_size=268435456")
            self._local.database = database
        return database.execute(sql, values).fetchall()

    def exact(self, key: str) -> list[Entry]:
        """Places with exactly this folded spelling, best known first."""
        if not 0 < len(key) <= _LONGEST:
            return []
        sql = (
            f"SELECT {_PLACE}, s.rank, w.key FROM word w CROSS JOIN spelling s ON s.word = w.id "  # noqa: S608
            "CROSS JOIN place p ON p.id = s.place WHERE w.key = ? ORDER BY s.place LIMIT ?"
        )
        return [Entry(*row) for row in self._rows(sql, (key, _COMMON))]

    def starting(self, prefix: str, country: str | None) -> list[Entry]:
        """Places with a spelling that starts so: the best known of all, and of one country if it is named."""
        if not 0 < len(prefix) <= _LONGEST:
            return []
        written = self._rows(
            "SELECT hits FROM prefix WHERE key = ? AND country IN ('', ?) ORDER BY country", (prefix, country or "")
        )
        if written:
            return self._pairs(b"".join(row[0] for row in written))
        sql = (
            f"SELECT {_PLACE}, s.rank, w.key FROM word w CROSS JOIN spelling s ON s.word = w.id "  # noqa: S608
            "CROSS JOIN place p ON p.id = s.place WHERE w.key >= ? AND w.key < ? ORDER BY s.place, s.word LIMIT ?"
        )
        return [Entry(*row) for row in self._rows(sql, (prefix, prefix + "\U0010ffff", _COMMON))]

    def _pairs(self, packed: bytes) -> list[Entry]:
        pairs = sorted(set(struct.iter_unpack("<II", packed)), key=lambda pair: (pair[1], pair[0]))
        sql = (
            f"SELECT {_PLACE}, s.rank, w.key FROM json_each(?) j "  # noqa: S608
            "CROSS JOIN spelling s ON s.word = j.value ->> 0 AND s.place = j.value ->> 1 "
            "CROSS JOIN place p ON p.id = s.place CROSS JOIN word w ON w.id = s.word ORDER BY s.place, s.word"
        )
        listed = "[" + ",".join(f"[{word},{place}]" for word, place in pairs) + "]"
        return [Entry(*row) for row in self._rows(sql, (listed,))]

    def near(self, key: str) -> list[Entry]:
        """Places with a spelling one edit away (a wrong, missing, extra or swapped letter), best known first."""
        if not 4 <= len(key) <= 40:
            return []
        forms = ",".join(str(form) for form in sorted(deletions(key)))
        words = self._rows(
            "SELECT DISTINCT w.id, w.key FROM near n CROSS JOIN word w ON w.id = n.word "  # noqa: S608
            f"WHERE n.hash IN ({forms}) ORDER BY w.id"
        )
        ids = [str(n) for n, word in words if word != key and OSA.distance(key, word, score_cutoff=1) == 1]
        if not ids:
            return []
        sql = (
            f"SELECT {_PLACE}, s.rank, w.key, 1 FROM spelling s CROSS JOIN word w ON w.id = s.word "  # noqa: S608
            f"CROSS JOIN place p ON p.id = s.place WHERE s.word IN ({','.join(ids)}) ORDER BY s.place, s.word LIMIT ?"
        )
        return [Entry(*row) for row in self._rows(sql, (_COMMON,))]

    def postal(self, key: str, country: str | None = None) -> list[Code]:
        """Postal codes filed under a key, of one country or of all, by country."""
        sql = (
            "SELECT c.key, c.country, c.lat, c.lon, c.spread, n.name FROM postal c "
            "CROSS JOIN postal_name n ON n.id = c.name WHERE c.key = ?"
        )
        if country is None:
            rows = self._rows(sql + " ORDER BY c.country", (key,))
        else:
            rows = self._rows(sql + " AND c.country = ? ORDER BY c.country", (key, country))
        return [_code(row) for row in rows]

    def postal_starting(self, prefix: str, limit: int, country: str | None = None) -> list[Code]:
        """Postal codes that start so, by key and country."""
        sql = (
            "SELECT c.key, c.country, c.lat, c.lon, c.spread, n.name FROM postal c "
            "CROSS JOIN postal_name n ON n.id = c.name WHERE c.key >= ? AND c.key < ? AND (? IS NULL OR c.country = ?) "
            "ORDER BY c.key, c.country LIMIT ?"
        )
        return [_code(row) for row in self._rows(sql, (prefix, prefix + "~", country, country, limit))]

    def around(self, lat: float, lon: float, radius_km: float, limit: int) -> list[Entry]:
        """Towns in a circle, most populous first."""
        rows = self._everywhere() if radius_km > _WIDE_KM else self._boxed(lat, lon, radius_km)
        inside = (town for town in rows if great_circle(lat, lon, town.lat, town.lon) <= radius_km)
        return list(islice(inside, limit))

    def _boxed(self, lat: float, lon: float, radius_km: float) -> list[Entry]:
        sql = (
            f"SELECT {_PLACE}, 0, '' FROM spot CROSS JOIN place p ON p.id = spot.id "  # noqa: S608
            "WHERE spot.north >= ? AND spot.south <= ? AND spot.east >= ? AND spot.west <= ? ORDER BY p.id"
        )
        found: list[Entry] = []
        for edges in box(lat, lon, radius_km):
            south, north, west, east = (round(edge * FINE) for edge in edges)
            found.extend(Entry(*row) for row in self._rows(sql, (south, north, west, east)))
        return sorted(found, key=lambda town: town.id)

    def _everywhere(self) -> Iterator[Entry]:
        # Ids fall with population, so a wide circle is full long before the table ends.
        last = 0
        sql = f"SELECT {_PLACE}, 0, '' FROM place p WHERE p.id > ? AND p.kind = ? ORDER BY p.id LIMIT 500"  # noqa: S608
        while rows := self._rows(sql, (last, TOWN)):
            yield from (Entry(*row) for row in rows)
            last = int(rows[-1][0])

    def nearest(self, lat: float, lon: float, country: str) -> Entry | None:
        """The town of a country nearest to a point, None when there is none within some 45 km."""
        sql = (
            f"SELECT {_PLACE}, 0, '' FROM spot CROSS JOIN place p ON p.id = spot.id "  # noqa: S608
            "WHERE spot.north >= ? AND spot.south <= ? AND spot.east >= ? AND spot.west <= ? AND p.country = ? "
            "ORDER BY (p.lat - ?) * (p.lat - ?) + (p.lon - ?) * (p.lon - ?) * ?, p.id LIMIT 1"
        )
        narrowing = math.cos(math.radians(lat)) ** 2
        for reach in _NEAREST_DEGREES:
            south, north, west, east = (
                round(edge * FINE) for edge in (lat - reach, lat + reach, lon - reach, lon + reach)
            )
            rows = self._rows(sql, (south, north, west, east, country, lat, lat, lon, lon, narrowing))
            if rows:
                return Entry(*rows[0])
        return None

    def area_name(self, number: int | None) -> str:
        """The name of a region or county by its id, "" for None."""
        return self._area(number) if number else ""

    def _read_area(self, number: int) -> str:
        rows = self._rows("SELECT name FROM place WHERE id = ? ORDER BY id", (number,))
        return str(rows[0][0]) if rows else ""

    def long_names(self) -> list[str]:
        """Folded main spellings of seven letters or more, for searches two edits wide; read once, when first needed."""
        if self._long is None:
            sql = (
                "SELECT DISTINCT w.key FROM word w CROSS JOIN spelling s ON s.word = w.id AND s.rank = 0 "
                "CROSS JOIN place p ON p.id = s.place "
                "WHERE length(w.key) BETWEEN 7 AND 40 AND p.population >= ? ORDER BY w.key"
            )
            self._long = [str(row[0]) for row in self._rows(sql, (_TWICE_MENDED_PEOPLE,))]
        return self._long


def _code(row: tuple[str, str, int, int, int, str]) -> Code:
    key, country, lat, lon, spread, name = row
    return Code(key, country, lat / FINE, lon / FINE, spread, name)


def is_town(entry: Entry) -> bool:
    """Whether the entry is a populated place rather than an area."""
    return entry.kind == TOWN
