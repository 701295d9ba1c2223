"""A legal notice: the law's clock, the author asked without being named, the answer in front of the desk."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from directory.cases.models import Case
from directory.db import db
from directory.moderation.contacts import contacts_of, due_after
from directory.moderation.reports import reports_of
from tests.accounts.people import letters, member, submit
from tests.moderation.reporting import a_review, send
from tests.reading import text_of

NOTICE = {
    "quote": "The dots are too large.",
    "meaning": "That we cannot do our work.",
    "wrong": "The dots were measured and are under a millimetre.",
    "harm": "Nobody would come to us who believed it.",
    "name": "Owen Vale",
    "email": "owen@example.org",
    "faith": "y",
}


@pytest.fixture
def author(app: Flask) -> FlaskClient:
    """The author of the review, signed in. Their account is made before the review takes it."""
    return member(app, "author@example.org")


def _review(app: Flask) -> str:
    return a_review(app, author="author@example.org")


def test_the_author_is_asked_and_answers_and_is_not_named(app: Flask, client: FlaskClient, author: FlaskClient) -> None:
    number = _review(app)
    answer = send(client, f"/report/legal?about=review:{number}", **NOTICE)
    assert answer.status_code == 303
    (letter,) = letters(app, "author@example.org")
    words = letter.get_content()
    assert "hair" not in (words + letter["Subject"]).lower().replace("hairline", "")
    path = "/account/notices/" + words.split("/account/notices/")[1].split()[0]
    page = author.get(path)
    assert NOTICE["wrong"] in page.text
    assert "Owen Vale" not in page.text  # he did not agree to be named
    assert submit(author, path, answer="stand").status_code == 303
    assert "You stand by what you wrote" in text_of(author.get(path))
    assert submit_again(author, path).status_code == 409
    with app.app_context():
        (case,) = db.session.scalars(select(Case))
        assert (case.kind, case.clock, case.priority) == ("legal_notice", "legal", "high")
        assert [contact.answer for contact in contacts_of(case)] == ["stand"]
        assert reports_of(case)[0].answers["pass_identity"] is False
    assert "author@example.org" not in client.get(answer.location).text


def submit_again(author: FlaskClient, path: str) -> object:
    """The form is gone from the page, so the token comes from another one."""
    return submit(author, path, page="/account/", answer="withdraw")


def test_the_complainant_is_named_only_when_they_agreed(app: Flask, client: FlaskClient, author: FlaskClient) -> None:
    send(client, f"/report/legal?about=review:{_review(app)}", **NOTICE, pass_identity="y")
    path = author.get("/account/notices/").text.split('href="/account/notices/')[1].split('"')[0]
    assert "Owen Vale" in author.get(f"/account/notices/{path}").text


def test_somebody_elses_notice_does_not_exist(app: Flask, client: FlaskClient, author: FlaskClient) -> None:
    send(client, f"/report/legal?about=review:{_review(app)}", **NOTICE)
    path = author.get("/account/notices/").text.split('href="/account/notices/')[1].split('"')[0]
    stranger = member(app, "stranger@example.org")
    shut, missing = stranger.get(f"/account/notices/{path}"), stranger.get("/account/notices/none")
    assert (shut.status_code, missing.status_code) == (404, 404)
    assert stranger.get("/account/notices/").text.count("Nobody has sent a legal notice") == 1


@pytest.mark.parametrize("missing", sorted(set(NOTICE)))
def test_every_answer_of_the_law_is_needed(app: Flask, client: FlaskClient, missing: str) -> None:
    number = a_review(app)
    answer = send(client, f"/report/legal?about=review:{number}", **{k: v for k, v in NOTICE.items() if k != missing})
    assert answer.status_code == 422
    assert answer.text.count('class="field-error"') == 1
    assert NOTICE["meaning" if missing != "meaning" else "wrong"] in answer.text


def test_the_author_has_until_the_end_of_the_fifth_day() -> None:
    asked = datetime(2026, 11, 2, 15, 30, tzinfo=UTC)
    assert due_after(asked) == datetime(2026, 11, 8, tzinfo=UTC)


def test_the_clock_leaves_weekends_out(app: Flask, client: FlaskClient) -> None:
    number = a_review(app)
    friday = datetime(2026, 11, 6, 12, tzinfo=UTC)
    with time_machine.travel(friday):
        send(client, f"/report/legal?about=review:{number}", **NOTICE)
    with app.app_context():
        due = db.session.scalars(select(Case.due_at)).one()
    assert due - friday < timedelta(days=4, minutes=1)
    assert due.date() == datetime(2026, 11, 10, tzinfo=UTC).date()
