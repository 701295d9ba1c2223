"""Opening hours in OpenStreetMap's `opening_hours` syntax: checked, repaired where the meaning is plain, and asked.

The library judges the syntax and knows public holidays by country; times are those of the clinic's zone. A state of
"unknown" (by appointment only) counts as not open.
"""

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import NamedTuple, Protocol
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from opening_hours import OpeningHours, State
from opening_hours.opening_hours import ParserError, UnknownCountryError

LONGEST = 500
DAYS_AHEAD = 8
_DAYS = {
    "monday": "Mo",
    "tuesday": "Tu",
    "wednesday": "We",
    "thursday": "Th",
    "friday": "Fr",
    "saturday": "Sa",
    "sunday": "Su",
    "mon": "Mo",
    "tues": "Tu",
    "tue": "Tu",
    "wed": "We",
    "thurs": "Th",
    "thur": "Th",
    "thu": "Th",
    "fri": "Fr",
    "sat": "Sa",
    "sun": "Su",
}
_DAY = "|".join(sorted(_DAYS, key=len, reverse=True))
_REPAIRS: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile("[\u2010-\u2015\u2212]"), "-"),
    (re.compile(r"(?<=\d)[.h](?=[0-5]\d\b)"), ":"),
    (re.compile(r"\s*-\s*"), "-"),
    (re.compile(r"\b(Mo|Tu|We|Th|Fr|Sa|Su|PH|SH)(?=\d)", re.IGNORECASE), r"\1 "),
    (re.compile(r"[;,\s]+$"), ""),
)
# "10-12": bare hours of a range of times, not days of a month ("Dec 25-26").
_BARE_HOURS = re.compile(
    r"(?:(?<=^)|(?<=[;,])|(?<=[;,] )|(?<=\b[MTWFSP][OUEHAR] ))(\d{1,2})-(\d{1,2})(?![\d:/.-])", re.IGNORECASE
)


class HasHours(Protocol):
    """What an opening state is asked of; a Clinic, or a row with the same three columns."""

    @property
    def opening_hours(self) -> str: ...
    @property
    def timezone(self) -> str: ...
    @property
    def country(self) -> str: ...


class OpenState(NamedTuple):
    """`at` is the next change in the clinic's zone, None when there is none within DAYS_AHEAD."""

    is_open: bool
    at: datetime | None


class Day(NamedTuple):
    """One day of the week ahead: `ranges` of local times "09:00"-"18:00"; none means closed."""

    date: date
    ranges: tuple[tuple[str, str], ...]


def _with_minutes(found: re.Match[str]) -> str:
    """ "9-17" is plain; "9-5" is not (five in the morning by the syntax, in the afternoon by custom) and stays."""
    return f"{found[1]}:00-{found[2]}:00" if int(found[1]) < int(found[2]) else found[0]


def valid_hours(text: str) -> str | None:
    """The text in canonical syntax; None when it is no opening hours, or longer than LONGEST letters.

    Forms whose meaning is plain are mended: "Monday - Friday 9.00-17.00", "We22:00-23:00", "10-12", a trailing comma.
    """
    if not text.strip() or len(text) > LONGEST:
        return None
    mended = re.sub(rf"\b({_DAY})\b\.?", lambda found: _DAYS[found[1].lower()], text.strip(), flags=re.IGNORECASE)
    for pattern, with_ in _REPAIRS:
        mended = pattern.sub(with_, mended)
    for attempt in (text.strip(), _BARE_HOURS.sub(_with_minutes, mended)):
        try:
            written = str(OpeningHours(attempt, auto_country=False, auto_timezone=False))
        except ParserError:
            continue
        return written if len(written) <= LONGEST and _parsed(written, "UTC", "") else attempt
    return None


