"""Replays a world in memory: the signals' own judgements over lists instead of tables, in a twentieth of the time.

For choosing thresholds and for measuring many worlds. `tests/moderation` plays one world both ways and wants the same
outcome of every review; what counts in the end is what `play` finds on a database.
"""

from collections import defaultdict
from datetime import datetime
from functools import cache

from benchmarks.rings.events import WORLD_DAYS, Sent, Visit, World
from benchmarks.rings.play import NIGHTS_BETWEEN, Moment, Outcome, moment
from benchmarks.rings.tables import Reviewed, Tables
from directory.moderation.signals import account, arrivals, burst, context, near_copies, origin, ring, ties
from directory.moderation.signals.finding import Finding
from directory.moderation.signals.models import STRENGTHS
from directory.moderation.signals.thresholds import PERIOD
from directory.moderation.signals.verdict import HOLD, judge
from directory.moderation.suspicion import ONWARD_AT_MOST

NEAR = 2 * PERIOD


def _rank(finding: Finding | None) -> int:
    return STRENGTHS.index(finding.strength) if finding is not None else -1


class Replay:
    """One world."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.tables = Tables(world)
        self.said: dict[int, dict[str, Finding]] = defaultdict(dict)
        self.waiting: list[tuple[Reviewed, bool, float | None]] = []
        self.at_once: set[int] = set()
        self.now: datetime = moment(0.0)

    def _findings(self, review: Reviewed, belief: float | None) -> list[Finding]:
        """As `signals.evidence.findings`."""
        tables, own, stage = self.tables, review.arrival, review.newest
        who, there = own.author_id or 0, tables.there[own.clinic_id][-arrivals.MOST :]
        since = min(max(tables.opened[own.clinic_id], tables.reviews[0].arrival.at), there[0].at)
        found: list[Finding | None] = []
        found += burst.find(own, there, burst.Past(since, tables.clock(), cache(tables.ready_share)))
        found.append(context.find(own, there, tables.rivals(own) if own.overall <= 2 else []))
        found.append(near_copies.find(tables.copies(stage)))
        near, tied = tables.neighbours(stage), tables.ties(stage, self.now)
        networks = {tie.network for tie in tied if tie.network} | (tables.networks_of(who, stage) if near else set())
        insiders = [who, tables.staff.get(own.clinic_id, 0)]
        strangers = tables.strangers(networks, insiders, self.now) if networks else ()
        shared = origin.is_shared(own.clinic_id, near, strangers)
        meanwhile = sum(abs(one.at - stage.at) <= NEAR for one in there)
        found.append(origin.find(own.clinic_id, near, meanwhile, shared=shared))
        found.append(ties.find(tied, stage.sent.overall, shared=shared))
        written = [one.arrival for one in tables.by_author[who][-50:]]
        found.append(account.find(own, written))
        others = tuple(one.public_id for one in written if one.review_id != own.review_id)
        company = ring.find(who, tables.neighbourhood(who), belief) if others else None
        found.append(company._replace(others=others) if company is not None else None)
        return [one for one in found if one is not None]

    def _examine(self, review: Reviewed, onward: bool, belief: float | None) -> None:
        """As `suspicion.examine`: what is known only grows, and what is pointed at is looked at too."""
        kept = self.said[review.arrival.review_id]
        found = self._findings(review, belief)
        for one in found:
            if _rank(kept.get(one.kind)) <= _rank(one):
                kept[one.kind] = one
        for one in found if onward else []:
            for other in sorted(map(int, one.others[-ONWARD_AT_MOST:])) if one.strength != "low" else []:
                if _rank(self.said[other].get(one.kind)) < _rank(one):
                    self.waiting.append((self.tables.reviews[other - 1], False, None))

    def _work(self) -> None:
        while self.waiting:
            batch, self.waiting = self.waiting, []
            for review, onward, belief in batch:
                self._examine(review, onward, belief)

    def _held(self, review: Reviewed) -> bool:
        return judge(self.said[review.arrival.review_id].values()).act == HOLD

    def _night(self) -> None:
        members = self.tables.beliefs()
        theirs = [one for one in self.tables.reviews if one.arrival.author_id in members]
        for one in theirs:
            if "ring" not in self.said[one.arrival.review_id]:
                self.waiting.append((one, False, round(members[one.arrival.author_id or 0], 4)))
        self._work()

    def _sent(self, sent: Sent) -> None:
        review = self.tables.take(sent)
        if review is None:
            return
        self.waiting.append((review, True, None))
        self._work()
        if sent.stage == "fresh" and self._held(review):
            self.at_once.add(review.arrival.review_id)

    def play(self) -> list[Outcome]:
        """Everything in order of time."""
        nights = [Moment(float(at), 3, None) for at in range(NIGHTS_BETWEEN, WORLD_DAYS + 8, NIGHTS_BETWEEN)]
        coming = [*(Moment(one.at, 1, one) for one in self.world.sent), *nights]
        coming += [Moment(one.at, 0, one) for one in self.world.visits]
        for number, (at, _order, what) in enumerate(sorted(coming, key=lambda one: (one.at, one.order))):
            self.now = moment(at)
            if isinstance(what, Visit):
                key = f"owner {what.place}" if what.place >= 0 else f"reader{number}"
                self.tables.sign_in(self.tables.user(key), self.now, what.network, what.device)
            elif isinstance(what, Sent):
                self._sent(what)
            else:
                self._night()
        return [self._outcome(review) for review in self.tables.reviews]

    def _outcome(self, review: Reviewed) -> Outcome:
        number, sent = review.arrival.review_id, review.sent
        names = tuple(f"{kind} {one.strength}" for kind, one in sorted(self.said[number].items()))
        return Outcome(sent.ring, sent.place, sent.at, number in self.at_once, self._held(review), names)
