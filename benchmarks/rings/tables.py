"""What the signals ask the database for, answered from lists: the same questions, in memory, for a quick replay."""

from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime

import numpy as np

from benchmarks.rings.events import Sent, World
from benchmarks.rings.play import moment
from directory.moderation.signals import arrivals, near_copies, ring, ties
from directory.moderation.signals import thresholds as bounds
from directory.moderation.signals.arrivals import Arrival
from directory.moderation.signals.context import Rival
from directory.moderation.signals.near_copies import Copy, Read
from directory.moderation.signals.origin import Neighbour
from directory.moderation.signals.ties import Tie
from directory.moderation.signals.traces import period_of
from directory.places.distance import great_circle

LAST = 1 << 60
Mark = tuple[str, str]


@dataclass(eq=False)
class Written:
    """One stage of a review, where it was sent from, and its text taken apart."""

    number: int
    review: "Reviewed"
    at: datetime
    sent: Sent
    period: int
    read: Read
    values: list[int]


@dataclass(eq=False)
class Reviewed:
    """One review: how it arrived, and its stages."""

    arrival: Arrival
    sent: Sent
    stages: list[Written] = field(default_factory=list)

    @property
    def newest(self) -> Written:
        return max(self.stages, key=lambda stage: (stage.at, stage.number))


