"""Ordinary: a clinic's usual week, and the coming days that differ from it, with their dates.

A table of the week says itself which days differ. Of hours that no table can say, what holds on at least three of
four days of a name is usual; where nothing is, the week ahead stands in for it and no day is said to differ.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import NamedTuple

from directory.clinics.hours import Day, HasHours, coming, week
from directory.clinics.weekly import Ranges, Special, Weekly, drawn_from

WEEKS_AHEAD = 13


class Stated(NamedTuple):
    """Hours with the zone and country in which they hold."""

    opening_hours: str
    timezone: str
    country: str


class Ordinary(NamedTuple):
    """`days`: the usual ranges from Monday to Sunday; `differing`: in order of date, none of them over."""

    days: list[Ranges]
    differing: list[Special]


def ordinary(clinic: HasHours, now: datetime) -> Ordinary | None:
    """The usual week and what differs from it; None when no hours are stated."""
    ahead = coming(clinic, now, 7 * WEEKS_AHEAD)
    if not ahead:
        return None
    table = drawn_from(clinic.opening_hours)
    if table is None:
        days, named = _mostly(ahead), []
    else:
        days, named = _of_table(table, clinic, now), [one for one in table.specials if one.last >= ahead[0].date]
    told = [_from(one, ahead[0].date) for one in named]
    return Ordinary(_known(days, ahead), sorted([*told, *_runs(ahead, days, told)]))


def _of_table(table: Weekly, clinic: HasHours, now: datetime) -> list[Ranges | None]:
    """What the week would be without holidays and without days that differ."""
    plain = Stated(replace(table, specials=(), closed_on_holidays=False).written(), clinic.timezone, clinic.country)
    by_weekday = {one.date.weekday(): one.ranges for one in week(plain, now)}
    return [by_weekday.get(weekday, ()) for weekday in range(7)]


def _mostly(ahead: Sequence[Day]) -> list[Ranges | None]:
    usual: list[Ranges | None] = []
    for weekday in range(7):
        counted = Counter(one.ranges for one in ahead if one.date.weekday() == weekday)
        ranges, times = counted.most_common(1)[0]
        usual.append(ranges if times * 4 >= counted.total() * 3 else None)
    return usual


def _known(days: Sequence[Ranges | None], ahead: Sequence[Day]) -> list[Ranges]:
    """The usual week with the week ahead where nothing is usual."""
    next_of = {one.date.weekday(): one.ranges for one in ahead[:7]}
    return [next_of[weekday] if ranges is None else ranges for weekday, ranges in enumerate(days)]


def _runs(ahead: Sequence[Day], days: Sequence[Ranges | None], told: Sequence[Special]) -> Iterator[Special]:
    """Days that differ and are not told already, neighbours with equal hours together; an ordinary day with the same
    hours does not part them.
    """
    run: Special | None = None
    for one in ahead:
        usual, is_told = days[one.date.weekday()], any(said.first <= one.date <= said.last for said in told)
        differs = usual is not None and one.ranges != usual and not is_told
        if run is not None and one.ranges == run.ranges and not is_told:
            run = replace(run, last=one.date) if differs else run
            continue
        if run is not None:
            yield run
        run = Special(one.date, one.date, one.ranges) if differs else None
    if run is not None:
        yield run


def _from(one: Special, today: date) -> Special:
    return one if one.first >= today else replace(one, first=today)
