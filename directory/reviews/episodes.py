"""Months and stages: what can be told when, when a later stage is due, when a new treatment is a new episode.

Months are counted as calendar months, because only the month of a treatment is kept.
"""

from collections.abc import Iterable
from datetime import UTC, date, datetime

# From how many months after the treatment's month a stage can be told.
EARLIEST = {"fresh": 0, "6w": 1, "6m": 6, "12m": 12}
OLDEST_YEARS = 15
# A second treatment at the same clinic is a new episode a year later, or when earlier work is mended or taken away.
NEW_EPISODE_MONTHS = 12
MENDING = ("correction", "removal")
# A letter asks for a later stage in these months, counted from the treatment's: two months are six weeks at the least.
ASKED_AFTER = {"6w": 2, "6m": 6, "12m": 12}


def month_of(moment: date) -> str:
    """2026-03."""
    return f"{moment.year:04d}-{moment.month:02d}"


def months_between(earlier: str, later: str) -> int:
    """Calendar months from one month to another; negative when the first is the later one."""
    return _count(later) - _count(earlier)


def _count(month: str) -> int:
    return int(month[:4]) * 12 + int(month[5:7]) - 1


def stage_for(treated_month: str, today: date) -> str:
    """The stage that is told now about a treatment of that month."""
    passed = months_between(treated_month, month_of(today))
    return [stage for stage, months in EARLIEST.items() if months <= max(passed, 0)][-1]


def can_tell(stage: str, treated_month: str, today: date) -> bool:
    """Whether enough months have passed for that stage."""
    return months_between(treated_month, month_of(today)) >= EARLIEST[stage]


def is_new_episode(earlier: Iterable[tuple[str, str]], month: str, goal: str) -> bool:
    """Whether a treatment is a new episode, not a later stage of one told before. `earlier` are months and goals.

    Mending comes in a later month than what it mends, and once a year: one treatment has one voice in the score.
    """
    close = [one for one in earlier if months_between(one[0], month) < NEW_EPISODE_MONTHS]
    apart = all(months_between(before, month) > 0 and told not in MENDING for before, told in close)
    return not close or (goal in MENDING and apart)


def next_letter(treated_month: str, told: set[str], today: date) -> datetime | None:
    """When the next letter asking for a stage is due (see `letter_stage`), None when none is any more.

    Only stages later than everything told are asked for: nobody is asked how it looked a year ago.
    """
    order = list(EARLIEST)
    furthest = max((order.index(stage) for stage in told), default=0)
    for stage, months in ASKED_AFTER.items():
        due = _count(treated_month) + months
        moment = datetime(due // 12, due % 12 + 1, 1, tzinfo=UTC)
        if order.index(stage) > furthest and moment.date() > today:
            return moment
    return None


def letter_stage(treated_month: str, due: date) -> str:
    """The stage that a letter due on that day asks for."""
    passed = months_between(treated_month, month_of(due))
    return [stage for stage, months in ASKED_AFTER.items() if months <= passed][-1]