class Tables:
    """Reviews, traces, sketches and sign-ins of one world, found by what the site's indexes find them by."""

    def __init__(self, world: World) -> None:
        self.places = {place.number: place for place in world.places}
        self.opened = {number: moment(place.opens) for number, place in self.places.items()}
        self.created: dict[str, datetime] = {}
        self.numbers: dict[str, int] = {}
        self.reviews: list[Reviewed] = []
        self.pairs: dict[tuple[str, int], Reviewed] = {}
        self.there: dict[int, list[Arrival]] = defaultdict(list)
        self.by_author: dict[int, list[Reviewed]] = defaultdict(list)
        self.stages: list[Written] = []
        self.bands: dict[int, list[Written]] = defaultdict(list)
        self.sent_from: dict[str, list[Written]] = defaultdict(list)
        self.sessions: dict[int, list[tuple[datetime, int, str, str]]] = defaultdict(list)
        self.signed_in: dict[str, list[tuple[datetime, int]]] = defaultdict(list)
        self.staff = {one.number: self.user(f"owner {one.number}") for one in world.places if one.owned}
        self.likeness: dict[tuple[int, int], tuple[float, float]] = {}
        self.serial = 0

    def user(self, key: str) -> int:
        return self.numbers.setdefault(key, len(self.numbers) + 1)

    def km(self, one: int, other: int) -> float:
        here, there = self.places[one], self.places[other]
        return great_circle(here.lat, here.lon, there.lat, there.lon)

    def sign_in(self, who: int, at: datetime, network: str, device: str) -> None:
        self.serial += 1
        self.sessions[who].append((at, self.serial, network, device))
        self.signed_in[network].append((at, who))

    def take(self, sent: Sent) -> Reviewed | None:
        """The review with the stage just sent in; None for the same stage again, which the world does not play."""
        at, who, pair = moment(sent.at), self.user(sent.person.key), (sent.person.key, sent.place)
        self.sign_in(who, at, sent.network, sent.device)
        review = self.pairs.get(pair)
        if review is None:
            number, signed_up = len(self.reviews) + 1, moment(sent.person.signed_up)
            made = Arrival(number, str(number), sent.place, who, at, sent.overall, sent.proven, signed_up)
            review = self.pairs[pair] = Reviewed(made, sent)
            self.reviews.append(review)
            self.there[sent.place].append(made)
            self.by_author[who].append(review)
        elif any(stage.sent.stage == sent.stage for stage in review.stages):
            return None
        values = near_copies.sketch(sent.text)
        stage = Written(len(self.stages), review, at, sent, period_of(at), Read.of(sent.text), values)
        self.stages.append(stage)
        review.stages.append(stage)
        for key in {sent.network, sent.device}:
            self.sent_from[key].append(stage)
        for value in set(values):
            self.bands[value].append(stage)
        return review

    def clock(self) -> Callable[[datetime], float]:
        last = len(self.reviews)
        asked = sorted({max(1, last * mark // arrivals.Clock.MARKS) for mark in range(arrivals.Clock.MARKS + 1)})
        moments = [self.reviews[number - 1].arrival.at.timestamp() for number in asked]
        return lambda at: float(np.interp(at.timestamp(), moments, [float(number) for number in asked], left=0.0))

    def ready_share(self) -> float:
        newest = self.reviews[-arrivals.MOST :]
        return arrivals.weighed(sum(one.arrival.is_ready for one in newest), len(newest), bounds.USUAL_READY)

    def rivals(self, own: Arrival) -> list[Rival]:
        near = [(self.km(own.clinic_id, other), other) for other in self.places if other != own.clinic_id]
        since = own.at - bounds.NEW_RIVAL
        return [
            Rival(other, km, self.opened[other])
            for km, other in sorted(near)
            if km <= bounds.RIVAL_KM and self.opened[other] > since
        ]

    def _like(self, one: Written, other: Written) -> tuple[float, float]:
        pair = (min(one.number, other.number), max(one.number, other.number))
        if pair not in self.likeness:
            self.likeness[pair] = near_copies.likeness(one.read, other.read)
        return self.likeness[pair]

    def copies(self, stage: Written) -> list[Copy]:
        shared: Counter[int] = Counter()
        for value in stage.values:
            others = [one.number for one in reversed(self.bands[value]) if one is not stage]
            shared.update(others[: bounds.COPY_CANDIDATES // 2])
        ids = sorted(shared, key=lambda number: (-shared[number], -number))[: bounds.COPY_CANDIDATES]
        found: dict[str, Copy] = {}
        for other in (self.stages[number] for number in sorted(ids)):
            its, own = other.review.arrival, stage.review.arrival
            if other.review is stage.review or its.author_id == own.author_id:
                continue
            made = Copy(its.public_id, its.author_id, its.clinic_id, *self._like(stage, other))
            if made.is_near:
                found[made.public_id] = max(made, found.get(made.public_id, made), key=lambda one: one.order + one.runs)
        return sorted(found.values(), key=lambda copy: (-copy.order - copy.runs, copy.public_id))

    def neighbours(self, stage: Written) -> list[Neighbour]:
        own = stage.review.arrival
        met = {one.number: one for key in (stage.sent.network, stage.sent.device) for one in self.sent_from[key]}
        rows = [one for one in met.values() if abs(one.period - stage.period) <= 1 and one.review is not stage.review]
        rows.sort(key=lambda one: (one.at, one.number), reverse=True)
        found: dict[str, Neighbour] = {}
        for one in rows[: bounds.ORIGIN_ROWS]:
            its = one.review.arrival
            if its.author_id is None or its.author_id == own.author_id:
                continue
            held = found.get(its.public_id)
            same = one.sent.device == stage.sent.device or (held is not None and held.same_device)
            found[its.public_id] = Neighbour(its.public_id, its.author_id, its.clinic_id, same)
        return list(found.values())

    def networks_of(self, who: int, stage: Written) -> set[str]:
        return {stage.sent.network} & {network for _at, _serial, network, _device in self.sessions[who]}

    def strangers(self, networks: Iterable[str], insiders: Iterable[int], at: datetime) -> set[int]:
        found: set[int] = set()
        for network in networks:
            rows = self.signed_in[network]
            found.update(who for _at, who in rows[bisect_right(rows, (at - bounds.SESSIONS_KEPT, LAST)) :])
        return set(sorted(found)[: bounds.ORIGIN_ROWS]) - set(insiders)

    def _marks(self, people: Iterable[int], at: datetime) -> dict[int, set[Mark]]:
        since = at - bounds.SESSIONS_KEPT
        rows = [(one[1], who, one[2], one[3]) for who in people for one in self.sessions[who] if one[0] > since]
        found: dict[int, set[Mark]] = {}
        for _serial, who, network, device in sorted(rows, reverse=True)[: ties.MOST_SESSIONS]:
            found.setdefault(who, set()).update([("network", network), ("device", device)])
        return found

    def ties(self, stage: Written, at: datetime) -> list[Tie]:
        own = stage.review.arrival
        near = [(who, self.km(own.clinic_id, place), place) for place, who in self.staff.items()]
        staff = [one for one in near if one[1] <= bounds.RIVAL_KM]
        staff.sort(key=lambda one: (one[2] != own.clinic_id, one[2]))
        marks = self._marks([own.author_id or 0, *(one[0] for one in staff)], at)
        mine = marks.get(own.author_id or 0, set()) | {("network", stage.sent.network), ("device", stage.sent.device)}
        found = []
        for who, km, place in staff:
            for mark in sorted(mine & marks.get(who, set())):
                users = {other for person, _km, other in staff if mark in marks.get(person, set())}
                network = mark[1] if mark[0] == "network" else ""
                away = None if place == own.clinic_id else km
                found.append(Tie(mark[0], "owner", away, network, common=len(users) > 1))
        return found

    def neighbourhood(self, who: int) -> list[tuple[int, int]]:
        clinics = {one.arrival.clinic_id for one in self.by_author[who][-bounds.RING_CLINICS :]}
        authors = {who}
        for clinic in clinics:
            authors.update(one.author_id or 0 for one in self.there[clinic][-bounds.RING_AUTHORS :])
        edges = [(one, review.arrival.clinic_id) for one in sorted(authors) for review in self.by_author[one]]
        return edges if len(clinics) > 1 else []

    def beliefs(self) -> dict[int, float]:
        edges = [(one.arrival.author_id or 0, one.arrival.clinic_id) for one in self.reviews]
        return dict(ring.propagate(edges).members()) if edges else {}
