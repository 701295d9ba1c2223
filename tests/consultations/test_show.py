"""From the answer to the plan: times, one booking of a moment, both sides' word, and erasure for both."""

import re
import time
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from flask import Flask

from directory.accounts.models import User
from directory.clinics.models import Clinic
from directory.config import Settings
from directory.consultations.inquiries import Inquiry
from directory.consultations.jobs import forget_old, lapse_unanswered, remind
from directory.consultations.models import STATES, TRANSITIONS, Consultation, OfferedTime
from directory.consultations.photos import PhotoLook, QuestionPhoto
from directory.consultations.plans import Plan
from directory.consultations.queries import use_visit
from directory.consultations.views import ACTS
from directory.db import db, writing
from directory.errors import Refused
from directory.reviews.models import Review
from directory.reviews.sending import send_in
from directory.reviews.stages import Stage
from directory.transit import FileInTransit
from tests.accounts import people
from tests.accounts.test_person import everything
from tests.consultations.people import (
    CONCERN,
    LONDON,
    OWNER_EMAIL,
    SEEKER,
    add_photo,
    again,
    ask,
    book,
    clinic_with_owner,
    offer,
    path_in_letter,
    picture,
    press,
    soon,
)
from tests.reading import text_of


def test_from_answer_to_plan(app: Flask) -> None:
    owner, seeker = clinic_with_owner(app), people.member(app, SEEKER)
    ask(seeker)
    at_clinic = path_in_letter(app, OWNER_EMAIL)
    assert offer(owner, at_clinic, soon(), soon(6)).status_code == 303
    here = path_in_letter(app, SEEKER)
    page = seeker.get(here).text
    assert "Bring a photo." in page
    at_home = soon().astimezone(ZoneInfo("America/New_York"))
    assert f"{at_home:%H:%M} (America/New_York)" in page
    assert book(seeker, here).status_code == 303
    assert "14:30 (Europe/London)" in owner.get(at_clinic).text
    calendar = seeker.get(f"{here}/appointment.ics").text
    assert f"DTSTART:{soon().astimezone(UTC):%Y%m%dT%H%M%SZ}" in calendar
    assert "scalp" not in calendar.lower()
    with time_machine.travel(soon() + timedelta(days=1)):
        seeker, owner = people.sign_in(app, SEEKER), again(app, owner)
        assert press(seeker, here, f"{here}/attended").status_code == 303
        assert press(owner, at_clinic, f"{at_clinic}/attended").status_code == 303
        plan = {"pattern": "Crown, whorl", "sessions": "3", "price": "GBP 1,800", "included": "All three sessions"}
        sent = people.submit(owner, f"{at_clinic}/plan", risks="Fading in sun", cooling_off="14", **plan)
        assert sent.status_code == 303
        page = seeker.get(here).text
        assert "GBP 1,800" in page
        address = re.search(r'href="(/account/plans/[^"]+/accepted)"', page)
        assert address
        people.submit(seeker, address.group(1))
        assert "Accepted" in seeker.get("/account/plans").text
    with app.app_context(), time_machine.travel(soon() + timedelta(days=1)):
        user = db.session.query(User).filter_by(email=SEEKER).one()
        assert use_visit(user, db.session.query(Clinic).one().id, "2099-01")
        assert not use_visit(user, db.session.query(Clinic).one().id, "2099-01")  # one meeting, one review
        db.session.rollback()


def test_letters_say_nothing_of_what_was_asked(app: Flask) -> None:
    owner, seeker = clinic_with_owner(app), people.member(app, SEEKER)
    ask(seeker)
    at_clinic = path_in_letter(app, OWNER_EMAIL)
    offer(owner, at_clinic, soon(), note="About your crown scar")
    book(seeker, path_in_letter(app, SEEKER))
    for letter in people.letters(app):
        words = (letter.get_content() + letter["Subject"]).lower()
        assert not any(word in words for word in ("scar", "crown", "hair ", "scalp", CONCERN.lower()))
        if letter["To"] == SEEKER:
            assert "clinic one" not in words


