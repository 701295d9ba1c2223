"""Resolver: what a person meant by the words typed into "where"."""

from dataclasses import dataclass
from typing import Literal

from rapidfuzz import process
from rapidfuzz.distance import OSA

from directory.places import codes, coordinates
from directory.places.fold import cleaned, fold
from directory.places.judgement import EDIT, as_place, as_places, distinct, ranked, unlike
from directory.places.names import Reading, readings
from directory.places.place import Place
from directory.places.rows import ALTERNATE, SHORT
from directory.places.store import Entry, Store, is_town
from directory.places.writer import COUNTRY

Problem = Literal["empty", "too_long", "not_found", "bad_coordinates"]

LONGEST = 200
_MOST_OTHERS = 6
# Above this many people an exact name is what was meant, and no spelling is mended beside it.
_WELL_KNOWN = 100_000
# Another reading is offered when it is at most a hundred times less likely, or a town of some size.
_OFFERED_WITHIN, _OFFERED_PEOPLE = 2.0, 10_000
_CLEARLY_BETTER = 0.1
_DOUBTED_WITHIN = 1.0
_TELLING_TAIL = 4
# Two letters wrong are guessed at in names of this many letters.
_TWICE_MENDED, _LONGEST_NAME = 7, 40


@dataclass(frozen=True, slots=True)
class Resolution:
    """The answer: a place with other readings of the same words, or a problem with suggestions.

    `others` are likeliest first, at most six. `corrected_from` is what was typed when a spelling was mended.
    """

    place: Place | None
    others: tuple[Place, ...] = ()
    suggestions: tuple[Place, ...] = ()
    corrected_from: str | None = None
    problem: Problem | None = None

    @property
    def readings(self) -> tuple[Place, ...]:
        """Everything offered, best first."""
        return (*((self.place,) if self.place else ()), *self.others, *self.suggestions)


def resolve(store: Store, text: str, country: str | None) -> Resolution:
    """Read a text of any kind. Never raises on any text; `country` (ISO alpha-2) is a bias, never a wall."""
    if len(text) > LONGEST:
        return Resolution(None, problem="too_long")
    words = cleaned(text)
    if not words:
        return Resolution(None, problem="empty")
    try:
        point = coordinates.read(words)
    except ValueError:
        return Resolution(None, problem="bad_coordinates")
    if point:
        return Resolution(_at(store, *point))
    coded = codes.read(store, words, country)
    if coded:
        return Resolution(coded[0], others=tuple(coded[1 : 1 + _MOST_OTHERS]))
    coded = codes.read_mended(store, words, country)
    if coded:
        return Resolution(coded[0], others=tuple(coded[1 : 1 + _MOST_OTHERS]), corrected_from=words)
    return _by_name(store, words, country)


def _at(store: Store, lat: float, lon: float) -> Place:
    near = next(iter(nearest(store, lat, lon)), None)
    known = as_place(store, near) if near else None
    name = f"{lat:.4f}, {lon:.4f}"
    region, country = (known.region, known.country) if known else ("", "")
    return Place(name, region, country, lat, lon, "coordinates", None, 25.0, precision="point")


def nearest(store: Store, lat: float, lon: float) -> list[Entry]:
    """The towns round a point, the largest of the nearest circle that holds any."""
    for radius in (5, 25, 100):
        if found := store.around(lat, lon, radius, 5):
            return found
    return []


def _by_name(store: Store, words: str, country: str | None) -> Resolution:
    exact = readings(store, words, country, mend=False)
    mended: list[Reading] = []
    if not exact:
        mended = readings(store, words, country, mend=True)
    elif exact[0][1].population < _WELL_KNOWN or exact[0][1].rank >= ALTERNATE:
        mended = ranked(store.near(fold(words)), country)
    if not exact and not mended:
        return _elsewhere(store, words, country)
    return _answer(store, words, exact, mended)


