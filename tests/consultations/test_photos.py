"""Photos of a question: sealed, seen by the clinics asked while they deal with it, every look told, gone in time."""

import io
import re
import time
from pathlib import Path

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient

from directory.accounts.models import User
from directory.accounts.registry import erase_person
from directory.config import Settings
from directory.consultations.inquiries import Inquiry
from directory.consultations.jobs import forget_old
from directory.consultations.photos import PhotoLook, QuestionPhoto
from directory.db import db, writing
from tests.accounts import people
from tests.consultations.people import CONCERN, OWNER_EMAIL, add_photo, ask, clinic_with_owner, picture

SEEKER = "seeker@example.org"
LINK = re.compile(r"http://localhost:\d+(/\S+)")
MARK = "zqxphoto"


def _draft(browser: FlaskClient, **fields: str | list[str]) -> str:
    """Ask, with photos to come; the question's name."""
    found = re.fullmatch(r"/account/questions/([\w-]+)/photos", ask(browser, photos="y", **fields).location or "")
    assert found
    return found[1]


def _act(browser: FlaskClient, question: str, act: str) -> object:
    return people.submit(browser, f"/account/questions/{question}/{act}", page=f"/account/questions/{question}/photos")


def _path(app: Flask, to: str) -> str:
    return str(LINK.findall(people.letters(app, to)[-1].get_content())[0])


def _kept(app: Flask) -> list[bytes]:
    """The files of questions that lie in the store, after the jobs process has worked."""
    people.letters(app)
    settings: Settings = app.config["SETTINGS"]
    return [file.read_bytes() for file in Path(settings.data / "files" / "questions").glob("*")]


def _photos(page: str) -> list[str]:
    return re.findall(r'"(/(?:account|manage)/\S+?/photos/[\w-]{22})"', page)


def test_a_photo_that_was_chosen_goes_along_or_the_page_says_why_not(app: Flask) -> None:
    owner = clinic_with_owner(app)
    seeker = people.member(app, SEEKER)
    question = _draft(seeker)
    page = f"/account/questions/{question}/photos"
    for content, consent, words in (
        (picture(MARK), "", "Without this the photo cannot be added."),
        (b"GIF89a" + bytes(99), "y", "a GIF"),
    ):
        data = {"csrf_token": people.form_token(seeker.get(page)), "photo": (io.BytesIO(content), "me.jpg")}
        refused = seeker.post(f"/account/questions/{question}/send", data={**data, "consent": consent})
        assert (refused.status_code, words in refused.text) == (422, True)
    assert "Nobody has asked yet" in owner.get("/manage/one/consultations/").text
    data = {"csrf_token": people.form_token(seeker.get(page)), "photo": (io.BytesIO(picture(MARK)), "me.jpg")}
    sent = seeker.post(f"/account/questions/{question}/send", data={**data, "consent": "y"})
    assert sent.location == "/account/consultations"
    assert "Open photo 1" in owner.get(_path(app, OWNER_EMAIL)).text


def test_from_the_form_to_the_clinic_and_back_with_every_look(app: Flask) -> None:
    owner = clinic_with_owner(app)
    rival = clinic_with_owner(app, "two", "rival@clinic.example")
    seeker = people.member(app, SEEKER)
    question = _draft(seeker)
    assert "Waits for its photos" in seeker.get("/account/consultations").text
    assert "Nobody has asked yet" in owner.get("/manage/one/consultations/").text
    refused = add_photo(seeker, question, picture(MARK), consent="")
    assert refused.status_code == 422
    assert "Without this the photo cannot be added" in refused.text
    assert _kept(app) == []
    assert add_photo(seeker, question, picture(MARK), f"{MARK}.jpg").status_code == 303
    assert add_photo(seeker, question, b"%PDF-1.7 no photo").status_code == 422
    (sealed,) = _kept(app)
    assert b"JFIF" not in sealed
    assert _act(seeker, question, "send").location == "/account/consultations"
    told = people.letters(app, OWNER_EMAIL)[-1]
    assert "photo" not in (told.get_content() + told["Subject"]).lower()
    at_clinic = LINK.findall(told.get_content())[0]
    (address,) = _photos(owner.get(at_clinic).text)
    here = re.findall(r'href="(/account/consultations/[\w-]{22})"', seeker.get("/account/consultations").text)[0]
    assert "Nobody has opened them yet" in seeker.get(here).text
    seen = owner.get(address)
    assert seen.mimetype == "image/jpeg"
    assert MARK.encode() not in seen.data
    assert seen.data == seeker.get(_photos(seeker.get(here).text)[0]).data
    assert "no-store" in seen.headers["Cache-Control"]
    assert seeker.get(here).text.count(", photo 1</span>") == 1
    assert rival.get(address).status_code == 404
    assert rival.get(address.replace("/one/", "/two/")).status_code == 404
    people.submit(seeker, f"{here}/cancel", page=here)
    assert owner.get(address).status_code == 404
    assert _photos(owner.get(at_clinic).text) == []
    with app.app_context():
        assert ", 1 photos," in forget_old()
    assert _kept(app) == []
    assert _photos(seeker.get(here).text) == []


