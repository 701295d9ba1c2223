"""A legal notice: the law's clock, the author asked without being named, the answer in front of the desk."""

import re
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from directory.cases.models import Case
from directory.db import db, writing
from directory.moderation.contacts import Contact, contacts_of, due_after
from directory.moderation.reported import reported_by_subject
from directory.moderation.reports import file_report, reports_of
from directory.reviews.models import Review
from tests.accounts.people import letters, member, submit
from tests.moderation.cast import a_review as a_waiting_review
from tests.moderation.cast import decide, moderator, open_cases, press_decide, take
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
    """Of somebody's words who is no longer here nobody is asked: the 48 hours run at once."""
    number = a_review(app)
    with app.app_context(), writing():
        db.session.query(Review).update({"author_id": None})
        db.session.commit()
    friday = datetime(2026, 11, 6, 12, tzinfo=UTC)
    with time_machine.travel(friday):
        send(client, f"/report/legal?about=review:{number}", **NOTICE)
    due = _due(app)
    assert due - friday < timedelta(days=4, minutes=1)
    assert due.date() == datetime(2026, 11, 10, tzinfo=UTC).date()


def _due(app: Flask) -> datetime:
    with app.app_context():
        return db.session.scalars(select(Case.due_at)).one()


MONDAY = datetime(2026, 11, 2, 12, tzinfo=UTC)
EARLY = "A court ordered it on Tuesday, for today."


def _noticed(app: Flask, client: FlaskClient) -> tuple[str, str]:
    """A legal notice of Monday noon: its case, and the author's page about it."""
    send(client, f"/report/legal?about=review:{_review(app)}", **NOTICE)
    (case,) = open_cases(app, "legal_notice")
    with app.app_context():
        return case, f"/account/notices/{db.session.scalars(select(Contact.public_id)).one()}"


def test_the_desk_waits_for_the_author_and_the_hours_begin_with_the_answer(app: Flask, client: FlaskClient) -> None:
    """Asked on Monday, until midnight after Saturday; the 48 hours after that leave the Sunday out."""
    with time_machine.travel(MONDAY):
        author, desk = member(app, "author@example.org"), moderator(app)
        case, path = _noticed(app, client)
        assert _due(app) == datetime(2026, 11, 11, tzinfo=UTC)
        assert "by the end of 7 Nov 2026" in text_of(author.get(path))
        assert "author asked, until 7 Nov 2026" in text_of(desk.get("/desk/"))
        take(desk, case)
        assert "may answer until the end of 7 Nov 2026" in text_of(desk.get(f"/desk/items/{case}"))
    with time_machine.travel(MONDAY + timedelta(hours=1)):
        assert submit(author, path, answer="stand").status_code == 303
        due = _due(app)
        assert timedelta(hours=48) <= due - MONDAY - timedelta(hours=1) < timedelta(hours=48.1)
        page = text_of(moderator(app, "second").get("/desk/"))
        assert "author asked, until" not in page


@pytest.mark.parametrize(("act", "rule"), [("keep", "none_broken"), ("remove", "personal")])
def test_nobody_decides_before_the_authors_time_is_up_without_saying_why(
    app: Flask, client: FlaskClient, author: FlaskClient, act: str, rule: str
) -> None:
    case, path = _noticed(app, client)
    desk = moderator(app)
    blind = decide(desk, case, act, rule)
    assert blind.status_code == 422
    assert "has time to answer until the end of" in text_of(blind)
    assert "Nobody here has judged them yet" in text_of(author.get(path))
    assert press_decide(desk, case, act, rule, early=EARLY).status_code == 303
    assert EARLY in text_of(desk.get(f"/desk/items/{case}"))
    page = author.get(path)
    told = text_of(page)
    assert {"keep": "It stays as it is", "remove": "It was removed"}[act] in told
    assert "judged them yet" not in told
    assert ("/account/statements/" in page.text) is (act == "remove")
    assert EARLY not in told


def test_after_the_authors_time_nobody_has_to_say_why(app: Flask, client: FlaskClient) -> None:
    with time_machine.travel(MONDAY):
        member(app, "author@example.org")
        case, _path = _noticed(app, client)
    with time_machine.travel(datetime(2026, 11, 8, 0, 1, tzinfo=UTC)):
        assert decide(moderator(app), case, "keep").status_code == 303


def test_the_laws_clock_and_harm_stand_before_every_priority(app: Flask, client: FlaskClient) -> None:
    for number in range(2, 5):
        a_waiting_review(app, slug="busy", number=number)
    with app.app_context(), writing():
        db.session.query(Case).update({"priority": "high", "rank": 1})
        db.session.commit()
    shown = _review(app)
    send(client, f"/report/legal?about=review:{shown}", **NOTICE)
    with app.test_request_context(), writing():
        about = reported_by_subject(f"review:{shown}")
        assert about is not None
        file_report(about, kind="notice", ground="personal", text="It tells where I live.")
        db.session.commit()
    first = re.findall(r"<strong>(Legal notice|Report|Review)</strong>", moderator(app).get("/desk/").text)
    assert first == ["Report", "Legal notice", "Review", "Review", "Review"]
