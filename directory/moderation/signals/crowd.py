"""Crowd: what sets the reviews of a rush or a rise apart from those of clients, beside their number.

A clinic may well get more reviews than it used to. Then clients of all sorts write them: not all are delighted, and
most open an account in order to write, or have had one for long. Accounts that lie ready for days or weeks and then
praise one clinic are what is bought (accounts are made in stock and used later: Thomas et al., USENIX Security 2013).
Each of the two is one binomial tail, with the share that the clinic has at other times, or the site: how likely it is
that clients would write so. It is multiplied with the chance of the number alone, so a crowd that is odd in nothing
but its number must be the larger.
"""

import math
from collections.abc import Sequence

from directory.moderation.signals.arrivals import Arrival, weighed
from directory.moderation.signals.thresholds import SHARE_OF_FIVE


def at_most(most: int, of: int, share: float) -> float:
    """P(X <= most) of so many trials."""
    return math.fsum(math.comb(of, hit) * share**hit * (1 - share) ** (of - hit) for hit in range(most + 1))


def one_sided(members: Sequence[Arrival], arrivals: Sequence[Arrival]) -> float:
    """How likely so few of the window's unproven reviews give less than 5 stars, by the clinic's share at other times.

    Real clients of a clinic that grows are not all delighted.
    """
    begin, end = members[0].at, members[-1].at
    inside = [one for one in arrivals if not one.proven and begin <= one.at <= end]
    outside = [one for one in arrivals if not one.proven and not begin <= one.at <= end]
    other = sum(one.overall < 5 for one in inside)
    five = weighed(sum(one.overall == 5 for one in outside), len(outside), SHARE_OF_FIVE)
    return at_most(other, len(members) - 1 + other, 1 - five)


def ready(members: Sequence[Arrival]) -> int:
    return sum(one.is_ready for one in members)


def kept_ready(members: Sequence[Arrival], usual: float) -> float:
    """How likely so many of them come from accounts that lay ready, when `usual` is the share on the whole site."""
    number = len(members)
    return at_most(number - ready(members), number, 1 - usual)
