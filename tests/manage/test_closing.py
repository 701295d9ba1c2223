"""A clinic closes, stays, opens again, moves: what its page, search, the seekers and its people are told."""

from collections.abc import Callable
from datetime import timedelta
from threading import Barrier, Thread
from typing import Any

from flask import Flask
from sqlalchemy import select, update

from directory.accounts.queries import user_by_email
from directory.cases.decisions import Decision
from directory.cases.models import Case
from directory.clinics.material import ClinicChange
from directory.clinics.models import Clinic
from directory.consultations.models import Consultation
from directory.db import db, now, writing
from directory.moderation.alerts import publish_alert
from directory.practitioners.accounts import PractitionerAccount
from directory.practitioners.models import Engagement
from tests import factories
from tests.accounts.people import form_token, letters, links, member, submit
from tests.consultations.people import ask
from tests.credentials.holding import found_in_register
from tests.manage.staff import staff
from tests.moderation.cast import decide, moderator, open_cases
from tests.moderation.reporting import a_review
from tests.reading import text_of
from tests.reviews.published import told

Run = Callable[..., Any]
CLOSING = "/manage/one/closing"
YORK = {"address": "7 Stonegate", "city": "York", "postal_code": "YO1 8AN", "country": "GB", "sure": "y"}


def _open(app: Flask, run: Run) -> Any:
    factories.saved(app, lambda: factories.clinic("Kirkgate Rooms", slug="one", address="1 Kirkgate", claimed_at=now()))
    return staff(app, run, "owner@example.org", "one")


def _move(browser: Any, **fields: str) -> Any:
    page = browser.get("/manage/one/move")
    return browser.post("/manage/one/move", data={"csrf_token": form_token(page), **fields})


def _found(app: Flask) -> list[str]:
    results = app.test_client().get("/api/v1/clinics?near=53.8,-1.5&radius=60").json["results"]
    return [one["slug"] for one in results]


def _booked(app: Flask, days: int, slug: str = "one", email: str = "seeker@example.org") -> None:
    """A consultation at that clinic in so many days."""
    ask(member(app, email), slug)
    with app.app_context(), writing():
        one = db.session.scalars(select(Consultation).order_by(Consultation.id.desc())).first()
        assert one is not None
        one.state, one.booked_minutes, one.booked_way = "booked", 30, "clinic"
        one.booked_start = (now() + timedelta(days=days)).replace(microsecond=0)
        db.session.commit()


def _states(app: Flask) -> list[str]:
    with app.app_context():
        return list(db.session.scalars(select(Consultation.state).order_by(Consultation.id)))


def test_a_day_told_before_is_on_the_page_and_calls_off_what_comes_after(app: Flask, run: Run) -> None:
    owner = _open(app, run)
    _booked(app, 3)
    _booked(app, 20, email="later@example.org")
    day = now().date() + timedelta(days=10)
    assert submit(owner, CLOSING, on=day.isoformat()).status_code == 422  # not ticked
    assert submit(owner, CLOSING, on=day.isoformat(), sure="y").status_code == 303
    assert "It is closed from" in text_of(app.test_client().get("/clinics/one"))
    assert app.test_client().get("/api/v1/clinics/one").json["closes_on"] == day.isoformat()
    assert _found(app) == ["one"]
    assert _states(app) == ["booked", "declined"]
    letter = letters(app, "later@example.org")[-1]
    assert "was called off" in letter["Subject"]
    assert "Kirkgate" not in letter.get_content()
    assert letters(app, "seeker@example.org") == []
    assert submit(owner, f"{CLOSING}/stay", page=CLOSING).status_code == 303
    assert "It is closed from" not in text_of(app.test_client().get("/clinics/one"))
    submit(owner, CLOSING, on=day.isoformat(), sure="y")
    assert "closed 0" in run("jobs", "once", "clinics-closing").output
    with app.app_context(), writing():
        db.session.execute(update(Clinic).values(closes_on=now().date()))
        db.session.commit()
    assert "closed 1" in run("jobs", "once", "clinics-closing").output
    assert "This clinic has closed." in text_of(app.test_client().get("/clinics/one"))
    assert _states(app) == ["declined", "declined"]
    assert _found(app) == []


def test_closed_at_once_its_reviews_stay_and_its_owner_opens_it_again_within_a_year(app: Flask, run: Run) -> None:
    a_review(app)
    owner = staff(app, run, "owner@example.org", "one")
    assert submit(owner, CLOSING, on=now().date().isoformat(), sure="y").status_code == 303
    page = text_of(app.test_client().get("/clinics/one"))
    assert "This clinic has closed." in page
    assert "The dots are too large" in page
    assert submit(owner, CLOSING, on=now().date().isoformat(), sure="y", page=CLOSING).status_code == 409
    assert submit(owner, f"{CLOSING}/open", page=CLOSING).status_code == 303
    assert "This clinic has closed." not in text_of(app.test_client().get("/clinics/one"))
    submit(owner, CLOSING, on=now().date().isoformat(), sure="y")
    with app.app_context(), writing():
        db.session.execute(update(Clinic).values(closed_at=now() - timedelta(days=366)))
        db.session.commit()
    assert "Open it again" not in text_of(owner.get(CLOSING))
    assert submit(owner, f"{CLOSING}/open", page="/manage/one/people/new").status_code == 409
    assert "closed the clinic" in text_of(owner.get("/manage/one/colleagues"))


