"""Weekly: opening hours as people think of them, a table of the week and days that differ; written as OSM
`opening_hours`, and read back from what was written so.

Rules that such a table cannot draw ("week 1-26", "by appointment") are not read: `drawn_from` says so with None.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from itertools import groupby

from flask_babel import gettext as _

from directory.clinics.hours import valid_hours
from directory.errors import Refused

DAYS = ("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su")
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
TIME = re.compile(r"(?:[01]\d|2[0-3]):[0-5]\d|24:00")
_DAY = "|".join(DAYS)
_TIMES = r"\d\d:\d\d-\d\d:\d\d(?:, ?\d\d:\d\d-\d\d:\d\d)*"
_RULE = re.compile(
    rf"(?:(?P<days>(?:{_DAY})(?:-(?:{_DAY}))?(?:,(?:{_DAY})(?:-(?:{_DAY}))?)*))?(?:^| ?)(?P<what>{_TIMES}|off|closed)?"
)
_DATE = rf"(\d{{4}}) ({'|'.join(MONTHS)}) (\d\d?)"
_SPECIAL = re.compile(rf"{_DATE}(?:-(?:(?:(\d{{4}}) )?({'|'.join(MONTHS)}) )?(\d\d?))? (?P<what>{_TIMES}|off|closed)")

Ranges = tuple[tuple[str, str], ...]


@dataclass(frozen=True, order=True)
class Special:
    """Days that differ, both ends included; no ranges: closed."""

    first: date
    last: date
    ranges: Ranges = ()

    def written(self) -> str:
        days = _day(self.first) if self.first == self.last else f"{_day(self.first)}-{_day(self.last)}"
        return f"{days} {_times(self.ranges)}"


@dataclass(frozen=True)
class Weekly:
    """`days`: the ranges of Monday to Sunday as ("09:00", "17:30"); a day without ranges is closed."""

    days: tuple[Ranges, ...] = ((),) * 7
    closed_on_holidays: bool = False
    specials: tuple[Special, ...] = field(default=())

    def written(self) -> str:
        """In OSM syntax, canonical; "" when nothing is stated. Raises Refused when a listing has no room for it."""
        if not any(self.days):
            return ""
        rules = [f"{_span(run)} {_times(ranges)}" for ranges, run in self._runs() if ranges]
        if self.closed_on_holidays:
            rules.append("PH off")
        rules += [special.written() for special in sorted(self.specials)]
        text = valid_hours("; ".join(rules))
        if text is None:
            raise Refused(_("These are too many different hours to keep: take off days that are over."))
        return text

    def _runs(self) -> Iterator[tuple[Ranges, list[int]]]:
        for ranges, run in groupby(range(7), key=lambda day: self.days[day]):
            yield ranges, list(run)


def drawn_from(text: str) -> Weekly | None:
    """The table that a text was written from; None when a table cannot say the same."""
    days: list[Ranges] = [()] * 7
    closed, specials = False, []
    for rule in filter(None, (part.strip() for part in text.split(";"))):
        if rule == "24/7":
            days = [(("00:00", "24:00"),)] * 7
        elif rule in {"PH off", "PH closed"}:
            closed = True
        elif found := _RULE.fullmatch(rule):
            for day in _numbers(found["days"]):
                days[day] = _ranges(found["what"] or "00:00-24:00")
        elif found := _SPECIAL.fullmatch(rule):
            special = _special(found)
            if special is None:
                return None
            specials.append(special)
        else:
            return None
    return Weekly(tuple(days), closed, tuple(specials))


def _special(found: re.Match[str]) -> Special | None:
    year, month, day, to_year, to_month, to_day = found.groups()[:6]
    try:
        first = date(int(year), MONTHS.index(month) + 1, int(day))
        last = first
        if to_day:
            last = date(int(to_year or year), MONTHS.index(to_month or month) + 1, int(to_day))
    except ValueError:
        return None
    return Special(first, last, _ranges(found["what"]))


def _numbers(days: str | None) -> Iterator[int]:
    if days is None:
        yield from range(7)
        return
    for part in days.split(","):
        first, _dash, last = part.partition("-")
        here, there = DAYS.index(first), DAYS.index(last or first)
        yield from ((here + step) % 7 for step in range((there - here) % 7 + 1))


def _ranges(what: str) -> Ranges:
    if what in {"off", "closed"}:
        return ()
    pairs = (part.strip().split("-") for part in what.split(","))
    return tuple((opens, closes) for opens, closes in pairs)


def _times(ranges: Ranges) -> str:
    return ",".join(f"{opens}-{closes}" for opens, closes in ranges) or "off"


def _span(run: list[int]) -> str:
    return DAYS[run[0]] if len(run) == 1 else f"{DAYS[run[0]]}-{DAYS[run[-1]]}"


def _day(day: date) -> str:
    return f"{day.year} {MONTHS[day.month - 1]} {day.day:02}"
