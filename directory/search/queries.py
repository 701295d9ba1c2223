"""What a list shows of each clinic, for a page of ids in a fixed number of statements."""

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from sqlalchemy import func, or_, select

from directory.clinics.models import PUBLISHED, Clinic
from directory.db import db
from directory.portfolio.queries import healed_at
from directory.practitioners.models import SHOWN, Engagement, Practitioner
from directory.reviews.scores import ClinicScore, Shown, shown


class Card(NamedTuple):
    """The facts of one clinic that its card shows. Prices in minor units.

    `people` are the practitioners named, `healed_shown` the results of six weeks or later that the clinic shows itself.
    """

    id: int
    version: int
    slug: str
    name: str
    name_lang: str
    is_example: bool
    claimed: bool
    is_home: bool
    approximate: bool
    street: str
    city: str
    region: str
    postal_code: str
    country: str
    goals: tuple[str, ...]
    languages: tuple[str, ...]
    price_min: int | None
    price_max: int | None
    currency: str | None
    hours_stated: bool
    people: int
    healed_shown: int
    rating: Shown


class Pin(NamedTuple):
    """A clinic on the map."""

    id: int
    slug: str
    name: str
    approximate: bool


_COLUMNS = (
    Clinic.id,
    Clinic.changed_at_version,
    Clinic.slug,
    Clinic.name,
    Clinic.name_lang,
    Clinic.is_example,
    Clinic.claimed_at,
    Clinic.is_home,
    Clinic.point_precision,
    Clinic.address,
    Clinic.address2,
    Clinic.city,
    Clinic.region,
    Clinic.postal_code,
    Clinic.country,
    Clinic.goals,
    Clinic.languages,
    Clinic.price_min,
    Clinic.price_max,
    Clinic.currency,
    Clinic.opening_hours,
    ClinicScore.tenths,
    ClinicScore.count.label("reviews"),
    ClinicScore.counted,
    ClinicScore.healed,
)


def cards(ids: Sequence[int], *, today: date) -> dict[int, Card]:
    """Cards of the published clinics among the ids; three statements."""
    if not ids:
        return {}
    query = (
        select(*_COLUMNS)
        .join(ClinicScore, ClinicScore.clinic_id == Clinic.id, isouter=True)
        .where(Clinic.id.in_(ids), Clinic.status == PUBLISHED)
        .order_by(Clinic.id)
    )
    people, healed = _people_at(ids, today), healed_at(ids)
    return {
        row.id: Card(
            id=row.id,
            version=row.changed_at_version,
            slug=row.slug,
            name=row.name,
            name_lang=row.name_lang,
            is_example=row.is_example,
            claimed=row.claimed_at is not None,
            is_home=row.is_home,
            approximate=row.is_home or row.point_precision != "given",
            street="" if row.is_home else ", ".join(filter(None, (row.address, row.address2))),
            city=row.city,
            region=row.region,
            postal_code="" if row.is_home else row.postal_code,
            country=row.country,
            goals=tuple(row.goals),
            languages=tuple(row.languages),
            price_min=row.price_min,
            price_max=row.price_max,
            currency=row.currency,
            hours_stated=bool(row.opening_hours),
            people=people.get(row.id, 0),
            healed_shown=healed.get(row.id, 0),
            rating=shown(row.tenths, row.reviews, row.counted, row.healed),
        )
        for row in db.session.execute(query)
    }


def _people_at(ids: Sequence[int], today: date) -> dict[int, int]:
    query = (
        select(Engagement.clinic_id, func.count(func.distinct(Practitioner.id)))
        .join(Practitioner, Practitioner.id == Engagement.practitioner_id)
        .where(
            Engagement.clinic_id.in_(ids),
            Practitioner.status == "published",
            Engagement.standing.in_(SHOWN),
            or_(Engagement.since.is_(None), Engagement.since <= today),
            or_(Engagement.until.is_(None), Engagement.until >= today),
        )
        .group_by(Engagement.clinic_id)
        .order_by(Engagement.clinic_id)
    )
    return {clinic_id: people for clinic_id, people in db.session.execute(query)}


def pins(ids: Sequence[int]) -> dict[int, Pin]:
    """What the map shows of the published clinics among the ids; one statement."""
    query = (
        select(Clinic.id, Clinic.slug, Clinic.name, Clinic.is_home, Clinic.point_precision)
        .where(Clinic.id.in_(ids), Clinic.status == PUBLISHED)
        .order_by(Clinic.id)
    )
    return {
        row.id: Pin(row.id, row.slug, row.name, row.is_home or row.point_precision != "given")
        for row in db.session.execute(query)
    }
