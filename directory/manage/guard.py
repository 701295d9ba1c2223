"""What in a reply could tell who the reviewer is: marked before it is sent, with safe words beside it.

A reply may never confirm that somebody was a client: not by a name, a date, a price, nor by "when you visited". Fines
were paid for less (US, 2019 and 2022). The guard is a table of plain patterns, each with the reason shown; it holds
nothing back by itself, since a moderator reads every reply before it shows.
"""

import re
from collections.abc import Iterable
from typing import NamedTuple

from flask_babel import lazy_gettext as _l

from directory.words import fold

_MONTHS = (
    "jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sep(?:t(?:ember)?)?|oct(?:ober)?|"
    "nov(?:ember)?|dec(?:ember)?"
)
_DAYS = "monday|tuesday|wednesday|thursday|friday|saturday|sunday"
_CARE = (
    "appointments?|sessions?|visits?|treatments?|consultations?|bookings?|deposit|procedure|scalp|hair(?:line)?|scars?|"
    "head|skin|condition|records?|files?|notes|forms?|photos?|results?|touch[- ]?ups?|top[- ]?ups?|follow[- ]?ups?|"
    "aftercare|refund|payment|invoice|messages?|e-?mails?|partner|wife|husband|friend|diagnosis|medication|healing|"
    "expectations|request|design|choice|complaint form"
)
_DID = (
    "came|visited|attended|booked|cancell?ed|missed|signed|paid|told|said|asked|agreed|chose|wanted|insisted|arrived|"
    "left|had|received|refused|requested|called|phoned|messaged|sent|showed|brought|decided|approved|declined|lay|sat|"
    "walked|were|was|have been|did not|didn't|never|mentioned|understood|ignored|used"
)
_ILL = (
    "alopecia|psoriasis|chemo(?:therapy)?|medication|transplants?|thinning|bald(?:ness|ing)?|hair loss|scarring|"
    "diabetes|allerg(?:y|ic)|anxiety|depression|cancer|steroids?|finasteride|minoxidil|eczema|infection"
)
_GREETINGS = {"dear", "hi", "hello", "hey", "thanks", "thank", "sorry", "mr", "mrs", "ms", "miss", "dr"}
_GREETED = {"there", "all", "everyone", "everybody", "reader", "reviewer", "you", "so", "very", "again", "for", "sir"}

KINDS = {
    "name": _l("a name"),
    "date": _l("a day or a time"),
    "price": _l("money"),
    "contact": _l("an address or a number"),
    "health": _l("somebody's health"),
    "confirms": _l("says that the reviewer was a client, or was not"),
}
_TABLE = [
    ("date", rf"\b\d{{1,2}}(?:st|nd|rd|th)?\s+(?:of\s+)?(?:{_MONTHS})\b|\b(?:{_MONTHS})\s+\d{{1,4}}(?:st|nd|rd|th)?\b"),
    ("date", rf"\b(?:in|on|last|this|since|until|by|early|late|mid)[ -](?:{_MONTHS}|{_DAYS})\b"),
    ("date", r"\b\d{1,4}[./-]\d{1,2}(?:[./-]\d{2,4})\b|\b\d{1,2}[:.]\d{2}\s?(?:am|pm)?\b|\b\d{1,2}\s?(?:am|pm)\b"),
    ("date", r"\b(?:yesterday|last (?:week|month|year|spring|summer|autumn|winter)|(?:two|three|four|five|six|\d+) "
             r"(?:days|weeks|months|years) (?:ago|later|after|before))\b"),
    ("price", r"[£$€]\s?\d[\d,.]*|\b\d[\d,.]*\s?(?:pounds?|gbp|euros?|eur|dollars?|usd|quid)\b"),
    ("price", r"\b(?:refund(?:ed|s)?|deposit|invoice[ds]?|paid in full|payment plan|discount(?:ed)?|half price)\b"),
    ("contact", r"[\w.+-]+@[\w-]+\.\w+|\bhttps?://\S+|\bwww\.\S+|(?:\+|\b0)\d[\d ()-]{7,}\d\b"),
    ("health", rf"\b(?:{_ILL})\b"),
    ("confirms", rf"\byour (?:\w+ ){{0,2}}(?:{_CARE})\b"),
    ("confirms", rf"\byou (?:also |then |only |never |clearly |already |had |have )?(?:{_DID})\b"),
    ("confirms", r"\b(?:when|after|before|since|because|while|as) you\b"),
    ("confirms", r"\b(?:our|this|that|the|former|valued|difficult) (?:client|customer|patient)\b"),
    ("confirms", r"\b(?:he|she|they) (?:came|paid|booked|asked|wanted|signed|refused|left|agreed|never)\b"),
    ("confirms", r"\bwe (?:treated|saw|met|remember|contacted|called|e-?mailed|phoned|refunded|offered|did your|gave|"
                 r"told|explained|advised|warned|showed|agreed|discussed|corrected|have no record|"
                 r"never (?:saw|treated|met)|worked on|look(?:ed)? after|invited|took|checked|fixed|asked you)\b"),
    ("confirms", r"\b(?:our|the) (?:records?|books|diary|system|cctv|files?)\b"),
    ("confirms", r"\b(?:as you know|in your case|for you|with you|to you personally|good to see you|see you again|"
                 r"nice to meet you|pleasure (?:to|having)|welcome(?:d)? you back|come back (?:in|to us))\b"),
]  # fmt: skip
_PATTERNS = [(kind, re.compile(pattern, re.IGNORECASE)) for kind, pattern in _TABLE]
_NAMED = re.compile(
    r"\b(?:[Dd]ear|[Hh]i|[Hh]ello|[Hh]ey|[Tt]hanks|[Tt]hank you|[Ss]orry|[Mm]r\.?|[Mm]rs\.?|[Mm]s\.?|[Mm]iss|[Dd]r\.?)"
    r",? "
    r"([A-Z][\w'’-]+)"
)
_PAIR = re.compile(r"\b([A-Z][a-z'’-]+) ([A-Z][a-z'’-]+)\b")


class Marked(NamedTuple):
    """A piece of the reply and what it gives away."""

    kind: str
    words: str


def _names(text: str, known: frozenset[str]) -> Iterable[Marked]:
    for found in _NAMED.finditer(text):
        if fold(found[1]) not in known | _GREETED:
            yield Marked("name", found[1])
    for found in _PAIR.finditer(text):
        if not {fold(found[1]), fold(found[2])} <= known and fold(found[1]) not in _GREETINGS:
            yield Marked("name", found[0])


def marked(text: str, known: Iterable[str] = ()) -> list[Marked]:
    """What in the text could give the reviewer away, in order of kind; each piece once.

    `known` are names that may stand there: the clinic's own and those of the people it lists.
    """
    words = frozenset(fold(word) for name in known for word in re.findall(r"[\w'’-]+", name))
    found = [Marked(kind, match[0]) for kind, pattern in _PATTERNS for match in pattern.finditer(text)]
    return list(dict.fromkeys([*_names(text, words), *found]))
