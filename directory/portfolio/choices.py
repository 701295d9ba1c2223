"""The keys and words of what is stated beside pictures, in the order in which they are offered."""

from typing import NamedTuple

from flask_babel import lazy_gettext as _l

PLACES = {"front": _l("The front"), "room": _l("A room"), "work": _l("A place of work")}


class Stage(NamedTuple):
    """A point of healing: its words, and between how many months after the last session a picture can show it.

    Bounds are whole months with one to spare, since only months are known; None has no end.
    """

    words: object
    short: object
    first: int | None
    last: int | None


STAGES = {
    "before": Stage(_l("Before"), _l("Before"), None, 0),
    "fresh": Stage(_l("Fresh: the first six weeks"), _l("Fresh"), 0, 2),
    "6w": Stage(_l("Healed, from six weeks"), _l("6 weeks"), 1, None),
    "6m": Stage(_l("Healed, from six months"), _l("6 months"), 5, None),
    "12m": Stage(_l("Healed, from a year"), _l("12 months"), 11, None),
    "24m": Stage(_l("Healed, from two years"), _l("24 months"), 23, None),
}
HEALED = ("6w", "6m", "12m", "24m")
# Months after the last session at which a clinic is asked for the next picture.
DUE = {"6w": 2, "6m": 6, "12m": 12, "24m": 24}

LIGHTS = {
    "daylight": _l("Daylight"),
    "harsh": _l("Harsh, direct light"),
    "indoor": _l("Indoor light"),
    "flash": _l("Flash"),
}
LENGTHS = {
    "shaved": _l("Shaved to the skin"),
    "1mm": _l("1 mm"),
    "3mm": _l("2 to 3 mm"),
    "longer": _l("Longer"),
}
VARIANTS = {"permanent": _l("Lasting pigment"), "temporary": _l("Fading pigment (tricopigmentation)")}
STYLES = {"soft": _l("Soft, broken edge"), "edged": _l("Sharp edge"), "dusty": _l("Dusty, no dots to be seen")}
HAIR = {
    "dark": _l("Dark"),
    "brown": _l("Brown"),
    "fair": _l("Fair"),
    "red": _l("Red"),
    "grey": _l("Grey or white"),
    "none": _l("None"),
}
SKIN = {"light": _l("Light"), "medium": _l("Medium"), "dark": _l("Dark")}
STATE_WORDS = {
    "draft": _l("Draft"),
    "pending": _l("Waits to be read"),
    "needs_edit": _l("Needs a change from you"),
    "published": _l("Shown"),
    "refused": _l("Not shown"),
    "removed": _l("Taken down"),
    "withdrawn": _l("Withdrawn"),
}


def months_between(first: str, second: str) -> int:
    """How many months lie between two months written YYYY-MM; below 0 when the second is earlier."""
    (year, month), (later_year, later_month) = (map(int, text.split("-")) for text in (first, second))
    return (later_year - year) * 12 + later_month - month


def fits(stage: str, finished: str, taken: str) -> bool:
    """Whether a picture taken in that month can show the stage of work whose last session was in `finished`."""
    since, found = months_between(finished, taken), STAGES[stage]
    return (found.first is None or since >= found.first) and (found.last is None or since <= found.last)
