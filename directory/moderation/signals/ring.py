"""Ring: loopy belief propagation over who reviewed where (FraudEagle: Akoglu, Chandy, Faloutsos, ICWSM 2013).

Accounts are honest or of a ring, clinics are plain or worked on. A review joins an account and a clinic; how likely
the account is of a ring, given the clinic, is one table (PART). With m(u->c) and m(c->u) as log odds:

    m(u->c) = log of sum over the account's states of  belief without c  x  PART / BASE, worked against plain
    m(c->u) = log of sum over the clinic's states of   belief without u  x  PART / BASE, ring against honest
    odds(u) = prior(u) x product of m(c->u) over its clinics

for RING_ROUNDS rounds, damped by half, which settles on graphs as thin as these (most people review one clinic). An
account's prior comes from how many clinics it reviewed; one with a single clinic stays near its prior, so it is never
held for its company alone.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import select

from directory.db import db
from directory.moderation.signals.finding import Finding, times
from directory.moderation.signals.thresholds import (
    RING_AUTHORS,
    RING_CLINICS,
    RING_HIGH,
    RING_MEDIUM,
    RING_ROUNDS,
)
from directory.reviews.models import Review

# Share of reviews that come from rings: at a clinic that is worked on, at a plain one, and over all. The tables and
# the priors were set on seeds 1 to 20 of the simulator; the shape is FraudEagle's.
WORKED, PLAIN, BASE = 0.5, 0.02, 0.05
PRIOR_WORKED = 0.05
PRIOR_RING = {1: 0.01, 2: 0.10, 3: 0.35}
PRIOR_RING_MANY = 0.60
STEEPEST = 8.0  # log odds one message may carry

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


class Belief(NamedTuple):
    """For each account (ids in order), how likely it is of a ring, and how many clinics it reviewed."""

    ids: Ints
    shares: Floats
    clinics: Ints

    def of(self, author_id: int) -> float:
        return float(self.shares[np.searchsorted(self.ids, author_id)])

    def members(self) -> list[tuple[int, float]]:
        """Accounts with more than one clinic that are believed to be of a ring."""
        found = (self.shares >= RING_MEDIUM) & (self.clinics >= 2)
        return list(zip(self.ids[found].tolist(), self.shares[found].tolist(), strict=True))


def _odds(share: Floats | float) -> Floats:
    return np.asarray(np.log(share) - np.log1p(-np.asarray(share)), dtype=np.float64)


def _share(odds: Floats) -> Floats:
    return np.asarray(1.0 / (1.0 + np.exp(-odds)), dtype=np.float64)


def propagate(edges: Sequence[tuple[int, int]] | Ints, rounds: int = RING_ROUNDS) -> Belief:
    """Beliefs from (account, clinic) pairs; a pair that comes twice counts once."""
    pairs = np.unique(np.asarray(edges, dtype=np.int64).reshape(-1, 2), axis=0)
    ids, account = np.unique(pairs[:, 0], return_inverse=True)
    clinic = np.unique(pairs[:, 1], return_inverse=True)[1]
    count = np.bincount(account).astype(np.int64)
    prior = np.full(len(ids), PRIOR_RING_MANY)
    for clinics, share in PRIOR_RING.items():
        prior[count == clinics] = share
    prior_odds, worked_odds = _odds(prior), _odds(PRIOR_WORKED)
    ring_up, ring_down = WORKED / BASE, PLAIN / BASE
    honest_up, honest_down = (1 - WORKED) / (1 - BASE), (1 - PLAIN) / (1 - BASE)
    to_account, to_clinic = np.zeros(len(pairs)), np.zeros(len(pairs))
    for _round in range(rounds):
        ring = _share((prior_odds + np.bincount(account, to_account))[account] - to_account)
        fresh = np.log(ring * ring_up + (1 - ring) * honest_up) - np.log(ring * ring_down + (1 - ring) * honest_down)
        to_clinic = np.clip((to_clinic + fresh) / 2, -STEEPEST, STEEPEST)
        worked = _share((worked_odds + np.bincount(clinic, to_clinic))[clinic] - to_clinic)
        fresh = np.log(worked * ring_up + (1 - worked) * ring_down)
        fresh -= np.log(worked * honest_up + (1 - worked) * honest_down)
        to_account = np.clip((to_account + fresh) / 2, -STEEPEST, STEEPEST)
    return Belief(ids, _share(prior_odds + np.bincount(account, to_account)), count)


def neighbourhood(author_id: int) -> list[tuple[int, int]]:
    """The author's clinics, who else reviewed them, and where those people reviewed: bounded on every step."""
    mine = select(Review.clinic_id).where(Review.author_id == author_id).order_by(Review.id.desc()).limit(RING_CLINICS)
    clinics = sorted(set(db.session.scalars(mine)))
    if len(clinics) < 2:
        return []
    authors: set[int] = {author_id}
    for clinic_id in clinics:
        there = (
            select(Review.author_id)
            .where(Review.clinic_id == clinic_id, Review.author_id.is_not(None))
            .order_by(Review.id.desc())
            .limit(RING_AUTHORS)
        )
        authors.update(one for one in db.session.scalars(there) if one is not None)
    found: list[tuple[int, int]] = []
    known = sorted(authors)
    for start in range(0, len(known), 500):
        query = (
            select(Review.author_id, Review.clinic_id)
            .where(Review.author_id.in_(known[start : start + 500]))
            .order_by(Review.author_id, Review.clinic_id, Review.id)
            .limit(500 * RING_CLINICS)
        )
        found += [(one, clinic_id) for one, clinic_id in db.session.execute(query) if one is not None]
    return found


def company(author_id: int, edges: Sequence[tuple[int, int]]) -> tuple[int, int]:
    """(other accounts that share at least two clinics with this one, clinics they share)."""
    mine = {clinic for one, clinic in edges if one == author_id}
    shared: dict[int, set[int]] = {}
    for one, clinic in edges:
        if one != author_id and clinic in mine:
            shared.setdefault(one, set()).add(clinic)
    close = {one: clinics for one, clinics in shared.items() if len(clinics) >= 2}
    return len(close), len(set().union(*close.values())) if close else 0


def find(author_id: int, edges: Sequence[tuple[int, int]], belief: float | None = None) -> Finding | None:
    """`edges` are the neighbourhood; `belief` is the nightly one over everything, when that is what asks."""
    if len({clinic for one, clinic in edges if one == author_id}) < 2:
        return None
    believed = propagate(edges).of(author_id) if belief is None else belief
    if believed < RING_MEDIUM:
        return None
    others, clinics = company(author_id, edges)
    strength = "high" if believed >= RING_HIGH else "medium"
    words = "This account reviews the same clinics as other accounts that review several"
    if others:
        words += f": {times(others, 'other account shares', 'other accounts share')} at least two with it, "
        words += f"{times(clinics, 'clinic', 'clinics')} in all"
    return Finding("ring", strength, f"{words} (belief {believed:.2f} that it belongs to a group)")
