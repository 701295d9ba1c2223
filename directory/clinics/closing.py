"""A clinic closes, on a day told before or at once; its owner may open it again within a year; or it moves.

A move makes a new clinic: what was seen and told of the old address (what the premises held, reviews, pictures of
results) stays with it, and both pages say so. A wrong address that is put right is no move.
"""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from sqlalchemy import exists, select

from directory.accounts.models import User
from directory.clinics.deeds import note
from directory.clinics.duplicates import lead
from directory.clinics.hours import zone
from directory.clinics.membership import Membership
from directory.clinics.models import CLOSED, ERASED, PUBLISHED, SUSPENDED, Clinic, Service
from directory.clinics.slugs import new_slug
from directory.db import db, now
from directory.errors import Refused
from directory.ledger import record
from directory.words import name_key, new_public_id

REOPEN_WITHIN = timedelta(days=365)
FARTHEST = timedelta(days=366)
HIDDEN = (SUSPENDED, ERASED)
# What the new clinic has of its own; all else is taken along.
OWN = {
    *("id", "public_id", "slug", "status", "claimed_at", "closes_on", "closed_at", "moved_from_id", "created_at"),
    *("facts_confirmed_at", "changed_at_version"),
}


def today_at(clinic: Clinic) -> date:
    """The clinic's own day."""
    return now().astimezone(zone(clinic.timezone)).date()


def beginning_of(day: date, clinic: Clinic) -> datetime:
    """When that day begins there, in UTC."""
    return datetime.combine(day, time(), zone(clinic.timezone)).astimezone(UTC)


def _held(clinic: Clinic) -> str:
    """The state as it is now, kept from others until the commit: of two presses at once the second sees the first."""
    db.session.refresh(clinic, ["status"], with_for_update=True)
    return clinic.status


def announce(clinic: Clinic, on: date, *, by: User) -> None:
    """Closed from that day on; from today means at once. Raises Refused for one that is not published."""
    if _held(clinic) != PUBLISHED:
        raise Refused("Only a clinic that shows can be closed.")
    if on > today_at(clinic) + FARTHEST:
        raise Refused("Choose a day within a year from now.")
    clinic.closes_on = on
    if on <= today_at(clinic):
        shut(clinic)
        note(clinic, "clinic.closed", by=by)
        return
    note(clinic, "clinic.closing", by=by)
    record("clinic.closing", role="clinic", subject=f"clinic:{clinic.public_id}", on=on.isoformat())


def shut(clinic: Clinic) -> None:
    """The day has come: the page says closed, search drops it, reviews stay."""
    clinic.close()
    clinic.closed_at = now()
    record("clinic.closed", role="clinic", subject=f"clinic:{clinic.public_id}")


def stay(clinic: Clinic, *, by: User) -> None:
    """Take the announcement back. Raises Refused when there is none."""
    if clinic.closes_on is None or clinic.status != PUBLISHED:
        raise Refused("This clinic has not said that it closes.")
    clinic.closes_on = None
    note(clinic, "clinic.stays", by=by)
    record("clinic.stays", role="clinic", subject=f"clinic:{clinic.public_id}")


def may_reopen(clinic: Clinic) -> bool:
    """Whether its owner closed it within a year, and it did not move."""
    recent = clinic.closed_at is not None and now() - clinic.closed_at < REOPEN_WITHIN
    return clinic.status == CLOSED and recent and not _moved(clinic)


def _moved(clinic: Clinic) -> bool:
    """Whether it has a page at another address, shown or not: what was taken off there does not come back here."""
    return bool(db.session.scalar(select(exists().where(Clinic.moved_from_id == clinic.id))))


def open_again(clinic: Clinic, *, by: User) -> None:
    """Open again; its facts are confirmed by nobody until the owner says so anew. Raises Refused after a year."""
    if _held(clinic) != CLOSED or not may_reopen(clinic):
        raise Refused("A clinic is opened again by its owner within a year, and not after it moved.")
    clinic.publish()
    clinic.closes_on = clinic.closed_at = clinic.facts_confirmed_at = None
    note(clinic, "clinic.reopened", by=by)
    record("clinic.reopened", role="clinic", subject=f"clinic:{clinic.public_id}")


def is_in_one_house(clinic: Clinic, place: dict[str, Any]) -> bool:
    """Whether street and number are the same: who goes a floor up, or writes it otherwise, takes the reviews along."""
    street, town = (
        {name_key(str(value or "")) for value in (getattr(clinic, line), place[line])} for line in ("address", "city")
    )
    return clinic.country == place["country"] and len(street) == len(town) == 1 and street != {""}


def move(clinic: Clinic, place: dict[str, Any], *, by: User) -> Clinic:
    """The clinic at its new address: name, prices and all it says of itself come along, and so do its colleagues.

    `place` holds the columns of the address and its point. The old one closes. Raises Refused for one that is not
    published, or that says that it closes.
    """
    if _held(clinic) != PUBLISHED or clinic.closes_on is not None:
        raise Refused("Only a clinic that is open can move.")
    kept = {one.name: getattr(clinic, one.name) for one in Clinic.__table__.columns if one.name not in OWN}
    slug = new_slug(db.session(), clinic.name, place["city"])
    made = Clinic(**{**kept, **place}, public_id=new_public_id(), slug=slug, moved_from_id=clinic.id)
    made.city_key, made.claimed_at = name_key(made.city)[:120], clinic.claimed_at
    made.services = [_copy(line) for line in clinic.services]
    clinic.close()
    clinic.closed_at = now()
    db.session.add(made)
    db.session.flush()
    held = select(Membership).where(Membership.clinic_id == clinic.id).order_by(Membership.id)
    for one in db.session.scalars(held).all():
        db.session.add(Membership(user_id=one.user_id, clinic_id=made.id, level=one.level))
    note(clinic, "clinic.moved", by=by, about=f"clinic:{made.public_id}")
    record("clinic.moved", role="clinic", subject=f"clinic:{clinic.public_id}", to=made.public_id)
    return made


def move_back(made: Clinic, *, role: str) -> Clinic | None:
    """It did not move after all: open again where it was, and the page of the other address leads there.

    None when it came from nowhere, or where it was is not closed.
    """
    before = db.session.get(Clinic, made.moved_from_id) if made.moved_from_id is not None else None
    if before is None or before.status != CLOSED:
        return None
    lead(made, before)
    before.publish()
    before.closes_on = before.closed_at = None
    record("clinic.moved_back", role=role, subject=f"clinic:{before.public_id}", closed=made.public_id)
    return before


def _copy(line: Service) -> Service:
    own = {"id", "clinic_id"}
    return Service(**{one.name: getattr(line, one.name) for one in Service.__table__.columns if one.name not in own})


def moved_to(clinic: Clinic) -> Clinic | None:
    """Where the clinic moved, as far as a visitor may know."""
    query = select(Clinic).where(Clinic.moved_from_id == clinic.id, Clinic.status.not_in(HIDDEN))
    return db.session.scalars(query).one_or_none()


def moved_from(clinic: Clinic) -> Clinic | None:
    """Where it was before, as far as a visitor may know."""
    before = db.session.get(Clinic, clinic.moved_from_id) if clinic.moved_from_id else None
    return before if before is not None and before.status not in HIDDEN else None


def due(today: date) -> list[int]:
    """Clinics whose announced day may have come somewhere on earth."""
    query = select(Clinic.id).where(Clinic.closes_on <= today + timedelta(days=1), Clinic.status == PUBLISHED)
    return list(db.session.scalars(query.order_by(Clinic.id).limit(500)))
