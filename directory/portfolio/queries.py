"""Reads of pictures and results: the clinic's own, the person's by their link, and what visitors see."""

from collections.abc import Sequence

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import defer, joinedload, selectinload

from directory.clinics.models import CLOSED, PUBLISHED, Clinic
from directory.db import db
from directory.keyed import fingerprint
from directory.portfolio.choices import HEALED
from directory.portfolio.consent import PERSON
from directory.portfolio.models import Picture, ResultSet
from directory.practitioners.accounts import PractitionerAccount


def places_of(clinic: Clinic) -> list[Picture]:
    """The pictures of a clinic's place that there still are, in the order in which they came."""
    query = select(Picture).where(Picture.clinic_id == clinic.id, Picture.result_id.is_(None), Picture.key != "")
    return list(db.session.scalars(query.order_by(Picture.id)))


def sets_of(clinic: Clinic) -> list[ResultSet]:
    """All results of a clinic with their pictures, newest first; two statements."""
    query = (
        select(ResultSet)
        .where(ResultSet.clinic_id == clinic.id)
        .options(selectinload(ResultSet.pictures))
        .order_by(ResultSet.id.desc())
    )
    return list(db.session.scalars(query))


def set_of(clinic: Clinic, public_id: str, *, lock: bool = False) -> ResultSet | None:
    """The clinic's result of that name."""
    query = select(ResultSet).where(ResultSet.public_id == public_id, ResultSet.clinic_id == clinic.id)
    return db.session.scalars(query.with_for_update() if lock else query).one_or_none()


def picture_of(clinic: Clinic, public_id: str, *, lock: bool = False) -> Picture | None:
    """The clinic's picture of that name, whatever its state."""
    query = select(Picture).where(Picture.public_id == public_id, Picture.clinic_id == clinic.id)
    return db.session.scalars(query.with_for_update() if lock else query).one_or_none()


def set_by_link(token: str) -> ResultSet | None:
    """The result whose person was given this link."""
    query = select(ResultSet).where(ResultSet.link_digest == fingerprint(token))
    return db.session.scalars(query.options(selectinload(ResultSet.pictures))).one_or_none()


def shown_picture(public_id: str) -> Picture | None:
    """A picture that anybody may see: published, at a clinic that is shown."""
    query = (
        select(Picture)
        .join(Picture.clinic)
        .where(Picture.public_id == public_id, Picture.state == "published", Clinic.status.in_((PUBLISHED, CLOSED)))
    )
    return db.session.scalars(query).one_or_none()


def seen_at(clinic_id: int) -> Sequence[Picture]:
    """What the public page tells of: pictures shown, and those that were and that the person in them took back.

    One statement, with the results they belong to and who did the work.
    """
    taken_back = and_(Picture.ended_by == PERSON, Picture.published_at.is_not(None))
    query = (
        select(Picture)
        .where(Picture.clinic_id == clinic_id, or_(Picture.state == "published", taken_back))
        .options(
            defer(Picture.thumb),
            joinedload(Picture.result).options(
                defer(ResultSet.reference), defer(ResultSet.link_sealed), joinedload(ResultSet.practitioner)
            ),
        )
        .order_by(Picture.id)
    )
    return db.session.scalars(query).all()


def who_speak_for_themselves(practitioner_ids: set[int]) -> set[int]:
    """Those whose page is their own: of others a clinic claims nothing here."""
    if not practitioner_ids:
        return set()
    query = select(PractitionerAccount.practitioner_id).where(PractitionerAccount.practitioner_id.in_(practitioner_ids))
    return set(db.session.scalars(query.order_by(PractitionerAccount.practitioner_id)))


def withdrawn_ids() -> list[str]:
    """Every picture that was ever taken back, by name: no backup may bring one of them into view again."""
    query = select(Picture.public_id).where(Picture.state == "withdrawn").order_by(Picture.id)
    return list(db.session.scalars(query))


def healed_at(clinic_ids: Sequence[int]) -> dict[int, int]:
    """How many results with a healed picture visitors see at each of these clinics that has any; one statement."""
    query = (
        select(Picture.clinic_id, func.count(func.distinct(Picture.result_id)))
        .where(Picture.clinic_id.in_(clinic_ids), Picture.state == "published", Picture.kind.in_(HEALED))
        .group_by(Picture.clinic_id)
        .order_by(Picture.clinic_id)
    )
    return {clinic_id: number for clinic_id, number in db.session.execute(query)}


def is_crowded(clinic: Clinic, most: int) -> bool:
    """Whether the clinic has as many results as one may; those of which nothing is left do not count."""
    begun = or_(~ResultSet.pictures.any(), ResultSet.pictures.any(Picture.key != ""))
    return (db.session.scalar(select(func.count()).where(ResultSet.clinic_id == clinic.id, begun)) or 0) >= most
