"""What consultations keep about a person: handed out in full; on erasure gone for both sides, bookings called off."""

from typing import Any

from sqlalchemy import delete, select

from directory.accounts.models import User
from directory.accounts.registry import covers
from directory.consultations import letters
from directory.consultations.models import Consultation, Inquiry
from directory.db import db

Rows = list[dict[str, Any]]


def _inquiries(user: User) -> Rows:
    query = select(Inquiry).where(Inquiry.user_id == user.id).order_by(Inquiry.id)
    return [
        {
            "asked": inquiry.created_at.isoformat(),
            "what you wrote": inquiry.words(),
            "consent to share it, version": inquiry.consent_version,
            "clinics": [_side(one) for one in inquiry.consultations],
        }
        for inquiry in db.session.scalars(query)
    ]


def _side(one: Consultation) -> dict[str, Any]:
    return {
        "clinic": one.clinic.name,
        "state": one.state,
        "answer": one.answer_note(),
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
    db.session.execute(delete(Inquiry).where(Inquiry.user_id == user.id))


covers("inquiry", title="Questions you asked clinics", export=_inquiries, erase=_forget)
