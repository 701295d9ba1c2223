"""Burst and rise: more reviews than this clinic gets, within days or over months.

The baseline is the clinic's own year before the window, as a gamma-Poisson model: with n reviews in T days before,
the chance of at least k further ones within W days of the first is the tail of a negative binomial with shape
n + PRIOR_REVIEWS and scale (T + PRIOR_DAYS) / W. Praise (4, 5 stars) and complaint (1, 2) are counted apart, so a smear
on a busy clinic stands out. Every window that holds the review is tried and the least likely one speaks (a scan
statistic: Kulldorff 1997), hence the small thresholds. A rise, which takes months, must be as unlikely when time is
measured in reviews of the whole site instead of days.
"""

import math
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from directory.moderation.signals.arrivals import Arrival
from directory.moderation.signals.finding import Finding, times
from directory.moderation.signals.thresholds import (
    BASELINE,
    BURST_DAYS,
    BURST_HIGH,
    BURST_LEAST,
    BURST_LEAST_HIGH,
    BURST_LOW,
    BURST_MEDIUM,
    LAYERS,
    PRIOR_DAYS,
    PRIOR_REVIEWS,
    PROVEN_SHARE,
    RISE_A_WEEK,
    RISE_DAYS,
    RISE_HIGH,
    RISE_LEAST,
    RISE_MEDIUM,
)

DAY = timedelta(days=1)


class Past(NamedTuple):
    """From when on the clinic could be reviewed here, and how many reviews the whole site had by a moment.

    With a clock a window must also be unlikely as a share of what the site got: when the site itself grows, or is
    new, every clinic gets more than before.
    """

    since: datetime
    clock: Callable[[datetime], int] | None = None


class Window(NamedTuple):
    """`chance`: how likely at least that many are by the clinic's own baseline, `usual` days between two of them."""

    members: tuple[Arrival, ...]
    days: int
    usual: float
    chance: float

    @property
    def proven_share(self) -> float:
        return sum(arrival.proven for arrival in self.members) / len(self.members)

    @property
    def fresh_share(self) -> float:
        return sum(arrival.is_fresh for arrival in self.members) / len(self.members)


def tail(least: int, shape: float, scale: float) -> float:
    """P(X >= least) of a negative binomial: the number of arrivals while a gamma-distributed rate is at work.

    `shape` is reviews seen, `scale` how many times longer they were watched than the window lasts.
    """
    if least <= 0:
        return 1.0
    miss, hit = scale / (scale + 1), 1 / (scale + 1)
    term = math.exp(
        math.lgamma(shape + least)
        - math.lgamma(shape)
        - math.lgamma(least + 1)
        + shape * math.log(miss)
        + least * math.log(hit)
    )
    total, count = 0.0, least
    while term > total * 1e-9 and count < least + 2_000:
        total += term
        term *= (shape + count) / (count + 1) * hit
        count += 1
    return min(1.0, total)


def side(arrival: Arrival) -> str:
    """Which series a review belongs to."""
    return "complaint" if arrival.overall <= 2 else "praise" if arrival.overall >= 4 else "middling"


def _windows(series: Sequence[Arrival], own: Arrival, past: Past, days: int) -> Iterator[Window]:
    """Every window of that length that begins with an arrival and comes near `own`; `series` is oldest first."""
    length = days * DAY
    times_ = [one.at for one in series]
    for first in range(bisect_left(times_, own.at - 2 * length), bisect_right(times_, own.at + length)):
        begin = times_[first]
        members = tuple(series[first : bisect_right(times_, begin + length)])
        watched = max(0.0, min(BASELINE, begin - past.since) / DAY)
        before = first - bisect_left(times_, begin - BASELINE)
        shape, span = before + PRIOR_REVIEWS, watched + PRIOR_DAYS
        if len(members) < BURST_LEAST or len(members) < 1.5 * shape * days / span:
            continue
        chance = tail(len(members) - 1, shape, span / days)
        if past.clock is not None:
            now_, then = past.clock(begin + length) - past.clock(begin), past.clock(begin - watched * DAY)
            span_ = past.clock(begin) - then + PRIOR_DAYS * now_ / days
            chance = max(chance, tail(len(members) - 1, shape, span_ / max(now_, 1)))
        yield Window(members, max(1, math.ceil((members[-1].at - begin) / DAY)), span / shape, chance)


