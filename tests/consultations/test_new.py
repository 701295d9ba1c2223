"""Asking for a consultation: no password is needed, nothing goes out before the address is confirmed."""

import re
import time

import pytest
import time_machine
from flask import Flask

from directory.clinics.membership import Membership
from directory.consultations.inquiries import Inquiry
from directory.consultations.jobs import forget_old
from directory.db import db, writing
from tests import factories
from tests.accounts import people
from tests.consultations.people import CONCERN, OWNER_EMAIL, ask, clinic_with_owner

LINK = re.compile(r"http://localhost:\d+(/\S+)")
SEEKER = "seeker@example.org"


def ticked(page: str, slug: str) -> bool:
    found = re.search(rf'<input[^>]*value="{slug}"[^>]*>', page)
    assert found, slug
    return "checked" in found[0]


def test_a_visitor_asks_without_a_password_and_the_clinic_reads_it(app: Flask) -> None:
    owner = clinic_with_owner(app)
    seeker = people.a_browser(app, SEEKER)
    assert ask(seeker, email=SEEKER).location == "/consultations/sent"
    assert "Nobody has asked yet" in owner.get("/manage/one/consultations/").text
    path = LINK.findall(people.letters(app, SEEKER)[-1].get_content())[0]
    assert people.submit(seeker, path).location == "/account/consultations"
    assert "Clinic one" in seeker.get("/account/consultations").text
    told = people.letters(app, OWNER_EMAIL)[-1].get_content()
    assert CONCERN not in told
    page = owner.get(LINK.findall(told)[0]).text
    assert CONCERN in page
    assert SEEKER not in page


def test_the_link_works_once_and_for_its_own_question_only(app: Flask) -> None:
    clinic_with_owner(app)
    seeker = people.a_browser(app, SEEKER)
    ask(seeker, email=SEEKER)
    path = LINK.findall(people.letters(app, SEEKER)[-1].get_content())[0]
    people.submit(seeker, path)
    again = seeker.get(path)
    assert (again.status_code, "Your question is on its way" in again.text) == (200, True)
    with app.app_context():
        assert db.session.query(Inquiry).count() == 1
    stranger = people.a_browser(app, "other@example.org")
    ask(stranger, email="other@example.org")
    theirs = LINK.findall(people.letters(app, "other@example.org")[-1].get_content())[0]
    mine = path.split("/")[3]
    mixed = "/".join([*theirs.split("/")[:3], mine, theirs.split("/")[4]])
    token = people.form_token(stranger.get(theirs))
    assert stranger.get(mixed).status_code == stranger.post(mixed, data={"csrf_token": token}).status_code == 410
    assert people.submit(stranger, theirs).location == "/account/consultations"  # and it was not used up by that


def test_a_member_asks_at_once_and_may_show_the_address(app: Flask) -> None:
    owner = clinic_with_owner(app)
    seeker = people.member(app, SEEKER)
    assert ask(seeker, reach="email").location == "/account/consultations"
    path = LINK.findall(people.letters(app, OWNER_EMAIL)[-1].get_content())[0]
    assert SEEKER in owner.get(path).text


def test_one_question_goes_to_up_to_three_clinics(app: Flask) -> None:
    owners = [clinic_with_owner(app, slug, f"{slug}@clinic.example") for slug in ("one", "two", "three")]
    factories.saved(app, lambda: factories.clinic(slug="silent", name="Silent"))
    seeker = people.member(app, SEEKER)
    address = "/clinics/one/consultations/new?also=two&also=three&also=silent"
    page = seeker.get(address).text
    assert [ticked(page, slug) for slug in ("one", "two", "three")] == [True] * 3
    assert "Nobody at Silent reads questions here yet" in page
    fields = {"concern": CONCERN, "goal": "", "look": "soft", "reach": "here", "consent": "y"}
    assert people.submit(seeker, address, clinics=["one", "two", "three"], **fields).status_code == 303
    for owner, slug in zip(owners, ("one", "two", "three"), strict=True):
        assert "Waits for your answer" in owner.get(f"/manage/{slug}/consultations/").text


def test_saved_clinics_can_be_asked_along_and_each_sees_its_own_side_only(app: Flask) -> None:
    owners = {slug: clinic_with_owner(app, slug, f"{slug}@clinic.example") for slug in ("one", "two", "three", "four")}
    factories.saved(app, lambda: factories.clinic(slug="silent", name="Silent"))
    seeker = people.member(app, SEEKER)
    seeker.set_cookie("saved", "two.silent.three.four")
    page = seeker.get("/clinics/one/consultations/new").text
    assert [ticked(page, slug) for slug in owners] == [True, False, False, False]
    assert "Silent" not in page
    many = ask(seeker, clinics=list(owners))
    assert many.status_code == 422
    assert "at most 3 clinics" in many.text
    assert ask(seeker, clinics=[]).status_code == 422
    assert ask(seeker, clinics=["one", "silent"]).status_code == 422
    assert ask(seeker, clinics=["one", "three"]).status_code == 303
    for slug, owner in owners.items():
        listed = owner.get(f"/manage/{slug}/consultations/").text
        assert ("Waits for your answer" in listed) is (slug in {"one", "three"})
    path = LINK.findall(people.letters(app, "one@clinic.example")[-1].get_content())[0]
    page = owners["one"].get(path).text
    assert CONCERN in page
    assert "three" not in page.lower()