def zone(name: str) -> ZoneInfo:
    """The zone of that IANA name; UTC when there is none, so that one bad row cannot stop a search."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return ZoneInfo("UTC")


@lru_cache(maxsize=4096)
def _parsed(hours: str, timezone: str, country: str) -> OpeningHours | None:
    where = zone(timezone)
    try:
        return OpeningHours(hours, timezone=where, country=country, auto_country=False, auto_timezone=False)
    except UnknownCountryError:
        return OpeningHours(hours, timezone=where, auto_country=False, auto_timezone=False)
    except ParserError:
        return None


def _open_intervals(hours: OpeningHours, begin: datetime, end: datetime) -> Iterator[tuple[datetime, datetime]]:
    """Open stretches inside [begin, end), neighbours joined; `begin` and `end` carry a ZoneInfo."""
    held: tuple[datetime, datetime] | None = None
    for first, last, state, _ in hours.intervals(begin, end):
        if state != State.OPEN:
            continue
        if held and held[1] == first:
            held = (held[0], last)
            continue
        if held:
            yield held
        held = (first, last)
    if held:
        yield held


def flips(hours: str, timezone: str, country: str, begin: datetime) -> tuple[bool | None, list[datetime]]:
    """Whether it is open at `begin` (None: hours not stated), and when that changes in the DAYS_AHEAD days after."""
    parsed = _parsed(hours, timezone, country) if hours else None
    if parsed is None:
        return None, []
    # Clocks are compared and stepped in UTC: local times repeat or are missing when summer time ends or begins.
    start = begin.astimezone(ZoneInfo("UTC"))
    end = start + timedelta(days=DAYS_AHEAD)
    changes: list[datetime] = []
    opened = False
    for first, last in _open_intervals(parsed, start.astimezone(zone(timezone)), end.astimezone(zone(timezone))):
        if first.astimezone(UTC) <= start:
            opened = True
        else:
            changes.append(first.astimezone(UTC))
        if last.astimezone(UTC) < end:
            changes.append(last.astimezone(UTC))
    return opened, changes


def open_state(clinic: HasHours, now: datetime) -> OpenState | None:
    """Open or closed at `now`, and the next change; None when the clinic states no hours."""
    opened, changes = flips(clinic.opening_hours, clinic.timezone, clinic.country, now)
    if opened is None:
        return None
    return OpenState(opened, changes[0].astimezone(zone(clinic.timezone)) if changes else None)


def week(clinic: HasHours, now: datetime) -> list[Day]:
    """The seven days from today in the clinic's zone, holidays included; empty when no hours are stated."""
    return coming(clinic, now, 7)


def coming(clinic: HasHours, now: datetime, number: int) -> list[Day]:
    """So many days from today in the clinic's zone, holidays included; empty when no hours are stated."""
    parsed = _parsed(clinic.opening_hours, clinic.timezone, clinic.country) if clinic.opening_hours else None
    if parsed is None:
        return []
    here = zone(clinic.timezone)
    today = now.astimezone(here).date()
    found: dict[date, list[tuple[str, str]]] = {today + timedelta(days=ahead): [] for ahead in range(number)}
    begin = _midnight(today - timedelta(days=1), here)
    for first, last in _open_intervals(parsed, begin, _midnight(today + timedelta(days=number + 1), here)):
        for day, opens, closes in _by_day(first, last):
            if day in found:
                found[day].append((opens, closes))
    return [Day(day, tuple(ranges)) for day, ranges in found.items()]


def _midnight(day: date, here: ZoneInfo) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=here)


def _by_day(first: datetime, last: datetime) -> Iterator[tuple[date, str, str]]:
    """An open stretch under the day it begins; only one of a whole day or longer is cut at midnights."""
    day, opens = first.date(), f"{first:%H:%M}"
    while last.date() > day and last.replace(tzinfo=None) - first.replace(tzinfo=None) >= timedelta(days=1):
        yield day, opens, "24:00"
        day, opens = day + timedelta(days=1), "00:00"
    closes = f"{last:%H:%M}"
    if (day, opens) != (last.date(), closes):
        yield day, opens, "24:00" if closes == "00:00" else closes