@pytest.mark.parametrize("what", ["page", "book", "calendar", "forget"])
def test_somebody_elses_consultation_does_not_exist(app: Flask, what: str) -> None:
    owner, seeker, stranger = clinic_with_owner(app), people.member(app, SEEKER), people.member(app, "x@example.org")
    ask(seeker)
    offer(owner, path_in_letter(app, OWNER_EMAIL), soon())
    here = path_in_letter(app, SEEKER)
    address = here + {"page": "", "book": "/book", "calendar": "/appointment.ics", "forget": "/forget"}[what]
    token = people.form_token(stranger.get("/account/erase"))
    method = stranger.post if what == "book" else stranger.get
    kwargs = {"data": {"csrf_token": token, "choice": "1"}} if what == "book" else {}
    assert method(address, **kwargs).status_code == 404


def test_times_that_overlap_or_when_the_page_says_closed_are_asked_about_once(app: Flask) -> None:
    owner, seeker = clinic_with_owner(app, opening_hours="Mo-Su 09:00-14:00"), people.member(app, SEEKER)
    ask(seeker)
    at_clinic = path_in_letter(app, OWNER_EMAIL)
    morning = soon().replace(hour=9, minute=30)
    told = offer(owner, at_clinic, morning, morning + timedelta(minutes=20), soon(6))
    assert told.status_code == 422
    words = text_of(told)
    assert words.count("The next time begins before") == 1
    assert words.count("Your page says that you are closed then") == 1
    assert "Send them as they are" in words
    fields = {"time_1": f"{soon(6):%Y-%m-%dT%H:%M}", "minutes": "30", "way": "clinic", "note": "", "knowing": "y"}
    assert people.submit(owner, f"{at_clinic}/answer", **fields).status_code == 303
    assert offer(owner, at_clinic, morning, morning + timedelta(minutes=30)).status_code == 303


def test_a_rival_clinic_sees_nothing(app: Flask) -> None:
    clinic_with_owner(app)
    rival = clinic_with_owner(app, "two", "rival@clinic.example")
    ask(people.member(app, SEEKER))
    at_clinic = path_in_letter(app, OWNER_EMAIL)
    assert rival.get(at_clinic).status_code == 404
    assert rival.get(at_clinic.replace("/one/", "/two/")).status_code == 404
    assert "Nobody has asked yet" in rival.get("/manage/two/consultations/").text


def _consultation(app: Flask, seekers: int) -> list[tuple[str, str]]:
    """So many seekers, each offered the same moment at one clinic: (address, consultation)."""
    made = []
    with app.app_context(), writing():
        clinic = db.session.query(Clinic).one()
        start = soon().astimezone(UTC)
        for number in range(seekers):
            user = User(email=f"s{number}@example.org")
            user.confirm_address()
            db.session.add(user)
            db.session.flush()
            inquiry = Inquiry.draft({"concern": "x"}, about="", clinics=[clinic], consent_version="1")
            db.session.add(inquiry)
            db.session.flush()
            inquiry.send(user)
            one = inquiry.consultations[0]
            one.answer("", [OfferedTime(starts_at=start, minutes=30, way="clinic")])
            db.session.flush()
            made.append((user.email, one.public_id))
        db.session.commit()
    return made


def test_overlapping_times_are_told_apart_from_touching_ones(app: Flask) -> None:
    owner = clinic_with_owner(app)
    first, second, third = (people.member(app, f"{name}@example.org") for name in ("a", "b", "c"))
    for seeker, shift in ((first, 0), (second, 15), (third, 30)):
        ask(seeker)
        offer(owner, path_in_letter(app, OWNER_EMAIL), soon() + timedelta(minutes=shift))
    paths = [path_in_letter(app, f"{name}@example.org") for name in ("a", "b", "c")]
    assert book(first, paths[0]).status_code == 303
    taken = book(second, paths[1])
    assert taken.status_code == 409
    assert "Somebody else has just taken this time" in taken.text
    assert book(third, paths[2]).status_code == 303


