"""A clinic appeals against a decision it was given reasons for; somebody who took no part in it answers."""

from collections.abc import Callable
from typing import Any

from flask import Flask

from directory.cases.decisions import Appeal
from directory.db import db, writing
from directory.reviews.models import Review
from directory.reviews.replies import Reply
from tests.accounts.people import letters, submit
from tests.manage.staff import staff
from tests.moderation.cast import a_review, decide, moderator, open_cases, reverse
from tests.reading import text_of

WORDS = "The reply names nobody; Jane is the name of our own receptionist."
RULED = "It tells readers who the reviewer may be."


def test_a_refused_reply_is_published_on_appeal(app: Flask, run: Callable[..., Any]) -> None:
    a_review(app, "published")
    owner = staff(app, run, "owner@example.org", "one")
    with app.app_context():
        number = db.session.query(Review).one().public_id
    text = "Thank you for writing. Jane at the desk is glad to help with anything else."
    answer = submit(owner, f"/manage/one/reviews/{number}/reply", text=text, sure="y")
    assert answer.status_code == 303, answer.text
    assert decide(moderator(app), open_cases(app, "reply")[0], "refuse", "reply_identity", RULED).status_code == 303
    page = owner.get("/manage/one/decisions").get_data(as_text=True)
    assert RULED in page
    address = page.split('href="/manage/one/decisions/')[1].split('"')[0]
    path = f"/manage/one/decisions/{address}"
    assert submit(owner, path, text="short").status_code == 422
    assert submit(owner, path, text=WORDS).status_code == 303
    assert submit(owner, path, text=WORDS).status_code == 303
    with app.app_context():
        assert db.session.query(Appeal).count() == 1
    case = open_cases(app, "appeal")[0]
    reverse(app, case, "The name is the clinic's own; nobody is told apart.")
    with app.app_context(), writing():
        assert db.session.query(Reply).one().state == "published"
    assert "/manage/one/decisions" in letters(app, "owner@example.org")[-1].get_content()
    page = text_of(owner.get("/manage/one/decisions"))
    assert "You appealed: the decision is reversed. The name is the clinic's own; nobody is told apart." in page
