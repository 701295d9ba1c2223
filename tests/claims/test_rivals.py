"""Two who claim one listing, or one that has an owner: frozen, told, decided by two people; never two owners."""

from datetime import timedelta

import pytest
import time_machine
from flask import Flask

from directory.accounts.models import User
from directory.claims.jobs import carry_out_due
from directory.claims.queries import is_contested
from directory.clinics.membership import Membership, put_owner
from directory.clinics.models import Clinic
from directory.db import db, now, writing
from directory.errors import Refused
from tests.accounts import people
from tests.claims import claiming
from tests.claims.claiming import claimed, code_on, listing, owner_email, owners, proof_page, settle, state
from tests.claims.racing import approve_at_once, contested
from tests.consultations.people import OWNER_EMAIL, clinic_with_owner
from tests.moderation.cast import moderator, open_cases, press, reverse

PLACE = {key: fact for key, fact in claiming.KNOWN.items() if key != "email"}
ADA, BEN = "ada@home.example", "ben@home.example"


def proven(app: Flask, desk: object, email: str) -> tuple[str, str]:
    """Claimed by letter, the code typed; (the claim's page, its case)."""
    browser, where = claimed(app, "letter", email)
    case = open_cases(app, "claim")[-1]
    assert claiming.type_code(browser, where, code_on(proof_page(desk, case, "letter"))).status_code == 303  # type: ignore[arg-type]
    return where, case


def test_two_who_claim_the_same_freeze_each_other(app: Flask) -> None:
    listing(app)
    first, second = moderator(app), moderator(app, "second")
    hers, her_case = proven(app, first, ADA)
    his, his_case = proven(app, first, BEN)
    assert "is contested" in people.letters(app, ADA)[-1]["Subject"]
    assert BEN not in people.letters(app, ADA)[-1].get_content()
    assert settle(first, her_case, "approve").status_code == 303
    assert state(app, hers) == "open"  # one person is not enough
    page = second.get(f"/desk/items/{her_case}").text
    assert "Other open claims of this clinic" in page
    assert press(second, f"/desk/items/{her_case}", f"/desk/items/{her_case}/second", agrees="yes").status_code == 303
    assert state(app, hers) == "noticed"
    assert settle(first, his_case, "approve").status_code == 303
    answer = press(second, f"/desk/items/{his_case}", f"/desk/items/{his_case}/second", agrees="yes")
    assert answer.status_code == 409
    with time_machine.travel(now() + timedelta(days=7, minutes=1), tick=True), app.app_context():
        assert carry_out_due() == "carried out 1"
    assert owner_email(app) == ADA
    assert state(app, his) == "open"


def test_an_owner_is_told_at_once_heard_and_may_appeal(app: Flask) -> None:
    owner = clinic_with_owner(app, **PLACE)
    first, second = moderator(app), moderator(app, "second")
    assert "This listing has an owner" in people.member(app, "eve@home.example").get("/clinics/one/claim").text
    where, case = proven(app, first, ADA)
    letter = people.letters(app, OWNER_EMAIL)[-1]
    assert "Somebody else claims your listing" in letter["Subject"]
    assert ADA not in letter.get_content()
    assert "Somebody else claims this listing" in owner.get("/manage/one/").text
    page = owner.get("/manage/one/claims/")
    assert "Ada" not in page.text
    said = "Our lease and our licence are in the name of the owner."
    assert people.submit(owner, "/manage/one/claims/", text=said, once="o").status_code == 303
    assert said in owner.get("/manage/one/claims/").text
    assert said in first.get(f"/desk/items/{case}").text
    closed = people.submit(owner, "/manage/one/closing", on=f"{now():%Y-%m-%d}", sure="y")
    assert closed.status_code == 409
    assert "Until that is decided" in closed.text
    settle(first, case, "approve")
    press(second, f"/desk/items/{case}", f"/desk/items/{case}/second", agrees="yes")
    assert "passes on" in people.letters(app, OWNER_EMAIL)[-1]["Subject"]
    with time_machine.travel(now() + timedelta(days=7, minutes=1), tick=True), app.app_context():
        carry_out_due()
    assert owner_email(app) == ADA
    assert owner.get("/manage/one/").status_code == 404
    assert "The owner changed on" in app.test_client().get("/clinics/one").text
    told = owner.get("/account/statements").text.split('href="/account/statements/')[1].split('"')[0]
    people.submit(owner, f"/account/statements/{told}/appeal", text="The lease was never looked at.")
    [appeal] = open_cases(app, "appeal")
    reverse(app, appeal)
    assert owner_email(app) == OWNER_EMAIL
    assert state(app, where) == "refused"
    assert "The owner changed on" not in app.test_client().get("/clinics/one").text


def test_who_claims_it_decides_nothing_about_it(app: Flask) -> None:
    listing(app)
    desk = moderator(app)
    _ada, _where = claimed(app, "call", ADA)
    assert claiming.send(desk, "tag").status_code == 303
    [case] = open_cases(app, "claim")
    assert "You claimed this listing yourself" in desk.get(f"/desk/items/{case}").text


def test_a_refused_rival_leaves_the_owner_alone(app: Flask) -> None:
    clinic_with_owner(app, **PLACE)
    desk = moderator(app)
    _where, case = proven(app, desk, ADA)
    assert settle(desk, case, "refuse", "The owner's licence is in the register, yours is not.").status_code == 303
    with app.app_context():
        assert not is_contested(db.session.query(Clinic).one().id)
    assert owner_email(app) == OWNER_EMAIL


def test_of_many_approved_at_once_one_is_the_owner(app: Flask) -> None:
    """Eight claims of one clinic carried out by eight hands in the same moment; `make faults` does more."""
    listing(app)
    assert approve_at_once(app, contested(app, "one", 8)) == (1, [])
    assert owners(app) == 1


def test_the_database_has_the_last_word_on_owners(app: Flask) -> None:
    listing(app)
    with app.app_context(), writing():
        clinic = db.session.query(Clinic).one()
        people_ = [User(email=f"owner{number}@home.example") for number in range(2)]
        db.session.add_all(people_)
        db.session.flush()
        put_owner(clinic, people_[0])
        with pytest.raises(Refused, match="owner already"):
            put_owner(clinic, people_[1])
        put_owner(clinic, people_[0])  # again, and nothing happens
        db.session.commit()
        assert db.session.query(Membership).count() == 1
