"""What in a reply could tell who the reviewer is: marked before it is sent, with safe words beside it.

A reply may never confirm that somebody was a client: not by a name, a date, a price, nor by "when you visited". Fines
were paid for less (US, 2019 and 2022). The guard is a table of plain patterns (`manage.tells`), each with the reason
shown; it holds nothing back by itself, since a moderator reads every reply before it shows.
"""

import re
from collections.abc import Iterable
from typing import NamedTuple

from flask_babel import lazy_gettext as _l

from directory.manage.tells import (
    ALWAYS_CAPITAL,
    COURTESY,
    GREETED,
    GREETINGS,
    INSIDE,
    NAMED,
    PAIR,
    PATTERNS,
    SECOND_PERSON,
)
from directory.words import fold

KINDS = {
    "name": _l("a name"),
    "date": _l("a day or a time"),
    "price": _l("money"),
    "contact": _l("an address or a number"),
    "health": _l("somebody's health"),
    "confirms": _l("says that the reviewer was a client, or was not"),
}


class Marked(NamedTuple):
    """A piece of the reply and what it gives away."""

    kind: str
    words: str


def _names(text: str, known: frozenset[str]) -> Iterable[Marked]:
    for found in NAMED.finditer(text):
        if fold(found[1]) not in known | GREETED:
            yield Marked("name", found[1])
    pairs = list(PAIR.finditer(text))
    paired = {place for pair in pairs for place in (pair.start(1), pair.start(2))}
    for found in INSIDE.finditer(text):
        if found.start() not in paired and fold(found[1]) not in known | GREETED | ALWAYS_CAPITAL:
            yield Marked("name", found[1])
    for found in pairs:
        if not {fold(found[1]), fold(found[2])} <= known and fold(found[1]) not in GREETINGS:
            yield Marked("name", found[0])


def _addressed(text: str) -> Iterable[Marked]:
    """Each "you" that is more than a courtesy, with the words after it."""
    plain = COURTESY.sub(lambda match: " " * len(match[0]), text)
    for found in SECOND_PERSON.finditer(plain):
        yield Marked("confirms", " ".join(text[found.start() : found.end() + 30].split()[:3]))


def marked(text: str, known: Iterable[str] = ()) -> list[Marked]:
    """What in the text could give the reviewer away, in order of kind; each piece once.

    `known` are names that may stand there: the clinic's own and those of the people it lists.
    """
    words = frozenset(fold(word) for name in known for word in re.findall(r"[\w'’-]+", name))
    found = [Marked(kind, match[0]) for kind, pattern in PATTERNS for match in pattern.finditer(text)]
    return list(dict.fromkeys([*_names(text, words), *found, *_addressed(text)]))
