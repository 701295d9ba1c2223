"""Who reads what: a hold says that it is for a day and how it ended, what is published says so, a reversal is told."""

import time

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient

from directory.accounts.models import User
from directory.cases.appealing import appeal
from directory.cases.decisions import Statement
from directory.cases.opening import open_case
from directory.db import db, writing
from directory.moderation.hold_jobs import lift_overdue
from directory.reviews.models import Review
from directory.reviews.replies import Reply
from tests.accounts import people
from tests.moderation.cast import AUTHOR, WHY, a_review, decide, moderator, open_cases, press, take
from tests.moderation.test_again import _report
from tests.reading import text_of


def _author(app: Flask) -> FlaskClient:
    """The author's own browser."""
    with app.app_context():
        review = db.session.query(Review).one()
        name = review.public_id
    browser = people.member(app, "writes@example.org")
    with app.app_context(), writing():
        user = db.session.query(User).filter_by(email="writes@example.org").one()
        db.session.query(Review).filter_by(public_id=name).update({"author_id": user.id})
        db.session.commit()
    return browser


def _held(app: Flask) -> tuple[FlaskClient, FlaskClient, str]:
    """(its author's browser, the moderator's, the case) of a review that was hidden at once."""
    a_review(app, "published")
    author = _author(app)
    case, first = _report(app), moderator(app)
    take(first, case)
    item = f"/desk/items/{case}"
    assert press(first, item, f"{item}/hold", hold_rule="personal", hold_statement=WHY).status_code == 303
    return author, first, case


def _list(author: FlaskClient) -> str:
    return text_of(author.get("/account/statements"))


def _page(author: FlaskClient) -> str:
    """The oldest of the statements."""
    path = author.get("/account/statements").text.rsplit('href="/account/statements/', 1)[1].split('"')[0]
    assert author.get(f"/account/statements/{path}/appeal").status_code == 303  # there is nothing to appeal against
    return text_of(author.get(f"/account/statements/{path}"))


def _subjects(app: Flask) -> list[str]:
    return [letter["Subject"].replace(" at Hairline", "") for letter in people.letters(app, "writes@example.org")]


def test_a_hold_says_that_it_is_for_a_day_and_shows_again(app: Flask) -> None:
    author, _first, _case = _held(app)
    assert "It is hidden for a day at the most" in _list(author)
    page = _page(author)
    assert "until somebody has decided, until" in page
    assert WHY in page
    assert "Appeal until" not in page
    assert "out of court" not in page
    assert _subjects(app) == ["Something you wrote is hidden for a day at the most"]
    with time_machine.travel(time.time() + 25 * 3600), app.app_context():
        assert lift_overdue() == "lifted 1"
        people.letters(app)
    assert "nobody decided, so it shows again" in _list(author)
    assert "Nobody decided within the day. It shows again since" in _page(author)
    assert _subjects(app)[1:] == ["What was hidden shows again"]


@pytest.mark.parametrize(
    ("act", "rule", "line", "letter"),
    [
        ("keep", "none_broken", "It was hidden until it was decided: it stays", "What was hidden shows again"),
        ("remove", "personal", "It was hidden until it was decided", "A decision awaits you"),
    ],
)
def test_the_list_says_how_a_hold_ended(app: Flask, act: str, rule: str, line: str, letter: str) -> None:
    author, first, case = _held(app)
    item = f"/desk/items/{case}"
    assert press(first, item, f"{item}/decide", act=act, rule=rule, statement=WHY).status_code == 303
    listed = _list(author)
    assert line in listed
    assert ("It was taken down" in listed) is (act == "remove")
    assert _subjects(app)[1:] == [letter]


def test_what_is_published_is_told_with_the_way_to_it(app: Flask) -> None:
    case, first = a_review(app), moderator(app)
    take(first, case)
    page = text_of(first.get(f"/desk/items/{case}"))
    assert "If you publish all of it, the words stay at the desk." in page
    assert "The author reads every word" not in page
    item = f"/desk/items/{case}"
    press(first, item, f"{item}/decide", act="publish", rule="none_broken", statement=WHY)
    letter = people.letters(app, AUTHOR)[-1]
    assert "is shown" in letter["Subject"]
    with app.app_context():
        assert f"/account/reviews/{db.session.query(Review).one().public_id}" in letter.get_content().replace(
            "%2F", "/"
        )


@pytest.mark.parametrize(("act", "page"), [("publish", "/manage/one/reviews"), ("refuse", "/manage/one/decisions")])
def test_a_reply_is_told_where_its_writer_reads_it(app: Flask, act: str, page: str) -> None:
    a_review(app, "published")
    with app.app_context(), writing():
        review, staff = db.session.query(Review).one(), User(email="staff@one.example")
        staff.confirm_address()
        db.session.add(staff)
        db.session.flush()
        reply = Reply(review=review, by_id=staff.id, text="Thank you for the time you took.", state="pending")
        db.session.add(reply)
        db.session.flush()
        facts = {"clock": "review", "priority": "medium", "reason": "A reply", "clinic_id": review.clinic_id}
        case = open_case("reply", subject=f"reply:{reply.public_id}", subject_id=reply.id, **facts).public_id
        db.session.commit()
    decide(moderator(app), case, act, "none_broken" if act == "publish" else "reply_identity")
    assert page in people.letters(app, "staff@one.example")[-1].get_content().replace("%2F", "/")


def test_a_clinic_whose_complaint_is_reversed_is_told_why(app: Flask) -> None:
    a_review(app, "published")
    case, first, second, third = (
        _report(app, by_clinic=True),
        moderator(app),
        moderator(app, "second"),
        moderator(app, "third"),
    )
    page = text_of(first.get(f"/desk/items/{case}")) if take(first, case).status_code == 303 else ""
    assert "whoever complained only the rule" in page
    item = f"/desk/items/{case}"
    press(first, item, f"{item}/decide", act="remove", rule="personal", statement=WHY)
    press(second, item, f"{item}/second", agrees="yes")
    with app.app_context(), writing():
        author = db.session.query(User).filter_by(email=AUTHOR).one()
        appeal(db.session.query(Statement).one(), "Jane is my own first name, nobody else's.", by=author)
        db.session.commit()
    (theirs,) = open_cases(app, "appeal")
    answer = "We read it again: the name is the writer's own."
    assert decide(third, theirs, "reverse", "personal", answer).status_code == 303
    for other in open_cases(app, "appeal"):
        press(moderator(app, "fourth"), f"/desk/items/{other}", f"/desk/items/{other}/second", agrees="yes")
    letter = people.letters(app, "boss@one.example")[-1]
    assert "was reversed" in letter["Subject"]
    assert answer not in letter.get_content()
    path = "/reports/" + letter.get_content().split("/reports/")[1].split()[0]
    told = text_of(app.test_client().get(path))
    assert "Reversed on" in told
    assert answer in told
    assert "a person reads it anew" in told
    assert WHY not in told  # what the author was told stays the author's