@pytest.mark.parametrize(
    ("seeker", "clinic", "days_after", "counts"),
    [
        (True, True, 0, True),  # both say so
        (True, None, 15, True),  # the clinic kept silent for two weeks
        (True, None, 13, False),  # it still may speak
        (True, False, 30, False),  # they differ: other proofs of a visit remain
        (None, True, 30, False),  # the clinic alone proves nothing
        (False, True, 30, False),
    ],
)
def test_what_counts_as_a_visit(seeker: bool | None, clinic: bool | None, days_after: int, counts: bool) -> None:
    start = datetime.now(UTC) - timedelta(days=days_after, hours=1)
    one = Consultation(state="booked", booked_start=start, booked_minutes=30, booked_way="clinic")
    one.seeker_says, one.clinic_says = seeker, clinic
    assert one.took_place is counts


def test_the_clinic_moves_a_booking_and_the_calendar_follows(app: Flask) -> None:
    owner, seeker = clinic_with_owner(app), people.member(app, SEEKER)
    ask(seeker)
    at_clinic = path_in_letter(app, OWNER_EMAIL)
    offer(owner, at_clinic, soon())
    here = path_in_letter(app, SEEKER)
    book(seeker, here)
    assert "SEQUENCE:1" in seeker.get(f"{here}/appointment.ics").text
    assert "is given up as soon as you send this" in owner.get(f"{at_clinic}/answer").text
    assert offer(owner, at_clinic, soon(7)).status_code == 303
    assert people.letters(app, SEEKER)[-1]["Subject"] == "Your appointment has to move"
    assert seeker.get(f"{here}/appointment.ics").status_code == 404
    page = seeker.get(here).text
    assert page.count("Take this time") == 1
    assert book(seeker, here).status_code == 303
    calendar = seeker.get(f"{here}/appointment.ics").text
    assert "SEQUENCE:3" in calendar
    assert f"DTSTART:{soon(7).astimezone(UTC):%Y%m%dT%H%M%SZ}" in calendar


def test_another_time_is_taken_in_place_of_the_one_booked_and_nothing_is_given_up_before(app: Flask) -> None:
    owner, seeker = clinic_with_owner(app), people.member(app, SEEKER)
    ask(seeker)
    at_clinic = path_in_letter(app, OWNER_EMAIL)
    offer(owner, at_clinic, soon(5), soon(7))
    here = path_in_letter(app, SEEKER)
    book(seeker, here)
    page = seeker.get(here).text
    assert ("Your time stays booked until you take another" in page, page.count("Take this time")) == (True, 1)
    assert book(seeker, here).status_code == 303
    calendar = seeker.get(f"{here}/appointment.ics").text
    assert f"DTSTART:{soon(7).astimezone(UTC):%Y%m%dT%H%M%SZ}" in calendar
    assert "SEQUENCE:2" in calendar
    assert people.letters(app, OWNER_EMAIL)[-1]["Subject"] == "An appointment was moved"
    assert "Your time stays booked" in seeker.get(here).text  # the first one is free to be taken again


def test_none_of_the_times_fits_and_the_clinic_is_asked_for_others(app: Flask) -> None:
    owner, seeker = clinic_with_owner(app), people.member(app, SEEKER)
    ask(seeker)
    at_clinic = path_in_letter(app, OWNER_EMAIL)
    offer(owner, at_clinic, soon(5))
    here = path_in_letter(app, SEEKER)
    for booked, told in ((False, "None of the times"), (True, "gave a time at Clinic one back")):
        if booked:
            offer(owner, at_clinic, soon(6))
            book(seeker, here)
        assert f'href="{here}/others"' in seeker.get(here).text
        assert "Yes, ask for other times" in seeker.get(f"{here}/others").text
        assert ("Take this time" in seeker.get(here).text) is not booked  # only asked so far
        assert people.submit(seeker, f"{here}/others").location == here
        assert told in people.letters(app, OWNER_EMAIL)[-1].get_content()
        assert "None of the times you offered fits them" in owner.get(at_clinic).text
        page = seeker.get(here).text
        assert ("You asked for other times" in page, "Take this time" in page) == (True, False)


