"""What an authority published: entered by a checker, shown by two people, told to whom it concerns, open to appeal."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from directory.credentials.outside import Inspection, Sanction
from directory.db import db, now, writing
from directory.ledger import LedgerRow
from directory.practitioners.accounts import PractitionerAccount
from directory.practitioners.models import Practitioner
from tests import factories
from tests.accounts.people import letters, member, submit
from tests.credentials import papers
from tests.manage.staff import staff
from tests.moderation.cast import decide, open_cases, press, reverse, with_role
from tests.reading import text_of

Run = Callable[..., Any]
WHY = "It stands so on the council's own page, read today."
SOURCE = "https://www.council.example/inspections/17"
SAYS = "Handwashing sink not working on the day"
TODAY = datetime.now(UTC).date()


@pytest.fixture
def checker(app: Flask) -> FlaskClient:
    with app.app_context(), writing():
        papers.leeds()
        factories.commit()
    return with_role(app, "checker@desk.example", "checker")


def _enter(browser: FlaskClient, what: str, **fields: str) -> TestResponse:
    common = {"issuer": "gb-eng-council", "authority": "Leeds City Council", "words": SAYS, "url": SOURCE}
    day = str(TODAY - timedelta(days=20))
    own = {"inspected_on": day, "outcome": "failed"}
    if what == "sanction":
        own = {"about": "premises", "kind": "prohibition", "since": day}
    return submit(browser, f"/desk/findings/headingley/{what}", **{**common, **own, **fields})


def _page(app: Flask, path: str = "/clinics/headingley") -> str:
    return text_of(app.test_client().get(path))


def test_an_inspection_is_shown_by_somebody_else_told_and_taken_back(
    app: Flask, checker: FlaskClient, run: Run
) -> None:
    owner = staff(app, run, "owner@example.org", "headingley")
    before = app.test_client().get("/clinics/headingley")
    assert _enter(checker, "inspection").status_code == 303
    assert "in the queue" in text_of(checker.get("/desk/findings/?clinic=headingley"))
    again = app.test_client().get("/clinics/headingley", headers={"If-None-Match": before.headers["ETag"]})
    assert again.status_code == 304, "what is only proposed changes nothing"
    assert _enter(checker, "inspection").status_code == 422, "the same visit twice"
    (case,) = open_cases(app, "inspection")
    assert "You are part of this yourself" in text_of(checker.get(f"/desk/items/{case}")), "not by who entered it"
    second = with_role(app, "second@desk.example", "checker")
    assert SOURCE in second.get(f"/desk/items/{case}").text
    assert decide(second, case, "show", "finding", WHY).status_code == 303
    page = _page(app)
    assert SAYS in page
    assert "Not passed" in page
    assert "Leeds City Council" in page
    told = app.test_client().get("/api/v1/clinics/headingley").json
    assert told is not None
    assert told["inspections"] == [
        {
            "on": str(TODAY - timedelta(days=20)),
            "authority": "Leeds City Council",
            "outcome": "failed",
            "words": SAYS,
            "source": SOURCE,
        }
    ]
    assert "A decision about your page" in letters(app, "owner@example.org")[-1]["Subject"]
    decisions = owner.get("/manage/headingley/decisions")
    assert WHY in text_of(decisions)
    appeal = decisions.text.split("/appeal")[0].rpartition('href="')[2] + "/appeal"
    assert submit(owner, appeal, text="The sink worked; they came to the wrong door.").status_code == 303
    (case,) = open_cases(app, "appeal")
    reverse(app, case, "The council corrected its page today.")
    assert SAYS not in _page(app)
    with app.app_context():
        one = db.session.query(Inspection).one()
        acts = [row.act for row in db.session.query(LedgerRow).filter_by(subject=one.subject).order_by(LedgerRow.seq)]
        said = [act.removeprefix("inspection.") for act in acts]
        assert said == ["entered", "show.decided", "shown", "appeal.reversed", "withdrawn"]
    assert _enter(checker, "inspection").status_code == 303, "it may be entered anew"


def test_a_measure_needs_two_people_and_is_over_by_its_date(app: Flask, checker: FlaskClient) -> None:
    amara = member(app, "amara@example.org")
    with app.app_context(), writing():
        person = db.session.query(Practitioner).one()
        db.session.add(PractitionerAccount(practitioner_id=person.id, user_id=papers.person("amara@example.org").id))
        factories.commit()
    until = TODAY + timedelta(days=30)
    assert _enter(checker, "sanction", about="amara", kind="suspension", until=str(until)).status_code == 303
    (case,) = open_cases(app, "sanction")
    assert decide(checker, case, "show", "finding", WHY).status_code == 303
    assert SAYS not in _page(app), "one person is not enough"
    second = with_role(app, "second@desk.example", "checker")
    item = f"/desk/items/{case}"
    assert press(second, item, f"{item}/second", agrees="yes").status_code == 303
    assert "Suspension against Amara Osei-Bonsu, who works here" in _page(app)
    assert SAYS in _page(app, "/practitioners/amara")
    statement = amara.get("/account/statements").text.split('href="/account/statements/')[1].split('"')[0]
    assert WHY in text_of(amara.get(f"/account/statements/{statement}"))
    for path in ("clinics/headingley", "practitioners/amara"):
        told = app.test_client().get(f"/api/v1/{path}").json
        assert told is not None
        assert [(one["against"], one["kind"]) for one in told["sanctions"]] == [("amara", "suspension")]
    with time_machine.travel(now() + timedelta(days=32), tick=False):
        page = _page(app)
        assert "who works here" not in page
        assert "over" in page
    with time_machine.travel(now() + timedelta(days=33 + 730), tick=False):
        assert SAYS not in _page(app)
        assert SAYS not in _page(app, "/practitioners/amara")


def test_what_is_dropped_is_never_read(app: Flask, checker: FlaskClient) -> None:
    _enter(checker, "sanction")
    (case,) = open_cases(app, "sanction")
    assert decide(checker, case, "drop", "finding", "The page names another address.").status_code == 303
    assert SAYS not in _page(app)
    with app.app_context():
        assert db.session.query(Sanction).one().state == "dropped"


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"url": "http://www.council.example/"}, "begins with https://"),
        ({"words": " "}, "Say what it says"),
        ({"authority": ""}, "Say which one"),
        ({"inspected_on": "2199-01-01"}, "still to come"),
    ],
)
def test_bad_input_is_told_on_its_field(checker: FlaskClient, fields: dict[str, str], words: str) -> None:
    answer = _enter(checker, "inspection", **fields)
    assert answer.status_code == 422
    assert words in text_of(answer)


def test_whoever_has_a_tie_enters_nothing(app: Flask, checker: FlaskClient) -> None:
    submit(checker, "/desk/ties", slug="headingley", why="I trained there.")
    assert _enter(checker, "inspection").status_code == 409
    with app.app_context():
        assert db.session.query(Inspection).count() == 0
