"""The clinic's desk in the timetable: monthly numbers of invitations, the weekly letter, days of closing."""

from directory.clinics import closing
from directory.clinics.models import PUBLISHED, Clinic
from directory.consultations.parting import call_off
from directory.db import db, now, writing
from directory.manage.digests import send_digests
from directory.manage.issuing import tally

MONDAY = 0


def count_invitations() -> str:
    """Write the month's numbers on its first run in the month; later runs find them written."""
    with writing():
        done = tally(f"{now():%Y-%m}")
        db.session.commit()
    return f"counted {done}"


def write_digests() -> str:
    """On Mondays."""
    if now().weekday() != MONDAY:
        return "not Monday"
    with writing():
        done = send_digests(now())
        db.session.commit()
    return f"wrote {done} letters"


def close_due() -> str:
    """Clinics whose announced day has come where they are: closed, and what is still open there called off."""
    closed = 0
    for number in closing.due(now().date()):
        with writing():
            clinic = db.session.get(Clinic, number)
            due = clinic is not None and clinic.closes_on is not None and clinic.closes_on <= closing.today_at(clinic)
            if clinic is not None and due and clinic.status == PUBLISHED:
                call_off(clinic, now(), all_of_them=True)
                closing.shut(clinic)
                closed += 1
            db.session.commit()
    return f"closed {closed}"
