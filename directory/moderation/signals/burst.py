"""Burst and rise: more reviews than this clinic gets, within days or over months.

The baseline is the clinic's own year before the window, as a gamma-Poisson model: with n reviews in T days before,
the chance of at least k further ones within W days of the first is the tail of a negative binomial with shape
n + PRIOR_REVIEWS and scale (T + PRIOR_DAYS) / W. Praise (4, 5 stars) and complaint (1, 2) are counted apart, so a smear
on a busy clinic stands out. Every window that holds the review is tried and the least likely one speaks (a scan
statistic: Kulldorff 1997), hence the small thresholds. A rise, which takes months, must be as unlikely when time is
measured in reviews of the whole site instead of days. Who wrote them counts as well (`crowd`).
"""

import math
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from directory.moderation.signals.arrivals import Arrival
from directory.moderation.signals.crowd import kept_ready, one_sided, ready
from directory.moderation.signals.finding import Finding, times
from directory.moderation.signals.thresholds import (
    BASELINE,
    BURST_DAYS,
    BURST_HIGH,
    BURST_LEAST,
    BURST_LEAST_HIGH,
    BURST_LOW,
    BURST_MEDIUM,
    CLOCK_ASKED,
    LAYERS,
    OLD_ACCOUNT,
    PRIOR_DAYS,
    PRIOR_REVIEWS,
    RISE_A_WEEK,
    RISE_DAYS,
    RISE_HIGH,
    RISE_LEAST,
    RISE_MEDIUM,
    USUAL_READY,
)

DAY = timedelta(days=1)


class Past(NamedTuple):
    """From when on the clinic could be reviewed here, and how many reviews the whole site had by a moment.

    With a clock a window must also be unlikely as a share of what the site got: when the site itself grows, or is
    new, every clinic gets more than before. `ready`: which share of the site's reviews comes from accounts that lay
    ready.
    """

    since: datetime
    clock: Callable[[datetime], float] | None = None
    ready: Callable[[], float] = lambda: USUAL_READY


class Window(NamedTuple):
    """`chance`: how likely at least that many are by the clinic's own baseline, `usual` days between two of them."""

    members: tuple[Arrival, ...]
    days: int
    usual: float
    chance: float

    @property
    def fresh(self) -> int:
        return sum(arrival.is_fresh for arrival in self.members)


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


def _windows(series: Sequence[Arrival], own: Arrival, past: Past, days: int, explained: set[int]) -> Iterator[Window]:
    """Every window of that length that begins with an arrival and comes near `own`; `series` is oldest first.

    Reviews already `explained` are part of the baseline and of no window.
    """
    length = days * DAY
    times_ = [one.at for one in series]
    for first in range(bisect_left(times_, own.at - 2 * length), bisect_right(times_, own.at + length)):
        begin = times_[first]
        crowd = series[first : bisect_right(times_, begin + length)]
        members = tuple(one for one in crowd if one.review_id not in explained)
        if not members or members[0] is not series[first]:
            continue
        watched = max(0.0, min(BASELINE, begin - past.since) / DAY)
        before = first - bisect_left(times_, begin - BASELINE)
        shape, span = before + PRIOR_REVIEWS, watched + PRIOR_DAYS
        if len(members) < BURST_LEAST or len(members) < 1.5 * shape * days / span:
            continue
        chance = tail(len(members) - 1, shape, span / days)
        if past.clock is not None and chance <= CLOCK_ASKED:
            now_, then = past.clock(begin + length) - past.clock(begin), past.clock(begin - watched * DAY)
            span_ = past.clock(begin) - then + PRIOR_DAYS * now_ / days
            chance = max(chance, tail(len(members) - 1, shape, span_ / max(now_, 1.0)))
        yield Window(members, max(1, math.ceil((members[-1].at - begin) / DAY)), span / shape, chance)


def least_likely(own: Arrival, series: Sequence[Arrival], past: Past, lengths: Sequence[int]) -> Window | None:
    """The least likely window that `own` is in, when no less likely one beside it explains the crowd.

    Windows are peeled off, least likely first: a review that came weeks after a rush is not of that rush.
    """
    explained: set[int] = set()
    for _layer in range(LAYERS):
        windows = [window for days in lengths for window in _windows(series, own, past, days, explained)]
        worst = min(windows, key=lambda window: (window.chance, -len(window.members)), default=None)
        if worst is None or worst.members[0].at <= own.at <= worst.members[-1].at:
            return worst
        explained.update(one.review_id for one in worst.members)
    return None


