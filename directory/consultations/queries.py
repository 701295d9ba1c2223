"""Consultations as their two sides see them; what is somebody else's does not exist."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import and_, bindparam, delete, exists, func, or_, select
from sqlalchemy.orm import aliased, contains_eager, joinedload, selectinload

from directory.accounts.models import User
from directory.clinics.membership import Membership
from directory.clinics.models import Clinic
from directory.consultations.inquiries import Inquiry
from directory.consultations.models import Consultation, OfferedTime
from directory.consultations.photos import forget_photos_of
from directory.consultations.plans import Plan
from directory.db import db, now

PAGE = 50


def own_consultations(user: User) -> list[Consultation]:
    """Everything the person asked, newest first."""
    query = (
        select(Consultation)
        .join(Consultation.inquiry)
        .where(Inquiry.user_id == user.id, Inquiry.sent_at.is_not(None))
        .options(joinedload(Consultation.inquiry), joinedload(Consultation.clinic))
        .options(selectinload(Consultation.plans), selectinload(Consultation.times))
        .order_by(Consultation.id.desc())
        .limit(PAGE)
    )
    return list(db.session.scalars(query))


def own_consultation(user: User, public_id: str) -> Consultation | None:
    query = (
        select(Consultation)
        .join(Consultation.inquiry)
        .where(Consultation.public_id == public_id, Inquiry.user_id == user.id, Inquiry.sent_at.is_not(None))
        .options(joinedload(Consultation.inquiry), joinedload(Consultation.clinic))
    )
    return db.session.scalars(query).one_or_none()


def clinics_consultations(clinic: Clinic, before: int | None = None) -> list[Consultation]:
    """What was asked of a clinic, newest first; nothing that is not confirmed."""
    query = (
        select(Consultation)
        .join(Consultation.inquiry)
        .where(Consultation.clinic_id == clinic.id, Inquiry.sent_at.is_not(None))
        .options(joinedload(Consultation.inquiry), selectinload(Consultation.times))
        .order_by(Consultation.id.desc())
        .limit(PAGE)
    )
    return list(db.session.scalars(query.where(Consultation.id < before) if before else query))


def clinics_consultation(clinic: Clinic, public_id: str) -> Consultation | None:
    query = (
        select(Consultation)
        .join(Consultation.inquiry)
        .where(Consultation.clinic_id == clinic.id, Consultation.public_id == public_id, Inquiry.sent_at.is_not(None))
        .options(joinedload(Consultation.inquiry).joinedload(Inquiry.user))
    )
    return db.session.scalars(query).one_or_none()


def staff_addresses(clinic_id: int) -> Sequence[str]:
    """Where letters to a clinic's staff go."""
    query = (
        select(User.email)
        .join(Membership, Membership.user_id == User.id)
        .where(Membership.clinic_id == clinic_id, User.confirmed_at.is_not(None))
        .order_by(User.id)
    )
    return db.session.scalars(query).all()


MOST_PROOFS_A_MONTH = 40  # of one clinic: more than a busy one has consultations that end in a treatment and a review


_UNUSED_VISITS = (
    select(Consultation)
    .join(Consultation.inquiry)
    .where(
        Inquiry.user_id == bindparam("user"),
        Consultation.clinic_id == bindparam("clinic"),
        Consultation.seeker_says.is_(True),
        Consultation.proved.is_(False),
    )
    .order_by(Consultation.id)
    .with_for_update(of=Consultation)
)


def use_visit(user: User, clinic_id: int, treated_month: str) -> bool:
    """Use up one consultation of this person there that took place, as proof of a visit for one review.

    Only a meeting at the clinic counts, in the month of the treatment or before it, and once; a clinic cannot make
    more of them in a month than MOST_PROOFS_A_MONTH. Which review it proved is written nowhere.
    """
    for one in db.session.scalars(_UNUSED_VISITS, {"user": user.id, "clinic": clinic_id}):
        met = one.booked_start
        if met is None or not one.took_place or f"{met:%Y-%m}" > treated_month:
            continue
        month = met.replace(day=1, hour=0, minute=0, second=0, microsecond=0)
        same = Consultation.booked_start.between(month, month + timedelta(days=31))
        used = select(func.count()).select_from(Consultation)
        used = used.where(Consultation.clinic_id == clinic_id, Consultation.proved.is_(True), same)
        if int(db.session.scalar(used) or 0) < MOST_PROOFS_A_MONTH:
            one.proved = True
            return True
    return False


def hold_calendar(consultation: Consultation) -> None:
    """Until the transaction ends nobody else books at this clinic; on SQLite only one writes anyway."""
    db.session.execute(select(Clinic.id).where(Clinic.id == consultation.clinic_id).with_for_update(key_share=True))


