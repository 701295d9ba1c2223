"""Finding what changed at followed clinics since the last look, from the very rows that public pages show.

Nothing tells this room of a change, so nothing can be forgotten: whatever lies between the last look and now is found,
also when nobody looked for a week. Looks overlap, because a row's time is older than its commit; the unique constraint
of `News` keeps each change from being found twice.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import ColumnElement, delete, inspect, or_, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import joinedload

from directory.accounts.models import User
from directory.cases.moderated import PUBLIC
from directory.clinics.membership import OWNER, Membership
from directory.clinics.models import CLOSED, PUBLISHED, Clinic
from directory.credentials.checks import Check
from directory.credentials.models import Credential
from directory.credentials.transitions import VERIFIED
from directory.db import Base, db
from directory.following.models import Followed, LastSeen, News, Sweep
from directory.keyed import pseudonym
from directory.practitioners.models import Engagement
from directory.reviews.models import Review, Stage

OVERLAP = timedelta(days=2)
# A letter on the day a review appears would help its clinic guess who wrote it.
REVIEWS_WAIT = timedelta(days=3)
_FOLLOWED = select(Followed.clinic_id).distinct()


class Change(NamedTuple):
    """One thing that happened at one clinic."""

    clinic_id: int
    kind: str
    thing: str
    at: datetime


def sweep(moment: datetime) -> int:
    """Note all changes up to this moment; returns how many are new."""
    mark = _mark(moment)
    since = mark.done_at - OVERLAP
    found = [*_checks(since), *_lapsed(since, moment), *_reviews(since, moment), *_places(moment)]
    mark.done_at = max(mark.done_at, moment)
    return _note(found)


def _mark(moment: datetime) -> Sweep:
    """The mark, locked until the commit: of two who look at once the second finds what the first noted."""
    _keep(Sweep(id=1, done_at=moment))
    return db.session.get_one(Sweep, 1, with_for_update=True)


def _keep(row: Base) -> bool:
    """Whether the row is new; one that is there already stays as it is."""
    if db.session.get(type(row), inspect(type(row)).primary_key_from_instance(row)) is not None:
        return False
    try:
        with db.session.begin_nested():
            db.session.add(row)
            db.session.flush()
    except IntegrityError:
        return False
    return True


def _note(found: list[Change]) -> int:
    query = select(News.clinic_id, News.kind, News.thing).where(
        News.clinic_id.in_(sorted({one.clinic_id for one in found}))
    )
    known = {tuple(row) for row in db.session.execute(query)}
    new = 0
    for clinic_id, kind, thing, at in found:
        if (clinic_id, kind, thing) in known:
            continue
        try:
            with db.session.begin_nested():
                db.session.add(News(clinic_id=clinic_id, kind=kind, thing=thing, happened_at=at))
                db.session.flush()
            new += 1
        except IntegrityError:
            continue  # somebody else looked at the same time
    return new


def _where_they_count(credentials: Iterable[Credential]) -> dict[int, list[int]]:
    """By credential: the followed clinics it counts at."""
    held, by_person = list(credentials), defaultdict(list)
    people = {one.practitioner_id for one in held if one.practitioner_id is not None}
    engaged = (
        select(Engagement.practitioner_id, Engagement.clinic_id)
        .where(Engagement.practitioner_id.in_(sorted(people)), Engagement.until.is_(None))
        .where(Engagement.clinic_id.in_(_FOLLOWED))
        .order_by(Engagement.id)
    )
    for person, clinic_id in db.session.execute(engaged):
        by_person[person].append(clinic_id)
    return {
        one.id: [one.clinic_id] if one.clinic_id is not None else by_person[one.practitioner_id or 0] for one in held
    }


def _at_followed() -> ColumnElement[bool]:
    people = select(Engagement.practitioner_id).where(Engagement.clinic_id.in_(_FOLLOWED), Engagement.until.is_(None))
    return or_(Credential.clinic_id.in_(_FOLLOWED), Credential.practitioner_id.in_(people))


def _checks(since: datetime) -> Iterator[Change]:
    """What came of looking at credentials. A second look that finds the same is no news; one that knows more is."""
    looked_at = select(Check.credential_id).where(Check.at > since)
    query = select(Credential).where(Credential.id.in_(looked_at), _at_followed()).order_by(Credential.id)
    credentials = {one.id: one for one in db.session.scalars(query)}
    places = _where_they_count(credentials.values())
    best: dict[int, int] = defaultdict(int)
    history = select(Check).where(Check.credential_id.in_(sorted(credentials))).order_by(Check.id)
    for check in db.session.scalars(history):
        kind = _kind_of(check, best[check.credential_id])
        if check.result == "confirmed":
            best[check.credential_id] = max(best[check.credential_id], check.level)
        elif check.result == "failed":
            best[check.credential_id] = 0
        if kind and check.at > since:
            for clinic_id in places[check.credential_id]:
                yield Change(clinic_id, kind, check.public_id, check.at)


def _kind_of(check: Check, best: int) -> str:
    if check.status in {"revoked", "suspended"}:
        return "ended"
    if check.status not in VERIFIED:
        return ""
    if check.result == "failed":
        return "gone"
    return "checked" if check.level > best else ""


def _lapsed(since: datetime, moment: datetime) -> Iterator[Change]:
    days = (since.date() - timedelta(days=1), moment.date() + timedelta(days=1))
    query = (
        select(Credential)
        .where(Credential.status.in_(VERIFIED), Credential.expires_on.between(*days), _at_followed())
        .options(joinedload(Credential.issuer))
        .order_by(Credential.id)
    )
    ended = [one for one in db.session.scalars(query) if since < one.lapses_at <= moment]
    places = _where_they_count(ended)
    for one in ended:
        for clinic_id in places[one.id]:
            yield Change(clinic_id, "lapsed", f"{one.public_id}:{one.expires_on}", one.lapses_at)


def _reviews(since: datetime, moment: datetime) -> Iterator[Change]:
    query = (
        select(Review.clinic_id, Stage.public_id, Stage.published_at)
        .join(Review.stages)
        .where(Review.clinic_id.in_(_FOLLOWED), Stage.state.in_(PUBLIC), Stage.stage != "fresh")
        .where(Stage.published_at > since - REVIEWS_WAIT, Stage.published_at <= moment - REVIEWS_WAIT)
        .order_by(Stage.id)
    )
    for clinic_id, stage, published_at in db.session.execute(query):
        if published_at is not None:
            yield Change(clinic_id, "review", stage, published_at)


def _owners(clinic_ids: list[int]) -> dict[int, str]:
    """What stands for the owners of each clinic; nothing for those without."""
    query = (
        select(Membership.clinic_id, User.public_id)
        .join(User, User.id == Membership.user_id)
        .where(Membership.clinic_id.in_(clinic_ids), Membership.level == OWNER)
        .order_by(Membership.clinic_id, User.public_id)
    )
    held = defaultdict(list)
    for clinic_id, person in db.session.execute(query):
        held[clinic_id].append(person)
    return {clinic_id: pseudonym("followed owner", ",".join(people)) for clinic_id, people in held.items()}


def look_at(clinics: list[Clinic]) -> None:
    """Remember what clinics are that are followed from now on; those known already stay as they were."""
    ids = [clinic.id for clinic in clinics]
    known = set(db.session.scalars(select(LastSeen.clinic_id).where(LastSeen.clinic_id.in_(ids))))
    owners = _owners(ids)
    for clinic in clinics:
        if clinic.id not in known:
            _keep(LastSeen(clinic_id=clinic.id, status=clinic.status, owner_key=owners.get(clinic.id, "")))


def _places(moment: datetime) -> Iterator[Change]:
    """What became of the places: open, closed, moved, in other hands. A listing's first owner is no change of owner."""
    db.session.execute(delete(LastSeen).where(LastSeen.clinic_id.not_in(_FOLLOWED)))
    clinics = {one.id: one for one in db.session.scalars(select(Clinic).where(Clinic.id.in_(_FOLLOWED)))}
    look_at(list(clinics.values()))
    db.session.flush()
    owners = _owners(sorted(clinics))
    moved = set(db.session.scalars(select(Clinic.moved_from_id).where(Clinic.moved_from_id.in_(_FOLLOWED))))
    for seen in db.session.scalars(select(LastSeen).order_by(LastSeen.clinic_id)):
        clinic, owner = clinics[seen.clinic_id], owners.get(seen.clinic_id, "")
        if clinic.status != seen.status and clinic.status in (CLOSED, PUBLISHED):
            was, seen.status, seen.turns = seen.status, clinic.status, seen.turns + 1
            if clinic.status == CLOSED or was == CLOSED:
                kind = "opened" if clinic.status == PUBLISHED else "moved" if clinic.id in moved else "closed"
                yield Change(clinic.id, kind, str(seen.turns), moment)
        if owner and owner != seen.owner_key:
            was, seen.owner_key, seen.turns = seen.owner_key, owner, seen.turns + 1
            if was:
                yield Change(clinic.id, "owner", str(seen.turns), moment)
