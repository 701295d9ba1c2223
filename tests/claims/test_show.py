"""A claim from form to desk, by each proof; codes that are wrong, old or tried too often."""

from datetime import timedelta

import pytest
import time_machine
from flask import Flask

from directory.accounts.registry import erase_person, export_person
from directory.cases.decisions import Decision
from directory.claims.jobs import carry_out, carry_out_due, forget_ended, lapse_silent
from directory.claims.models import Claim, ClaimWord
from directory.clinics.models import Clinic
from directory.db import db, is_sqlite, now, writing
from directory.ledger import LedgerRow
from tests.accounts import people
from tests.claims import claiming
from tests.claims.claiming import (
    claimed,
    code_on,
    link,
    listing,
    only_case,
    owner_email,
    proof_page,
    settle,
    state,
    taken_over,
)
from tests.credentials.papers import person
from tests.moderation.cast import moderator, open_cases, press, reverse

ADA = "ada@home.example"


def later(app: Flask, days: float, *jobs: object) -> None:
    with time_machine.travel(now() + timedelta(days=days), tick=True), app.app_context():
        for job in jobs:
            job()  # type: ignore[operator]


def test_by_letter_the_listing_is_theirs_at_once(app: Flask) -> None:
    listing(app)
    visitor = app.test_client()
    assert "Is this your clinic? Claim it" in visitor.get("/clinics/one").text
    ada, where = claimed(app, "letter")
    desk, case = moderator(app), only_case(app)
    refused = settle(desk, case, "posted", "The letter went out with today's post.")
    assert "Print the letter first" in refused.text
    letter = proof_page(desk, case, "letter")
    assert "12 Vicar Lane" in letter.text
    code = code_on(letter)
    assert settle(desk, case, "posted", "").status_code == 303  # the act says all there is to say
    with app.app_context():
        assert db.session.query(Decision).one().statement.startswith("The letter with the code was printed and posted")
    assert open_cases(app, "claim") == []
    assert claiming.type_code(ada, where, "AAAA-BBBB-CCCC").status_code == 422
    assert claiming.type_code(ada, where, code.lower().replace("-", " ")).location == where
    assert settle(desk, only_case(app), "approve").status_code == 303
    assert owner_email(app) == ADA
    assert "Claimed; is that wrong?" in visitor.get("/clinics/one").text
    opened = ada.get(people.links(people.letters(app, ADA)[-1])[0])
    assert "/manage/one/" in opened.text
    assert ada.get("/manage/one/").location.startswith("/account/second-factor")
    assert "was taken over" in people.letters(app, claiming.KNOWN["email"])[-1]["Subject"]
    log = visitor.get("/transparency/log").text
    assert "the listing was taken over" in log
    assert "Ada" not in log


def test_by_licence_and_a_mailbox_at_the_clinics_site(app: Flask) -> None:
    listing(app)
    ada, where = claimed(app, "licence")
    assert open_cases(app, "claim") == []
    confirm = link(app, "ada@headingley.example", "/claims/confirm/")
    assert app.test_client().get(confirm).status_code == 200
    assert people.submit(app.test_client(), confirm).location == where
    assert app.test_client().get(confirm).status_code == 410
    desk, case = moderator(app), only_case(app)
    unticked = settle(desk, case, "approve")
    assert "tick both as agreeing" in unticked.text
    assert settle(desk, case, "approve", matched=["number", "name"]).status_code == 303
    assert owner_email(app) == ADA
    assert state(app, where) == "approved"
    del ada


def test_by_call_a_week_passes_in_which_the_known_contact_may_object(app: Flask) -> None:
    listing(app)
    ada, where = claimed(app, "call")
    desk, case = moderator(app), only_case(app)
    assert "The proof is not shown yet" in settle(desk, case, "approve").text
    call = proof_page(desk, case, "call")
    assert "+44 113 296 0000" in call.text
    assert claiming.type_code(ada, where, code_on(call)).status_code == 303
    assert settle(desk, case, "approve").status_code == 303
    assert owner_email(app) == ""
    assert link(app, claiming.KNOWN["email"], "/claims/object/")
    later(app, 6, carry_out_due)
    assert owner_email(app) == ""
    with time_machine.travel(now() + timedelta(days=7, minutes=1), tick=True):
        opened = people.submit(people.sign_in(app, ADA), f"{where}/enter", page=where)
        assert opened.location == "/manage/one/"  # whether or not the job has run
    assert owner_email(app) == ADA


def test_by_a_tag_that_a_moderator_looks_at(app: Flask) -> None:
    listing(app)
    ada, where = claimed(app, "tag")
    assert open_cases(app, "claim") == []
    assert "hairline-claim" in ada.get(where).text
    assert people.submit(ada, f"{where}/placed", page=where).status_code == 303
    desk, case = moderator(app), only_case(app)
    assert proof_page(desk, case, "tag").status_code == 303
    assert settle(desk, case, "approve").status_code == 303
    later(app, 7.1, carry_out_due)
    assert owner_email(app) == ADA


def test_an_objection_stops_it_and_two_people_decide(app: Flask) -> None:
    listing(app)
    ada, where = claimed(app, "tag")
    people.submit(ada, f"{where}/placed", page=where)
    desk, case = moderator(app), only_case(app)
    proof_page(desk, case, "tag")
    settle(desk, case, "approve")
    objection = link(app, claiming.KNOWN["email"], "/claims/object/")
    stranger = app.test_client()
    assert people.submit(stranger, objection, text="").status_code == 422
    assert (
        people.submit(stranger, objection, text="We run it, see companies house 0123.").location == "/claims/objected"
    )
    assert stranger.get(objection).status_code == 410
    later(app, 8, carry_out_due)
    assert owner_email(app) == ""
    case = only_case(app)
    assert "companies house 0123" in desk.get(f"/desk/items/{case}").text
    assert settle(desk, case, "approve").status_code == 303
    assert owner_email(app) == ""
    second = moderator(app, "second")
    assert press(second, f"/desk/items/{case}", f"/desk/items/{case}/second", agrees="yes").status_code == 303
    later(app, 7.1, carry_out_due)
    assert owner_email(app) == ADA
    assert "companies house" not in ada.get(where).text


