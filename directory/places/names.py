"""Names: every reading of a text made of words, with regions and countries after (or before) the town."""

from directory.places.distance import great_circle
from directory.places.fold import fold
from directory.places.judgement import ranked
from directory.places.rows import SHORT
from directory.places.store import Entry, Store
from directory.places.writer import COUNTRY, COUNTY, REGION, TOWN

_MOST_WORDS = 8
# A reading that uses "town, region" is believed over a bare name; with no comma between, a little less.
_SAID_WHERE, _SAID_LOOSELY = 2.0, 1.0
_SUBURB_KM = 35

Reading = tuple[float, Entry]


def readings(store: Store, text: str, country: str | None, *, mend: bool) -> list[Reading]:
    """All readings of the text, likeliest first. With `mend`, spellings one letter away are read too."""
    parts = [key for part in text.split(",") if (key := fold(part))]
    if not parts:
        return []
    look = store.near if mend else store.exact
    whole = " ".join(parts)
    found = ranked(look(whole), country)
    if len(parts) > 1:
        found += _qualified(store, parts[0], parts[1:], country, mend=mend, bonus=_SAID_WHERE)
    elif not any(entry.rank <= SHORT for _, entry in found):
        found += _split(store, whole.split(), country, mend=mend)
    best: dict[int, Reading] = {}
    for value, entry in found:
        if entry.id not in best or value > best[entry.id][0]:
            best[entry.id] = (value, entry)
    return sorted(best.values(), key=lambda pair: (-pair[0], pair[1].id))


def _split(store: Store, words: list[str], country: str | None, *, mend: bool) -> list[Reading]:
    found: list[Reading] = []
    if not 1 < len(words) <= _MOST_WORDS:
        return found
    for at in range(len(words) - 1, 0, -1):
        head, tail = " ".join(words[:at]), " ".join(words[at:])
        found += _qualified(store, head, [tail], country, mend=mend, bonus=_SAID_LOOSELY)
        for cut in range(at + 1, len(words)):
            wheres = [" ".join(words[at:cut]), " ".join(words[cut:])]
            found += _qualified(store, head, wheres, country, mend=False, bonus=_SAID_LOOSELY)
        if not found:
            areas = [area for area in store.exact(head) if area.kind in (REGION, COUNTRY)]
            if areas:
                found += _qualified(store, tail, [head], country, mend=mend, bonus=_SAID_LOOSELY / 2)
    return found


def unfinished(store: Store, text: str, country: str | None) -> list[Reading]:
    """Readings of "town, reg" while the region or country is still being typed."""
    head, comma, tail = text.rpartition(",") if "," in text else text.rpartition(" ")
    name, start = fold(head), fold(tail)
    if not name or not start:
        return []
    areas = [area for area in store.starting(start, country) if area.kind != TOWN]
    bonus = _SAID_WHERE if comma == "," else _SAID_LOOSELY
    return [(value + bonus, entry) for value, entry in ranked(_inside(store.exact(name), [areas]), country)]


def _qualified(
    store: Store, name: str, wheres: list[str], country: str | None, *, mend: bool, bonus: float
) -> list[Reading]:
    """Readings of `name` that lie in every one of `wheres`."""
    areas = [_areas(store, where, mend=mend) for where in wheres]
    if not all(areas):
        return []
    entries = store.exact(name)
    if mend and not _inside(entries, areas):
        entries = store.near(name)
    return [(value + bonus, entry) for value, entry in ranked(_inside(entries, areas), country)]


def _inside(entries: list[Entry], areas: list[list[Entry]]) -> list[Entry]:
    return [entry for entry in entries if all(any(_lies_in(entry, area) for area in one) for one in areas)]


def _areas(store: Store, where: str, *, mend: bool) -> list[Entry]:
    found = store.exact(where)
    if not found and mend:
        found = [area for area in store.near(where) if area.kind != TOWN]
    return found[:20]


def _lies_in(entry: Entry, area: Entry) -> bool:
    if entry.country != area.country or entry.id == area.id:
        return False
    if area.kind == COUNTRY:
        return True
    if area.kind == REGION:
        return entry.region == area.id
    if area.kind == COUNTY:
        # Postal and historic counties reach past the administrative ones: Richmond is "Surrey" on many an envelope.
        return entry.county == area.id or great_circle(entry.lat, entry.lon, area.lat, area.lon) <= area.cover + 10
    # "Headingley, Leeds": a smaller place beside a larger town.
    near = great_circle(entry.lat, entry.lon, area.lat, area.lon) <= _SUBURB_KM
    return entry.kind == TOWN and entry.population < area.population and near
