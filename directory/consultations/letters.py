"""Letters about consultations: they say that something awaits on the site, never what anybody asked or has."""

from datetime import datetime
from zoneinfo import ZoneInfo

from directory import mail, queue
from directory.accounts import tokens
from directory.accounts.links import link_for
from directory.accounts.models import User
from directory.accounts.queries import user_by_email
from directory.consultations.inquiries import UNCONFIRMED_LIFE
from directory.consultations.models import Consultation
from directory.consultations.queries import staff_addresses
from directory.db import db, now

CONFIRM = "consultations.confirm"


def ask_confirmation(email: str, inquiry_id: str) -> None:
    """Send the link that sends the question; whether the address has an account is looked up after the answer."""
    queue.put(CONFIRM, about=mail.about(email), email=email, inquiry=inquiry_id)


@queue.carries_out(CONFIRM)
def _confirm(row_id: str, email: str, inquiry: str) -> None:
    user = user_by_email(email)
    if user is None:
        user = User(email=email)
        db.session.add(user)
        db.session.flush()
    token = tokens.issue(tokens.ENTER, user.id, until=now() + UNCONFIRMED_LIFE)
    link = mail.link("consultations.confirm", public_id=inquiry, token=token)
    mail.post("consultations/confirm", to=email, link=link, days=UNCONFIRMED_LIFE.days)


def tell_clinic(consultation: Consultation, letter: str) -> None:
    """One letter to each of the clinic's staff; it names neither person nor matter."""
    clinic = consultation.clinic
    link = mail.link("consultation_desk.show", slug=clinic.slug, public_id=consultation.public_id)
    when, there = _clocks(consultation, clinic.timezone, consultation.inquiry.timezone)
    for address in staff_addresses(consultation.clinic_id):
        mail.post(f"consultations/{letter}", to=address, clinic=clinic.name, link=link, when=when, there=there)


def tell_seeker(consultation: Consultation, letter: str) -> None:
    """One letter to whoever asked; it does not name the clinic, because others may see the mailbox."""
    user = consultation.inquiry.user
    if user is None:
        return
    link = link_for(user, "consultations.show", until=_matters_until(consultation), public_id=consultation.public_id)
    when, there = _clocks(consultation, consultation.inquiry.timezone, consultation.clinic.timezone)
    mail.post(f"consultations/{letter}", to=user.email, link=link, when=when, there=there)


def _matters_until(consultation: Consultation) -> datetime | None:
    """A week after the appointment, or after the last time on offer: so long a letter's link is needed."""
    last = max([time.starts_at for time in consultation.times_ahead], default=None)
    ends = consultation.ends_at or (last if consultation.state == "answered" else None)
    return ends + tokens.LIFE[tokens.ENTER] if ends else None


def _clocks(consultation: Consultation, here: str, there: str) -> tuple[str, str]:
    """The time booked at the reader's own clock, and at the other side's where that shows another hour."""
    start = consultation.booked_start
    if start is None:
        return "", ""
    same = start.astimezone(ZoneInfo(here)).utcoffset() == start.astimezone(ZoneInfo(there)).utcoffset()
    return local_words(start, here), "" if same else local_words(start, there)


def local_words(moment: datetime, zone: str) -> str:
    """`Tuesday 3 March 2026, 14:30 (Europe/London)`; with the distance to UTC in the hour that comes twice."""
    local = moment.astimezone(ZoneInfo(zone))
    twice = local.replace(fold=0).utcoffset() != local.replace(fold=1).utcoffset()
    which = f", UTC{local.isoformat()[-6:]}" if twice else ""
    return f"{local:%A} {local.day} {local:%B %Y, %H:%M} ({zone}{which})"
