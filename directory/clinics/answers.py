"""One answer that a clinic may give about itself: what kind it is, and how it reads.

Kinds of answers, as kept in `Clinic.facts`; an answer not given is absent, and "no" is an answer:
  flag     True or False
  number   a whole number, 0 included
  choice   one key of `choices`
  choices  a list of keys
  words    the clinic's own words
  web      an address of a page
  sum      minor units of the currency under `prices_in`; 0 is free
"""

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from directory.clinics.filters import money

CURRENCY = "prices_in"
LONG, SHORT = 300, 80


class Fact(NamedTuple):
    """One answer: where it is asked (`section` of the profile), in which line of the page it shows, how it reads.

    `most`: the largest number, or the letters of words.
    """

    key: str
    section: str
    line: str
    kind: str
    label: Any
    choices: Mapping[str, Any] = {}
    counted: Callable[[int], str] | None = None
    most: int = LONG
    hint: Any = ""

    def said(self, value: Any, currency: str = "") -> str:
        """The answer as a part of its line; "" for one that is not given."""
        if value is None or value == "" or value == []:
            return ""
        if self.kind == "flag":
            return str(self.choices["yes" if value else "no"])
        if self.kind == "choice":
            return str(self.choices.get(value, ""))
        if self.kind == "choices":
            return ", ".join(str(words) for key, words in self.choices.items() if key in value)
        if self.kind == "sum":
            return _sum(self.key, value, currency)
        return self.counted(value) if self.counted else str(value)


def _sum(key: str, minor: int, currency: str) -> str:
    if not minor:
        return str(_("free"))
    amount = money(minor, currency or "EUR")
    return str(_("a later one %(sum)s", sum=amount)) if key == "touch_up_price" else amount


def flag(key: str, section: str, line: str, label: Any, yes: Any, no: Any) -> Fact:
    """A question with yes and no; `yes` and `no` are how the answers read in their line."""
    return Fact(key, section, line, "flag", label, choices={"yes": yes, "no": no})


def words(line: str, section: str, label: Any = "", key: str = "", most: int = LONG, hint: Any = "") -> Fact:
    """Words of the clinic's own; those under the key of the line itself stand behind its answers."""
    return Fact(key or line, section, line, "words", label or _l("In your own words"), most=most, hint=hint)
