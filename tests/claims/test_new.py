"""The form that claims a listing: which proofs it offers, what it refuses, how often it may be sent."""

import re
import time
from typing import Any

from flask import Flask

from directory.accounts.models import User
from directory.claims.models import Claim
from directory.clinics.editing import change
from directory.clinics.membership import EDITOR, Membership
from directory.clinics.models import Clinic
from directory.db import db, writing
from tests import factories
from tests.accounts import people
from tests.claims.claiming import claimed, listing, only_case, proof_page, send
from tests.consultations.people import clinic_with_owner
from tests.moderation.cast import moderator
from tests.reading import reads_of

NOTHING: dict[str, Any] = {"address": "", "phone": "", "email": "", "website": "", "website_host": ""}


OFFERS: dict[str, tuple[dict[str, Any], list[str]]] = {
    "whole": ({}, ["letter", "licence", "call", "tag"]),
    "no-street": ({"address": ""}, ["licence", "call", "tag"]),
    "at-home": ({"is_home": True}, ["letter", "licence", "call", "tag"]),
    "no-number": ({"phone": ""}, ["letter", "licence", "tag"]),
    "platform": ({"website": "https://www.instagram.com/x", "website_host": "www.instagram.com"}, ["letter", "call"]),
    "free-mail": ({"website": "https://gmail.com/x", "website_host": "gmail.com"}, ["letter", "call"]),
    "shared-1": ({"website": "https://chain.example", "website_host": "chain.example"}, ["letter", "call"]),
    "shared-2": ({"website": "https://chain.example", "website_host": "chain.example"}, ["letter", "call"]),
    "shared-3": ({"website": "https://www.chain.example", "website_host": "www.chain.example"}, ["letter", "call"]),
    "bare": (NOTHING, []),
}


def test_a_listing_offers_the_proofs_it_allows(app: Flask) -> None:
    for slug, (facts, _proofs) in OFFERS.items():
        own = {} if "website" in facts else {"website": f"https://{slug}.example", "website_host": f"{slug}.example"}
        listing(app, slug, **{**own, **facts})
    browser = people.member(app, "looker@home.example")
    found = {
        slug: re.findall(r'name="proof"[^>]*value="(\w+)"', browser.get(f"/clinics/{slug}/claim").text)
        for slug in OFFERS
    }
    assert found == {slug: proofs for slug, (_facts, proofs) in OFFERS.items()}


def test_what_is_missing_is_said_and_what_was_typed_is_kept(app: Flask) -> None:
    listing(app)
    browser = people.member(app, "ada@home.example")
    empty = send(browser, "", name="", role="", authority="")
    assert empty.status_code == 422
    assert "answers need another look" in empty.text
    wrong = send(browser, "licence", licence="", issuer="", holder="", email="ada@gmail.com")
    assert wrong.status_code == 422
    assert "It must end in @headingley.example" in wrong.text
    assert 'value="Ada Muster"' in wrong.text
    assert send(browser, "licence", email="ada@mail.headingley.example").status_code == 422
    with app.app_context():
        assert db.session.query(Claim).count() == 0


def test_who_may_not_claim(app: Flask) -> None:
    owner = clinic_with_owner(app)
    assert owner.get("/clinics/one/claim").location == "/manage/one/"
    member = people.member(app, "ada@home.example")
    factories.saved(app, lambda: factories.clinic(slug="hidden", status="suspended"))
    assert member.get("/clinics/hidden/claim").status_code == 404
    assert member.get("/clinics/none/claim").status_code == 404
    assert (app.test_client().get("/clinics/one/claim").location or "").startswith("/account/sign-in")


def test_three_a_week_and_one_open_of_a_clinic(app: Flask) -> None:
    for number in range(4):
        listing(app, f"c{number}", website="", website_host="")
    browser, where = claimed(app, "call", slug="c0")
    assert browser.get("/clinics/c0/claim").location == where
    assert send(browser, "call", "c1").status_code == 303
    assert send(browser, "call", "c2").status_code == 303
    assert send(browser, "call", "c3").status_code == 429
    assert browser.get("/account/claims").text.count("Being looked at") == 3
    first = len(reads_of(app, people.member(app, "none@home.example"), "/account/claims"))
    assert len(reads_of(app, browser, "/account/claims")) == first


def test_the_number_called_is_the_one_from_before_its_claimant_changed_it(app: Flask) -> None:
    listing(app)
    browser = people.member(app, "ada@home.example")
    with app.app_context(), writing():
        clinic, ada = db.session.query(Clinic).one(), db.session.query(User).filter_by(email="ada@home.example").one()
        db.session.add(Membership(user_id=ada.id, clinic_id=clinic.id, level=EDITOR))
        for number in ("+447700900001", "+447700900002"):
            change(clinic, "identity", {"phone": number}, by=ada, seen=None)
        db.session.commit()
    people.set_up_app(browser, time.time())
    assert send(browser, "call").status_code == 303
    page = proof_page(moderator(app), only_case(app), "call")
    assert "+44 113 296 0000" in page.text
    assert "7700" not in page.text


def test_a_listing_without_an_owner_is_proven_by_what_stood_there_before_its_people_wrote(app: Flask) -> None:
    """Whoever lost it, or an editor, could else prepare the site and the number for a friend."""
    listing(app)
    people.member(app, "ed@home.example")
    with app.app_context(), writing():
        clinic, ed = db.session.query(Clinic).one(), db.session.query(User).filter_by(email="ed@home.example").one()
        db.session.add(Membership(user_id=ed.id, clinic_id=clinic.id, level=EDITOR))
        db.session.flush()
        theirs = {"phone": "+447700900001", "website": "https://friends.example/", "email": "ed@friends.example"}
        change(clinic, "identity", theirs, by=ed, seen=None)
        db.session.commit()
    friend = people.member(app, "friend@friends.example")
    page = friend.get("/clinics/one/claim").text
    assert "@headingley.example" in page
    assert "@friends.example" not in page.replace("friend@friends.example", "")
    assert send(friend, "licence", email="friend@friends.example").status_code == 422
