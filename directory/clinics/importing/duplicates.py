"""Listings that may be one place, put forward for a person's decision; nothing is merged here.

Two listings are a pair when they stand at one place under similar names, or share a phone number or a web site. A
number or site that many share (a call centre, a public health service) says nothing; one that a few share, a chain,
counts only beside each other, or with a similar name in the same town.
"""

import math
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, fields
from itertools import islice, product
from typing import cast

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import fuzz, process
from sqlalchemy import Table, insert, select
from sqlalchemy.orm import Session

from directory.clinics.changes import BATCH
from directory.clinics.duplicates import DuplicatePair
from directory.clinics.models import PUBLISHED, SUSPENDED, Clinic
from directory.places.distance import EARTH_KM, great_circle, vector

NEAR_KM = 0.15
TOWN_KM = 25.0
BESIDE_KM = 1.0
SIMILAR = 88.0  # rapidfuzz token_set_ratio over folded names, 0 to 100
SHARED_BY_MANY = 20
PAIRS_EACH = 20  # of one listing in one group: more of them would only bury what is worth deciding
ONE_POINT_MANY = 50  # so many listings at one exact point stand on a place-holder, not at their doors
_NEAR_CHORD = NEAR_KM / EARTH_KM
_READ = 2_000
_PAIR = cast(Table, DuplicatePair.__table__)


@dataclass
class Listings:
    """What is compared, column by column; keys are clinic ids, or the negative line number of a row not yet in."""

    keys: list[int] = field(default_factory=list)
    names: list[str] = field(default_factory=list)
    lats: list[float] = field(default_factory=list)
    lons: list[float] = field(default_factory=list)
    exact: list[bool] = field(default_factory=list)
    codes: list[int] = field(default_factory=list)  # hash of country and postal code, 0 when there is none
    towns: list[int] = field(default_factory=list)
    phones: list[int] = field(default_factory=list)
    hosts: list[int] = field(default_factory=list)

    def add(
        self,
        key: int,
        *,
        name_key: str,
        lat: float,
        lon: float,
        exact: bool,
        country: str,
        postal_code: str,
        city_key: str,
        phone: str,
        host: str,
    ) -> None:
        code = "".join(letter for letter in postal_code.casefold() if letter.isalnum())
        self.keys.append(key)
        self.names.append(name_key)
        self.lats.append(lat)
        self.lons.append(lon)
        self.exact.append(exact)
        self.codes.append(hash((country, code)) if code else 0)
        self.towns.append(hash((country, city_key)) if city_key else 0)
        self.phones.append(hash(phone) if phone else 0)
        self.hosts.append(hash(host) if host else 0)

    def extend(self, other: "Listings") -> None:
        """Put another set of listings behind this one."""
        for column in fields(self):
            getattr(self, column.name).extend(getattr(other, column.name))


Pair = tuple[int, int, list[str]]
"""Lower key, higher key, reasons in words."""


def read_listings(session: Session) -> Listings:
    """All listings that can be seen or may be again, except the invented ones."""
    found = Listings()
    last = 0
    while True:
        query = (
            select(
                Clinic.id,
                Clinic.name_key,
                Clinic.lat,
                Clinic.lon,
                Clinic.point_precision,
                Clinic.is_home,
                Clinic.country,
                Clinic.postal_code,
                Clinic.city_key,
                Clinic.phone,
                Clinic.website_host,
            )
            .where(Clinic.id > last, Clinic.status.in_((PUBLISHED, SUSPENDED)), Clinic.is_example.is_(False))
            .order_by(Clinic.id)
            .limit(_READ)
        )
        rows = session.execute(query).all()
        for row in rows:
            found.add(
                row.id,
                name_key=row.name_key,
                lat=row.lat,
                lon=row.lon,
                exact=row.point_precision == "given" and not row.is_home,
                country=row.country,
                postal_code=row.postal_code,
                city_key=row.city_key,
                phone=row.phone,
                host=row.website_host,
            )
        if len(rows) < _READ:
            return found
        last = rows[-1].id


def find_pairs(listings: Listings, touched: Iterable[int]) -> list[Pair]:
    """Every pair of which at least one key is in `touched`, in order of the keys."""
    keys = np.array(listings.keys, dtype=np.int64)
    fresh = np.isin(keys, np.fromiter(touched, dtype=np.int64))
    found: dict[tuple[int, int], list[str]] = {}

    def note(one: int, other: int, *reasons: str) -> None:
        a, b = sorted((listings.keys[one], listings.keys[other]))
        known = found.setdefault((a, b), [])
        known += [reason for reason in reasons if reason not in known]

    for group in _groups(np.array(listings.codes, dtype=np.int64), fresh):
        for one, other in _similar(group, listings, fresh):
            note(one, other, "similar name", "same postal code")
    for one, other in _near_pairs(listings, fresh):
        note(one, other, "similar name", "same place")
    for one, other in _same_street_unknown(listings, fresh):
        note(one, other, "same name", "same town")
    for column, reason in ((listings.phones, "same phone"), (listings.hosts, "same web site")):
        for group in _groups(np.array(column, dtype=np.int64), fresh):
            for one, other in _sharing(group, listings, fresh):
                note(one, other, reason)
    return [(a, b, reasons) for (a, b), reasons in sorted(found.items())]