def test_an_objection_in_the_moment_it_takes_effect_counts(app: Flask) -> None:
    _ada, where, _desk = taken_over(app, "call")
    objection = link(app, claiming.KNOWN["email"], "/claims/object/")
    with time_machine.travel(now() + timedelta(days=8), tick=True), app.app_context():
        claim = db.session.query(Claim).one()  # whoever carries it out has read it
        assert claim.is_due
        said = people.submit(app.test_client(), objection, text="That was our tenant, not us.")
        assert said.status_code == 303
        if is_sqlite():
            db.session.rollback()  # there one writes at a time, and reads anew
        assert not carry_out(claim)
        db.session.commit()
    assert owner_email(app) == ""
    assert state(app, where) == "open"


def test_what_was_taken_over_wrongly_is_taken_back(app: Flask) -> None:
    ada, _where, desk = taken_over(app)
    objection = link(app, claiming.KNOWN["email"], "/claims/object/")
    people.submit(app.test_client(), objection, text="That was our tenant, not us.")
    case = only_case(app)
    settle(desk, case, "take_away", "The premises are run by somebody else, as the register shows.")
    assert owner_email(app) == ADA
    press(moderator(app, "second"), f"/desk/items/{case}", f"/desk/items/{case}/second", agrees="yes")
    assert owner_email(app) == ""
    assert "Is this your clinic?" in app.test_client().get("/clinics/one").text
    assert "is not yours any more" in ada.get(people.links(people.letters(app, ADA)[-1])[0]).text


@pytest.mark.parametrize(("proof", "life"), [("letter", timedelta(days=30)), ("call", timedelta(hours=1))])
def test_a_code_is_good_for_five_tries_and_for_its_time(app: Flask, proof: str, life: timedelta) -> None:
    listing(app)
    ada, where = claimed(app, proof)
    desk, case = moderator(app), only_case(app)
    first = code_on(proof_page(desk, case, proof))
    second = code_on(proof_page(desk, case, proof))
    assert claiming.type_code(ada, where, first).status_code == 422  # the code before is dead
    for _ in range(4):
        assert claiming.type_code(ada, where, "0").status_code == 422
    assert claiming.submit_dead(ada, where, second) == 409
    third = code_on(proof_page(desk, case, proof))
    with time_machine.travel(now() + life + timedelta(minutes=1), tick=True):
        assert claiming.submit_dead(people.sign_in(app, ADA), where, third) == 409
    assert state(app, where) == "open"


def test_asked_answered_refused_appealed(app: Flask) -> None:
    listing(app)
    ada, where = claimed(app, "call")
    desk = moderator(app)
    assert settle(desk, only_case(app), "ask", "Nobody picked up. When may we call you there?").status_code == 303
    assert open_cases(app, "claim") == []
    assert "A decision awaits you" in people.letters(app, ADA)[-1]["Subject"]
    assert "Nobody picked up" in ada.get(claiming.reasons(ada, where)).text
    assert people.submit(ada, f"{where}/say", page=where, text="On Mondays from nine.", once="a").status_code == 303
    case = only_case(app)
    assert "On Mondays from nine." in desk.get(f"/desk/items/{case}").text
    assert settle(desk, case, "refuse", "Nobody at that number knows of you.").status_code == 303
    told = claiming.reasons(ada, where)
    assert "Your claim of the listing was refused" in ada.get(told).text
    people.submit(ada, f"{told}/appeal", text="You called the old number, see the source.")
    [appeal] = open_cases(app, "appeal")
    reverse(app, appeal)
    assert state(app, where) == "open"
    assert only_case(app)


def test_withdrawn_lapsed_and_forgotten(app: Flask) -> None:
    listing(app)
    ada, where = claimed(app, "call")
    assert people.submit(ada, f"{where}/withdraw").status_code == 303
    assert open_cases(app, "claim") == []
    ben, his = claimed(app, "tag", "ben@home.example")
    later(app, 31, lapse_silent)
    assert state(app, his) == "lapsed"
    with time_machine.travel(now() + timedelta(days=31, hours=1), tick=True):
        assert "has ended" in people.letters(app, "ben@home.example")[-1]["Subject"]
    later(app, 29, forget_ended)
    with app.app_context():
        assert all(claim.sealed for claim in db.session.query(Claim))
    later(app, 62, forget_ended)
    with app.app_context():
        assert [(claim.sealed, claim.email, claim.phone) for claim in db.session.query(Claim)] == [(None, "", "")] * 2
        assert db.session.query(LedgerRow).filter_by(act="claim.withdrawn").count() == 1
    del ben


def test_erased_with_the_account(app: Flask) -> None:
    listing(app)
    ada, where = claimed(app, "call")
    people.submit(ada, f"{where}/say", page=where, text="My lease is from 2019.", once="b")
    with app.app_context():
        told = export_person(person(ADA))
        assert told["Listings you claimed"][0]["what you told"]["name"] == "Ada Muster"
        assert told["What you said about claims of a listing"][0]["said"] == "My lease is from 2019."
    with app.app_context(), writing():
        erase_person(person(ADA))
        db.session.commit()
        assert db.session.query(Claim).count() + db.session.query(ClaimWord).count() == 0
    assert open_cases(app, "claim") == []
    with app.app_context():
        assert db.session.query(Clinic).one().claimed_at is None
