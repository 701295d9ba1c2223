"""Tie: what links an author to the staff of the clinic, or to the staff of a rival nearby (threats 2 and 3).

Staff are its owners and editors, and whoever claims the listing. The owner of a clinic can never review it: whatever
other signals say, each of these holds the review for a person.
"""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from sqlalchemy import or_, select

from directory.accounts.addresses import domain_of, is_public_host, mailbox
from directory.accounts.models import User
from directory.accounts.sessions import UserSession
from directory.cases.models import Case
from directory.clinics.membership import Membership
from directory.clinics.models import PUBLISHED, Clinic
from directory.db import db, now
from directory.moderation.signals.finding import Finding, times
from directory.moderation.signals.models import Trace
from directory.moderation.signals.thresholds import RIVAL_KM, SESSIONS_KEPT
from directory.moderation.signals.traces import digest
from directory.places.distance import box, great_circle

MOST_STAFF, MOST_SESSIONS = 200, 1_000


class Staff(NamedTuple):
    """One person at this clinic (`km` is None) or at a rival that many kilometres away."""

    user_id: int
    email: str
    level: str
    km: float | None
    clinic_id: int = 0


class Tie(NamedTuple):
    """How an author is linked to one of the staff: account, mailbox, device, network or mail domain.

    `network` is which, and `common` says that staff of several clinics use it, so it belongs to none of them.
    """

    how: str
    level: str
    km: float | None
    network: str = ""
    common: bool = False


def _claimants(clinic_id: int) -> list[Staff]:
    query = (
        select(User.id, User.email)
        .join(Case, or_(Case.author_id == User.id, Case.opened_by_id == User.id))
        .where(Case.kind == "claim", Case.clinic_id == clinic_id)
        .order_by(User.id)
        .limit(20)
    )
    return [Staff(user_id, email, "claimant", None, clinic_id) for user_id, email in db.session.execute(query)]


def staff_around(clinic: Clinic, author_id: int) -> list[Staff]:
    """Staff and claimants of the clinic; then staff of clinics within RIVAL_KM; and the author's own memberships."""
    corners = [
        Clinic.lat.between(south, north) & Clinic.lon.between(west, east)
        for south, north, west, east in box(clinic.lat, clinic.lon, RIVAL_KM)
    ]
    query = (
        select(User.id, User.email, Membership.level, Clinic.id, Clinic.lat, Clinic.lon)
        .join(Membership, Membership.user_id == User.id)
        .join(Clinic, Clinic.id == Membership.clinic_id)
        .where(Clinic.status == PUBLISHED)
        .where(or_(Clinic.id == clinic.id, User.id == author_id, *corners))
        .order_by(Clinic.id != clinic.id, User.id != author_id, Membership.id)
        .limit(MOST_STAFF)
    )
    found = []
    for user_id, email, level, at, lat, lon in db.session.execute(query):
        km = None if at == clinic.id else great_circle(clinic.lat, clinic.lon, lat, lon)
        if km is None or km <= RIVAL_KM or user_id == author_id:
            found.append(Staff(user_id, email, level, km, at))
    return found + _claimants(clinic.id)


def staff_ids(clinic_id: int) -> list[int]:
    """Who works on the clinic's listing."""
    query = select(Membership.user_id).where(Membership.clinic_id == clinic_id).order_by(Membership.id)
    return list(db.session.scalars(query.limit(MOST_STAFF)))


def _marks(user_ids: Iterable[int]) -> dict[int, set[tuple[str, str]]]:
    """(`network` or `device`, value) of each person's sessions that are still kept."""
    query = (
        select(UserSession.user_id, UserSession.network, UserSession.device_mark)
        .where(UserSession.user_id.in_(set(user_ids)), UserSession.created_at > now() - SESSIONS_KEPT)
        .order_by(UserSession.id.desc())
        .limit(MOST_SESSIONS)
    )
    found: dict[int, set[tuple[str, str]]] = {}
    for user_id, network, device in db.session.execute(query):
        kept = found.setdefault(user_id, set())
        kept.update(pair for pair in (("network", network), ("device", device)) if pair[1])
    return found


def _met(mine: set[tuple[str, str]], trace: Trace | None, theirs: set[tuple[str, str]]) -> set[tuple[str, str]]:
    """Devices and networks on which both were, by their sessions or by the trace of the review."""
    met = mine & theirs
    if trace is not None:
        met |= {(what, value) for what, value in theirs if digest(what, value, trace.period) == getattr(trace, what)}
    return met


def ties_of(author: User, clinic: Clinic, trace: Trace | None) -> list[Tie]:
    """Every link between an author and the staff of this clinic or of a rival."""
    staff = staff_around(clinic, author.id)
    marks = _marks([author.id, *(one.user_id for one in staff)])
    own_domain = domain_of(author.email)
    found: list[Tie] = []
    clinic_domains = {clinic.website_host.removeprefix("www."), domain_of(clinic.email)}
    if own_domain and own_domain in clinic_domains and not is_public_host(own_domain):
        found.append(Tie("domain", "clinic", None))
    for one in staff:
        if one.user_id == author.id:
            found.append(Tie("account", one.level, one.km))
            continue
        if mailbox(one.email) == mailbox(author.email):
            found.append(Tie("mailbox", one.level, one.km))
        elif own_domain and own_domain == domain_of(one.email) and not is_public_host(own_domain):
            found.append(Tie("domain", one.level, one.km))
        for mark in sorted(_met(marks.get(author.id, set()), trace, marks.get(one.user_id, set()))):
            users = {other.clinic_id for other in staff if mark in marks.get(other.user_id, set())}
            network = mark[1] if mark[0] == "network" else ""
            found.append(Tie(mark[0], one.level, one.km, network, common=len(users) > 1))
    return found


_HOW = {
    "account": "The author is {who}",
    "mailbox": "The author's address is the same mailbox as that of {who}",
    "device": "The author uses the same device as {who}",
    "domain": "The author's address has the same domain as {who}",
    "network": "The author wrote or signed in from the same network as {who}",
}


def _strength(tie: Tie, overall: int, *, shared: bool) -> str:
    """A network that strangers share ties nobody to anybody."""
    if tie.how == "network" and (shared or tie.common):
        return "low" if tie.km is None else ""
    if tie.km is None:
        return "high"
    if tie.km > RIVAL_KM:
        return "medium"  # somebody of the trade, too far away to gain by it
    if tie.how in {"network", "domain"} and overall > 3:
        return "low"  # to praise a neighbour's competitor gains nothing
    return "high"


_ORDER = {"high": 0, "medium": 1, "low": 2}


def find(ties: Sequence[Tie], overall: int, *, shared: bool) -> Finding | None:
    """The strongest tie. `shared`: the network of the review carries people who have nothing to do with each other."""
    strengths = [(_strength(tie, overall, shared=shared), tie) for tie in ties]
    judged = sorted(
        ((strength, tie) for strength, tie in strengths if strength),
        key=lambda pair: (_ORDER[pair[0]], list(_HOW).index(pair[1].how)),
    )
    if not judged:
        return None
    strength, first = judged[0]
    article = "an" if first.level[0] in "eo" else "a"
    who = "the clinic" if first.level == "clinic" else f"{article} {first.level} of this clinic"
    if first.km is not None:
        who = f"{article} {first.level} of a clinic {first.km:.0f} km away"
    more = len(judged) - 1
    words = _HOW[first.how].format(who=who) + (f", and {times(more, 'more link', 'more links')}" if more else "")
    return Finding("tie", strength, words)
