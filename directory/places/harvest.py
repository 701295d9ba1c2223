"""From the packages to rows: what is kept of GeoNames, what is noise, and what the lite set leaves out."""

import re
import unicodedata
from dataclasses import replace
from pathlib import Path
from typing import Any

from rapidfuzz.distance import OSA

from directory.places import packages, postal
from directory.places.centres import postal_codes
from directory.places.fold import fold, spellings_of
from directory.places.packages import Progress
from directory.places.regions import divisions
from directory.places.rows import Division, Rows, Town

# Still listed by GeoNames: the Netherlands Antilles, and Serbia and Montenegro.
_DISSOLVED = frozenset({"AN", "CS"})
_LITE_POPULATION = 5_000
_LITE_LOCAL_SCRIPT = 100_000
_SAID_BY_CODE = 1_000_000

_BRACKETED = re.compile(r"\s*[(\[].*?[)\]]")
# Words that part the name people say from its landscape: "Newcastle | upon Tyne", "Frankfurt | am Main".
_BESIDE = re.compile(r"^(.{3,}?)[ -](?:upon|on|am|an|im|in|bei|ob|sur|sous|aan|by|under|les|lès)[ -].+$", re.IGNORECASE)


def harvest(folder: Path, progress: Progress) -> Rows:
    """Everything the packages hold, most populous towns first."""
    progress("towns", 0.0)
    first, second, cities = packages.divisions(folder)
    counties_at, counties_named = _county_of(cities, second)
    towns = []
    for row in packages.towns(folder):
        country, region = str(row["countrycode"]), str(row["admin1code"])
        spot = (country, str(row["latitude"]), str(row["longitude"]))
        county = counties_at.get(spot) or counties_named.get((country, region, str(row["name"])), "")
        short, alternates, codes = _spellings(row)
        code = f"{country}.{region}" if f"{country}.{region}" in first else ""
        where = (float(row["latitude"]), float(row["longitude"]), int(row["population"]))
        towns.append(Town(str(row["name"]), country, code, county, *where, short, alternates, codes))
    towns.sort(key=lambda town: (-town.population, town.country, town.name, town.lat, town.lon))
    progress("postal codes", 0.0)
    post = postal_codes(folder, towns)
    towns = _with_local_names(towns, post.names)
    progress("regions", 0.0)
    regions = divisions(first, towns, post.states)
    used = {town.county for town in towns if town.county}
    counties = [Division(code, second[code]) for code in sorted(used)]
    return Rows("full", regions, counties, towns, post.codes)


def _with_local_names(towns: list[Town], names: set[tuple[str, str]]) -> list[Town]:
    """Towns whose alternates are sorted: what the country's own post calls it ("Wien", "Praha") is no odd name."""
    mains = {(town.country, key) for town in towns for key in spellings_of(town.name)}
    sorted_out = []
    for town in towns:
        local = {key for key in town.alternates if (town.country, key) in names and (town.country, key) not in mains}
        short = tuple(sorted({*town.short, *local}))
        rest = tuple(key for key in town.alternates if key not in local)
        sorted_out.append(replace(town, short=short, alternates=rest))
    return sorted_out


def country_table(folder: Path) -> str:
    """The text of data/countries.tsv: codes, currency, first calling code, population and postal pattern."""
    lines = ["code\tiso3\tcurrency\tcalling_code\tpopulation\tpostal_pattern"]
    for row in packages.country_rows(folder):
        if row["iso"] in _DISSOLVED:
            continue
        calling = re.sub(r"\D", "", str(row["phone"] or "").split(" and ")[0])
        cells = (row["iso"], row["iso3"], row["currencycode"], calling, row["population"], row["postalcoderegex"])
        lines.append("\t".join(str("" if cell is None else cell) for cell in cells))
    return "\n".join(lines) + "\n"


def lite(rows: Rows) -> Rows:
    """The committed part: towns of 5,000 people, Latin spellings, all postal codes with the finest cut short."""
    towns = []
    for town in rows.towns:
        if town.population < _LITE_POPULATION:
            continue
        local = town.population >= _LITE_LOCAL_SCRIPT
        kept = tuple(key for key in town.alternates if _latin(key) or (local and _own_script(key, town.country)))
        towns.append(replace(town, alternates=kept))
    used = {town.county for town in towns if town.county}
    counties = [county for county in rows.counties if county.code in used]
    fine = (code for code in rows.codes if len(code.key) <= postal.FIRST_HALF.get(code.country, 99))
    return Rows("lite", rows.regions, counties, towns, sorted(fine, key=lambda code: (code.country, code.key)))


def _county_of(
    cities: list[dict[str, str]], second: dict[str, str]
) -> tuple[dict[tuple[str, str, str], str], dict[tuple[str, str, str], str]]:
    at, named = {}, {}
    for city in cities:
        code = f"{city['country']}.{city['admin1']}.{city['admin2']}"
        if code in second:
            at[city["country"], city["lat"], city["lng"]] = code
            named[city["country"], city["admin1"], city["name"]] = code
    return at, named


def _spellings(row: dict[str, Any]) -> tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]:
    name, population = str(row["name"]), int(row["population"])
    main = spellings_of(name)
    short = {fold(_BRACKETED.sub("", name))}
    if beside := _BESIDE.match(name):
        short |= spellings_of(beside[1])
    alternates: set[str] = set()
    codes: set[str] = set()
    for other in row["alternatenames"]:
        if len(other) == 3 and other.isascii() and other.isupper():
            # Airport codes, and the few abbreviations that people do say: NYC.
            if population >= _SAID_BY_CODE:
                codes.add(other.lower())
        elif not _noise(other):
            alternates |= spellings_of(other)
    alternates = {key for key in alternates if len(key) > (2 if key.isascii() else 1)}
    starts = {key for key in alternates if any(whole.startswith(key + " ") for whole in main) and len(key) > 3}
    # A spelling one letter off the name is the same name in another language: Hanover, Lyons.
    akin = {
        key for key in alternates if len(key) > 4 and any(OSA.distance(key, own, score_cutoff=1) < 2 for own in main)
    }
    short = (short | starts | akin) - main - {""}
    return tuple(sorted(short)), tuple(sorted(alternates - main - short)), tuple(sorted(codes - main))


def _noise(name: str) -> bool:
    # Machine transliterations are filed in small letters ("li ci" for Leeds, "le" for Kinshasa); names are not.
    return name[:1].isascii() and name[:1].islower()


def _latin(key: str) -> bool:
    return all(letter.isascii() or unicodedata.name(letter, "").startswith("LATIN") for letter in key)


_SCRIPTS = {
    "GREEK": "GR CY", "CYRILLIC": "BG RU UA RS MK BY KZ KG MN ME BA", "CJK": "JP CN TW HK MO SG", "HIRAGANA": "JP",
    "KATAKANA": "JP", "HANGUL": "KR KP", "HEBREW": "IL", "THAI": "TH", "GEORGIAN": "GE", "ARMENIAN": "AM",
    "ARABIC": "AE SA EG MA DZ TN LY JO LB SY IQ IR KW QA BH OM YE SD PS PK AF", "DEVANAGARI": "IN NP",
}  # fmt: skip


def _own_script(key: str, country: str) -> bool:
    script = unicodedata.name(key[0], "").split(" ")[0]
    return country in _SCRIPTS.get(script, "").split()