def thinned(series: Sequence[Arrival]) -> list[Arrival]:
    """At most RISE_A_WEEK of any seven days: a rush is the other signal's, what goes on for months is this one's."""
    kept: list[Arrival] = []
    for one in series:
        if sum(one.at - other.at < 7 * DAY for other in kept[-RISE_A_WEEK:]) < RISE_A_WEEK:
            kept.append(one)
    return kept


def _words(window: Window, what: str, past: Past) -> str:
    number, days = len(window.members), times(window.days, "day", "days")
    usual = times(max(1, round(window.usual)), "day", "days")
    text = f"{number} {what} in {days}; this clinic's usual is one in {usual}"
    text += f"; {window.fresh} of them by accounts opened within the day before"
    lay = ready(window.members)
    if lay / number > past.ready():
        text += f", {lay} by accounts that had lain ready for 1 to 60 days (on the whole site {past.ready():.0%})"
    return text


_CALLED = {
    "praise": "unproven reviews that praise",
    "complaint": "unproven reviews that complain",
    "middling": "unproven reviews in between",
}


def find(own: Arrival, arrivals: Sequence[Arrival], past: Past) -> list[Finding]:
    """At most one burst and one rise. `arrivals` are the clinic's, oldest first, `own` among them.

    Both are seen in reviews without proof of a visit, and speak of what came in the midst of them too, as `_strength`
    says. A complaint with proof is no part of a smear.
    """
    kind = side(own)
    if kind == "complaint" and own.proven:
        return []
    found = [_burst(own, arrivals, past, _CALLED[kind])]
    if kind == "praise" and (own.is_ready or not own.proven):
        found.append(_rise(own, arrivals, past))
    return [one for one in found if one is not None]


def _others(own: Arrival, window: Window, arrivals: Sequence[Arrival]) -> tuple[str, ...]:
    """All of the same side in those days, proven or not: what came first looked like nothing then."""
    begin, end = window.members[0].at, window.members[-1].at
    return tuple(
        one.public_id
        for one in arrivals
        if side(one) == side(own) and begin <= one.at <= end and one.review_id != own.review_id
    )


def _settled_in(own: Arrival) -> bool:
    """Whether the account is older than OLD_ACCOUNT: it was not opened for this."""
    return own.signed_up is not None and own.at - own.signed_up > OLD_ACCOUNT


def _strength(own: Arrival, window: Window, past: Past, levels: tuple[float, float, float], other: float = 1.0) -> str:
    """How strongly the window speaks of `own`; empty for nothing. `levels` are the chances for low, medium and high.

    That a crowd's accounts lay ready is held against those that did: what came from an account opened for it is one
    step weaker than the crowd, unless the number alone says as much. What comes from an account long in use is weaker
    by one more, and so is what has a proof of a visit, unless its account lay ready too: the very clinic that orders
    praise may hand out the codes.
    """
    chance = window.chance * other
    crowd, alone = (_level(one, levels) for one in (chance * kept_ready(window.members, past.ready()), chance))
    level = crowd if own.is_ready else max(alone, crowd - 1)
    if (own.proven and not own.is_ready) or _settled_in(own):
        level -= 1
    return ("", "low", "medium", "high")[max(0, level)]


def _level(chance: float, levels: tuple[float, float, float]) -> int:
    return sum(chance <= bound for bound in levels)


def _burst(own: Arrival, arrivals: Sequence[Arrival], past: Past, what: str) -> Finding | None:
    series = [one for one in arrivals if side(one) == side(own) and not one.proven]
    window = least_likely(own, series, past._replace(clock=None), BURST_DAYS)
    strength = _strength(own, window, past, (BURST_LOW, BURST_MEDIUM, BURST_HIGH)) if window is not None else ""
    if window is None or not strength:
        return None
    if strength == "high" and len(window.members) < BURST_LEAST_HIGH:
        strength = "medium"
    return Finding("burst", strength, _words(window, what, past), _others(own, window, arrivals))


def _rise(own: Arrival, arrivals: Sequence[Arrival], past: Past) -> Finding | None:
    """Seen in 5 stars without proof; it speaks of all praise of those months that is unproven or by ready accounts."""
    series = thinned([one for one in arrivals if one.overall == 5 and not one.proven])
    window = least_likely(own, series, past, RISE_DAYS)
    if window is None or len(window.members) < RISE_LEAST:
        return None
    strength = _strength(own, window, past, (RISE_MEDIUM, RISE_MEDIUM, RISE_HIGH), one_sided(window.members, arrivals))
    if strength in {"", "low"}:
        return None
    words = _words(window, "unproven reviews full of praise (at most two counted a week)", past)
    spoken = [one for one in arrivals if not one.proven or one.is_ready]
    return Finding("rise", strength, words, _others(own, window, spoken))