def test_calling_off_is_asked_once_more_and_never_counted(app: Flask) -> None:
    owner, seeker = clinic_with_owner(app), people.member(app, SEEKER)
    ask(seeker)
    at_clinic = path_in_letter(app, OWNER_EMAIL)
    offer(owner, at_clinic, soon(5), soon(7))
    here = path_in_letter(app, SEEKER)
    for _move in range(ACTS.times):
        assert book(seeker, here).status_code == 303
    page = seeker.get(here)
    choice = re.findall(r'name="choice" value="(\d+)"', page.text)[0]
    data = {"csrf_token": people.form_token(page), "choice": choice}
    much = seeker.post(f"{here}/book", data=data, headers={"Referer": f"http://localhost{here}"})
    assert (much.status_code, "can be changed 10 times a day" in much.text) == (429, True)
    assert ("Try again in 24 hours" in much.text, f'href="{here}"' in much.text) == (True, True)
    assert "from this network" not in much.text
    assert "Yes, call it off" in seeker.get(f"{here}/cancel").text
    assert "Booked" in seeker.get(here).text
    assert people.submit(seeker, f"{here}/cancel").status_code == 303
    assert "Called off" in seeker.get(here).text
    assert seeker.get(f"{here}/cancel").status_code == 404


def test_a_time_that_is_near_and_exchanged_for_a_later_one_was_given_up_late(app: Flask) -> None:
    owner, seeker = clinic_with_owner(app), people.member(app, SEEKER)
    ask(seeker)
    offer(owner, path_in_letter(app, OWNER_EMAIL), soon(), soon(9))
    here = path_in_letter(app, SEEKER)
    book(seeker, here)
    with time_machine.travel(soon() - timedelta(hours=20)):
        seeker = people.sign_in(app, SEEKER)
        book(seeker, here)
        people.submit(seeker, f"{here}/cancel")
        assert "less than 24 hours before" in seeker.get(here).text


def test_the_page_says_where_to_go_and_what_to_say_at_the_door(app: Flask) -> None:
    owner = clinic_with_owner(app, address="3 Mill Lane", phone="+441134960000")
    seeker = people.member(app, SEEKER)
    ask(seeker)
    at_clinic = path_in_letter(app, OWNER_EMAIL)
    offer(owner, at_clinic, soon())
    here = path_in_letter(app, SEEKER)
    book(seeker, here)
    page = seeker.get(here).text
    assert ("3 Mill Lane" in page, 'href="tel:+441134960000"' in page, 'href="/clinics/one"' in page) == (True,) * 3
    (number,) = re.findall(r"the number (\d{4})\.", page)
    assert f"the number {number} in place of a name" in owner.get(at_clinic).text


def test_a_call_needs_a_number_and_a_meeting_by_video_its_address(app: Flask) -> None:
    owner, seeker = clinic_with_owner(app), people.member(app, SEEKER)
    ask(seeker)
    at_clinic = path_in_letter(app, OWNER_EMAIL)
    refused = offer(owner, at_clinic, soon(), way="phone")
    assert (refused.status_code, "They gave no number to call" in refused.text) == (422, True)
    for address in ("", "javascript:alert(1)", "http://call.example/1", "https://call"):
        assert offer(owner, at_clinic, soon(), way="video", video=address).status_code == 422
    assert offer(owner, at_clinic, soon(), way="video", video="https://call.example/r/7").status_code == 303
    here = path_in_letter(app, SEEKER)
    assert "call.example" not in seeker.get(here).text
    book(seeker, here)
    page = seeker.get(here).text
    assert ('href="https://call.example/r/7" rel="noopener noreferrer' in page, "Bring a photo." in page) == (
        True,
        True,
    )
    assert "call.example" in owner.get(at_clinic).text
    with time_machine.travel(soon() + timedelta(days=1)):
        page = people.sign_in(app, SEEKER).get(here).text
        assert ("Did you meet?" in page, "proven by a visit" in page) == (True, False)
    ask(seeker, reach="phone", phone="0113 496 0001")
    assert offer(owner, path_in_letter(app, OWNER_EMAIL), soon(8), way="phone").status_code == 303
    here = path_in_letter(app, SEEKER)
    book(seeker, here)
    assert "The clinic calls you at 0113 496 0001" in seeker.get(here).text


