"""The values of a section in words: for the history of a page, and for two versions side by side."""

from collections.abc import Iterable
from typing import Any, NamedTuple

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from directory.clinics.answers import CURRENCY
from directory.clinics.facts import BY_KEY
from directory.clinics.filters import country_name, goal_words, language_name, money, phone_words, price, sessions
from directory.clinics.sections import Values
from directory.vocabulary import ACCESS, FACTS, MATERIALS, TREATMENTS, words_for

_LABELS = {
    "name": _l("Name"),
    "description": _l("In your own words"),
    "description_lang": _l("Language of this text"),
    "phone": _l("Phone"),
    "email": _l("E-mail address"),
    "website": _l("Website"),
    "address": _l("Street and number"),
    "address2": _l("Floor, building"),
    "city": _l("Town"),
    "region": _l("Region or county"),
    "postal_code": _l("Postal code"),
    "country": _l("Country"),
    "is_home": _l("Home studio"),
    "lat": _l("Pin, latitude"),
    "lon": _l("Pin, longitude"),
    "goals": _l("Treatments"),
    "services": _l("Price list"),
    "opening_hours": _l("Opening hours"),
    "languages": _l("Languages"),
}
# Not worth a line of their own: they follow from what stands beside them.
_QUIET = {CURRENCY, "point_precision", "timezone"}
# Values that only make sense together are taken from one side together.
_TOGETHER: dict[str, list[tuple[str, ...]]] = {
    "address": [("address", "address2", "city", "region", "postal_code", "country", "is_home", "lat", "lon",
                 "point_precision", "timezone")],
    "prices": [("services", CURRENCY, "touch_up_price", "consultation_price")],
}  # fmt: skip
_LINES = {**FACTS, **TREATMENTS, **MATERIALS, **ACCESS}


class Line(NamedTuple):
    """One value, before and after, or theirs and mine."""

    key: str
    words: str
    before: str
    after: str


class Choice(NamedTuple):
    """Values that go together, of which one side is to be taken."""

    key: str
    lines: list[Line]


def lines(before: Values, after: Values) -> list[Line]:
    """What differs between two versions of the same values."""
    differing = [key for key in after if key not in _QUIET and before.get(key) != after[key]]
    return [
        Line(key, label_of(key), words_of(key, before.get(key), before), words_of(key, after[key], after))
        for key in differing
    ]


def choices(section: str, theirs: Values, mine: Values) -> list[Choice]:
    """Where two versions of a section differ: one choice for each value, or for values that go together."""
    grouped = _TOGETHER.get(section, [])
    loose = [(key,) for key in mine if not any(key in group for group in grouped)]
    found = [Choice(group[0], lines(_only(theirs, group), _only(mine, group))) for group in (*grouped, *loose)]
    return [choice for choice in found if choice.lines]


def mixed(section: str, theirs: Values, mine: Values, theirs_taken: Iterable[str]) -> Values:
    """My version, with the other's values where they were chosen."""
    taken = set(theirs_taken)
    for group in _TOGETHER.get(section, []):
        if group[0] in taken:
            taken |= set(group)
    return {key: theirs.get(key) if key in taken else value for key, value in mine.items()}


def _only(values: Values, keys: Iterable[str]) -> Values:
    return {key: values[key] for key in keys if key in values}


def label_of(key: str) -> str:
    if key in BY_KEY:
        fact = BY_KEY[key]
        line = words_for(_LINES, fact.line)
        return line if fact.key == fact.line or str(fact.label) == line else f"{line}: {fact.label}"
    return str(_LABELS.get(key, key))


def words_of(key: str, value: Any, beside: Values) -> str:
    """A value as its page says it; "" for one that is not stated."""
    if key in BY_KEY and BY_KEY[key].kind != "sum":
        return BY_KEY[key].said(value)
    if key in BY_KEY:
        currency = str(beside.get(CURRENCY) or "EUR")
        return "" if value is None else money(value, currency) if value else str(_("free"))
    if key == "services":
        return "\n".join(_service(line) for line in value or [])
    if key in {"goals", "languages"}:
        return ", ".join(goal_words(one) if key == "goals" else language_name(one) for one in value or [])
    if key == "country":
        return country_name(str(value))
    if key == "description_lang":
        return str(language_name(value)) if value else ""
    if key == "phone":
        return str(phone_words(value)) if value else ""
    if key == "is_home":
        return str(_("yes") if value else _("no"))
    return f"{value:.5f}" if isinstance(value, float) else str(value or "")


def _service(line: dict[str, Any]) -> str:
    name = line["title"] or (goal_words(line["goal"]) if line["goal"] else _("All treatments"))
    number = sessions(line["sessions_min"], line["sessions_max"])
    sum_ = price(line["price_min"], line["price_max"], line["currency"])
    parts = [sum_, _("%(number)s sessions", number=number) if number else "", line["included"]]
    return f"{name}: {', '.join(part for part in parts if part)}"
