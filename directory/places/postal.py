"""Postal codes: how each country writes them, and how much of a code the open data know."""

import re

_CEDEX = re.compile(r"\s*CEDEX.*$", re.IGNORECASE)
_NOT_CODE = re.compile(r"[^0-9A-Z]+")
_LED_BY_LETTERS = re.compile(r"([A-Z]{1,3})(\d{3,})")
# Letters written before a national code ("D-10115", "L-1234", "LV-1010"), by the mark on the country's cars.
_CAR_MARKS = {
    "D": "DE",
    "A": "AT",
    "L": "LU",
    "F": "FR",
    "I": "IT",
    "B": "BE",
    "E": "ES",
    "P": "PT",
    "S": "SE",
    "N": "NO",
}
_CAR_MARKS |= {
    "H": "HU",
    "HR": "HR",
    "FIN": "FI",
    "SLO": "SI",
    "DK": "DK",
    "CH": "CH",
    "FL": "LI",
    "PL": "PL",
    "SK": "SK",
}

# Where the data stop short of the full code: full shape, and the lengths to cut to, longest first.
_CUTS: dict[str, tuple[re.Pattern[str], tuple[int, ...]]] = {
    "CA": (re.compile(r"[A-Z]\d[A-Z]\d[A-Z]\d"), (3,)),
    "IE": (re.compile(r"[A-Z]\d[\dW][A-Z\d]{4}"), (3,)),
    "NL": (re.compile(r"\d{4}[A-Z]{2}"), (4,)),
    "PT": (re.compile(r"\d{7}"), (4,)),
    "JP": (re.compile(r"\d{7}"), (5, 3)),
    "US": (re.compile(r"\d{9}"), (5,)),
    "BR": (re.compile(r"\d{8}"), (5,)),
    "AR": (re.compile(r"[A-Z]\d{4}[A-Z]{3}"), (4,)),
    "MT": (re.compile(r"[A-Z]{3}\d{4}"), (3,)),
    "LT": (re.compile(r"\d{5}"), (3,)),
    "RO": (re.compile(r"\d{6}"), (4,)),
    "SG": (re.compile(r"\d{6}"), (4,)),
}
_BRITISH = re.compile(r"([A-Z]{1,2}\d[A-Z\d]?)(\d[A-Z]{2})")
_HALF_BRITISH = re.compile(r"([A-Z]{1,2}\d[A-Z\d]?)\d[A-Z]?")
# Codes that often begin with a nought, which spreadsheets drop.
_DIGITS = {"AU": 4, "DK": 4, "NO": 4, "BG": 4, "ZA": 4, "NZ": 4, "RO": 6, "SG": 6, "CN": 6}
_DIGITS |= dict.fromkeys(
    [
        "US",
        "PR",
        "DE",
        "FR",
        "IT",
        "ES",
        "FI",
        "CZ",
        "SK",
        "PL",
        "EE",
        "TR",
        "MX",
        "KR",
        "MY",
        "HR",
        "RS",
        "DZ",
        "MA",
        "UA",
        "PE",
    ],
    5,
)
# Countries with codes finer than a street, and the characters of the part that people know by heart.
FIRST_HALF = {"PT": 4, "JP": 5, "LT": 3, "RO": 4, "SG": 4}


def bare(code: str) -> str:
    """Capital letters and digits only: "sw1a 1aa" becomes "SW1A1AA", "44303 CEDEX 3" becomes "44303"."""
    return _NOT_CODE.sub("", _CEDEX.sub("", code.upper()))


def filed(country: str, code: str) -> str:
    """The key under which a country's code is filed: bare, without the country's letters before the digits."""
    plain = bare(code)
    led = _LED_BY_LETTERS.fullmatch(plain)
    if led and (led[1] == country or _CAR_MARKS.get(led[1]) == country):
        return led[2]
    return plain[1:] if country == "AR" and re.fullmatch(r"[A-Z]\d{4}", plain) else plain


def keys(plain: str, country: str | None = None) -> list[tuple[str, str | None, bool]]:
    """Look-up keys of a bare code, best first: (key, country it must lie in or None, whether it is cut short)."""
    found: list[tuple[str, str | None, bool]] = [(plain, country, False)]
    led = _LED_BY_LETTERS.fullmatch(plain)
    if led:
        marked = _CAR_MARKS.get(led[1], led[1] if len(led[1]) == 2 else None)
        if marked and country in (None, marked):
            found.append((led[2], marked, False))
    for home, (shape, lengths) in _CUTS.items():
        if country in (None, home) and shape.fullmatch(plain):
            start = 1 if home == "AR" else 0
            found.extend((plain[start : start + length], home, True) for length in lengths)
    if country in _DIGITS and plain.isdigit() and 3 <= len(plain) < _DIGITS[country]:
        found.append((plain.zfill(_DIGITS[country]), country, False))
    british = _BRITISH.fullmatch(plain)
    if british:
        found.append((british[1], country, True))
    elif country == "GB" and (half := _HALF_BRITISH.fullmatch(plain)):
        found.append((half[1], "GB", True))
    return found


def is_british(plain: str) -> bool:
    """Whether a bare code has the full British shape, which no other country uses."""
    return _BRITISH.fullmatch(plain) is not None


def spoken(country: str, key: str) -> str:
    """A filed key as its country writes it, when it is the whole code: "11455" in Sweden becomes "114 55"."""
    if is_british(key):
        return f"{key[:-3]} {key[-3:]}"
    if country in ("SE", "CZ", "SK", "GR") and len(key) == 5:
        return f"{key[:3]} {key[3:]}"
    if country == "PL" and len(key) == 5:
        return f"{key[:2]}-{key[2:]}"
    if country in ("PT", "JP") and len(key) == 7:
        cut = 4 if country == "PT" else 3
        return f"{key[:cut]}-{key[cut:]}"
    if country == "BR" and len(key) == 8:
        return f"{key[:5]}-{key[5:]}"
    return key
