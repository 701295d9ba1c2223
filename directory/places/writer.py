"""Writing the gazetteer's file: one read-only SQLite database made so that every question is an index look-up."""

import sqlite3
import struct
import zlib
from collections import defaultdict
from collections.abc import Iterable, Iterator
from itertools import groupby
from math import log10
from pathlib import Path

from directory.places import countries
from directory.places.distance import great_circle
from directory.places.fold import fold, spellings_of
from directory.places.packages import Progress
from directory.places.rows import ALTERNATE, CODE, MAIN, SHORT, Rows

FORMAT = 1
TOWN, COUNTY, REGION, COUNTRY = 0, 1, 2, 3
SOURCE_LINE = "Places © GeoNames, CC BY 4.0"

SCHEMA = """
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE place (id INTEGER PRIMARY KEY, kind INTEGER NOT NULL, name TEXT NOT NULL, region INTEGER, county INTEGER,
  country TEXT NOT NULL, lat REAL NOT NULL, lon REAL NOT NULL, population INTEGER NOT NULL, cover REAL NOT NULL);
CREATE TABLE word (id INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE);
CREATE TABLE spelling (word INTEGER, place INTEGER, rank INTEGER NOT NULL, PRIMARY KEY (word, place)) WITHOUT ROWID;
CREATE TABLE near (hash INTEGER, word INTEGER, PRIMARY KEY (hash, word)) WITHOUT ROWID;
CREATE TABLE prefix (key TEXT, country TEXT, hits BLOB NOT NULL, PRIMARY KEY (key, country)) WITHOUT ROWID;
CREATE TABLE postal (key TEXT, country TEXT, lat INTEGER NOT NULL, lon INTEGER NOT NULL, spread INTEGER NOT NULL,
  name INTEGER NOT NULL, PRIMARY KEY (key, country)) WITHOUT ROWID;
CREATE TABLE postal_name (id INTEGER PRIMARY KEY, name TEXT NOT NULL);
CREATE VIRTUAL TABLE spot USING rtree_i32(id, south, north, west, east);
"""

# Degrees are stored in the postal table and the R*Tree as whole ten-thousandths (11 m).
FINE = 10_000
# Alternates of smaller towns are found when spelt right; only these are also found with a letter wrong.
_MENDED_POPULATION = 100_000
_SHORTEST_MENDED = 4
# A prefix with more spellings than this gets its best answers written down.
_MANY = 150
_KEPT, _KEPT_AT_HOME = 40, 12
_LONGEST_PREFIX = 16

Spelling = tuple[str, int, int]


def write(rows: Rows, path: Path, progress: Progress) -> None:
    """Write the database at `path`, which must not exist. Takes seconds for the lite set, a minute for the full one."""
    database = sqlite3.connect(path, isolation_level=None)
    try:
        # Written to a name of its own and renamed when whole, so there is nothing to recover after a crash.
        database.executescript("PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF; PRAGMA page_size=4096;")
        database.executescript(SCHEMA)
        database.execute("BEGIN")
        places, spellings = _places(rows)
        progress("places", 0.0)
        holes = ",".join("?" * 10)
        database.executemany(f"INSERT INTO place VALUES ({holes})", places)  # noqa: S608
        towns = ((p[0], round(p[6] * FINE), round(p[7] * FINE)) for p in places if p[1] == TOWN)
        database.executemany("INSERT INTO spot VALUES (?,?,?,?,?)", ((n, y, y, x, x) for n, y, x in towns))
        _spell(database, places, spellings, progress)
        progress("postal codes", 0.0)
        _postal(database, rows)
        meta = {
            "format": str(FORMAT),
            "edition": rows.edition,
            "towns": str(len(rows.towns)),
            "codes": str(len(rows.codes)),
        }
        database.executemany("INSERT INTO meta VALUES (?,?)", sorted(meta.items()))
        database.execute("COMMIT")
        progress("done", 1.0)
    finally:
        database.close()


PlaceRow = tuple[int, int, str, int | None, int | None, str, float, float, int, float]


