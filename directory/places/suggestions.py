"""Suggestions while a name is being typed: prefixes first, and the likeliest spelling when a letter is wrong."""

import re
from dataclasses import replace

from directory.places import codes, coordinates, postal
from directory.places.fold import cleaned, fold
from directory.places.judgement import as_places, code_place, distinct, ranked, unlike
from directory.places.names import readings, unfinished
from directory.places.place import Place
from directory.places.rows import ALTERNATE, CODE, SHORT
from directory.places.store import Entry, Store
from directory.places.writer import TOWN

_LONGEST = 100
# A name still being typed is less certain than a whole one.
_UNFINISHED = 0.4
# People: an alternate name of a smaller town is passed over where other places really are called so.
_KNOWN_ABROAD = 50_000
# Beside the very name, a name one letter off is offered only for a place so many times larger.
_FAR_LARGER = 10
_CODE_LIKE = re.compile(r"(?=.*\d)[A-Z0-9]{2,9}")


def suggest(store: Store, text: str, country: str | None, limit: int) -> list[Place]:
    """Places that the text may become, likeliest first; empty for less than two letters. Never raises on any text."""
    if len(text) > _LONGEST:
        return []
    words = cleaned(text)
    if _is_point(words):
        return []
    found: list[Place] = []
    if any(letter.isdigit() for letter in words):
        found = codes.read(store, words, country)
        longer = _codes_starting(store, words, country, limit)
        # "SW1" is a code and the beginning of others; "9021" is one in countries far from where it is typed.
        at_home = [place for place in found if country in (None, place.country)]
        found = unlike([*at_home, *longer, *found])[:limit]
    if len(found) < limit:
        found += _named(store, words, country, limit - len(found))
    return found[:limit]


def _is_point(words: str) -> bool:
    try:
        return coordinates.read(words) is not None
    except ValueError:
        return True


def _codes_starting(store: Store, words: str, country: str | None, limit: int) -> list[Place]:
    plain = postal.bare(words)
    if not _CODE_LIKE.fullmatch(plain):
        return []
    rows = store.postal_starting(plain, limit, country) if country else []
    rows = rows or store.postal_starting(plain, limit)
    return [code_place(store, code, postal.spoken(code.country, code.key), cut=False) for code in rows]


def _named(store: Store, words: str, country: str | None, limit: int) -> list[Place]:
    key = fold(words)
    if len(key) < 2 and key.isascii():
        return []
    scored: dict[int, tuple[float, Entry]] = {}

    def offer(value: float, entry: Entry) -> None:
        if entry.id not in scored or value > scored[entry.id][0]:
            scored[entry.id] = (value, entry)

    for value, entry in ranked(store.starting(key, country), country):
        offer(value - (_UNFINISHED if entry.key != key else 0.0), entry)
    for value, entry in readings(store, words, country, mend=False):
        offer(value, entry)
    named = [entry for _, entry in scored.values() if entry.rank <= SHORT]
    exact = [entry.population for entry in named if entry.key == key]
    for value, entry in ranked(_one_letter_off(store, key, max(exact, default=0)), country):
        offer(value, entry)
    if named:
        # Where names begin so, another language's word for a small place is noise.
        scored = {n: (value, entry) for n, (value, entry) in scored.items() if _is_known_so(entry, key)}
    if " " in key and not scored:
        for value, entry in unfinished(store, words, country):
            offer(value, entry)
    if not scored:
        for value, entry in readings(store, words, country, mend=True):
            offer(value, entry)
    best = sorted(scored.values(), key=lambda pair: (-pair[0], pair[1].id))
    likely = [entry for _, entry in distinct(best[: 4 * limit])]
    places = [_spelt(place, entry) for place, entry in zip(as_places(store, likely), likely, strict=True)]
    return unlike(places)[:limit]


def _one_letter_off(store: Store, key: str, people: int) -> list[Entry]:
    """Places spelt almost so; beside a place of so many people that is spelt just so, only far larger ones."""
    near = store.near(key)
    return [e for e in near if e.rank <= SHORT and e.population >= _FAR_LARGER * people] if people else near


def _is_known_so(entry: Entry, key: str) -> bool:
    if entry.rank <= SHORT or entry.kind != TOWN:
        return True
    return entry.population >= _KNOWN_ABROAD and entry.key.count(" ") <= key.count(" ")


def _spelt(place: Place, entry: Entry) -> Place:
    """The place with the spelling that was found, when that is not part of its label."""
    is_other = entry.rank >= ALTERNATE and entry.key not in fold(place.label)
    return replace(place, matched=entry.key.upper() if entry.rank == CODE else entry.key.title()) if is_other else place
