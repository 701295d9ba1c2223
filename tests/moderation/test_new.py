"""Reporting something: who must say what, what it sets off, and that it hides nothing."""

import threading
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from directory.accounts.registry import erase_person
from directory.cases.models import Case
from directory.db import db, now, writing
from directory.moderation.grounds import GROUNDS
from directory.moderation.reports import Report, reports_of
from directory.reviews.models import Review, Stage
from tests import factories
from tests.accounts.people import letters, member, set_up_app
from tests.moderation.reporting import SAID, a_review, report, send
from tests.reading import text_of


def _cases(app: Flask) -> list[Any]:
    with app.app_context():
        query = select(Case.kind, Case.subject, Case.clock, Case.priority, Case.state).order_by(Case.id)
        return [tuple(row) for row in db.session.execute(query)]


def test_a_report_is_acknowledged_and_its_thing_stays_up(app: Flask, client: FlaskClient) -> None:
    number = a_review(app)
    answer = report(client, f"review:{number}")
    assert answer.status_code == 303
    assert _cases(app) == [("report", f"review:{number}", "report", "medium", "open")]
    page = client.get(answer.location)
    assert "A person will look at it by" in text_of(page)
    assert page.headers["Referrer-Policy"] == "no-referrer"
    assert page.headers["Cache-Control"] == "private, no-store"
    (letter,) = letters(app, "rita@example.org")
    assert answer.location in letter.get_content()
    with app.app_context():
        review = db.session.scalars(select(Review)).one()
        assert review.under_review_since is not None
        assert db.session.scalars(select(Stage.state)).all() == ["published"]


@pytest.mark.parametrize("ground", sorted(GROUNDS))
def test_a_name_is_asked_for_unless_somebody_could_be_harmed(app: Flask, ground: str) -> None:
    number = a_review(app)
    answer = report(app.test_client(), f"review:{number}", ground, name="", email="")
    if ground in {"personal", "threat", "nudity"}:
        assert answer.status_code == 303
        assert _cases(app)[0][2:4] == ("urgent", "high")
        assert "Keep the address of this page" in text_of(app.test_client().get(answer.location))
    else:
        assert answer.status_code == 422
        assert "Type your name" in text_of(answer)
        assert SAID in answer.text
        assert _cases(app) == []


# What is left out or wrong, and what is said about it.
WRONG = [
    ({"ground": ""}, "Choose what comes nearest"),
    ({"ground": "because"}, "Not a valid choice"),
    ({"text": ""}, "Say what is wrong"),
    ({"text": "bad"}, "Say a little more"),
    ({"text": "x" * 3_001}, "at most 3000 letters"),
    ({"email": "rita"}, "not an e-mail address"),
    ({"name": "x" * 121}, "at most 120 letters"),
    ({"faith": ""}, "Tick this"),
    ({"homepage": "https://buy.example"}, "Leave this field empty"),
]


@pytest.mark.parametrize(("fields", "said"), WRONG, ids=lambda value: str(value)[:30])
def test_bad_input_is_named_field_by_field(app: Flask, fields: dict[str, str], said: str) -> None:
    number = a_review(app)
    answer = report(app.test_client(), f"review:{number}", **{"ground": "facts", **fields})
    assert answer.status_code == 422
    assert said in text_of(answer)
    assert _cases(app) == []


def test_a_form_sent_at_once_or_without_its_mark_is_asked_for_again(app: Flask, client: FlaskClient) -> None:
    about = f"/report?about=review:{a_review(app)}"
    given = {"ground": "threat", "text": SAID, "faith": "y"}
    assert "quicker than anybody types" in text_of(send(client, about, wait=0, **given))
    assert send(client, about, wait=0, **{**given, "opened": "forged"}).status_code == 422
    assert send(client, about, **given).status_code == 303


