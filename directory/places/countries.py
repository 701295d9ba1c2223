"""Countries: names in many languages, codes, currency, calling code, and the shape of a postal code.

The table `data/countries.tsv` is GeoNames' country list (CC BY 4.0); names come from the Unicode CLDR through Babel.
"""

import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from babel import Locale
from babel.localedata import exists

from directory.places.fold import fold

_TABLE = Path(__file__).parent / "data" / "countries.tsv"

# What people write that is neither a name in CLDR nor an ISO code. Folded keys.
_ALIASES = {
    "uk": "GB",
    "u k": "GB",
    "great britain": "GB",
    "britain": "GB",
    "england": "GB",
    "scotland": "GB",
    "wales": "GB",
    "cymru": "GB",
    "northern ireland": "GB",
    "united kingdom of great britain and northern ireland": "GB",
    "u s": "US",
    "u s a": "US",
    "america": "US",
    "united states of america": "US",
    "the united states": "US",
    "holland": "NL",
    "the netherlands": "NL",
    "el": "GR",
    "hellas": "GR",
    "republic of ireland": "IE",
    "eire": "IE",
    "czech republic": "CZ",
    "slovak republic": "SK",
    "turkey": "TR",
    "uae": "AE",
    "emirates": "AE",
    "ksa": "SA",
    "south korea": "KR",
    "republic of korea": "KR",
    "korea": "KR",
    "russian federation": "RU",
    "ivory coast": "CI",
    "burma": "MM",
    "macedonia": "MK",
    "swaziland": "SZ",
    "cape verde": "CV",
    "vatican": "VA",
    "congo": "CG",
    "drc": "CD",
    "viet nam": "VN",
    "hong kong": "HK",
    "macau": "MO",
    "macao": "MO",
    "palestine": "PS",
    "trinidad": "TT",
    "bosnia": "BA",
    "the gambia": "GM",
    "the bahamas": "BS",
    "channel islands": "JE",
}
# English names that read better than CLDR's on a clinic's card.
_SHORT = {"HK": "Hong Kong", "MO": "Macao", "PS": "Palestine", "MM": "Myanmar"}
# Languages whose names of countries are understood, the ones most spoken where clinics are.
LANGUAGES = tuple(
    """
    en de fr es it nl pt pl sv da nb fi cs sk hu ro bg hr sl sr el tr ru uk et lv lt is ga cy ca eu gl
    mt sq mk ar he fa hi bn ta te ur th vi id ms tl zh ja ko af sw ka hy az kk lb
    """.split()  # noqa: SIM905
)
# Territories whose addresses are often written under the country they belong to.
TERRITORIES = {
    "FR": ("GP", "MQ", "GF", "RE", "YT", "PM", "NC", "PF", "WF", "MF", "BL"),
    "US": ("PR", "GU", "VI", "AS", "MP"),
    "GB": ("GG", "JE", "IM", "GI"),
    "NL": ("AW", "CW", "SX", "BQ"),
    "FI": ("AX",),
    "NO": ("SJ",),
    "DK": ("FO", "GL"),
    "AU": ("CX", "CC", "NF"),
}


@dataclass(frozen=True, slots=True)
class Country:
    """A row of the table: ISO codes, currency (ISO 4217), calling code, postal-code pattern ("" when none)."""

    code: str
    iso3: str
    currency: str
    calling_code: str
    population: int
    postal_pattern: str


@lru_cache(maxsize=1)
def table() -> dict[str, Country]:
    """All countries by ISO 3166-1 alpha-2 code."""
    rows = {}
    for line in _TABLE.read_text(encoding="utf-8").splitlines()[1:]:
        code, iso3, currency, calling, population, pattern = line.split("\t")
        rows[code] = Country(code, iso3, currency, calling, int(population), pattern)
    return rows


@lru_cache(maxsize=2048)
def name(code: str, language: str = "en") -> str:
    """The country's name in a language (BCP 47 primary tag), the code itself when unknown."""
    if language == "en" and code in _SHORT:
        return _SHORT[code]
    tag = language if exists(language) else "en"
    return str(Locale.parse(tag).territories.get(code, code))


def names_in_all_languages() -> list[tuple[str, str]]:
    """(folded name, code) pairs over all `LANGUAGES`, aliases and ISO codes of three letters, sorted."""
    known = table()
    pairs = set(_ALIASES.items())
    for language in LANGUAGES:
        territories = Locale.parse(language).territories
        pairs.update((fold(territories[code]), code) for code in known if code in territories)
    pairs.update((fold(short), code) for code, short in _SHORT.items())
    pairs.update((row.iso3.lower(), code) for code, row in known.items() if row.iso3)
    # The four countries of the United Kingdom are regions on a map; as countries they are only understood in files.
    regions = {"england", "scotland", "wales", "cymru", "northern ireland"}
    return sorted(pair for pair in pairs if (len(pair[0]) > 2 or not pair[0].isascii()) and pair[0] not in regions)


@lru_cache(maxsize=1)
def _english() -> dict[str, str]:
    territories = Locale.parse("en").territories
    keys = {fold(territories[code]): code for code in table() if code in territories}
    keys.update((row.iso3.lower(), code) for code, row in table().items() if row.iso3)
    return {**keys, **_ALIASES}


@lru_cache(maxsize=1)
def _every_language() -> dict[str, str]:
    return dict(names_in_all_languages())


@lru_cache(maxsize=4096)
def code_of(text: str) -> str | None:
    """ISO 3166-1 alpha-2 code of a country as written in a file: "uk", "GBR", "Deutschland", "Allemagne", "España"."""
    key = fold(text)
    if len(key) == 2 and key.upper() in table():
        return key.upper()
    return _english().get(key) or _every_language().get(key)


def iso3(code: str) -> str:
    """ISO 3166-1 alpha-3 code, "" when unknown."""
    row = table().get(code.upper())
    return row.iso3 if row else ""


def currency(code: str) -> str:
    """ISO 4217 code of the money used, "" when unknown."""
    row = table().get(code.upper())
    return row.currency if row else ""


def calling_code(code: str) -> str:
    """Digits after the plus sign ("44"), "" when unknown."""
    row = table().get(code.upper())
    return row.calling_code if row else ""


def phone_region(code: str) -> str | None:
    """The region by which phonenumbers reads national numbers: the ISO code of a known country, else None."""
    return code.upper() if code and code.upper() in table() else None


def postal_code_fits(code: str, postal_code: str) -> bool:
    """Whether the text has the shape of a postal code there; True where the country's shape is not known."""
    row = table().get(code.upper())
    if row is None or not row.postal_pattern:
        return True
    return re.fullmatch(row.postal_pattern, postal_code.strip(), re.IGNORECASE) is not None