def test_what_the_desk_took_down_is_not_closed_and_opened_again(app: Flask, run: Run) -> None:
    owner = _open(app, run)
    with app.app_context(), writing():
        db.session.scalars(select(Clinic)).one().suspend()
        db.session.commit()
    assert submit(owner, CLOSING, on=now().date().isoformat(), sure="y").status_code == 409
    assert _move(owner, **YORK).status_code == 409
    assert app.test_client().get("/clinics/one").status_code == 404


def test_a_page_does_not_come_back_when_the_one_it_moved_to_is_taken_down(app: Flask, run: Run) -> None:
    owner = _open(app, run)
    slug = _move(owner, **YORK).location.split("/")[2]
    with app.app_context(), writing():
        db.session.scalars(select(Clinic).where(Clinic.slug == slug)).one().suspend()
        db.session.commit()
    assert submit(owner, f"{CLOSING}/open", page="/manage/one/people/new").status_code == 409
    assert "Open it again" not in text_of(owner.get(CLOSING))
    assert "This clinic has closed." in text_of(app.test_client().get("/clinics/one"))
    assert "Closed for good" in app.test_client().get("/badges/one.svg").text
    assert app.test_client().get(f"/badges/{slug}.svg").status_code == 404


def test_an_editor_looks_and_decides_nothing(app: Flask, run: Run) -> None:
    _open(app, run)
    editor = staff(app, run, "ed@example.org", "one", level="editor")
    assert "are the owner's to decide" in text_of(editor.get(CLOSING))
    assert submit(editor, CLOSING, page="/manage/one/people/new", on="2026-01-01", sure="y").status_code == 404
    assert editor.get("/manage/one/move").status_code == 404


def test_a_move_leaves_reviews_and_premises_behind_and_takes_people_prices_and_questions_along(
    app: Flask, run: Run
) -> None:
    a_review(app)
    owner = staff(app, run, "owner@example.org", "one")
    staff(app, run, "ed@example.org", "one", level="editor")
    amara = member(app, "amara@example.org")
    with app.app_context(), writing():
        here = db.session.scalars(select(Clinic).where(Clinic.slug == "one")).one()
        here.claimed_at, here.description = now(), "We take our time."
        here.put_prices([factories.price("hairline", 90_000)])
        person = factories.practitioner("Amara Osei", slug="amara", at=here)
        db.session.flush()
        user = user_by_email("amara@example.org")
        assert user is not None
        db.session.add(PractitionerAccount(practitioner_id=person.id, user_id=user.id))
        found_in_register(person, "SP-1")
        found_in_register(here, "SP-2")
        db.session.commit()
    _booked(app, 5)
    name = app.test_client().get("/api/v1/clinics/one").json["name"]
    bad = _move(owner, **{**YORK, "city": "Nowhereville", "postal_code": "", "sure": ""})
    assert bad.status_code == 422
    assert "We cannot find this place" in text_of(bad)
    moved = _move(owner, **YORK)
    assert moved.status_code == 303
    slug = moved.location.split("/")[2]
    assert "Moved to another address" in app.test_client().get("/badges/one.svg").text
    assert "Found in register" in app.test_client().get(f"/badges/{slug}.svg").text
    new = app.test_client().get(f"/api/v1/clinics/{slug}").json
    assert (new["name"], new["location"]["city"], new["address"]) == (name, "York", ["7 Stonegate"])
    assert new["description"] == "We take our time."
    assert new["services"][0]["price_min"] == 90_000
    assert [one["name"] for one in new["practitioners"]] == ["Amara Osei"]
    assert new["rating"]["count"] == 0
    assert new["moved_from"]["slug"] == "one"
    page = text_of(app.test_client().get(f"/clinics/{slug}"))
    assert "Reviews of the old address, and what was checked about it, stay there" in page
    assert "SP-2" not in page
    old = app.test_client().get("/clinics/one")
    assert old.status_code == 200
    assert "This clinic moved on" in text_of(old)
    assert "The dots are too large" in text_of(old)
    assert f'href="/clinics/{slug}"' in old.text
    assert app.test_client().get("/api/v1/clinics/one").json["moved_to"]["slug"] == slug
    assert _found(app) == [slug]
    with app.app_context():
        assert db.session.scalars(select(Consultation)).one().clinic.slug == slug
        assert [one.what for one in db.session.scalars(select(ClinicChange))] == ["address"]
        assert len(db.session.scalars(select(Engagement).where(Engagement.until.is_(None))).all()) == 1
    assert "Another address for your appointment" in letters(app, "seeker@example.org")[-1]["Subject"]
    assert "has another address, and names you there" in letters(app, "amara@example.org")[-1].get_content()
    for email in ("owner@example.org", "ed@example.org"):
        assert "has a page at its new address" in letters(app, email)[-1].get_content()
    assert "You agreed" in text_of(amara.get("/account/work/"))
    assert "moved the clinic to" in text_of(owner.get("/manage/one/colleagues"))
    assert owner.get(f"/manage/{slug}/people").status_code == 200
    desk = text_of(owner.get("/manage/one/"))
    assert "1 thing to do" in desk, "at the old address only what somebody waits for"
    assert "1 review has no reply" in desk
    # The old page stays closed for good.
    assert submit(owner, f"{CLOSING}/open", page="/manage/one/people/new").status_code == 409
    assert _move(owner, **YORK).status_code == 409