@pytest.mark.parametrize(("hours", "late"), [(30, False), (20, True)])
@pytest.mark.parametrize("side", ["seeker", "clinic"])
def test_called_off_on_the_last_day_is_told_to_both(app: Flask, side: str, hours: int, late: bool) -> None:
    owner, seeker = (
        clinic_with_owner(app, facts={"deposit": "GBP 50, kept when you call off late"}),
        people.member(app, SEEKER),
    )
    ask(seeker)
    at_clinic = path_in_letter(app, OWNER_EMAIL)
    offer(owner, at_clinic, soon())
    here = path_in_letter(app, SEEKER)
    book(seeker, here)
    with time_machine.travel(soon() - timedelta(hours=hours)):
        seeker, owner = people.sign_in(app, SEEKER), again(app, owner)
        assert ("kept when you call off late" in seeker.get(here).text) is late
        if side == "seeker":
            people.submit(seeker, f"{here}/cancel")
        else:
            people.submit(owner, f"{at_clinic}/decline", reason="other")
        for page in (seeker.get(here).text, owner.get(at_clinic).text):
            assert ("less than 24 hours before" in page) is late


def test_where_the_two_sides_differ_both_are_told_what_counts(app: Flask) -> None:
    owner, seeker = clinic_with_owner(app), people.member(app, SEEKER)
    ask(seeker)
    at_clinic = path_in_letter(app, OWNER_EMAIL)
    offer(owner, at_clinic, soon())
    here = path_in_letter(app, SEEKER)
    book(seeker, here)
    with time_machine.travel(soon() + timedelta(days=1)):
        seeker, owner = people.sign_in(app, SEEKER), again(app, owner)
        press(seeker, here, f"{here}/attended")
        assert "The clinic has not said anything yet" in seeker.get(here).text
        press(owner, at_clinic, f"{at_clinic}/missed")
        assert "this meeting proves no visit" in seeker.get(here).text
        assert "Yes, we met" not in seeker.get(here).text
        assert "the meeting proves no visit" in owner.get(at_clinic).text


@pytest.mark.parametrize("start", STATES)
@pytest.mark.parametrize("end", STATES)
def test_transitions(start: str, end: str) -> None:
    one = Consultation(state=start)
    if (start, end) in TRANSITIONS:
        one.become(end)
        assert one.state == end
    else:
        with pytest.raises(Refused):
            one.become(end)


def test_erasing_the_account_leaves_nothing_on_either_side(app: Flask) -> None:
    """By the page that does it: a booked question with a photo and a telephone number, and one not confirmed yet."""
    owner, seeker = clinic_with_owner(app), people.member(app, SEEKER)
    stranger = people.a_browser(app, "elsewhere")
    ask(seeker, reach="phone", phone="0113 496 0987")
    at_clinic = path_in_letter(app, OWNER_EMAIL)
    with app.app_context():
        question = db.session.query(Inquiry).one().public_id
    assert add_photo(seeker, question, picture()).status_code == 303
    offer(owner, at_clinic, soon())
    here = path_in_letter(app, SEEKER)
    book(seeker, here)
    assert "0113 496 0987" in owner.get(at_clinic).text
    ask(stranger, email=SEEKER)
    assert people.submit(seeker, "/account/erase", sure="y").location == "/account/erased"
    last = people.letters(app, OWNER_EMAIL)[-1].get_content()
    assert "called off" in last
    assert owner.get(at_clinic).status_code == 404
    assert seeker.get(here).status_code != 200
    with app.app_context():
        for kind in (Inquiry, Consultation, OfferedTime, Plan, QuestionPhoto, PhotoLook, FileInTransit):
            assert db.session.query(kind).count() == 0, kind
    rows = everything(app)
    for trace in (SEEKER, "496 0987", CONCERN, question, here.rpartition("/")[2]):
        assert trace not in rows
    settings: Settings = app.config["SETTINGS"]
    assert [path for path in (settings.data / "files").rglob("*") if path.is_file()] == []


