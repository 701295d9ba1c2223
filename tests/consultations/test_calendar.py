"""Times across the changes of the clocks: typed at the clinic's, shown at the seeker's, the same in the calendar."""

from datetime import UTC, datetime

import time_machine
from flask import Flask

from directory.accounts.models import User
from directory.clinics.models import Clinic
from directory.consultations.inquiries import Inquiry
from directory.consultations.jobs import remind
from directory.db import db, writing
from tests.accounts import people
from tests.consultations.people import OWNER_EMAIL, SEEKER, book, clinic_with_owner, offer

LONDON, NEW_YORK = "Europe/London", "America/New_York"
SYDNEY, LORD_HOWE = "Australia/Sydney", "Australia/Lord_Howe"
# The clinic's zone and what it types; the seeker's zone and what is shown there; the moment. In 2027 New York goes
# forward on 14 March and back on 7 November, London on 28 March and 31 October, Sydney on 3 October and 4 April.
TIMES = [
    (LONDON, "2027-03-13T15:00", NEW_YORK, "Saturday 13 March 2027, 10:00 (America/New_York)", "20270313T150000Z"),
    (LONDON, "2027-03-20T15:00", NEW_YORK, "Saturday 20 March 2027, 11:00 (America/New_York)", "20270320T150000Z"),
    (LONDON, "2027-03-29T15:00", NEW_YORK, "Monday 29 March 2027, 10:00 (America/New_York)", "20270329T140000Z"),
    (LONDON, "2027-10-30T15:00", NEW_YORK, "Saturday 30 October 2027, 10:00 (America/New_York)", "20271030T140000Z"),
    (LONDON, "2027-11-01T15:00", NEW_YORK, "Monday 1 November 2027, 11:00 (America/New_York)", "20271101T150000Z"),
    (LONDON, "2027-11-08T15:00", NEW_YORK, "Monday 8 November 2027, 10:00 (America/New_York)", "20271108T150000Z"),
    (NEW_YORK, "2027-03-19T10:00", LONDON, "Friday 19 March 2027, 14:00 (Europe/London)", "20270319T140000Z"),
    (NEW_YORK, "2027-11-02T10:00", LONDON, "Tuesday 2 November 2027, 14:00 (Europe/London)", "20271102T140000Z"),
    (SYDNEY, "2027-04-03T09:00", LONDON, "Friday 2 April 2027, 23:00 (Europe/London)", "20270402T220000Z"),
    (SYDNEY, "2027-04-05T09:00", LONDON, "Monday 5 April 2027, 00:00 (Europe/London)", "20270404T230000Z"),
    ("Asia/Kolkata", "2027-06-01T10:00", NEW_YORK, "Tuesday 1 June 2027, 00:30 (America/New_York)", "20270601T043000Z"),
    (
        LORD_HOWE,
        "2027-04-05T09:00",
        LONDON,
        "Sunday 4 April 2027, 23:30 (Europe/London)",
        "20270404T223000Z",
    ),
    # At the seeker's clock an hour that comes twice: the distance to UTC says which.
    (LONDON, "2027-11-07T05:30", NEW_YORK, "1:30 (America/New_York, UTC-04:00)", "20271107T053000Z"),
    (LONDON, "2027-11-07T06:30", NEW_YORK, "1:30 (America/New_York, UTC-05:00)", "20271107T063000Z"),
]
REFUSED = [
    (LONDON, "2027-03-28T01:30", "skips this hour"),
    (LONDON, "2027-10-31T01:30", "shows this hour twice"),
    (NEW_YORK, "2027-03-14T02:30", "skips this hour"),
    (NEW_YORK, "2027-11-07T01:30", "shows this hour twice"),
    (SYDNEY, "2027-10-03T02:30", "skips this hour"),
    (SYDNEY, "2027-04-04T02:30", "shows this hour twice"),
    (LORD_HOWE, "2027-10-03T02:15", "skips this hour"),  # half an hour only
    ("Asia/Kolkata", "2027-01-01T10:00", "has passed"),
]


def _asked(app: Flask, clinic_zone: str, seeker_zone: str) -> str:
    """A question by the seeker to the clinic, each in that zone; its name."""
    with app.app_context(), writing():
        clinic, user = db.session.query(Clinic).one(), db.session.query(User).filter_by(email=SEEKER).one()
        clinic.timezone = clinic_zone
        facts = {"about": "", "consent_version": "1", "timezone": seeker_zone}
        inquiry = Inquiry.draft({"concern": "x", "look": "soft"}, clinics=[clinic], **facts)
        db.session.add(inquiry)
        db.session.flush()
        inquiry.send(user)
        name = inquiry.consultations[0].public_id
        db.session.commit()
    return name


def test_a_moment_is_the_same_at_both_clocks_and_in_the_calendar(app: Flask) -> None:
    with time_machine.travel(datetime(2027, 2, 20, 12, tzinfo=UTC)):
        owner, seeker = clinic_with_owner(app), people.member(app, SEEKER)
        wrong = []
        for clinic_zone, typed, seeker_zone, shown, moment in TIMES:
            name = _asked(app, clinic_zone, seeker_zone)
            assert offer(owner, f"/manage/one/consultations/{name}", datetime.fromisoformat(typed)).status_code == 303
            here = f"/account/consultations/{name}"
            offered = seeker.get(here).text
            assert book(seeker, here).status_code == 303
            told = people.letters(app, SEEKER)[-1].get_content()
            calendar = seeker.get(f"{here}/appointment.ics").text
            at_clinic = people.letters(app, OWNER_EMAIL)[-1].get_content()
            if not (
                shown in offered
                and shown in told
                and f"{typed[11:]} ({clinic_zone})" in told
                and f"{typed[11:]} ({clinic_zone})" in at_clinic
                and f"DTSTART:{moment}" in calendar
            ):
                wrong.append((clinic_zone, typed, seeker_zone))
        assert wrong == []
    with time_machine.travel(datetime(2027, 3, 19, 14, tzinfo=UTC)):
        with app.app_context():
            assert remind() == "reminded of 1"
        told, clinics = (people.letters(app, to)[-1].get_content() for to in (SEEKER, OWNER_EMAIL))
        assert "Saturday 20 March 2027, 11:00 (America/New_York)" in told
        assert "At their clock: Saturday 20 March 2027, 15:00 (Europe/London)" in told
        assert "Saturday 20 March 2027, 15:00 (Europe/London)" in clinics


def test_hours_that_the_clock_skips_or_shows_twice_are_refused(app: Flask) -> None:
    with time_machine.travel(datetime(2027, 2, 20, 12, tzinfo=UTC)):
        owner = clinic_with_owner(app)
        people.member(app, SEEKER)
        for zone, typed, words in REFUSED:
            name = _asked(app, zone, LONDON)
            answer = offer(owner, f"/manage/one/consultations/{name}", datetime.fromisoformat(typed))
            assert (answer.status_code, words in answer.text) == (422, True), (zone, typed)
