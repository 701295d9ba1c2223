"""What becomes of consultations when a clinic closes or moves: nobody waits for an answer, nobody stands at a door."""

from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import joinedload

from directory.clinics.models import Clinic
from directory.consultations import letters
from directory.consultations.inquiries import Inquiry
from directory.consultations.models import Consultation
from directory.db import db, now


def _open(clinic: Clinic) -> list[Consultation]:
    """What was asked there and is still to be answered or to come."""
    ahead = or_(Consultation.state.in_(("asked", "answered")), Consultation.booked_start > now())
    query = (
        select(Consultation)
        .join(Consultation.inquiry)
        .where(Consultation.clinic_id == clinic.id, ahead, Inquiry.sent_at.is_not(None))
        .options(joinedload(Consultation.inquiry), joinedload(Consultation.clinic))
        .order_by(Consultation.id)
    )
    return list(db.session.scalars(query))


def call_off(clinic: Clinic, since: datetime, *, all_of_them: bool) -> int:
    """Call off what is booked from that moment on, with a letter to each; all that is open when the clinic closes now.

    Returns how many.
    """
    gone = [one for one in _open(clinic) if all_of_them or (one.booked_start is not None and one.booked_start >= since)]
    for one in gone:
        letters.tell_seeker(one, "closing")
        one.decline("other", "")
        one.sequence += 1
    return len(gone)


def take_along(clinic: Clinic, to: Clinic) -> int:
    """What is open goes on at the new address, and each person is told that the place is another."""
    found = _open(clinic)
    for one in found:
        one.clinic = to
        letters.tell_seeker(one, "place")
    return len(found)
