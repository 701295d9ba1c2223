"""A clinic's numbers: counted without a visitor's write or name, told in weeks, and never small ones."""

import csv
import io
from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from directory.accounts.models import User
from directory.clinics.models import Clinic
from directory.clinics.sightings import Sighting, is_machine
from directory.clinics.sightings_writer import drop_old
from directory.consultations.inquiries import Inquiry
from directory.consultations.models import Consultation
from directory.consultations.plans import Plan
from directory.db import db, now, writing
from directory.manage.figures import told
from directory.search.ranking import CONSTANTS
from tests import factories
from tests.accounts.people import member
from tests.consultations.people import clinic_with_owner
from tests.reading import reads_of, text_of

PERSON = {"User-Agent": "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"}
AGENTS = [
    (PERSON["User-Agent"], False),
    ("Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) AppleWebKit/605.1.15 Version/19.0 Safari/604.1", False),
    ("Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)", True),
    ("Mozilla/5.0 (compatible; bingbot/2.0; +http://www.bing.com/bingbot.htm)", True),
    ("python-requests/2.32", True),
    ("curl/8.5.0", True),
    ("", True),
]


@pytest.mark.parametrize(("agent", "machine"), AGENTS)
def test_machines_that_say_so_are_known(agent: str, machine: bool) -> None:
    assert is_machine(agent) is machine


def _open(app: Flask, times: int, address: str = "/clinics/one", **headers: str) -> None:
    browser = app.test_client()
    for _time in range(times):
        assert browser.get(address, headers={**PERSON, **headers}).status_code in (200, 304)


def _written(app: Flask) -> dict[str, tuple[int, int]]:
    app.extensions["sightings"].write()
    with app.app_context():
        query = select(Clinic.slug, Sighting.views, Sighting.appearances).join(Clinic, Clinic.id == Sighting.clinic_id)
        return {slug: (views, shown) for slug, views, shown in db.session.execute(query.order_by(Clinic.slug))}


def _rows(owner: FlaskClient) -> list[dict[str, str]]:
    answer = owner.get("/manage/one/numbers.csv")
    assert answer.headers["Content-Disposition"] == 'attachment; filename="numbers-one.csv"'
    return list(csv.DictReader(io.StringIO(answer.text)))


def test_looks_are_counted_in_memory_and_told_by_the_week(app: Flask) -> None:
    owner = clinic_with_owner(app, goals=["hairline"])
    factories.saved(app, lambda: factories.clinic(slug="two"))
    _open(app, 6)
    tag = app.test_client().get("/clinics/one", headers=PERSON).headers["ETag"]
    _open(app, 1, **{"If-None-Match": tag})  # nothing was new, but somebody looked
    _open(app, 5, **{"User-Agent": "Googlebot/2.1"})
    _open(app, 5, **{"Sec-Purpose": "prefetch;prerender"})
    _open(app, 3, "/clinics/two")
    _open(app, 4, "/search?near=Leeds")
    app.test_client().head("/clinics/one", headers=PERSON)
    with app.app_context():
        assert not db.session.scalars(select(Sighting)).all()  # looking wrote nothing
    assert _written(app) == {"one": (8, 4), "two": (3, 4)}
    assert _written(app) == {"one": (8, 4), "two": (3, 4)}  # nothing is written twice
    _open(app, 1)
    assert _written(app)["one"] == (9, 4)
    page = owner.get("/manage/one/numbers")
    assert "until now 9 fewer than 5" in text_of(page)  # opened, shown in search
    assert "style=" not in page.text
    assert page.text.count('role="img"') == 4
    assert page.text.count("<table") == 3  # opened and shown stand in one
    rows = [row for row in _rows(owner) if row["what"] in ("page_opened", "shown_in_search")]
    assert [(row["what"], row["number"], row["note"]) for row in rows[-2:]] == [
        ("page_opened", "9", "week not over"),
        ("shown_in_search", "", "week not over"),
    ]
    assert {(row["number"], row["note"]) for row in rows[:-2]} == {("", "fewer than 5")}
    stated = {row["what"]: (row["number"], row["note"]) for row in _rows(owner) if row["what"].startswith("facts_")}
    assert stated["facts_stated_treatments"][0] == "1"  # hairline, and nothing else
    assert "of " in stated["facts_stated_hours"][1]
    assert member(app, "curious@example.org").get("/manage/one/numbers").status_code == 404
    assert len(reads_of(app, owner, "/manage/one/numbers")) <= 22