def _answer(store: Store, words: str, exact: list[Reading], mended: list[Reading]) -> Resolution:
    best = mended[0] if mended and (not exact or _overruled(exact[0], mended[0])) else exact[0]
    chosen = best[1]
    others = _offered(exact, best[0]) + (_offered(mended, best[0]) if best in mended else _doubted(mended, best[0]))
    others = sorted((r for r in others if r[1].id != best[1].id), key=lambda r: (-r[0], r[1].id))
    entries = [entry for _, entry in distinct([best, *others])]
    places = unlike(as_places(store, entries[: 2 * _MOST_OTHERS]))[: 1 + _MOST_OTHERS]
    corrected = words if chosen.edits else None
    return Resolution(places[0], others=tuple(places[1:]), corrected_from=corrected)


def _overruled(exact: Reading, mended: Reading) -> bool:
    # A noisy alternate name is doubted; a place's own name is not, however small the place.
    return exact[1].rank >= ALTERNATE and mended[0] > exact[0] + _CLEARLY_BETTER


def _offered(found: list[Reading], best: float) -> list[Reading]:
    def worth_offering(value: float, entry: Entry) -> bool:
        if entry.rank >= ALTERNATE:
            return value >= best - _OFFERED_WITHIN / 2
        return value >= best - _OFFERED_WITHIN or (not entry.edits and entry.population >= _OFFERED_PEOPLE)

    return [reading for reading in found if worth_offering(*reading)]


def _doubted(mended: list[Reading], best: float) -> list[Reading]:
    """Towns that may have been meant although what was typed is itself a name: offered only when far larger."""
    return [
        (value, entry)
        for value, entry in mended
        if is_town(entry) and entry.rank <= SHORT and value >= best - _DOUBTED_WITHIN
    ]


def _two_edits(store: Store, words: str, country: str | None) -> list[Reading]:
    key = fold(words.split(",")[0])
    return ranked(_two_letters_off(store, key), country) if 9 <= len(key) <= _LONGEST_NAME else []


def _two_letters_off(store: Store, key: str) -> list[Entry]:
    near = process.extract(key, store.long_names(), scorer=OSA.distance, score_cutoff=2, limit=12)
    return [entry._replace(edits=int(edits)) for name, edits, _ in near for entry in store.exact(name)]


def _elsewhere(store: Store, words: str, country: str | None) -> Resolution:
    """Nothing bears the whole name.

    The words without their numbers are believed ("11527 Athina" where no codes are known), then a code beside unknown
    words, then what follows a comma ("12 High Street, Leeds"), then a name two letters off. Single words are suggested.
    """
    found: list[Place] = []
    wordy = " ".join(word for word in words.split() if not any(letter.isdigit() for letter in word)).strip(" ,")
    if wordy and wordy != words:
        found = _places(store, wordy, country, mend=False)
    coded = codes.read(store, words, country, strict=False)
    if coded and (not found or coded[0].country == country != found[0].country):
        found = coded
    parts = words.split(",")
    for start in range(1, len(parts)):
        tail = ",".join(parts[start:]).strip()
        if not found and len(tail) >= _TELLING_TAIL:
            found = codes.read(store, tail, country) or _places(store, tail, country, mend=True)
    if found:
        return Resolution(found[0], others=tuple(found[1 : 1 + _MOST_OTHERS]))
    if guessed := _two_edits(store, words, country):
        return _answer(store, words, [], guessed)
    return Resolution(None, suggestions=tuple(_suggested(store, words, country)), problem="not_found")


def _places(store: Store, words: str, country: str | None, *, mend: bool) -> list[Place]:
    found = readings(store, words, country, mend=False)
    if mend and not found:
        found = readings(store, words, country, mend=True)
    return unlike(as_places(store, [entry for _, entry in distinct(_offered(found, found[0][0]))])) if found else []


def _suggested(store: Store, words: str, country: str | None) -> list[Place]:
    tokens = fold(words).split()[:12]
    runs = {
        " ".join(tokens[start : start + length]) for length in (3, 2, 1) for start in range(len(tokens) - length + 1)
    }
    entries = [entry for run in sorted(runs) if len(run) > 3 for entry in (store.exact(run) or store.near(run))[:20]]
    whole = " ".join(tokens)
    if not entries and _TWICE_MENDED <= len(whole) <= _LONGEST_NAME:
        entries = [entry for entry in _two_letters_off(store, whole) if entry.kind != COUNTRY]
    kept = distinct([(value, entry) for value, entry in ranked(entries, country) if value > EDIT])
    return unlike(as_places(store, [entry for _, entry in kept[:_MOST_OTHERS]]))
