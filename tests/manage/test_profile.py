"""The profile: what a clinic's people save stands on its page, in comparisons, in search and in the API at once."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from directory.cases.models import Case
from directory.clinics.editing import Revision
from directory.clinics.filters import day
from directory.clinics.models import Clinic
from directory.db import db, now
from tests import factories
from tests.manage.staff import staff
from tests.manage.typing import fields_of, retyped, save
from tests.reading import reads_of, text_of

Run = Callable[..., Any]
PROFILE = "/manage/one/profile/"
DAY = {"days-0-opens": "09:00", "days-0-closes": "13:00"}


@pytest.fixture
def owner(app: Flask, run: Run) -> FlaskClient:
    factories.saved(app, lambda: factories.clinic(slug="one", name="Old Name", goals=["crown"]))
    return staff(app, run, "owner@example.org", "one")


def _public(app: Flask) -> str:
    return text_of(app.test_client().get("/clinics/one"))


def _told(app: Flask) -> Any:
    return app.test_client().get("/api/v1/clinics/one").json


def _saved(browser: FlaskClient, section: str, **typed: object) -> None:
    answer = save(browser, PROFILE + section, typed)
    assert answer.status_code == 303, text_of(answer)


def test_every_section_reaches_the_public_page_and_the_api(app: Flask, owner: FlaskClient) -> None:
    _saved(owner, "identity", name="New Name", description="We take our time.", phone="0113 496 0417",
           website="studio.example.org", email="hello@studio.example.org")  # fmt: skip
    _saved(owner, "treatments", goals=["crown", "hairline"], variant_kinds=["permanent"], hairlines=["soft"],
           limits_of=["keloids"], limits="We send many people home.")  # fmt: skip
    _saved(owner, "prices", **{"lines-0-low": "900", "lines-0-high": "1,200.50", "lines-0-sessions_min": "2",
           "lines-0-sessions_max": "3", "lines-0-included": "One touch-up", "consultation_price": "0",
           "touch_up_price": "150", "lines-1-goal": "density", "lines-1-low": "700"})  # fmt: skip
    _saved(owner, "hours", **{"days-0-opens": "09:00", "days-0-closes": "12:00", "days-0-opens_again": "13:00",
           "days-0-closes_again": "17:30", "days-5-opens": "10.00",
           "days-5-closes": "14:00", "holidays": "off"})  # fmt: skip
    _saved(owner, "languages", spoken=["en", "fr"], others="Catalan")
    _saved(owner, "policies", patch_test_offered="yes", patch_test_hours="48", patch_test_parts=["pigment"],
           patch_test_refused="signed", deposit_taken="no", cooling_off_days="7", under_18_refused="yes",
           has_step_free="no", step_free="One step")  # fmt: skip
    _saved(owner, "materials", pigment_brand="Inkline", pigment_base="carbon", pigment_reach="yes", batch_recorded="no",
           needles_single_use="yes", anaesthetic_used="none", aftercare_url="studio.example.org/after")  # fmt: skip
    words = _public(app)
    for line in (
        "New Name",
        "We take our time.",
        "+44 113 496 0417",
        "studio.example.org",
        "£900 to £1,200.50",
        "2 to 3",
        "One touch-up",
        "Density",
        "Soft, natural hairline",
        "A tendency to keloids. We send many people home.",
        "Offered, 48 hours before, pigment, whoever refuses it signs for that",
        "A later one £150",
        "7 days",
        "No. One step",
        "English, French, Catalan",
        "Inkline, carbon based",
        "Not written down",
        "The clinic's word, confirmed",
    ):
        assert line in words, line
    assert 'href="https://studio.example.org/after"' in app.test_client().get("/clinics/one").text
    assert "hello@studio" not in app.test_client().get("/clinics/one").text
    told = _told(app)
    assert told["opening_hours"] == "Mo 09:00-12:00,13:00-17:30; Sa 10:00-14:00; PH closed"
    assert told["languages"] == ["en", "fr", "ca"]
    assert told["price"] == {"min": 70000, "max": 120050, "currency": "GBP"}
    assert told["facts"]["patch_test_hours"] == 48
    assert told["facts"]["deposit_taken"] is False
    search = app.test_client().get("/api/v1/clinics?near=Leeds&language=fr&goal=density&price_max=800&currency=GBP")
    assert [one["slug"] for one in search.json["results"]] == ["one"]
    compared = text_of(app.test_client().get("/compare?c=one"))
    assert "Inkline, carbon based" in compared
    assert "Declared under REACH" in compared
    passport = text_of(app.test_client().get("/clinics/one/passport"))
    assert "Do you do a patch test" not in passport
    assert "What happens if I am unhappy" in passport


def test_a_form_sent_as_it_was_opened_changes_nothing(app: Flask, owner: FlaskClient) -> None:
    with app.app_context():
        before = db.session.scalars(select(Clinic.changed_at_version)).one()
    for section in ("identity", "address", "treatments", "prices", "hours", "languages", "policies", "materials"):
        answer = save(owner, PROFILE + section, {})
        assert answer.status_code == 303, (section, text_of(answer))
    with app.app_context():
        assert db.session.scalars(select(Revision)).all() == []
        assert db.session.scalars(select(Clinic.changed_at_version)).one() == before


@pytest.mark.parametrize(
    ("section", "typed", "said"),
    [
        ("identity", {"name": ""}, "The clinic needs a name."),
        ("identity", {"phone": "12"}, "This is no phone number there"),
        ("identity", {"email": "nobody"}, "This is not an e-mail address"),
        ("identity", {"website": "javascript:alert(1)"}, "This is no address of a page"),
        ("address", {"city": "Nowhereville", "postal_code": "ZZ9 9ZZ"}, "We cannot find this place"),
        ("address", {"point": "somewhere"}, "Coordinates are two numbers"),
        ("prices", {"lines-0-low": "900", "lines-0-high": "800"}, "This is less than the price it begins with."),
        ("prices", {"lines-0-high": "800"}, "Say from which price."),
        ("prices", {"lines-0-low": "cheap"}, "Type a sum such as 1200"),
        ("prices", {"lines-0-low": "9", "lines-0-sessions_min": "4", "lines-0-sessions_max": "2"}, "than the number"),
        ("prices", {"lines-0-low": "9", "lines-1-goal": "crown", "lines-1-low": "8"}, "Another line is called"),
        ("prices", {"consultation_price": "-5"}, "Type a sum such as 1200"),
        ("hours", {"days-0-opens": "17:00", "days-0-closes": "09:00"}, "It closes before it opens."),
        ("hours", {"days-0-opens": "25:00", "days-0-closes": "26:00"}, "Type a time such as 09:30."),
        (
            "hours",
            {**DAY, "days-0-opens_again": "12:00", "days-0-closes_again": "17:00"},
            "begins before the first one ends",
        ),
        ("hours", {"specials-0-first": "2027-01-02"}, "Say first when you are open in an ordinary week."),
        (
            "hours",
            {**DAY, "specials-0-first": "2027-01-02", "specials-0-last": "2027-01-01"},
            "This day comes before the first.",
        ),
        ("languages", {"others": "Klingonesque"}, "We know no language called"),
        ("policies", {"patch_test_hours": "1000"}, "A whole number from 0 to 336."),
        ("materials", {"aftercare_url": "ftp://x.example"}, "This is no address of a page"),
    ],
)  # fmt: skip
def test_what_cannot_be_true_is_refused_and_kept_on_the_form(
    app: Flask, owner: FlaskClient, section: str, typed: dict[str, object], said: str
) -> None:
    answer = save(owner, PROFILE + section, typed)
    assert answer.status_code == 422
    assert said in text_of(answer)
    kept = fields_of(answer)
    assert {name: kept[name] for name in typed} == typed
    with app.app_context():
        assert db.session.scalars(select(Revision)).all() == []


def test_hours_know_days_that_differ(app: Flask, owner: FlaskClient) -> None:
    today = now().date()
    first, last = today + timedelta(days=1), today + timedelta(days=3)
    week = {f"days-{day}-{end}": time for day in range(7) for end, time in (("opens", "09:00"), ("closes", "17:00"))}
    _saved(owner, "hours", **week, **{"specials-0-first": first.isoformat(), "specials-0-last": last.isoformat(),
           "specials-1-first": (today + timedelta(days=5)).isoformat(), "specials-1-opens": "10:00",
           "specials-1-closes": "00:00"})  # fmt: skip
    written = _told(app)["opening_hours"]
    assert written.startswith(("09:00-17:00; ", "Mo-Su 09:00-17:00; "))
    assert written.count("closed") == 1
    assert "10:00-24:00" in written
    told = _public(app)
    assert "Monday to Sunday 09:00 to 17:00" in told or "(today) 09:00 to 17:00" in told, "the usual week"
    assert f"Different on these days {day(first)} to {day(last)} Closed {day(today + timedelta(days=5))}" in told
    kept = fields_of(owner.get(PROFILE + "hours"))
    assert kept["specials-0-last"] == last.isoformat()
    assert kept["specials-1-closes"] == "00:00"
    _saved(owner, "hours")
    assert _told(app)["opening_hours"] == written


def test_hours_that_no_table_can_say_are_told_first(app: Flask, run: Run) -> None:
    hours = "Mo-Fr 09:00-17:00; week 1-26 Sa 10:00-12:00"
    factories.saved(app, lambda: factories.clinic(slug="one", opening_hours=hours))
    owner = staff(app, run, "owner@example.org", "one")
    page = owner.get(PROFILE + "hours")
    assert "this table cannot draw" in text_of(page)
    assert hours in text_of(page)
    assert fields_of(page)["days-0-opens"] == "09:00"


def test_another_address_is_shown_on_the_map_before_it_counts(app: Flask, owner: FlaskClient) -> None:
    typed = {"address": "5 Deansgate", "city": "Manchester", "postal_code": "m3 1az", "region": "England"}
    first = save(owner, PROFILE + "address", typed)
    assert first.status_code == 422
    assert "Look where the pin would stand" in text_of(first)
    kept = fields_of(first)
    picture = owner.get(f"{PROFILE}address/pin.svg?at={kept['pin']}")
    assert "<svg" in picture.text
    assert "Manchester" not in _public(app)
    kept["agreed"] = "y"
    assert owner.post(PROFILE + "address", data=kept).status_code == 303
    words = _public(app)
    assert "5 Deansgate" in words
    assert "Manchester M3 1AZ" in words
    told = _told(app)
    assert round(told["location"]["lat"], 1) == 53.5
    with app.app_context():
        case = db.session.scalars(select(Case)).one()
        assert (case.kind, case.state) == ("claim", "open")


def test_a_home_studio_tells_its_door_to_nobody(app: Flask, owner: FlaskClient) -> None:
    first = save(owner, PROFILE + "address", {"address": "9 Quiet Row", "is_home": "y"})
    again = {**fields_of(first), "agreed": "y"}
    assert owner.post(PROFILE + "address", data=again).status_code == 303
    assert "Home studio" in _public(app)
    assert "Quiet Row" not in _public(app)
    told = _told(app)
    assert told["is_home"] is True
    assert told["location"]["approximate"] is True
    with app.app_context():
        assert db.session.scalars(select(Clinic)).one().lat == told["location"]["lat"]


def test_an_editor_changes_all_but_name_and_address(app: Flask, owner: FlaskClient, run: Run) -> None:
    editor = staff(app, run, "editor@example.org", "one", "editor")
    assert save(editor, PROFILE + "identity", {"phone": "0113 496 0417"}).status_code == 303
    assert "name" not in fields_of(editor.get(PROFILE + "identity"))
    stolen = save(editor, PROFILE + "identity", {"name": "Mine Now"})
    assert stolen.status_code == 303
    assert "Only an owner changes the address." in text_of(editor.get(PROFILE + "address"))
    sent = {**fields_of(owner.get(PROFILE + "address")), "address": "1 New Row"}
    sent["csrf_token"] = fields_of(editor.get(PROFILE + "identity"))["csrf_token"]
    assert editor.post(PROFILE + "address", data=sent).status_code == 409
    assert "Old Name" in _public(app)
    assert "New Row" not in _public(app)


def test_another_name_is_looked_at_by_the_desk(app: Flask, owner: FlaskClient) -> None:
    _saved(owner, "identity", name="Quite Another")
    with app.app_context():
        case = db.session.scalars(select(Case)).one()
        assert (case.kind, case.state) == ("claim", "open")
    _saved(owner, "identity", phone="0113 496 0417")
    with app.app_context():
        assert len(db.session.scalars(select(Case)).all()) == 1


def test_goals_with_a_price_stay_offered(app: Flask, owner: FlaskClient) -> None:
    _saved(owner, "prices", **{"lines-0-low": "900"})
    answer = save(owner, PROFILE + "treatments", {"goals": ["hairline"]})
    assert answer.status_code == 422
    assert "Crown has a price" in text_of(answer)
    _saved(owner, "prices", **{"lines-0-gone": "y"})
    _saved(owner, "treatments", goals=["hairline"])
    assert _told(app)["goals"] == ["hairline"]


def test_blanks_are_asked_for_and_counted(app: Flask, owner: FlaskClient) -> None:
    page = text_of(owner.get("/manage/one/"))
    assert "Say it: Prices" in page
    assert "0 of 11" in page
    assert "the answer to “Do you do a patch test" in page
    opened = owner.get(PROFILE + "policies?line=patch_test").text
    assert '<details class="line" id="line-patch_test" open>' in opened
    _saved(owner, "policies", patch_test_offered="yes")
    assert "1 of 11" in text_of(owner.get("/manage/one/"))
    assert len(reads_of(app, owner, PROFILE + "prices")) <= 16


def test_what_was_not_saved_is_told_and_leads_back_to_a_page(app: Flask, owner: FlaskClient) -> None:
    """Signed out meanwhile, or the form's cookie gone: nobody is left to believe that it was saved."""
    where = PROFILE + "identity"
    typed = retyped(owner.get(where), {"description": "Two hours of typing."})
    sid = owner.get_cookie("sid")
    assert sid is not None
    owner.delete_cookie("sid")
    for to in (where, where + "/draft"):
        answer = owner.post(to, data=typed, headers={"Referer": f"http://localhost{where}"})
        assert answer.status_code == 303
        assert parse_qs(urlsplit(answer.location).query)["next"] == [where], "a draft's address is no page"
        assert "Not saved: you were signed out." in text_of(owner.get(answer.location))
    assert "Not saved" not in text_of(owner.get("/account/sign-in"))
    owner.set_cookie("sid", sid.value)
    owner.delete_cookie("session")
    answer = owner.post(where, data=typed)
    assert answer.status_code == 400
    assert "Not saved: this form is not connected with your visit any more" in text_of(answer)
    assert f'href="{where}"' in answer.text
    assert "Two hours" not in _public(app)
