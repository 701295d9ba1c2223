"""Clinics by their addresses on this site."""

from collections.abc import Sequence
from typing import NamedTuple

from sqlalchemy import bindparam, select
from sqlalchemy.orm import selectinload

from directory.clinics.membership import HAS_READER
from directory.clinics.models import CLOSED, PUBLISHED, Clinic, OldSlug
from directory.db import db


class Mark(NamedTuple):
    """What tells one state of a clinic's page from another."""

    id: int
    status: str
    version: int
    is_read: bool  # whether somebody reads what is asked there


_MARK = select(Clinic.id, Clinic.status, Clinic.changed_at_version, HAS_READER).where(Clinic.slug == bindparam("slug"))


def mark_of(slug: str) -> Mark | None:
    """The mark of the clinic with that slug, whatever its state; the cheapest question there is."""
    row = db.session.execute(_MARK, {"slug": slug}).one_or_none()
    return Mark(*row) if row else None


def clinic_by_slug(slug: str) -> Clinic | None:
    """The clinic with that slug, whatever its state; its lists are read when first asked for."""
    return db.session.scalars(select(Clinic).where(Clinic.slug == slug)).one_or_none()


def clinic_moved_from(slug: str) -> Clinic | None:
    """The clinic that once had that slug, or that another listing of the same place was settled into."""
    query = select(Clinic).join(OldSlug, OldSlug.clinic_id == Clinic.id).where(OldSlug.slug == slug)
    return db.session.scalars(query).one_or_none()


def visible_clinics(slugs: Sequence[str]) -> list[Clinic]:
    """The published and closed clinics among the slugs, in the order given, with their price lists; two statements.

    A slug nobody may see is left out, whether it is unknown or only hidden.
    """
    slugs = [slug for slug in slugs if "\0" not in slug]  # PostgreSQL takes no NUL, and no slug has one
    if not slugs:
        return []
    query = (
        select(Clinic)
        .options(selectinload(Clinic.services))
        .where(Clinic.slug.in_(slugs), Clinic.status.in_((PUBLISHED, CLOSED)))
        .order_by(Clinic.id)
    )
    found = {clinic.slug: clinic for clinic in db.session.scalars(query)}
    return [found[slug] for slug in dict.fromkeys(slugs) if slug in found]