def _places(rows: Rows) -> tuple[list[PlaceRow], list[Spelling]]:
    """All places with ids by falling population, so that "order by id" is "best known first", and their spellings."""
    members: dict[tuple[int, str], list[tuple[float, float, int]]] = defaultdict(list)
    for town in rows.towns:
        spot = (town.lat, town.lon, town.population)
        for key in ((COUNTRY, town.country), (REGION, town.region), (COUNTY, town.county)):
            members[key].append(spot)
    drafts: list[tuple[int, int, int, str, str, str]] = []
    named = {REGION: {r.code: r.name for r in rows.regions}, COUNTY: {c.code: c.name for c in rows.counties}}
    for kind, names in named.items():
        for code, name in names.items():
            drafts.append((sum(spot[2] for spot in members[kind, code]), kind, -1, code, name, code[:2]))
    for code, facts in countries.table().items():
        drafts.append((facts.population, COUNTRY, -1, code, countries.name(code), code))
    for number, town in enumerate(rows.towns):
        drafts.append((town.population, TOWN, number, "", town.name, town.country))
    drafts = [draft for draft in drafts if draft[1] == TOWN or members[draft[1], draft[3]]]
    drafts.sort(key=lambda draft: (-draft[0], draft[1], draft[2], draft[3]))
    ids = {(draft[1], draft[3]): number for number, draft in enumerate(drafts, 1) if draft[1] != TOWN}
    spelt: dict[tuple[int, str], dict[str, int]] = _names_of_areas(rows)
    places: list[PlaceRow] = []
    spellings: list[Spelling] = []
    for number, (people, kind, index, code, name, country) in enumerate(drafts, 1):
        if kind == TOWN:
            town = rows.towns[index]
            region, county = ids.get((REGION, town.region)), ids.get((COUNTY, town.county))
            places.append((number, kind, name, region, county, country, town.lat, town.lon, people, 0.0))
            ranks = {key: ALTERNATE for key in town.alternates} | {key: CODE for key in town.codes}
            ranks |= {key: SHORT for key in town.short} | {key: MAIN for key in spellings_of(name)}
        else:
            lat, lon, cover = _centre(members[kind, code])
            above = ids.get((REGION, code.rsplit(".", 1)[0])) if kind == COUNTY else None
            places.append((number, kind, name, above, None, country, lat, lon, people, cover))
            ranks = spelt[kind, code]
        spellings.extend((key, number, rank) for key, rank in ranks.items())
    return places, spellings


def _names_of_areas(rows: Rows) -> dict[tuple[int, str], dict[str, int]]:
    spelt: dict[tuple[int, str], dict[str, int]] = defaultdict(dict)
    for region in rows.regions:
        for key in region.spellings:
            spelt[REGION, region.code][key] = CODE if len(key) <= 3 else MAIN
    for county in rows.counties:
        for key in spellings_of(county.name):
            bare = key.removesuffix(" county").removeprefix("county ")
            spelt[COUNTY, county.code] |= {key: MAIN, bare: MAIN if county.code.startswith("GB") else SHORT}
    for key, code in countries.names_in_all_languages():
        spelt[COUNTRY, code][key] = CODE if len(key) <= 3 and key != "usa" else ALTERNATE
    for code in countries.table():
        spelt[COUNTRY, code].setdefault(code.lower(), CODE)
        spelt[COUNTRY, code] |= {fold(countries.name(code)): MAIN}
    spelt[COUNTRY, "GB"]["uk"] = MAIN
    return spelt


def _centre(spots: list[tuple[float, float, int]]) -> tuple[float, float, float]:
    """Mean of the towns, and the distance (km) within which 95 % of them lie."""
    lats = sorted(spot[0] for spot in spots)
    lons = sorted(spot[1] for spot in spots)
    if lons[-1] - lons[0] > 180:  # the area lies across the antimeridian
        lons = sorted(lon + 360 if lon < 0 else lon for lon in lons)
    # Without the outermost twentieth, so that far islands do not pull the centre into the sea.
    cut = len(spots) // 20
    lats, lons = lats[cut : len(lats) - cut], lons[cut : len(lons) - cut]
    lat, lon = sum(lats) / len(lats), sum(lons) / len(lons)
    lon = lon - 360 if lon > 180 else lon
    distances = sorted(great_circle(lat, lon, spot[0], spot[1]) for spot in spots)
    return lat, lon, round(distances[int(0.95 * (len(distances) - 1))], 1)