def test_one_question_is_erased_at_once_for_both(app: Flask) -> None:
    owner, seeker = clinic_with_owner(app), people.member(app, SEEKER)
    ask(seeker)
    at_clinic = path_in_letter(app, OWNER_EMAIL)
    offer(owner, at_clinic, soon())
    here = path_in_letter(app, SEEKER)
    assert people.submit(seeker, f"{here}/forget").status_code == 303
    assert owner.get(at_clinic).status_code == 404
    assert seeker.get(here).status_code == 404


def test_reminders_once_for_each_booking_lapse_and_retention(app: Flask) -> None:
    owner, seeker = clinic_with_owner(app), people.member(app, SEEKER)
    ask(seeker)
    offer(owner, path_in_letter(app, OWNER_EMAIL), soon())
    book(seeker, path_in_letter(app, SEEKER))
    with app.app_context():
        assert remind() == "reminded of 0"
        with time_machine.travel(soon() - timedelta(hours=20)):
            assert remind() == "reminded of 1"
            assert remind() == "reminded of 0"
    with time_machine.travel(soon() - timedelta(hours=19)):
        assert len([one for one in people.letters(app, SEEKER) if "is near" in one["Subject"]]) == 1
    ask(seeker)
    with app.app_context():
        with time_machine.travel(time.time() + 15 * 86_400):
            assert lapse_unanswered() == "lapsed 1"
        with time_machine.travel(time.time() + 400 * 86_400):
            assert "the words of 2" in forget_old()
            assert all(one.words() == {} for one in db.session.query(Inquiry))
        with time_machine.travel(time.time() + 800 * 86_400):
            assert forget_old().endswith("2 rows")


def test_what_lapses_says_who_was_silent_and_waits_for_the_last_time_on_offer(app: Flask) -> None:
    owner, seeker = clinic_with_owner(app), people.member(app, SEEKER)
    for offered in (False, True):
        ask(seeker)
        if offered:
            offer(owner, path_in_letter(app, OWNER_EMAIL), soon(5), soon(22))
    here = path_in_letter(app, SEEKER)
    with app.app_context(), time_machine.travel(time.time() + 15 * 86_400):
        assert lapse_unanswered() == "lapsed 1"  # what the clinic left lying; of the other a time is still ahead
        assert "Nobody answered" in people.letters(app, SEEKER)[-1].get_content()
        seeker = people.sign_in(app, SEEKER)
        assert "Take this time" in seeker.get(here).text
        assert "No answer came" in seeker.get("/account/consultations").text
    with app.app_context(), time_machine.travel(time.time() + 23 * 86_400):
        assert lapse_unanswered() == "lapsed 1"
        assert "passed without being taken" in people.letters(app, SEEKER)[-1].get_content()
        seeker = people.sign_in(app, SEEKER)
        page = seeker.get(here).text
        assert ("The clinic offered times" in page, "did not answer" in page) == (True, False)
        assert "No time was taken" in seeker.get("/account/consultations").text


def test_the_passport_asks_what_the_page_leaves_open(app: Flask) -> None:
    clinic_with_owner(app, facts={"pigments": "Brand A, line B"})
    page = app.test_client().get("/clinics/one/passport").text
    assert "Which brand and line of pigment" not in page
    assert "Do you do a patch test" in page
    assert "What does all of it cost" in page


