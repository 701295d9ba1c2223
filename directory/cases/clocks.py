"""By when an item must be looked at, and why: the law's clocks and our own promises."""

from datetime import datetime, time, timedelta
from typing import NamedTuple


class Clock(NamedTuple):
    """How long, in which kind of hours, and where that comes from."""

    hours: int
    business: bool
    source: str


CLOCKS = {
    # Defamation (Operators of Websites) Regulations 2013, reg. 2 and 3: 48 hours, weekends and bank holidays out. They
    # begin anew once the author who was asked answered, or had the five days (see `moderation.contacts`).
    "legal": Clock(48, True, "legal notice: 48 business hours after its author answered or had time to"),
    "urgent": Clock(4, False, "personal data, threat or nudity: 4 hours"),
    "review": Clock(48, False, "new review: 48 hours, 10 days at the most"),
    "report": Clock(72, False, "report: 3 days"),
    "suspicion": Clock(72, False, "suspicion: 3 days"),
    "appeal": Clock(14 * 24, False, "appeal: 14 days"),
    "credential": Clock(10 * 24, False, "credential handed in: first answer within 10 days"),
    "claim": Clock(5 * 24, False, "claim of a listing: first answer within 5 days"),
    "calm": Clock(30 * 24, False, "no legal clock: 30 days"),
}

# Fixed-date English bank holidays (month, day). Leaving the movable ones out only makes us answer sooner.
BANK_HOLIDAYS = {(1, 1), (12, 25), (12, 26)}


def is_business_day(day: datetime) -> bool:
    return day.weekday() < 5 and (day.month, day.day) not in BANK_HOLIDAYS


def due_after(clock: str, opened: datetime) -> datetime:
    """When the clock runs out (aware, UTC). Business hours are all hours of business days."""
    hours, business, _source = CLOCKS[clock]
    if not business:
        return opened + timedelta(hours=hours)
    at, left = opened, timedelta(hours=hours)
    while True:
        midnight = datetime.combine(at.date() + timedelta(days=1), time(), at.tzinfo)
        if is_business_day(at):
            if at + left <= midnight:
                return at + left
            left -= midnight - at
        at = midnight
