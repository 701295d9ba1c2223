"""The clinic's desk in the timetable: monthly numbers of invitations, the weekly letter."""

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