def test_another_floor_of_the_house_is_no_move(app: Flask, run: Run) -> None:
    owner = _open(app, run)
    with app.app_context():
        here = db.session.scalars(select(Clinic)).one()
        house = {"city": here.city.upper(), "postal_code": here.postal_code, "country": here.country, "sure": "y"}
    refused = _move(owner, **house, address="1  kirkgate", address2="Third floor")
    assert refused.status_code == 422
    assert "It is in this house now." in text_of(refused)
    assert _move(owner, **house, address="2 Kirkgate").status_code == 303


def test_a_move_that_was_none_is_put_back_with_all_that_was_said_since(app: Flask, run: Run) -> None:
    """Nobody sheds reviews by an address where they are not: readers find one page again, with the old and the new."""
    a_review(app)
    owner = staff(app, run, "owner@example.org", "one")
    with app.app_context(), writing():
        here = db.session.scalars(select(Clinic).where(Clinic.slug == "one")).one()
        here.claimed_at = now()
        factories.practitioner("Amara Osei", slug="amara", at=here)
        db.session.commit()
    _booked(app, 5)
    _booked(app, 6, email="later@example.org")
    slug = _move(owner, **YORK).location.split("/")[2]
    told(app, slug, text="They sent me home half done.")
    [case] = open_cases(app, "claim")
    assert decide(moderator(app), case, "put_back", "finding").status_code == 303
    visitor = app.test_client()
    assert visitor.get(f"/clinics/{slug}").location == "/clinics/one"
    assert visitor.get(f"/badges/{slug}.svg").location == "/badges/one.svg"
    page = visitor.get("/clinics/one")
    assert "This clinic has closed" not in text_of(page)
    assert "This clinic moved" not in text_of(page)
    assert "The dots are too large" in page.text
    assert "They sent me home half done." in page.text
    facts = visitor.get("/api/v1/clinics/one").json
    assert facts["rating"]["count"] == 2
    assert facts["moved_to"] is None
    assert [one["name"] for one in facts["practitioners"]] == ["Amara Osei"]
    assert _found(app) == ["one"]
    with app.app_context():
        assert {one.clinic.slug for one in db.session.scalars(select(Consultation))} == {"one"}
    assert _states(app) == ["booked", "booked"]
    assert "is as it was before" in text_of(owner.get(links(letters(app, "owner@example.org")[-1])[0]))
    assert _move(owner, **YORK).status_code == 303  # who moves in truth may say so again
    assert visitor.get(f"/clinics/{slug}").location == "/clinics/one"


def test_an_alert_is_not_left_behind_by_moving(app: Flask, run: Run) -> None:
    owner = _open(app, run)
    with app.app_context(), writing():
        here = db.session.scalars(select(Clinic)).one()
        facts = {"clock": "suspicion", "priority": "low", "reason": "new", "clinic_id": here.id}
        case = Case.open("suspicion", subject="review:x", subject_id=1, **facts)
        words = "Two receipts show that reviews were paid for."
        moment = now()
        decision = Decision(act="alert", rule="tie", statement=words, needs_second=True)
        decision.seconded_at, decision.agreed, decision.carried_out_at = moment, True, moment
        case.decisions.append(decision)
        db.session.add(case)
        db.session.flush()
        publish_alert(decision, clinic_id=here.id, kind="paid", words=words, role="lead")
        db.session.commit()
    slug = _move(owner, **YORK).location.split("/")[2]
    assert "reviews of this clinic were paid for" in text_of(app.test_client().get(f"/clinics/{slug}"))


def test_of_two_who_press_at_once_one_moves_the_clinic(app: Flask, run: Run) -> None:
    owner = _open(app, run)
    token = form_token(owner.get("/manage/one/move"))
    cookies = {name: cookie.value for name in ("sid", "session") if (cookie := owner.get_cookie(name)) is not None}
    gate, answers = Barrier(2), []

    def press(number: int) -> None:
        browser = app.test_client()
        browser.environ_base["REMOTE_ADDR"] = owner.environ_base["REMOTE_ADDR"]
        for name, value in cookies.items():
            browser.set_cookie(name, value)
        gate.wait(30)
        data = {"csrf_token": token, "once": f"press-{number}", **YORK}
        answers.append(browser.post("/manage/one/move", data=data).status_code)

    threads = [Thread(target=press, args=(number,)) for number in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert sorted(answers) == [303, 409]
    with app.app_context():
        assert len(db.session.scalars(select(Clinic).where(Clinic.moved_from_id.is_not(None))).all()) == 1
