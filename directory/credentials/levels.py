"""How strong a credential is at a moment: derived from its status, its checks and its dates, never stored as typed.

0 self-declared, 1 document seen, 2 issuer confirmed, 3 found in the official register, 4 register watched. A level
wears off: a watch is fresh for 120 days and then counts as a look of that day; twelve months after the last check only
"it was seen once" is left, level 1. A date of expiry acts the second it has passed, whether or not any job runs.
"""

from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta
from typing import NamedTuple, Protocol
from zoneinfo import ZoneInfo

from directory.credentials.transitions import HIDDEN, VERIFIED

FRESH = timedelta(days=120)  # NCQA, domain.md 4d: primary sources are verified within 120 days
STALE = timedelta(days=365)
ENDING = timedelta(days=60)
SHOWN_AFTER_END = timedelta(days=730)
HIGHEST = 4
NEVER = datetime.max.replace(tzinfo=UTC)


class Looked(Protocol):
    """What counts of a check."""

    @property
    def at(self) -> datetime: ...
    @property
    def level(self) -> int: ...
    @property
    def result(self) -> str: ...


class Step(NamedTuple):
    """From now until `until` the strength is at least `level`."""

    level: int
    until: datetime


def end_of(day: date | None, timezone: str) -> datetime:
    """The moment at which a credential that runs until that day has lapsed; NEVER without a day."""
    if day is None:
        return NEVER
    return datetime.combine(day + timedelta(days=1), time(), ZoneInfo(timezone)).astimezone(UTC)


def steps_of(status: str, lapses_at: datetime, checks: Iterable[Looked]) -> list[Step]:
    """For each level from 1 to 4 that is reached at all, until when it holds; highest first. Empty: nothing holds.

    Checks before the newest one that failed count no more: what was found then is not so now.
    """
    if status not in VERIFIED:
        return []
    until: dict[int, datetime] = {}

    def hold(level: int, moment: datetime) -> None:
        for lower in range(1, level + 1):
            until[lower] = max(until.get(lower, moment), moment)

    for check in sorted(checks, key=lambda one: one.at):
        if check.result == "failed":
            until.clear()
            # The paper may still be in order though its register has no such entry; a look at it must say so anew.
            continue
        if check.level == HIGHEST:
            hold(HIGHEST, check.at + FRESH)
        if check.level > 1:
            hold(min(check.level, HIGHEST - 1), check.at + STALE)
            hold(1, NEVER)
        elif check.level == 1:
            hold(1, check.at + STALE)
    return [Step(level, min(moment, lapses_at)) for level, moment in sorted(until.items(), reverse=True)]


def level_at(steps: Iterable[Step], moment: datetime) -> int:
    """The level at that moment; 0 when none of the steps reaches so far."""
    return max((step.level for step in steps if moment < step.until), default=0)


def next_change(steps: Iterable[Step], moment: datetime) -> datetime:
    """When the level falls next; NEVER when it does not by itself."""
    return min((step.until for step in steps if step.until > moment), default=NEVER)


class Standing(NamedTuple):
    """What a credential is at a moment, in keys.

    `state`: self_declared, stands, ending, expired, stale, not_found, suspended, revoked, disputed, superseded,
    unverifiable, hidden. `old`: the newest check is older than FRESH, so its day is said.
    """

    state: str
    level: int
    old: bool


def standing_at(
    status: str, lapses_at: datetime, checks: Iterable[Looked], moment: datetime, *, ended_at: datetime | None = None
) -> Standing:
    """Pure: the same facts at the same moment give the same answer. `ended_at`: when it was revoked."""
    held = list(checks)
    confirmed = [check.at for check in held if check.level]
    old = bool(confirmed) and moment - max(confirmed) > FRESH
    if status in HIDDEN:
        return Standing("hidden", 0, old)
    if status in VERIFIED:
        if moment >= lapses_at:
            gone = moment - lapses_at > SHOWN_AFTER_END
            return Standing("hidden" if gone else "expired", 0, old)
        told = [check for check in held if check.result in {"confirmed", "failed"}]
        if told and max(told, key=lambda one: one.at).result == "failed":
            return Standing("not_found", 0, old)
        steps = steps_of(status, lapses_at, held)
        level = level_at(steps, moment)
        if confirmed and moment - max(confirmed) >= STALE:
            return Standing("stale", level, True)
        return Standing("ending" if lapses_at - moment <= ENDING else "stands", level, old)
    if status == "revoked" and ended_at is not None and moment - ended_at > SHOWN_AFTER_END:
        return Standing("hidden", 0, old)
    if status in {"submitted", "in_review", "needs_info"}:
        return Standing("self_declared", 0, old)
    return Standing(status, 0, old)