def test_three_fit_one_goes_at_once_and_what_is_not_sent_can_be_thrown_away(app: Flask) -> None:
    clinic_with_owner(app)
    seeker, stranger = people.member(app, SEEKER), people.member(app, "x@example.org")
    question = _draft(seeker)
    for seed in (20, 40, 60):
        assert add_photo(seeker, question, picture(seed=seed)).status_code == 303
    assert add_photo(seeker, question, picture(seed=80)).status_code == 422
    address = f"/account/questions/{question}/photos"
    first = _photos(seeker.get(address).text)[0]
    assert stranger.get(first).status_code == 404
    assert stranger.get(address).status_code == 404
    assert people.submit(seeker, f"{first}/remove", page=address).status_code == 303
    assert len(_kept(app)) == 2
    assert seeker.get(first).status_code == 404
    assert add_photo(seeker, question, picture(seed=80)).status_code == 303
    assert _act(seeker, question, "discard").status_code == 303
    assert _kept(app) == []
    with app.app_context():
        assert db.session.query(Inquiry).count() == db.session.query(QuestionPhoto).count() == 0


def test_without_an_account_photos_come_after_the_address_is_confirmed(app: Flask) -> None:
    owner = clinic_with_owner(app)
    seeker = people.a_browser(app, SEEKER)
    assert ask(seeker, email=SEEKER, photos="y").location == "/consultations/sent"
    path = LINK.findall(people.letters(app, SEEKER)[-1].get_content())[0]
    there = people.submit(seeker, path).location or ""
    assert there.endswith("/photos")
    question = there.split("/")[3]
    assert add_photo(seeker, question, picture()).status_code == 303
    assert "Nobody has asked yet" in owner.get("/manage/one/consultations/").text
    assert _act(seeker, question, "send").status_code == 303
    page = owner.get(_path(app, OWNER_EMAIL)).text
    assert CONCERN in page
    assert len(_photos(page)) == 1


@pytest.mark.parametrize("how", ["account", "question", "unsent"])
def test_erasing_leaves_no_file_and_no_row(app: Flask, how: str) -> None:
    owner, seeker = clinic_with_owner(app), people.member(app, SEEKER)
    question = _draft(seeker)
    add_photo(seeker, question, picture())
    if how != "unsent":
        _act(seeker, question, "send")
        at_clinic = _path(app, OWNER_EMAIL)
        assert owner.get(_photos(owner.get(at_clinic).text)[0]).status_code == 200
    if how == "account":
        with app.app_context(), writing():
            erase_person(db.session.query(User).filter_by(email=SEEKER).one())
            db.session.commit()
    elif how == "question":
        here = re.findall(r'href="(/account/consultations/[\w-]{22})"', seeker.get("/account/consultations").text)[0]
        assert people.submit(seeker, f"{here}/forget").status_code == 303
    else:
        with time_machine.travel(time.time() + 3 * 86_400):
            with app.app_context():
                assert forget_old().startswith("deleted 1 unconfirmed")
            assert _kept(app) == []
    with app.app_context():
        for kind in (Inquiry, QuestionPhoto, PhotoLook):
            assert db.session.query(kind).count() == 0
    assert _kept(app) == []