def is_taken(consultation: Consultation, start: datetime, minutes: int, at: Clinic | None = None) -> bool:
    """Whether its clinic, or `at`, meets somebody else in that span; times that only touch do not collide."""
    other = Consultation.__table__.alias()
    day = timedelta(hours=4)
    near = select(other.c.booked_start, other.c.booked_minutes).where(
        other.c.clinic_id == (consultation.clinic_id if at is None else at.id),
        other.c.id != consultation.id,
        other.c.state == "booked",
        other.c.booked_start > start - day,
        other.c.booked_start < start + day,
    )
    end = start + timedelta(minutes=minutes)
    return any(
        begins < end and begins + timedelta(minutes=length) > start
        for begins, length in db.session.execute(near.order_by(other.c.id))
    )


def due_reminders(ahead: timedelta) -> list[int]:
    """Booked consultations that begin within that span and of which nobody was reminded."""
    moment = now()
    query = (
        select(Consultation.id)
        .where(
            Consultation.state == "booked",
            Consultation.reminded_at.is_(None),
            Consultation.booked_start > moment,
            Consultation.booked_start <= moment + ahead,
        )
        .order_by(Consultation.id)
        .limit(500)
    )
    return list(db.session.scalars(query))


def silent_since(moment: datetime) -> list[int]:
    """What a clinic left without an answer since before that moment, or a seeker without a choice.

    Whoever still has a time to choose from is given until then.
    """
    choice = exists().where(OfferedTime.consultation_id == Consultation.id, OfferedTime.starts_at > now())
    ended = or_(Consultation.state == "asked", and_(Consultation.state == "answered", ~choice))
    query = (
        select(Consultation.id)
        .join(Consultation.inquiry)
        .where(ended, Consultation.state_at < moment, Inquiry.sent_at.is_not(None))
        .order_by(Consultation.id)
        .limit(500)
    )
    return list(db.session.scalars(query))


def _quiet_since(moment: datetime) -> object:
    later = exists().where(
        Consultation.inquiry_id == Inquiry.id,
        or_(Consultation.state_at >= moment, and_(Consultation.state == "booked", Consultation.booked_start >= moment)),
    )
    return and_(Inquiry.created_at < moment, ~later)


def inquiries_quiet_since(moment: datetime, *, with_words: bool) -> list[Inquiry]:
    """Inquiries of which nothing was heard since that moment; at most 500."""
    query = select(Inquiry).where(_quiet_since(moment))  # type: ignore[arg-type]
    if with_words:
        query = query.where(Inquiry.sealed.is_not(None), Inquiry.sent_at.is_not(None))
    return list(db.session.scalars(query.order_by(Inquiry.id).limit(500)))


def pending_inquiry(public_id: str, about: str) -> Inquiry | None:
    """The question that waits for this address to be confirmed."""
    query = select(Inquiry).where(Inquiry.public_id == public_id, Inquiry.about == about, Inquiry.user_id.is_(None))
    return db.session.scalars(query).one_or_none()


def drop_unconfirmed(before: datetime) -> int:
    """Delete questions that nobody confirmed or sent; returns how many."""
    old = and_(Inquiry.sent_at.is_(None), Inquiry.created_at < before)
    forget_photos_of(old)
    return int(db.session.execute(delete(Inquiry).where(old)).rowcount)  # type: ignore[attr-defined]


def own_inquiry(user: User, public_id: str) -> Inquiry | None:
    query = select(Inquiry).where(Inquiry.public_id == public_id, Inquiry.user_id == user.id)
    return db.session.scalars(query.options(selectinload(Inquiry.consultations))).one_or_none()


def own_drafts(user: User) -> list[Inquiry]:
    """Questions that wait for their photos and were not sent, newest first."""
    query = select(Inquiry).where(Inquiry.user_id == user.id, Inquiry.sent_at.is_(None))
    clinics = selectinload(Inquiry.consultations).joinedload(Consultation.clinic)
    return list(db.session.scalars(query.options(clinics).order_by(Inquiry.id.desc()).limit(PAGE)))


def own_plan(user: User, public_id: str) -> Plan | None:
    query = (
        select(Plan)
        .join(Plan.consultation)
        .join(Consultation.inquiry)
        .where(Plan.public_id == public_id, Inquiry.user_id == user.id)
    )
    return db.session.scalars(query).one_or_none()


def newest_plans(user: User) -> list[Plan]:
    """The newest version of each clinic's plan for this person."""
    newer = aliased(Plan)
    query = (
        select(Plan)
        .join(Plan.consultation)
        .join(Consultation.inquiry)
        .where(Inquiry.user_id == user.id)
        .where(~exists().where(newer.consultation_id == Plan.consultation_id, newer.version > Plan.version))
        .options(
            contains_eager(Plan.consultation).contains_eager(Consultation.inquiry),
            contains_eager(Plan.consultation).joinedload(Consultation.clinic),
        )
        .order_by(Plan.id)
        .limit(PAGE)
    )
    return list(db.session.scalars(query))
