"""What becomes of consultations when a clinic closes or moves: nobody waits for an answer, nobody stands at a door."""

from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import joinedload

from directory.clinics.duplicates import brings
from directory.clinics.membership import have_one_owner
from directory.clinics.models import Clinic
from directory.consultations import letters
from directory.consultations.inquiries import Inquiry
from directory.consultations.models import Consultation
from directory.consultations.queries import is_taken
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


@brings
def _bring(closed: Clinic, kept: Clinic) -> None:
    """What is open goes on where the same owner answers, and what took place still proves a visit.

    Whoever asked a listing of somebody else, asked both, or has a time at which the other one meets somebody, is told
    that it is called off: what they wrote was for the eyes of one owner.
    """
    known = have_one_owner(closed, kept)
    for one in _open(closed):
        if not (known and _fits(one, kept)):
            letters.tell_seeker(one, "closing")
            one.decline("other", "")
            one.sequence += 1
    db.session.flush()
    take_along(closed, kept)
    done = select(Consultation).where(Consultation.clinic_id == closed.id, Consultation.seeker_says.is_not(None))
    for one in db.session.scalars(done.order_by(Consultation.id)).all():
        if _fits(one, kept):
            one.clinic = kept


def _fits(one: Consultation, at: Clinic) -> bool:
    asked = select(Consultation.id).where(Consultation.clinic_id == at.id, Consultation.inquiry_id == one.inquiry_id)
    taken = one.booked_start is not None and is_taken(one, one.booked_start, one.booked_minutes, at)
    return not taken and db.session.scalar(asked) is None


def take_along(clinic: Clinic, to: Clinic) -> int:
    """What is open goes on at the new address, and each person is told that the place is another."""
    found = _open(clinic)
    for one in found:
        one.clinic = to
        letters.tell_seeker(one, "place")
    return len(found)