@pytest.mark.parametrize("about", ["", "review", "review:none", "user:1", "review:\0", "stage:x", "clinic:none"])
def test_what_is_not_shown_cannot_be_reported(app: Flask, client: FlaskClient, about: str) -> None:
    a_review(app)
    assert client.get("/report", query_string={"about": about}).status_code == 404


def test_a_review_taken_back_cannot_be_reported(app: Flask, client: FlaskClient) -> None:
    number = a_review(app)
    with app.app_context(), writing():
        db.session.scalars(select(Stage)).one().withdraw()
        db.session.commit()
    assert client.get(f"/report?about=review:{number}").status_code == 404


def test_without_a_link_the_page_is_asked_for(app: Flask, client: FlaskClient) -> None:
    a_review(app)
    answer = send(client, "/report", address="https://hairline.example/clinics/one#reviews")
    assert answer.status_code == 303
    assert "The page of Clinic one" in text_of(client.get(answer.location))
    assert send(client, "/report", address="https://elsewhere.example/x").status_code == 422


def test_two_hundred_reports_by_one_owner_are_one_case_and_hide_nothing(app: Flask, run: Callable[..., Any]) -> None:
    number = a_review(app)
    owner = member(app, "owner@example.org")
    set_up_app(owner, now().timestamp())
    run("accounts", "create", "owner@example.org", "--role", "owner", "--clinic", "one")
    statuses = [report(owner, f"review:{number}", "fake").status_code for _ in range(12)]
    assert statuses == [303] * 10 + [429] * 2  # the clinic's own budget; the rest of two hundred goes the same way
    assert len(_cases(app)) == 1
    with app.app_context():
        assert db.session.scalars(select(Stage.state)).all() == ["published"]
        (case,) = db.session.scalars(select(Case))
        assert all(one.by_clinic for one in reports_of(case))
        assert case.author_id is not None


def test_a_form_sent_twice_is_one_report(app: Flask, client: FlaskClient) -> None:
    number = a_review(app)
    answers = {report(client, f"review:{number}", once="the same key").location for _ in range(3)}
    assert len(answers) == 1
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(Report)) == 1
    assert len(letters(app, "rita@example.org")) == 1


def test_an_urgent_report_shortens_the_clock_of_the_case_it_joins(app: Flask, client: FlaskClient) -> None:
    number = a_review(app)
    report(client, f"review:{number}", "facts")
    report(client, f"review:{number}", "threat")
    report(client, f"review:{number}", "facts")
    assert _cases(app) == [("report", f"review:{number}", "urgent", "high", "open")]


def test_reports_at_the_same_moment_are_one_case(app: Flask) -> None:
    number = a_review(app)
    browsers = [app.test_client() for _ in range(4)]
    statuses: list[int] = []

    def press(browser: FlaskClient, place: int) -> None:
        browser.environ_base["REMOTE_ADDR"] = f"10.9.0.{place}"
        statuses.append(report(browser, f"review:{number}", "threat").status_code)

    threads = [threading.Thread(target=press, args=(browser, place)) for place, browser in enumerate(browsers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert statuses == [303] * 4
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(Case)) == 1
        assert db.session.scalar(select(func.count()).select_from(Report)) == 4


def test_an_erased_person_leaves_no_words_behind(app: Flask) -> None:
    number = a_review(app)
    browser = member(app, "rita@example.org")
    assert report(browser, f"review:{number}").status_code == 303
    with app.app_context(), writing():
        from directory.accounts.queries import user_by_email

        user = user_by_email("rita@example.org")
        assert user is not None
        erase_person(user)
        db.session.commit()
        row = db.session.scalars(select(Report)).one()
        assert (row.text, row.name, row.email, row.by_id) == ("", "", "", None)


def test_anything_shown_can_be_reported(app: Flask, client: FlaskClient) -> None:
    a_review(app)
    factories.saved(app, lambda: factories.practitioner(slug="jo", name="Jo Marsh"))
    answer = send(client, "/report", address="/practitioners/jo")
    assert "The page of Jo Marsh" in text_of(client.get(answer.location))