def test_old_days_are_deleted_and_a_clinic_that_is_gone_stops_nothing(app: Flask) -> None:
    factories.saved(app, lambda: factories.clinic(slug="one"))
    _open(app, 2)
    with app.app_context(), writing():
        db.session.delete(db.session.scalars(select(Clinic)).one())
        db.session.commit()
    assert _written(app) == {}
    factories.saved(app, lambda: factories.clinic(slug="one"))
    _open(app, 2)
    assert _written(app) == {"one": (2, 0)}
    with app.app_context(), time_machine.travel(now() + timedelta(days=402)):
        assert drop_old() == "deleted 1 days"


def test_the_place_in_search_is_explained_by_search_itself(app: Flask) -> None:
    factories.saved(app, lambda: factories.clinic(slug="far", lat=53.86, lon=-1.60, goals=["hairline"]))
    owner = clinic_with_owner(app, goals=["hairline", "scar-fut"])
    words = text_of(owner.get("/manage/one/numbers"))
    assert "1 of 2 near Leeds, without a wish" in words
    assert "1 of 2 for “Hairline" in words
    assert "1 of 1 for “" in words  # the other does not treat that scar
    assert f"+{CONSTANTS['goal_points']:.0f} points" in words
    assert "Money, in any form" in words
    first = app.test_client().get("/search?near=Leeds, GB").text
    assert first.index("/clinics/one") < first.index("/clinics/far")
    with app.app_context(), writing():
        db.session.scalars(select(Clinic).where(Clinic.slug == "one")).one().close()
        db.session.commit()
    assert "Search does not show this clinic now" in text_of(owner.get("/manage/one/numbers"))


def test_the_way_from_question_to_plan_hides_small_numbers(app: Flask) -> None:
    owner = clinic_with_owner(app)
    with app.app_context(), writing():
        clinic = db.session.scalars(select(Clinic)).one()
        seeker = db.session.scalars(select(User.id)).one()
        for number in range(7):
            asked = Inquiry(consent_version="1", user_id=seeker, sent_at=now())
            asked.consultations = [_consultation(clinic, number)]
            db.session.add(asked)
        db.session.commit()
    steps = {row["what"]: (row["number"], row["note"]) for row in _rows(owner) if row["what"].startswith("consult")}
    assert steps["consultation_asked"] == ("7", "365 days")
    assert steps["consultation_answered"] == ("6", "365 days")
    assert steps["consultation_booked"] == ("5", "365 days")
    assert steps["consultation_attended"] == ("", "fewer than 5")
    assert steps["consultation_plan"] == ("", "fewer than 5")
    assert steps["consultation_accepted"] == ("", "fewer than 5")
    assert [told(number) for number in (0, 4, 5)] == [None, None, 5]


def _consultation(clinic: Clinic, number: int) -> Consultation:
    """One asked only, one refused, one called off after a booking, the rest booked; one had a plan."""
    made = Consultation(clinic_id=clinic.id, state="asked")
    if number == 1:
        made.state, made.declined_for = "declined", "full"
    elif number > 1:
        met = now() - timedelta(days=number)
        made.sequence, made.booked_minutes, made.booked_way = 1, 30, "clinic"
        made.state, made.booked_start = ("cancelled", None) if number == 2 else ("booked", met)
        made.seeker_says = True if number == 4 else None
    if number == 5:
        made.plans = [Plan(version=1, state="accepted")]
    return made
