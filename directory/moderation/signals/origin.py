"""Origin: several accounts writing from one network or one device, by keyed digests only."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from sqlalchemy import or_, select

from directory.accounts.sessions import UserSession
from directory.db import db, now
from directory.moderation.signals.finding import Finding, times
from directory.moderation.signals.models import Trace
from directory.moderation.signals.thresholds import (
    NETWORK_HIGH,
    NETWORK_MEDIUM,
    NETWORK_SHARE,
    ORIGIN_ROWS,
    SESSIONS_KEPT,
    SHARED_STRANGERS,
)
from directory.moderation.signals.traces import digest
from directory.reviews.models import Review


class Neighbour(NamedTuple):
    """Another person's review from the same network or the same device."""

    public_id: str
    author_id: int
    clinic_id: int
    same_device: bool


def trace_of(review_id: int) -> Trace | None:
    """The newest trace of a review that is still kept."""
    query = select(Trace).where(Trace.review_id == review_id).order_by(Trace.submitted_at.desc(), Trace.stage_id.desc())
    return db.session.scalars(query.limit(1)).one_or_none()


def _meets(column: str, trace: Trace) -> list[object]:
    """Equal under this period's key, under the last one's, or from the next period looking back at this one."""
    mine, before = getattr(trace, column), getattr(trace, f"{column}_before")
    if not mine:
        return []
    now_column, before_column = getattr(Trace, column), getattr(Trace, f"{column}_before")
    return [now_column == mine, now_column == before, before_column == mine]


def neighbours(trace: Trace, author_id: int | None) -> list[Neighbour]:
    """The newest ORIGIN_ROWS reviews of other people from the same network or device, newest first."""
    conditions = _meets("network", trace) + _meets("device", trace)
    if not conditions:
        return []
    query = (
        select(Review.public_id, Review.author_id, Review.clinic_id, Trace.device, Trace.device_before)
        .join(Trace, Trace.review_id == Review.id)
        .where(or_(*conditions), Review.id != trace.review_id, Review.author_id.is_not(None))  # type: ignore[arg-type]
        .order_by(Trace.submitted_at.desc(), Trace.stage_id.desc())
        .limit(ORIGIN_ROWS)
    )
    keys = {key for key in (trace.device, trace.device_before) if key}
    found: dict[str, Neighbour] = {}
    for public_id, other_id, clinic_id, device, before in db.session.execute(query):
        if other_id is None or other_id == author_id:
            continue
        same = device in keys or (bool(before) and before == trace.device)
        held = found.get(public_id)
        found[public_id] = Neighbour(public_id, other_id, clinic_id, same or (held is not None and held.same_device))
    return list(found.values())


def networks_of(author_id: int, trace: Trace) -> set[str]:
    """The network of the trace, when it is among those the author signed in from; else nothing is known of it."""
    query = select(UserSession.network).where(UserSession.user_id == author_id, UserSession.network != "")
    kept = db.session.scalars(query.group_by(UserSession.network).order_by(UserSession.network).limit(50))
    return {network for network in kept if digest("network", network, trace.period) == trace.network}


def strangers(networks: Iterable[str], staff: Iterable[int]) -> set[int]:
    """People who signed in from one of these networks lately, staff aside."""
    query = (
        select(UserSession.user_id)
        .where(UserSession.network.in_(sorted(networks)), UserSession.created_at > now() - SESSIONS_KEPT)
        .group_by(UserSession.user_id)
        .order_by(UserSession.user_id)
        .limit(ORIGIN_ROWS)
    )
    return set(db.session.scalars(query)) - set(staff)


def is_shared(clinic_id: int, near: Sequence[Neighbour], signed_in: Iterable[int] = ()) -> bool:
    """Whether the network carries people who have nothing to do with each other: a café, a phone company, a VPN.

    Known by at least SHARED_STRANGERS people who wrote from it about other clinics, or signed in and wrote nothing
    about this one, when they are more than those who did.
    """
    here = {one.author_id for one in near if one.clinic_id == clinic_id}
    elsewhere = ({one.author_id for one in near} | set(signed_in)) - here
    return len(elsewhere) >= SHARED_STRANGERS and len(elsewhere) > len(here)


def find(clinic_id: int, near: Sequence[Neighbour], reviews_here: int, *, shared: bool = False) -> Finding | None:
    """One other author may be family; several about one clinic are not. One device is never shared by strangers.

    `reviews_here` is how many reviews the clinic got while these traces were kept; `shared` as `is_shared` says.
    """
    people = {one.author_id for one in near}
    here = {one.author_id for one in near if one.clinic_id == clinic_id}
    device = {one.author_id for one in near if one.same_device}
    dense = len(here) + 1 >= NETWORK_SHARE * reviews_here and not shared
    if len(device) >= 2 or (len(here) >= NETWORK_HIGH and dense):
        strength = "high"
    elif device or (len(here) >= NETWORK_MEDIUM and dense):
        strength = "medium"
    elif here and dense:
        strength = "low"
    else:
        return None
    words = f"{times(len(people), 'other person', 'other people')} wrote from the same network"
    words += f", {len(here)} of them about this clinic, which got {times(reviews_here, 'review', 'reviews')} meanwhile"
    if device:
        words += f"; {times(len(device), 'person', 'people')} on the same device"
    return Finding("origin", strength, words, tuple(one.public_id for one in near[:20]))