def _groups(values: NDArray[np.int64], fresh: NDArray[np.bool_]) -> Iterator[NDArray[np.intp]]:
    """Rows that share a value other than 0, where at least one of them is fresh."""
    order = np.argsort(values, kind="stable")
    ordered = values[order]
    edges = np.flatnonzero(np.diff(ordered)) + 1
    for group in np.split(order, edges):
        if len(group) > 1 and values[group[0]] != 0 and fresh[group].any():
            yield group


def _similar(
    group: Sequence[int] | NDArray[np.intp], listings: Listings, fresh: NDArray[np.bool_], least: float = SIMILAR
) -> Iterator[tuple[int, int]]:
    """Pairs of a group with similar names, one of them fresh."""
    names = [listings.names[row] for row in group]
    for row in (row for row in group if fresh[row]):
        matches = process.extract_iter(listings.names[row], names, scorer=fuzz.token_set_ratio, score_cutoff=least)
        others = (int(group[place]) for _, _, place in matches)
        wanted = (other for other in others if other != row and not (fresh[other] and other < row))
        for other in islice(wanted, PAIRS_EACH):
            yield int(row), other


def _near_pairs(listings: Listings, fresh: NDArray[np.bool_]) -> Iterator[tuple[int, int]]:
    """Similar names within NEAR_KM of each other, of points given with the row and no others."""
    crowds = Counter(zip(listings.lats, listings.lons, strict=True))
    rows = [
        row
        for row, exact in enumerate(listings.exact)
        if exact and crowds[listings.lats[row], listings.lons[row]] <= ONE_POINT_MANY
    ]
    if len(rows) < 2:
        return
    points = vector([listings.lats[row] for row in rows], [listings.lons[row] for row in rows])
    # Cells of the cube round the sphere: no special case at the poles or the antimeridian.
    cells = np.floor(points / (_NEAR_CHORD * 1.01)).astype(np.int64).tolist()
    index: dict[tuple[int, int, int], list[int]] = {}
    for place, (x, y, z) in enumerate(cells):
        index.setdefault((x, y, z), []).append(place)
    for place, one in enumerate(rows):
        if not fresh[one]:
            continue
        x, y, z = cells[place]
        for cell in product((x - 1, x, x + 1), (y - 1, y, y + 1), (z - 1, z, z + 1)):
            for near in index.get(cell, ()):
                other = rows[near]
                if other == one or (fresh[other] and other < one):
                    continue
                if math.dist(points[place], points[near]) <= _NEAR_CHORD and fuzz.token_set_ratio(
                    listings.names[one], listings.names[other], score_cutoff=SIMILAR
                ):
                    yield one, other


def _same_street_unknown(listings: Listings, fresh: NDArray[np.bool_]) -> Iterator[tuple[int, int]]:
    """Equal names in one town where at least one of the two is placed by its town or code only."""
    names = np.array(
        [hash((town, name)) if town else 0 for town, name in zip(listings.towns, listings.names, strict=True)],
        dtype=np.int64,
    )
    for group in _groups(names, fresh):
        for one, other in _similar(group, listings, fresh, least=100.0):
            known = listings.exact[one] and listings.exact[other]
            if not known and not (listings.codes[one] and listings.codes[other]):
                yield one, other


def _sharing(group: NDArray[np.intp], listings: Listings, fresh: NDArray[np.bool_]) -> Iterator[tuple[int, int]]:
    """Pairs that share a phone or a site, by the rule at the head of this file."""
    if len(group) > SHARED_BY_MANY:
        return
    rows = sorted(int(row) for row in group)
    for place, one in enumerate(rows):
        for other in rows[place + 1 :]:
            if not (fresh[one] or fresh[other]):
                continue
            if len(rows) == 2 or _akin(one, other, listings):
                yield one, other


def _akin(one: int, other: int, listings: Listings) -> bool:
    km = great_circle(listings.lats[one], listings.lons[one], listings.lats[other], listings.lons[other])
    if km <= BESIDE_KM:
        return True
    alike = fuzz.token_set_ratio(listings.names[one], listings.names[other], score_cutoff=SIMILAR)
    return km <= TOWN_KM and alike > 0


class NewPairs:
    """Writes pairs that are not recorded yet, in batches; the caller commits after each."""

    def __init__(self, session: Session, pairs: Sequence[Pair]) -> None:
        self._session = session
        self._pairs = pairs
        self.written: list[Pair] = []

    def batches(self) -> Iterator[list[Pair]]:
        """At most BATCH pairs at a time."""
        rest = iter(self._pairs)
        while part := list(islice(rest, BATCH)):
            yield part

    def unknown(self, part: Sequence[Pair]) -> list[Pair]:
        """Those of the pairs that no earlier run recorded, whatever was decided about them."""
        recorded = (
            select(DuplicatePair.first_id, DuplicatePair.second_id)
            .where(DuplicatePair.first_id.in_({pair[0] for pair in part}))
            .order_by(DuplicatePair.first_id, DuplicatePair.second_id)
        )
        known = {(row.first_id, row.second_id) for row in self._session.execute(recorded)}
        return [pair for pair in part if (pair[0], pair[1]) not in known]

    def write(self, part: Sequence[Pair]) -> list[Pair]:
        """Record the new ones of a batch; the caller holds the write lock, under which imports take turns."""
        fresh = self.unknown(part)
        if fresh:
            self._session.execute(
                insert(_PAIR),
                [
                    {"first_id": first, "second_id": second, "reasons": reasons, "verdict": "open", "decided_at": None}
                    for first, second, reasons in fresh
                ],
            )
        self.written += fresh
        return fresh
