"""Names as compared between a claim and an official list: order, initials, double names, particles, legal forms.

FULL lets a number be believed, WEAK lets a person look, NONE refuses. Which of them a pair earns is a table in the
tests; a doubtful pair is never FULL.
"""

import unicodedata
from collections.abc import Iterable, Sequence
from enum import IntEnum
from functools import lru_cache

from rapidfuzz import fuzz

from directory.words import tokens

MAX_WORDS = 12
NEAR = 88  # of 100 letters alike: a slip of the pen, fit to be shown to a person


class Likeness(IntEnum):
    """How far two names agree."""

    NONE = 0
    WEAK = 1
    FULL = 2


_SPELT_OUT = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ø": "oe", "å": "aa"})
_TITLES = {"mr", "mrs", "ms", "miss", "dr", "prof", "sir", "dame", "herr", "frau", "mme", "mlle", "dhr", "mevr"}
_SUFFIXES = {"jr": "jr", "junior": "jr", "sr": "sr", "senior": "sr", "ii": "ii", "iii": "iii", "iv": "iv"}
_PARTICLES = {"de", "da", "do", "das", "dos", "del", "della", "di", "du", "des", "la", "le", "las", "los", "van", "von",
              "vom", "der", "den", "ten", "ter", "zu", "zum", "zur", "af", "av", "al", "el", "bin", "ibn", "y", "e",
              "i"}  # fmt: skip
_LEGAL = {"ltd", "limited", "inc", "incorporated", "llc", "llp", "lp", "plc", "corp", "corporation", "co", "company",
          "gmbh", "ug", "ag", "kg", "bv", "nv", "sa", "sas", "sarl", "srl", "sl", "spa", "ab", "as", "aps", "oy", "pty",
          "the", "and", "dba", "ta"}  # fmt: skip


def name_sort_key(name: str) -> str:
    """Under which equal names of a list are counted, whatever the order of their words."""
    return " ".join(sorted(_person_words(name))[:MAX_WORDS])[:200]


def surname_key(name: str) -> str:
    """The last word of the name in its natural order, folded: where a look-up by name begins."""
    words = _person_words(name)
    return words[-1][:80] if words else ""


def in_natural_order(name: str, order: str = "") -> str:
    """`Family, Given` and, where the list says `family given`, `Family Given`, as `Given Family`."""
    head, comma, rest = name.partition(",")
    if comma and rest.strip() and not set(tokens(rest)) <= {*_SUFFIXES, *_LEGAL}:
        return f"{rest.strip()} {head.strip()}"
    words = name.split()
    if order == "family given" and len(words) > 1:
        return " ".join([*words[1:], words[0]])
    return name


def likeness(first: Iterable[str], second: Iterable[str], *, of_persons: bool) -> Likeness:
    """The best agreement of any name of one side with any of the other; former and trade names count as names."""
    compare = _persons if of_persons else _firms
    others = [name for name in second if name.strip()]
    found = (compare(one, other) for one in first if one.strip() for other in others)
    return max(found, default=Likeness.NONE)


def _spellings(name: str) -> list[str]:
    """The name as it is, and with umlauts spelt out: an official list may hold either."""
    spelt = unicodedata.normalize("NFC", name.casefold()).translate(_SPELT_OUT)
    return [name] if spelt == name.casefold() else [name, spelt]


@lru_cache(maxsize=256)  # one claim is compared with many entries
def _person_words(name: str) -> tuple[str, ...]:
    return tuple(word for word in tokens(in_natural_order(name)) if word not in _TITLES)


def _persons(one: str, other: str) -> Likeness:
    best = Likeness.NONE
    for first in _spellings(one):
        for second in _spellings(other):
            best = max(best, _person_pair(_person_words(first), _person_words(second)))
    return best


def _person_pair(one: Sequence[str], other: Sequence[str]) -> Likeness:
    ends = [{_SUFFIXES[word] for word in words if word in _SUFFIXES} for words in (one, other)]
    if ends[0] and ends[1] and ends[0] != ends[1]:
        return Likeness.NONE  # father and son
    a, b = ([word for word in words if word not in _SUFFIXES][:MAX_WORDS] for words in (one, other))
    if not a or not b:
        return Likeness.NONE
    if _same(a, b):
        return Likeness.FULL
    bare = [[word for word in words if word not in _PARTICLES] or words for words in (a, b)]
    if _same(*bare):
        return Likeness.FULL
    return _near(*bare)


def _same(a: list[str], b: list[str]) -> bool:
    """The same words in any order, or the same letters with words joined or parted (`Mary Ann`, `Maryann`)."""
    if all(len(word) == 1 for word in (*a, *b)):
        return a == b and len(a) > 1
    whole = "".join(b)
    return sorted(a) == sorted(b) or any("".join(a[turn:] + a[:turn]) == whole for turn in range(len(a)))


def _near(a: list[str], b: list[str]) -> Likeness:
    """Words that one side has and the other lacks: middle names do no harm, all else is for a person to see."""
    short, long = sorted((a, b), key=len)
    if len(short) > 1 and short[0] == long[0] and short[-1] == long[-1] and len(short[0]) > 1 and len(short[-1]) > 1:
        return Likeness.FULL if _middles_agree(short[1:-1], long[1:-1]) else Likeness.NONE
    left, lacking = list(long), []
    for word in sorted(short, key=len, reverse=True):
        found = next((other for other in left if other == word), None) or next(
            (other for other in left if 1 in {len(word), len(other)} and word[0] == other[0]), None
        )
        if found is None:
            lacking.append(word)
        else:
            left.remove(found)
    whole = any(len(word) > 1 and word in long for word in short)
    if not lacking and whole and len(short) > 1:
        return Likeness.WEAK
    alike = fuzz.ratio(" ".join(sorted(a)), " ".join(sorted(b)))
    return Likeness.WEAK if alike >= NEAR and len(short) > 1 else Likeness.NONE


def _middles_agree(few: list[str], many: list[str]) -> bool:
    """Every middle name of the side with fewer is found in the other's, in full or as its initial."""
    left = list(many)
    for word in few:
        found = next((o for o in left if o == word or (1 in {len(o), len(word)} and o[0] == word[0])), None)
        if found is None:
            return False
        left.remove(found)
    return True


def _firms(one: str, other: str) -> Likeness:
    best = Likeness.NONE
    for first in _spellings(one):
        for second in _spellings(other):
            a, b = (
                [w for w in tokens(name.replace("&", " and ")) if w not in _LEGAL] or tokens(name)
                for name in (first, second)
            )
            best = max(best, _firm_pair(a[:MAX_WORDS], b[:MAX_WORDS]))
    return best


def _firm_pair(a: list[str], b: list[str]) -> Likeness:
    if not a or not b:
        return Likeness.NONE
    if "".join(a) == "".join(b) or sorted(a) == sorted(b):
        return Likeness.FULL
    alike = fuzz.ratio(" ".join(sorted(a)), " ".join(sorted(b)))
    return Likeness.WEAK if alike >= NEAR else Likeness.NONE
