"""Postal codes inside a text: alone, or with a town, region or country before or after."""

import re
from math import log10

from directory.places import countries, postal
from directory.places.distance import great_circle
from directory.places.fold import fold
from directory.places.judgement import HOME, code_place
from directory.places.place import Place
from directory.places.store import Code, Entry, Store
from directory.places.writer import COUNTRY, COUNTY, REGION

_WORD = re.compile(r"[^\s,;]+")
# Letters that no postal code is written with.
_FOREIGN = re.compile(r"[^\W\d_A-Za-z]")
_LONGEST_CODE = 10
# Shorter digits beside unknown words are house numbers.
_LONG_ENOUGH = 4
_TOWN_KM = 60
_NAMED = 4.0
# Countries where people type a bare code to find something near; used only to order equal codes.
_TYPED_OFTEN = {"US": 0.9, "GB": 0.6, "DE": 0.5, "FR": 0.4, "AU": 0.4, "NL": 0.4, "CA": 0.3, "IT": 0.2, "ES": 0.2}

# A British code with I or L typed for 1 or O for 0: no such letter stands after the first two of the first half, nor
# first in the second.
_MISTYPED = re.compile(r"\b([A-Z]{1,2})([\dILO])([A-Z\d]?)(\s*)([\dILO])([A-Z]{2})\b")
_DIGIT_FOR = str.maketrans("ILO", "110")

Reading = tuple[float, Code, bool]


def read(store: Store, text: str, country: str | None, *, strict: bool = True) -> list[Place]:
    """Places of the postal codes in the text, likeliest first; empty when nothing in it is one.

    Words beside bare digits must name a place near the code; without `strict` they may be unknown.
    """
    words = _WORD.findall(text)
    if not any(any(letter.isdigit() for letter in word) for word in words) or len(words) > 16:
        return []
    best: dict[tuple[str, str], Reading] = {}
    for length in (3, 2, 1):
        for start in range(len(words) - length + 1):
            run = "".join(words[start : start + length])
            plain = postal.bare(run)
            if (
                _FOREIGN.search(run)
                or not 2 <= len(plain) <= _LONGEST_CODE
                or not any(letter.isdigit() for letter in plain)
            ):
                continue
            rest = fold(" ".join(words[:start])), fold(" ".join(words[start + length :]))
            for value, code, cut in _readings(store, plain, rest, country, strict=strict):
                key = (code.country, code.key)
                if key not in best or value > best[key][0]:
                    best[key] = (value, code, cut)
    ordered = sorted(best.values(), key=lambda reading: (-reading[0], reading[1].country, reading[1].key))
    return [code_place(store, code, postal.spoken(code.country, code.key), cut) for _, code, cut in ordered[:7]]


def read_mended(store: Store, text: str, country: str | None) -> list[Place]:
    """Places of British postal codes typed with letters for digits ("LSI 4AP"); empty when there are none."""

    def mended(found: re.Match[str]) -> str:
        area, *middle, end = found.groups()
        is_code = any(letter.isdigit() for letter in found[0])
        return area + "".join(middle).translate(_DIGIT_FOR) + end if is_code else found[0]

    typed = text.upper()
    better = _MISTYPED.sub(mended, typed)
    return [] if better == typed else [place for place in read(store, better, country) if place.country == "GB"]


def _readings(store: Store, plain: str, rest: tuple[str, str], country: str | None, *, strict: bool) -> list[Reading]:
    found: list[Reading] = []
    said = [part for part in rest if part]
    telling = _telling(plain) or (not strict and len(plain) >= _LONG_ENOUGH)
    for key, home, cut in postal.keys(plain):
        for code in store.postal(key, home):
            value = _likelihood(store, code, said, country, telling=telling)
            if value is not None:
                # The more of what was typed the code uses, the better it explains it.
                found.append((value + 0.3 * len(key) - (0.5 if cut else 0.0), code, cut))
    return found


def _telling(plain: str) -> bool:
    """Letters and digits mixed are a code by themselves; bare digits in a longer text may be a house number."""
    return len(plain) >= 5 and not plain.isdigit()


def _likelihood(store: Store, code: Code, said: list[str], country: str | None, *, telling: bool) -> float | None:
    people = countries.table()[code.country].population if code.country in countries.table() else 0
    value = log10(people + 10) / 4 + _TYPED_OFTEN.get(code.country, 0.0)
    if country and country == code.country:
        value += HOME
    for part in said:
        if fold(code.name) == part or any(_agrees(code, entry) for entry in _named(store, part)):
            value += _NAMED
        elif not telling:
            return None
    return value


def _named(store: Store, part: str) -> list[Entry]:
    """What the words beside a code may name: the last or first of them, so that a street before them does no harm."""
    words = part.split()
    for length in range(min(4, len(words)), 0, -1):
        found = store.exact(" ".join(words[-length:])) or store.exact(" ".join(words[:length]))
        if found:
            return found
    return []


def _agrees(code: Code, entry: Entry) -> bool:
    if entry.country != code.country:
        return False
    if entry.kind == COUNTRY:
        return True
    reach = max(_TOWN_KM, entry.cover * 2 if entry.kind in (REGION, COUNTY) else 0.0)
    return great_circle(code.lat, code.lon, entry.lat, entry.lon) <= reach
