"""Who works where: reads of practitioners and their engagements."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import or_, select
from sqlalchemy.orm import Session, contains_eager

from directory.clinics.models import CLOSED, PUBLISHED, Clinic
from directory.db import db
from directory.practitioners.models import SHOWN, Engagement, Practitioner


def people_at(clinic_ids: Sequence[int], today: date, session: Session | None = None) -> dict[int, list[Engagement]]:
    """The published people engaged at each clinic on that day, by clinic id; longest there first."""
    if not clinic_ids:
        return {}
    query = (
        select(Engagement)
        .join(Engagement.practitioner)
        .options(contains_eager(Engagement.practitioner))
        .where(
            Engagement.clinic_id.in_(clinic_ids),
            Practitioner.status == "published",
            Engagement.standing.in_(SHOWN),
            or_(Engagement.since.is_(None), Engagement.since <= today),
            or_(Engagement.until.is_(None), Engagement.until >= today),
        )
        .order_by(Engagement.since.is_(None), Engagement.since, Engagement.id)
    )
    people: dict[int, list[Engagement]] = {}
    for engagement in (session or db.session()).scalars(query):
        people.setdefault(engagement.clinic_id, []).append(engagement)
    return people


def practitioner_by_slug(slug: str) -> Practitioner | None:
    """The person with that address on this site, whatever the state."""
    return db.session.scalars(select(Practitioner).where(Practitioner.slug == slug)).one_or_none()


def slug_of(practitioner_id: int | None) -> str:
    """The person's address on this site; empty for nobody."""
    found = db.session.scalar(select(Practitioner.slug).where(Practitioner.id == practitioner_id))
    return found or ""


def engagements_of(practitioner_id: int) -> list[Engagement]:
    """Where the person works and worked, at clinics a visitor may see; present ones first, then the latest."""
    query = (
        select(Engagement)
        .join(Engagement.clinic)
        .options(contains_eager(Engagement.clinic))
        .where(
            Engagement.practitioner_id == practitioner_id,
            Engagement.standing.in_(SHOWN),
            Clinic.status.in_((PUBLISHED, CLOSED)),
        )
        .order_by(Engagement.until.is_not(None), Engagement.until.desc(), Engagement.since, Engagement.id)
    )
    return list(db.session.scalars(query))
