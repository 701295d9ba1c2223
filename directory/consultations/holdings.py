"""What consultations keep about a person: handed out in full; on erasure gone for both sides, bookings called off."""

from typing import Any

from sqlalchemy import and_, delete, or_, select, update

from directory.accounts.models import User
from directory.accounts.registry import covers
from directory.consultations import letters
from directory.consultations.inquiries import Inquiry
from directory.consultations.models import Consultation
from directory.consultations.photos import PhotoLook, forget_photos_of, looks_at
from directory.db import db
from directory.keyed import pseudonym

Rows = list[dict[str, Any]]


def _inquiries(user: User) -> Rows:
    query = select(Inquiry).where(Inquiry.user_id == user.id).order_by(Inquiry.id)
    return [
        {
            "asked": inquiry.created_at.isoformat(),
            "what you wrote": inquiry.words(),
            "how you are reached": inquiry.reach,
            "your time zone": inquiry.timezone,
            "consent to share it, version": inquiry.consent_version,
            "photos, and their agreement": [
                {"added": photo.created_at.isoformat(), "consent, version": photo.consent_version}
                for photo in inquiry.photos
            ],
            "looked at by": [_look(look) for look in looks_at(inquiry)],
            "clinics": [_side(one) for one in inquiry.consultations],
        }
        for inquiry in db.session.scalars(query)
    ]


def _look(look: PhotoLook) -> dict[str, Any]:
    return {"clinic": look.consultation.clinic.name, "photo": look.photo.place, "at": look.at.isoformat()}


def _side(one: Consultation) -> dict[str, Any]:
    return {
        "clinic": one.clinic.name,
        "state": one.state,
        "answer": one.answer_note(),
        "address of the call": one.video_address(),
        "booked": one.booked_start.isoformat() if one.booked_start else None,
        "took place": {"you say": one.seeker_says, "the clinic says": one.clinic_says},
        "plans": [{"version": plan.version, "state": plan.state, **plan.words()} for plan in one.plans],
    }


def _forget(user: User) -> None:
    booked = (
        select(Consultation)
        .join(Consultation.inquiry)
        .where(Inquiry.user_id == user.id, Consultation.state == "booked")
        .order_by(Consultation.id)
    )
    for one in db.session.scalars(booked):
        if not one.is_over:
            letters.tell_clinic(one, "cancel")
    db.session.flush()
    forget_photos_of(Inquiry.user_id == user.id)
    unconfirmed = and_(Inquiry.user_id.is_(None), Inquiry.about == pseudonym("inquiry", user.email))
    db.session.execute(delete(Inquiry).where(or_(Inquiry.user_id == user.id, unconfirmed)))


def _looked(user: User) -> Rows:
    query = select(PhotoLook).where(PhotoLook.by_id == user.id).order_by(PhotoLook.id)
    return [{"at": look.at.isoformat()} for look in db.session.scalars(query)]


def _look_of_nobody(user: User) -> None:
    """That the clinic looked stays for the person whose photo it is; who of its people it was goes."""
    db.session.execute(update(PhotoLook).where(PhotoLook.by_id == user.id).values(by_id=None))


covers("question_photo_look", title="Photos of questions you opened at a clinic", export=_looked, erase=_look_of_nobody)
covers("inquiry", title="Questions you asked clinics", export=_inquiries, erase=_forget)