def deletions(key: str) -> set[int]:
    """Hashes of a key and of all its forms with one letter left out.

    Two words within one edit (wrong, missing, extra or swapped letter) share at least one of these; Wolf Garbe
    described the idea as symmetric deletion. Hashes may collide, so a match is verified by its real distance.
    """
    forms = {key, *(key[:n] + key[n + 1 :] for n in range(len(key)))}
    return {zlib.crc32(form.encode()) for form in forms}


def _spell(database: sqlite3.Connection, places: list[PlaceRow], spellings: list[Spelling], progress: Progress) -> None:
    spellings.sort()
    words = [key for key, _ in groupby(spellings, key=lambda row: row[0])]
    number = {key: n for n, key in enumerate(words, 1)}
    database.executemany("INSERT INTO word VALUES (?,?)", ((n, key) for key, n in number.items()))
    rows = ((number[key], place, rank) for key, place, rank in spellings)
    database.executemany("INSERT INTO spelling VALUES (?,?,?)", rows)
    progress("spelling mistakes", 0.0)
    mended = sorted(
        {
            key
            for key, place, rank in spellings
            if _SHORTEST_MENDED <= len(key) <= 40
            and rank != CODE
            and (rank < ALTERNATE or places[place - 1][8] >= _MENDED_POPULATION)
        }
    )
    near = sorted((form, number[key]) for key in mended for form in deletions(key))
    database.executemany("INSERT INTO near VALUES (?,?)", near)
    progress("prefixes", 0.0)
    database.executemany("INSERT INTO prefix VALUES (?,?,?)", _prefixes(places, spellings, number))


def _prefixes(
    places: list[PlaceRow], spellings: list[Spelling], number: dict[str, int]
) -> Iterator[tuple[str, str, bytes]]:
    groups: list[list[Spelling]] = [spellings]
    for length in range(1, _LONGEST_PREFIX + 1):
        deeper: list[list[Spelling]] = []
        for group in groups:
            longer = [row for row in group if len(row[0]) >= length]
            for key, rows in groupby(longer, key=lambda row: row[0][:length]):
                members = list(rows)
                if len(members) > _MANY:
                    deeper.append(members)
                    yield from _best(key, members, places, number)
        groups = deeper


def _best(
    key: str, members: list[Spelling], places: list[PlaceRow], number: dict[str, int]
) -> Iterator[tuple[str, str, bytes]]:
    def worth(row: Spelling) -> float:
        return log10(places[row[1] - 1][8] + 1) - 0.6 * row[2]

    members = sorted(members, key=lambda row: (-worth(row), row[1], row[0]))
    yield key, "", _packed(members[:_KEPT], number)
    home: dict[str, list[Spelling]] = defaultdict(list)
    for row in members:
        kept = home[places[row[1] - 1][5]]
        if len(kept) < _KEPT_AT_HOME:
            kept.append(row)
    for country, rows in sorted(home.items()):
        yield key, country, _packed(rows, number)


def _packed(rows: Iterable[Spelling], number: dict[str, int]) -> bytes:
    return b"".join(struct.pack("<II", number[key], place) for key, place, _ in rows)


def _postal(database: sqlite3.Connection, rows: Rows) -> None:
    names = sorted({code.name for code in rows.codes})
    number = {name: n for n, name in enumerate(names, 1)}
    database.executemany("INSERT INTO postal_name VALUES (?,?)", ((n, name) for name, n in number.items()))
    table = sorted(
        (c.key, c.country, round(c.lat * FINE), round(c.lon * FINE), c.spread_km, number[c.name]) for c in rows.codes
    )
    database.executemany("INSERT INTO postal VALUES (?,?,?,?,?,?)", table)
