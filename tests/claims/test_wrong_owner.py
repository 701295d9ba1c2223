"""Somebody took a listing over who had no right to it: what is undone, and what waits until that is known."""

import time
from datetime import timedelta

from flask import Flask
from sqlalchemy import update

from directory.claims.models import Claim
from directory.clinics.models import Clinic
from directory.db import db, now, writing
from tests.accounts import people
from tests.claims import claiming
from tests.claims.claiming import link, only_case, settle, taken_over
from tests.moderation.cast import moderator, open_cases, press

ADA = "ada@home.example"


def test_a_page_that_a_wrong_owner_moved_goes_back_where_it_was(app: Flask) -> None:
    ada, _where, desk = taken_over(app)
    people.set_up_app(ada, time.time())
    york = {"address": "7 Stonegate", "city": "York", "postal_code": "YO1 8AN", "country": "GB", "sure": "y"}
    moved = ada.post("/manage/one/move", data={"csrf_token": people.form_token(ada.get("/manage/one/move")), **york})
    assert moved.status_code == 303, moved.text
    with app.app_context():
        (other,) = [one.slug for one in db.session.query(Clinic).filter(Clinic.moved_from_id.is_not(None))]
    visitor = app.test_client()
    assert visitor.get(f"/clinics/{other}").status_code == 200
    people.submit(visitor, link(app, claiming.KNOWN["email"], "/claims/object/"), text="That was our tenant, not us.")
    case = open_cases(app, "claim")[-1]
    settle(desk, case, "take_away", "The premises are run by somebody else, as the register shows.")
    press(moderator(app, "second"), f"/desk/items/{case}", f"/desk/items/{case}/second", agrees="yes")
    assert visitor.get("/clinics/one").status_code == 200
    assert visitor.get(f"/clinics/{other}").location == "/clinics/one"
    assert [ada.get(f"/manage/{slug}/").status_code for slug in ("one", other)] == [404, 404]
    assert "Is this your clinic?" in visitor.get("/clinics/one").text


def test_who_took_a_listing_over_wrongly_leaves_nobody_behind(app: Flask) -> None:
    """Neither a colleague nor a link they sent, and from the objection on nothing passes to a friend of theirs."""
    ada, _where, desk = taken_over(app)
    people.set_up_app(ada, time.time())
    friends = [people.member(app, f"{name}@home.example") for name in ("sock", "late")]
    links = []
    for friend, name in zip(friends, ("sock", "late"), strict=True):
        people.set_up_app(friend, time.time())
        people.submit(ada, "/manage/one/colleagues", email=f"{name}@home.example")
        links.append(people.links(people.letters(app, f"{name}@home.example")[-1])[0])
    sock, late = friends
    assert people.submit(sock, links[0]).status_code == 303
    assert sock.get("/manage/one/consultations/").status_code == 200
    objection = link(app, claiming.KNOWN["email"], "/claims/object/")
    offer = (
        "/manage/one/colleagues/" + ada.get("/manage/one/colleagues").text.split("/hand-over")[0][-22:] + "/hand-over"
    )
    early = people.submit(ada, offer, sure="y")
    assert early.status_code == 409
    assert "its known contact may object" in early.text
    people.submit(app.test_client(), objection, text="That was our tenant, not us.")
    assert people.submit(ada, offer, sure="y").status_code == 409
    case = only_case(app)
    settle(desk, case, "take_away", "The premises are run by somebody else, as the register shows.")
    press(moderator(app, "second"), f"/desk/items/{case}", f"/desk/items/{case}/second", agrees="yes")
    assert sock.get("/manage/one/consultations/").status_code == 404
    assert late.get(links[1]).status_code == 404
    assert "belongs to somebody else" in people.letters(app, "sock@home.example")[-1].get_content()


def test_a_listing_is_handed_over_once_the_week_of_objections_is_past(app: Flask) -> None:
    ada, _where, _desk = taken_over(app)
    people.set_up_app(ada, time.time())
    friend = people.member(app, "friend@home.example")
    people.set_up_app(friend, time.time())
    people.submit(ada, "/manage/one/colleagues", email="friend@home.example")
    people.submit(friend, people.links(people.letters(app, "friend@home.example")[-1])[0])
    offer = ada.get("/manage/one/colleagues").text.split("/hand-over")[0][-22:]
    with app.app_context(), writing():
        db.session.execute(update(Claim).values(state_at=now() - timedelta(days=7, minutes=1)))
        db.session.commit()
    assert people.submit(ada, f"/manage/one/colleagues/{offer}/hand-over", sure="y").status_code == 303
