"""A clinic's sheet: what it states, line by line and in words, for its own page and for the compare table."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from itertools import groupby
from typing import NamedTuple

from babel.dates import get_day_names
from flask_babel import get_locale, ngettext
from flask_babel import gettext as _

from directory.clinics.facts import lines_of
from directory.clinics.filters import day, goal_words, price, sessions
from directory.clinics.hours import OpenState, open_state, zone
from directory.clinics.models import Clinic, Service
from directory.clinics.ordinary import ordinary
from directory.vocabulary import words_for

SATURDAY = 5


class PriceLine(NamedTuple):
    """One row of the price list; an empty string is a fact not stated. `sessions` is "2 to 3" or "3"."""

    goal: str
    words: str
    sessions: str
    in_sessions: str
    total: str
    included: str


class StatedLine(NamedTuple):
    """One line of what the clinic says of itself; an empty text is a fact not stated. `url`: where the text leads."""

    words: str
    text: str
    url: str


class HoursLine(NamedTuple):
    """One line of the hours; a dated one is of days that differ from the week."""

    days: str
    times: str
    today: bool
    is_dated: bool = False


def price_lines(clinic: Clinic) -> list[PriceLine]:
    """The price list, then a line without a price for everything else the clinic offers."""
    lines = [
        PriceLine(
            goal=service.goal,
            words=service.title or (goal_words(service.goal) if service.goal else str(_("All treatments"))),
            sessions=sessions(service.sessions_min, service.sessions_max),
            in_sessions=_in_sessions(service),
            total=price(service.price_min, service.price_max, service.currency),
            included=service.included,
        )
        for service in clinic.services
    ]
    priced = {line.goal for line in lines}
    lines += [PriceLine(goal, goal_words(goal), "", "", "", "") for goal in clinic.goals if goal not in priced]
    return lines


def _in_sessions(service: Service) -> str:
    number = sessions(service.sessions_min, service.sessions_max)
    most = service.sessions_max or service.sessions_min or 0
    return str(ngettext("%(number)s session", "%(number)s sessions", most, number=number)) if number else ""


def stated_lines(clinic: Clinic, table: Mapping[str, str]) -> list[StatedLine]:
    """The lines of one table of the vocabulary, blanks included. The aftercare sheet is a page of the clinic's."""
    told = lines_of(clinic.facts, table)
    return [
        StatedLine(words_for(table, key), text, text if key == "aftercare" and text.startswith("http") else "")
        for key, text in told.items()
    ]


def state_words(state: OpenState | None, now: datetime) -> str:
    """ "Open until 18:00", "Closed, opens Mon 09:00"; "" when no hours are stated. Times are the clinic's."""
    if state is None:
        return ""
    if state.at is None:
        return str(_("Open day and night") if state.is_open else _("Closed for now"))
    time = f"{state.at:%H:%M}"
    if state.is_open:
        return str(_("Open until %(time)s", time=time))
    if state.at.date() == now.astimezone(state.at.tzinfo).date():
        return str(_("Closed, opens %(time)s", time=time))
    name = _day_name(state.at.weekday(), "abbreviated")
    return str(_("Closed, opens %(day)s %(time)s", day=name, time=time))


def hours_lines(clinic: Clinic, now: datetime) -> list[HoursLine]:
    """The usual week as lines from Monday on, equal neighbours together, today by itself, then the coming days that
    differ, with their dates; empty when nothing is stated. A day that differs is "today" in its own line.
    """
    told = ordinary(clinic, now)
    if told is None:
        return []
    today = now.astimezone(zone(clinic.timezone)).date()
    differs_today = any(one.first <= today <= one.last for one in told.differing)
    usual_today = None if differs_today else today.weekday()
    lines = []
    for (ranges, is_today), run in groupby(range(7), key=lambda one: (told.days[one], one == usual_today)):
        lines.append(HoursLine(_run(list(run)), _times(ranges), is_today))
    for one in told.differing:
        days = (
            day(one.first)
            if one.first == one.last
            else _("%(low)s to %(high)s", low=day(one.first), high=day(one.last))
        )
        lines.append(HoursLine(str(days), _times(one.ranges), one.first <= today <= one.last, is_dated=True))
    return lines


def weekend_words(clinic: Clinic, now: datetime) -> str:
    """Which days of the weekend it opens: "Saturday, Sunday", "Saturday", "No"; "" when no hours are stated."""
    told = ordinary(clinic, now)
    if told is None:
        return ""
    weekend = [weekday for weekday in (SATURDAY, SATURDAY + 1) if told.days[weekday]]
    return ", ".join(_day_name(weekday, "wide") for weekday in weekend) or str(_("No"))


def state_of(clinic: Clinic, now: datetime) -> OpenState | None:
    """Open or closed at that moment; a clinic that has shut for good has no hours."""
    return None if clinic.status == "closed" else open_state(clinic, now)


def origin_lines(clinic: Clinic) -> Iterator[tuple[str, str]]:
    """Where each listing came from: "Listed from <source>, row read on 2 Nov 2026" and its address, http(s) or ""."""
    for source in clinic.sources:
        url = source.source_url if source.source_url.startswith(("https://", "http://")) else ""
        read = day(source.imported_at)
        yield str(_("Listed from %(source)s, row read on %(day)s", source=source.source, day=read)), url


def _times(ranges: Sequence[tuple[str, str]]) -> str:
    if list(ranges) == [("00:00", "24:00")]:
        return str(_("All day"))
    return ", ".join(str(_("%(low)s to %(high)s", low=low, high=high)) for low, high in ranges) or str(_("Closed"))


def _run(weekdays: list[int]) -> str:
    first, last = _day_name(weekdays[0], "wide"), _day_name(weekdays[-1], "wide")
    return first if len(weekdays) == 1 else str(_("%(low)s to %(high)s", low=first, high=last))


def _day_name(weekday: int, width: str) -> str:
    return str(get_day_names(width, locale=get_locale() or "en")[weekday])