def test_the_compared_and_the_saved_are_asked_from_their_pages(app: Flask) -> None:
    for slug in ("one", "two"):
        clinic_with_owner(app, slug, f"{slug}@clinic.example")
    seeker = app.test_client()
    seeker.set_cookie("saved", "two.one")
    for address in ("/compare?c=one&c=two", "/saved"):
        link = re.search(r'href="(/consultations/new[^"]+)"', seeker.get(address).text)
        assert link
        page = seeker.get(link[1].replace("&amp;", "&")).text
        assert [ticked(page, slug) for slug in ("one", "two")] == [True, True]
    assert "Save one to three clinics first" in app.test_client().get("/consultations/new").text


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("concern", "", "Write a sentence or two."),
        ("concern", "x" * 1001, "at most 1000 letters"),
        ("email", "nonsense", "This is not an e-mail address"),
        ("reach", "pigeon", "Not a valid choice"),
    ],
)
def test_bad_input_is_named_and_what_was_typed_stays(app: Flask, field: str, value: str, words: str) -> None:
    clinic_with_owner(app)
    seeker = people.a_browser(app, SEEKER)
    answer = ask(seeker, **{"email": SEEKER, "phone": "0113 496 0000", field: value})
    assert answer.status_code == 422
    assert words in answer.text
    assert "0113 496 0000" in answer.text


def test_no_consent_no_question(app: Flask) -> None:
    clinic_with_owner(app)
    answer = ask(people.member(app, SEEKER), consent="")
    assert answer.status_code == 422
    with app.app_context():
        assert db.session.query(Inquiry).count() == 0


def test_a_clinic_that_reads_nothing_says_so_and_offers_questions_to_take_along(app: Flask) -> None:
    factories.saved(app, lambda: factories.clinic(slug="silent", name="Silent", phone="+441134960000"))
    page = app.test_client().get("/clinics/silent/consultations/new").text
    assert "Nobody at Silent reads questions here yet" in page
    assert "/clinics/silent/passport" in page


def test_nothing_written_can_be_read_in_the_database(app: Flask) -> None:
    clinic_with_owner(app)
    ask(people.member(app, SEEKER))
    ask(people.a_browser(app, "b@example.org"), email="b@example.org")
    with app.app_context():
        rows = db.session.query(Inquiry).all()
        assert len(rows) == 2
        assert all(CONCERN.encode() not in (row.sealed or b"") for row in rows)


def test_an_unconfirmed_question_is_gone_after_two_days(app: Flask) -> None:
    clinic_with_owner(app)
    ask(people.a_browser(app, SEEKER), email=SEEKER)
    letter = people.letters(app, SEEKER)[-1].get_content()
    assert "within 2 days" in letter
    path, late = LINK.findall(letter)[0], people.a_browser(app, "late@example.org")
    with time_machine.travel(time.time() + 2.1 * 86_400), app.app_context():
        gone = late.get(path)
        assert (gone.status_code, "waits 2 days for the link" in gone.text) == (410, True)
        assert forget_old().startswith("deleted 1 unconfirmed")
        gone = late.get(path)
        assert (gone.status_code, 'href="/consultations/new"' in gone.text) == (410, True)


def test_a_link_whose_question_is_gone_says_so_before_anything_is_pressed(app: Flask) -> None:
    clinic_with_owner(app)
    seeker = people.a_browser(app, SEEKER)
    ask(seeker, email=SEEKER)
    path = LINK.findall(people.letters(app, SEEKER)[-1].get_content())[0]
    assert "Send it now" in seeker.get(path).text
    with app.app_context(), writing():
        db.session.delete(db.session.query(Inquiry).one())
        db.session.commit()
    gone = seeker.get(path)
    assert (gone.status_code, "Send it now" in gone.text, "This question is gone" in gone.text) == (410, False, True)


def test_with_photos_to_come_the_link_leads_to_them_and_promises_nothing_else(app: Flask) -> None:
    clinic_with_owner(app)
    seeker = people.a_browser(app, SEEKER)
    asked = ask(seeker, email=SEEKER, photos="y")
    assert "your question goes to nobody" in seeker.get(asked.location).text
    path = LINK.findall(people.letters(app, SEEKER)[-1].get_content())[0]
    page = seeker.get(path).text
    assert ("One press sends" in page, "Go on to the photos" in page) == (False, True)
    there = people.submit(seeker, path).location
    assert there.endswith("/photos")
    assert "Your question has not gone out yet" in seeker.get(there).text
    again = seeker.get(path)
    assert (again.status_code, there in again.text) == (200, True)


def test_only_where_somebody_reads_does_the_page_offer_to_ask_there(app: Flask) -> None:
    owner, visitor = clinic_with_owner(app), app.test_client()
    factories.saved(app, lambda: factories.clinic(slug="silent", name="Silent", phone="+441134960000"))
    read = visitor.get("/clinics/one")
    assert "Ask for a consultation" in read.text
    page = visitor.get("/clinics/silent").text
    assert ("Ask for a consultation" in page, "Nobody at this clinic reads questions here" in page) == (False, True)
    assert ('href="tel:+441134960000"' in page, "/clinics/silent/passport" in page) == (True, True)
    visitor.set_cookie("saved", "one.silent")
    saved = visitor.get("/saved").text
    assert ("Ask the one that answers here" in saved, "also=one&amp;also=silent" in saved) == (True, False)
    with app.app_context(), writing():
        db.session.query(Membership).delete()
        db.session.commit()
    assert owner.get("/manage/one/").status_code == 404
    gone = visitor.get("/clinics/one", headers={"If-None-Match": read.headers["ETag"]})
    assert (gone.status_code, "Ask for a consultation" in gone.text) == (200, False)
    assert "/consultations/new" not in visitor.get("/saved").text
