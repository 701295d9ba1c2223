"""Regions: first-level divisions and every way in which people write them."""

from collections import Counter

from directory.places.fold import spellings_of
from directory.places.rows import COMMITTED, Division, Town

_GENERIC = frozenset(
    """
    province provincia provincie region regione regio county oblast state department departement
    departamento district distrito prefecture voivodeship governorate canton kanton municipality
    republic kraj apskritis maakond lan land of de del di do da the ken fu to autonomous community
    comunidad territory general nov krajina respublika kray
    """.split()  # noqa: SIM905
)
_COMPASS = frozenset(
    """
    north south east west northern southern eastern western central capital northwest northeast
    southwest southeast nord norte sud sur centre centro upper lower
    """.split()  # noqa: SIM905
)


def divisions(first: dict[str, str], towns: list[Town], states: dict[tuple[str, str], Counter[str]]) -> list[Division]:
    """The divisions that hold towns. `states` votes which division a postal table's state is, by country and name."""
    spelt: dict[str, set[str]] = {code: spellings_of(name) for code, name in first.items()}
    taken = {(code[:2], key) for code, keys in spelt.items() for key in (*keys, *map(_without_generic, keys))}
    for (country, state), votes in sorted(states.items()):
        code, count = votes.most_common(1)[0]
        keys = spellings_of(state)
        own = any((country, key) in taken for key in (*keys, *map(_without_generic, keys)))
        # A local name belongs to the division in which nearly all of its towns lie.
        if count >= 0.7 * votes.total() and not own:
            spelt[code] |= keys
    for code, others in _said().items():
        spelt.get(code, set()).update(others)
    for code, keys in spelt.items():
        keys |= {bare for key in keys if (bare := _without_generic(key))}
        part = code.split(".")[1]
        if part.isalpha() and len(part) <= 3:
            keys.add(part.lower())
    used = {town.region for town in towns}
    return [
        Division(code, name, tuple(sorted(key for key in spelt[code] if len(key) > 1)))
        for code, name in sorted(first.items())
        if code in used
    ]


def _without_generic(key: str) -> str:
    words = key.split()
    while words and words[0] in _GENERIC:
        words = words[1:]
    while words and words[-1] in _GENERIC:
        words = words[:-1]
    bare = " ".join(words)
    return bare if len(bare) > 3 and bare not in _COMPASS else ""


def _said() -> dict[str, list[str]]:
    """Abbreviations in addresses and names that neighbours use, which no source carries; a list of our own."""
    lines = (COMMITTED / "regions.tsv").read_text(encoding="utf-8").splitlines()[1:]
    cells = (line.split("\t") for line in lines)
    return {code: spellings.split(", ") for code, spellings in cells}
