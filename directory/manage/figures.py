"""A clinic's numbers: how often it was seen, what came of the questions it was asked, what its codes did.

No visitor can be told from another in them: small numbers are not told at all, and there are no days, only weeks.
"""

from datetime import date, timedelta
from typing import NamedTuple

from flask_babel import gettext as _
from sqlalchemy import exists, func, or_, select

from directory.clinics.filters import day as day_words
from directory.clinics.models import Clinic
from directory.clinics.sightings import Sighting
from directory.consultations.inquiries import Inquiry
from directory.consultations.models import Consultation, OfferedTime
from directory.consultations.plans import Plan
from directory.db import db, now

FEW = 5
WEEKS = 12
FUNNEL_DAYS = timedelta(days=365)


def told(number: int) -> int | None:
    """The number, None where it is too small to be told; none at all is as small as any."""
    return number if number >= FEW else None


def in_words(number: int | None) -> str:
    return f"{number:,}" if number is not None else str(_("fewer than %(few)s", few=FEW))


class Week(NamedTuple):
    """Seven days from Monday (UTC); the numbers as they may be told."""

    monday: date
    views: int | None
    appearances: int | None
    is_over: bool

    @property
    def name(self) -> str:
        return str(day_words(self.monday))


class Step(NamedTuple):
    """One step of the way from a question to a plan."""

    key: str
    words: str
    number: int | None


def weeks(clinic: Clinic) -> list[Week]:
    """The last WEEKS weeks, the oldest first; the last one is this week until now."""
    today = now().date()
    monday = today - timedelta(days=today.weekday())
    first = monday - timedelta(weeks=WEEKS - 1)
    query = (
        select(Sighting.day, Sighting.views, Sighting.appearances)
        .where(Sighting.clinic_id == clinic.id, Sighting.day >= first)
        .order_by(Sighting.day)
    )
    sums = {first + timedelta(weeks=number): [0, 0] for number in range(WEEKS)}
    for day, views, appearances in db.session.execute(query):
        week = sums.get(day - timedelta(days=day.weekday()))
        if week is not None:
            week[0] += views
            week[1] += appearances
    return [Week(start, told(seen), told(shown), start < monday) for start, (seen, shown) in sums.items()]


def funnel(clinic: Clinic) -> list[Step]:
    """What became of the questions of the last year; each step counts those who came that far, in any way."""
    answered = or_(
        Consultation.state.in_(("answered", "booked", "declined")),
        Consultation.sequence > 0,
        exists().where(OfferedTime.consultation_id == Consultation.id),
    )
    plan = exists().where(Plan.consultation_id == Consultation.id)
    accepted = exists().where(Plan.consultation_id == Consultation.id, Plan.state == "accepted")
    steps = {
        "asked": (_("Asked"), None),
        "answered": (_("Answered"), answered),
        "booked": (_("Booked"), Consultation.sequence > 0),
        "attended": (_("Met"), or_(Consultation.seeker_says.is_(True), Consultation.clinic_says.is_(True))),
        "plan": (_("Had a plan"), plan),
        "accepted": (_("Accepted it"), accepted),
    }
    counts = [func.count() if which is None else func.count().filter(which) for _words, which in steps.values()]
    query = (
        select(*counts)
        .select_from(Consultation)
        .join(Consultation.inquiry)
        .where(Consultation.clinic_id == clinic.id, Inquiry.sent_at > now() - FUNNEL_DAYS)
    )
    numbers = db.session.execute(query).one()
    words = [(key, said) for key, (said, _which) in steps.items()]
    return [Step(key, said, told(number)) for (key, said), number in zip(words, numbers, strict=True)]