def least_likely(own: Arrival, series: Sequence[Arrival], past: Past, lengths: Sequence[int]) -> Window | None:
    """The least likely window that `own` is in, when no less likely one beside it explains the crowd.

    Windows are peeled off, least likely first: a review that came weeks after a rush is not of that rush.
    """
    rest = list(series)
    for _layer in range(LAYERS):
        windows = [window for days in lengths for window in _windows(rest, own, past, days)]
        worst = min(windows, key=lambda window: (window.chance, -len(window.members)), default=None)
        if worst is None or own in worst.members:
            return worst
        rest = [one for one in rest if one not in worst.members]
    return None


def thinned(series: Sequence[Arrival], own: Arrival) -> list[Arrival]:
    """At most RISE_A_WEEK of any seven days: a rush is the other signal's, what goes on for months is this one's."""
    kept: list[Arrival] = []
    for one in series:
        recent = [other for other in kept[-RISE_A_WEEK:] if one.at - other.at < 7 * DAY]
        if len(recent) < RISE_A_WEEK:
            kept.append(one)
        elif one is own:
            kept[-1] = one
    return kept


def _words(window: Window, what: str) -> str:
    number = len(window.members)
    text = (
        f"{number} {what} in {times(window.days, 'day', 'days')}; this clinic's usual is 1 in {window.usual:.0f} days"
    )
    proven, fresh = round(window.proven_share * number), round(window.fresh_share * number)
    return f"{text}; {fresh} of them by accounts opened the day before or later, {proven} with proof of a visit"


_CALLED = {
    "praise": "reviews of 4 or 5 stars",
    "complaint": "reviews of 1 or 2 stars",
    "middling": "reviews of 3 stars",
}


def find(own: Arrival, arrivals: Sequence[Arrival], past: Past) -> list[Finding]:
    """At most one burst and one rise. `arrivals` are the clinic's, oldest first, `own` among them.

    A complaint with proof of a visit is no part of a smear; praise may be proven by the very clinic that orders it.
    """
    kind = side(own)
    if kind == "complaint" and own.proven:
        return []
    series = [one for one in arrivals if side(one) == kind and not (kind == "complaint" and one.proven)]
    found = [_burst(own, series, past, _CALLED[kind])]
    if kind == "praise" and not own.proven:
        best = [one for one in series if not one.proven and one.overall == 5]
        found.append(_rise(own, best, past))
    return [one for one in found if one is not None]


def _others(own: Arrival, window: Window) -> tuple[str, ...]:
    return tuple(one.public_id for one in window.members if one.review_id != own.review_id)


def _burst(own: Arrival, series: Sequence[Arrival], past: Past, what: str) -> Finding | None:
    window = least_likely(own, series, past._replace(clock=None), BURST_DAYS)
    if window is None or window.chance > BURST_LOW:
        return None
    strength = "high" if window.chance <= BURST_HIGH and len(window.members) >= BURST_LEAST_HIGH else "medium"
    if window.chance > BURST_MEDIUM or window.proven_share >= PROVEN_SHARE:
        strength = "low"
    return Finding("burst", strength, _words(window, what), _others(own, window))


def _rise(own: Arrival, series: Sequence[Arrival], past: Past) -> Finding | None:
    if own.overall != 5:
        return None
    window = least_likely(own, thinned(series, own), past, RISE_DAYS)
    if window is None or len(window.members) < RISE_LEAST or window.chance > RISE_MEDIUM:
        return None
    strength = "high" if window.chance <= RISE_HIGH else "medium"
    return Finding("rise", strength, _words(window, "reviews of 5 stars without proof"), _others(own, window))
