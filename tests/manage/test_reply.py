"""A clinic's reply: one for each review, marked before it is sent, read by a moderator before it shows."""

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from directory.cases.models import Case
from directory.db import db, writing
from directory.reviews.replies import Reply
from tests.accounts.people import letters, submit
from tests.manage.staff import staff
from tests.moderation.cast import decide, moderator, open_cases
from tests.moderation.reporting import a_review
from tests.reading import text_of

CALM = "Thank you for writing. We take what is said about our work seriously."
LEAKING = "Dear Anna, when you visited us on 3 May everything was fine."


@pytest.fixture
def owner(app: Flask, run: Callable[..., Any]) -> FlaskClient:
    a_review(app, slug="one")
    return staff(app, run, "owner@example.org", "one")


def _address(owner: FlaskClient) -> str:
    number = owner.get("/manage/one/reviews").text.split('id="review-')[1].split('"')[0]
    return f"/manage/one/reviews/{number}/reply"


def _reply(app: Flask) -> tuple[str, str, str]:
    with app.app_context():
        reply = db.session.scalars(select(Reply)).one()
        return reply.state, reply.text, reply.proposed_text


def _decide(app: Flask, verb: str) -> None:
    with app.app_context(), writing():
        getattr(db.session.scalars(select(Reply)).one(), verb)()
        db.session.scalars(select(Case).where(Case.state == "open")).one().withdraw()
        db.session.commit()


def test_a_reply_waits_for_a_moderator(app: Flask, owner: FlaskClient) -> None:
    answer = submit(owner, _address(owner), text=CALM)
    assert answer.location == "/manage/one/reviews"
    assert _reply(app) == ("pending", CALM, "")
    with app.app_context():
        case = db.session.scalars(select(Case)).one()
        assert (case.kind, case.clock, case.priority, case.facts["marks"]) == ("reply", "review", "low", [])
        assert case.subject.startswith("reply:")
    assert "A moderator reads it before it shows" in text_of(owner.get("/manage/one/reviews"))
    assert CALM not in app.test_client().get("/clinics/one").text


def test_what_tells_who_it_was_is_marked_first(app: Flask, owner: FlaskClient) -> None:
    where = _address(owner)
    answer = submit(owner, where, text=LEAKING)
    assert answer.status_code == 422
    assert "<mark>Anna</mark>" in answer.text
    assert "Words that tell nothing" in text_of(answer)
    with app.app_context():
        assert db.session.scalars(select(Reply)).all() == []
    assert submit(owner, where, text=LEAKING, knowing="y").status_code == 303
    with app.app_context():
        case = db.session.scalars(select(Case)).one()
        assert case.priority == "medium"
        assert set(case.facts["marks"]) >= {"name", "date", "confirms"}


def test_new_words_for_a_shown_reply_wait_while_the_old_ones_stand(app: Flask, owner: FlaskClient) -> None:
    where = _address(owner)
    submit(owner, where, text=CALM)
    _decide(app, "publish")
    submit(owner, where, text=CALM + " Our price list stands on this page.")
    assert _reply(app)[:2] == ("published", CALM)
    _decide(app, "publish")
    assert _reply(app) == ("published", CALM + " Our price list stands on this page.", "")


def test_one_reply_however_often_it_is_sent(app: Flask, owner: FlaskClient) -> None:
    where = _address(owner)
    for _ in range(2):
        assert submit(owner, where, text=CALM, once="the same").status_code == 303
    submit(owner, where, text=CALM + " More words.")
    assert _reply(app) == ("pending", CALM + " More words.", "")
    with app.app_context():
        assert len(db.session.scalars(select(Case)).all()) == 1


def test_a_reply_taken_back_leaves_no_words_and_another_may_follow(app: Flask, owner: FlaskClient) -> None:
    where = _address(owner)
    submit(owner, where, text=CALM)
    assert submit(owner, where + "/withdraw").status_code == 303
    assert _reply(app) == ("withdrawn", "", "")
    with app.app_context():
        assert db.session.scalars(select(Case.state)).all() == ["withdrawn"]
    assert submit(owner, where, text=CALM).status_code == 303
    assert _reply(app) == ("pending", CALM, "")


def test_a_reply_sent_back_is_to_do_and_says_why_where_it_is_changed(app: Flask, owner: FlaskClient) -> None:
    where, why = _address(owner), "It tells readers who the reviewer may be."
    submit(owner, where, text=CALM)
    desk = moderator(app)
    assert decide(desk, open_cases(app, "reply")[0], "ask_edit", "reply_identity", why).status_code == 303
    letter = letters(app, "owner@example.org")[-1]
    assert "/manage/one/decisions" in letter.get_content()
    assert why not in letter.get_content()
    for page in ("/manage/one/decisions", "/manage/one/reviews", where):
        assert why in text_of(owner.get(page)), page
    assert "1 reply needs a change" in text_of(owner.get("/manage/one/"))
    submit(owner, where, text=CALM + " Our price list stands on this page.")
    assert "needs a change" not in text_of(owner.get("/manage/one/"))
    assert decide(desk, open_cases(app, "reply")[0], "publish").status_code == 303
    letter = letters(app, "owner@example.org")[-1]
    assert letter["Subject"] == "Your reply is shown at Hairline"
    assert "/manage/one/reviews" in letter.get_content()


@pytest.mark.parametrize(
    ("text", "said"), [("", "Write a reply"), ("Thanks.", "a whole sentence"), ("x" * 2_001, "2000")]
)
def test_bad_input(owner: FlaskClient, text: str, said: str) -> None:
    answer = submit(owner, _address(owner), text=text)
    assert answer.status_code == 422
    assert said in text_of(answer)