def test_an_attended_consultation_proves_the_visit_behind_a_later_review(app: Flask) -> None:
    clinic_with_owner(app)
    people.member(app, SEEKER)
    with app.app_context(), writing():
        user, clinic = db.session.query(User).filter_by(email=SEEKER).one(), db.session.query(Clinic).one()
        inquiry = Inquiry.draft({"concern": "x"}, about="", clinics=[clinic], consent_version="1")
        db.session.add(inquiry)
        db.session.flush()
        inquiry.send(user)
        one = inquiry.consultations[0]
        one.answer("", [OfferedTime(starts_at=datetime.now(UTC) + timedelta(minutes=5), minutes=10, way="clinic")])
        db.session.flush()
        one.accept(one.times[0])
        one.booked_start = datetime.now(UTC) - timedelta(days=1)
        one.say_attended(True, side="seeker")
        one.say_attended(True, side="clinic")
        review = Review(clinic=clinic, author_id=user.id, pseudonym="grey fox", treated_month="2099-01")
        stage = Stage(review=review, stage="6m", overall=4, text="Calm.", state="draft")
        db.session.add(review)
        db.session.flush()
        review.consent_to("health")
        send_in(stage, by=user)
        db.session.commit()
        assert review.verification == "visit"


@pytest.mark.parametrize(
    ("way", "treated", "counts"),
    [
        ("clinic", "2099-01", True),
        ("phone", "2099-01", False),  # a call is no visit
        ("clinic", "2020-01", False),  # met long after the treatment it would prove
    ],
)
def test_what_a_meeting_proves(app: Flask, way: str, treated: str, counts: bool) -> None:
    clinic_with_owner(app)
    _email, public_id = _consultation(app, 1)[0]
    with app.app_context(), writing():
        one = db.session.query(Consultation).filter_by(public_id=public_id).one()
        one.accept(one.times[0])
        one.booked_start, one.booked_way = datetime.now(UTC) - timedelta(days=1), way
        one.say_attended(True, side="seeker")
        one.say_attended(True, side="clinic")
        user = one.inquiry.user
        assert user is not None
        assert use_visit(user, one.clinic_id, treated) is counts


def test_a_clinic_cannot_undo_a_meeting_or_take_its_word_back(app: Flask) -> None:
    owner = clinic_with_owner(app)
    _email, public_id = _consultation(app, 1)[0]
    at_clinic = f"/manage/one/consultations/{public_id}"
    with app.app_context(), writing():
        one = db.session.query(Consultation).filter_by(public_id=public_id).one()
        one.accept(one.times[0])
        one.booked_start = datetime.now(UTC) - timedelta(days=1)
        db.session.commit()
    assert people.submit(owner, f"{at_clinic}/decline", reason="full").status_code == 409
    assert offer(owner, at_clinic, soon()).status_code == 409
    with app.app_context(), writing():
        one = db.session.query(Consultation).filter_by(public_id=public_id).one()
        one.say_attended(True, side="seeker")
        one.say_attended(True, side="clinic")
        db.session.commit()
    assert press(owner, f"{at_clinic}/plan", f"{at_clinic}/missed").status_code == 409


def test_hours_at_the_end_of_the_calendar_are_refused(app: Flask) -> None:
    owner = clinic_with_owner(app)
    _email, public_id = _consultation(app, 1)[0]
    at_clinic = f"/manage/one/consultations/{public_id}"
    answer = offer(owner, at_clinic, datetime(9999, 12, 31, 23, 30, tzinfo=LONDON))
    assert answer.status_code == 422
    assert "within a year" in answer.text


def test_typing_an_address_tells_nothing_of_it(app: Flask) -> None:
    clinic_with_owner(app)
    assert ask(people.member(app, SEEKER)).status_code == 303
    for email in (SEEKER, "virgin@example.org"):
        stranger = people.a_browser(app, f"caller-{email}")
        assert [ask(stranger, email=email).location for _ in range(7)] == ["/consultations/sent"] * 7
