"""What happens to consultations with no visitor: reminders, questions nobody answered, words and rows that go."""

from datetime import timedelta

from directory.consultations import letters, queries
from directory.consultations.inquiries import ROW_KEPT, UNCONFIRMED_LIFE, WORDS_KEPT
from directory.consultations.models import ANSWER_WITHIN, Consultation
from directory.consultations.photos import photos_nobody_needs
from directory.db import db, now, writing

REMIND_AHEAD = timedelta(hours=26)


def remind() -> str:
    """One letter to each side about a day before, each in its own time zone; once for each booking."""
    sent = 0
    for number in queries.due_reminders(REMIND_AHEAD):
        with writing():
            one = db.session.get(Consultation, number)
            if one is not None and one.state == "booked" and one.reminded_at is None:
                one.reminded_at = now()
                letters.tell_seeker(one, "reminder")
                letters.tell_clinic(one, "reminder_clinic")
                sent += 1
            db.session.commit()
    return f"reminded of {sent}"


def lapse_unanswered() -> str:
    """What the clinic did not answer, or of which no time was taken, lapses; the seeker is told which of the two."""
    lapsed = 0
    for number in queries.silent_since(now() - ANSWER_WITHIN):
        with writing():
            one = db.session.get(Consultation, number)
            if one is not None and one.state in {"asked", "answered"}:
                one.lapse()
                letters.tell_seeker(one, one.standing)
                lapsed += 1
            db.session.commit()
    return f"lapsed {lapsed}"


def forget_old() -> str:
    """Unsent questions after two days, photos once every clinic is done, words after a year, the rest after two."""
    moment = now()
    with writing():
        unconfirmed = queries.drop_unconfirmed(moment - UNCONFIRMED_LIFE)
        photos = photos_nobody_needs()
        for photo in photos:
            photo.forget()
            db.session.delete(photo)
        worded = queries.inquiries_quiet_since(moment - WORDS_KEPT, with_words=True)
        for inquiry in worded:
            inquiry.forget_words()
        gone = queries.inquiries_quiet_since(moment - ROW_KEPT, with_words=False)
        for inquiry in gone:
            db.session.delete(inquiry)
        db.session.commit()
    return f"deleted {unconfirmed} unconfirmed, {len(photos)} photos, the words of {len(worded)}, {len(gone)} rows"
