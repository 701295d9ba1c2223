"""A person reads why, and appeals once; nobody else finds the page."""

import threading
from datetime import timedelta

import time_machine
from flask import Flask
from sqlalchemy import select

from directory.accounts.queries import user_by_email
from directory.cases.decisions import Appeal, Decision, Statement
from directory.cases.models import APPEAL_WINDOW, Case
from directory.db import db, now, writing
from directory.reviews.stages import Stage
from tests.accounts.people import form_token, sign_in
from tests.reviews.authors import ANN, author, clinic, fill, reviews, send

REASON = "It tells of a clinic in another town, not of this one."
WORDS = "The clinic moved there in spring; the address on its page is the old one."


def refused(app: Flask) -> str:
    """A moderator refused Ann's review; the address of her statement."""
    with app.app_context(), writing():
        case = db.session.scalars(select(Case).where(Case.kind == "review")).one()
        stage = db.session.scalars(select(Stage)).one()
        decision = Decision(case=case, act="refuse", rule="experience", statement=REASON)
        told = Statement(decision=decision, to_user_id=case.author_id, restriction="not_published", facts=REASON)
        db.session.add(told)
        db.session.flush()
        stage.refuse(told.id)
        case.state, case.closed_at = "decided", now()
        db.session.commit()
        return f"/account/statements/{told.public_id}"


def appeals(app: Flask) -> list[Appeal]:
    with app.app_context():
        return list(db.session.scalars(select(Appeal).order_by(Appeal.id)))


def test_the_reason_the_rule_and_the_way_on(app: Flask) -> None:
    clinic(app)
    ann = author(app)
    own = send(ann)
    address = refused(app)
    assert address in ann.get(own).text
    page = ann.get(address).text
    for words in (
        REASON,
        "It was not published",
        "/policy/reviews#experience",
        "Not based on an experience",
        f"{address}/appeal",
        "14 days",
    ):
        assert words in page
    assert address in ann.get("/account/statements").text


def test_nobody_else_finds_it(app: Flask) -> None:
    clinic(app)
    send(author(app))
    address = refused(app)
    bob = author(app, "bob@example.org")
    for path in (address, f"{address}/appeal"):
        assert bob.get(path).status_code == 404
    assert bob.get("/account/statements/never-was").status_code == 404
    assert app.test_client().get(address).status_code == 303  # asked to sign in, whatever is there


def test_an_appeal_waits_at_the_desk_and_can_be_read_again(app: Flask) -> None:
    clinic(app)
    ann = author(app)
    send(ann)
    address = refused(app)
    short = fill(ann, f"{address}/appeal", text="No.")
    assert short.status_code == 422
    assert "Say it in a sentence or two." in short.text
    assert "No.</textarea>" in short.text
    assert fill(ann, f"{address}/appeal", text=WORDS).location == address
    (made,) = appeals(app)
    assert (made.text, made.outcome) == (WORDS, "open")
    with app.app_context():
        case = db.session.scalars(select(Case).where(Case.kind == "appeal")).one()
        decision = db.session.scalars(select(Decision)).one()
    assert (case.subject, case.clock, case.author_id) == (f"decision:{decision.public_id}", "appeal", made.by_id)
    page = ann.get(address).text
    assert "You appealed" in page
    assert ann.get(f"{address}/appeal").location == address  # once


def test_the_answer_stands_on_the_same_page(app: Flask) -> None:
    clinic(app)
    ann = author(app)
    send(ann)
    address = refused(app)
    fill(ann, f"{address}/appeal", text=WORDS)
    with app.app_context(), writing():
        made = db.session.scalars(select(Appeal)).one()
        made.outcome, made.answered_at = "reversed", now()
        made.reply = "The register shows the move, so the review is about this clinic."
        db.session.commit()
    page = ann.get(address).text
    assert "Your appeal was right" in page
    assert "The register shows the move" in page


def test_too_late_is_too_late(app: Flask) -> None:
    clinic(app)
    send(author(app))
    address = refused(app)
    with time_machine.travel(now() + APPEAL_WINDOW + timedelta(days=1)):
        ann = sign_in(app, ANN)
        assert "The time to appeal ended" in ann.get(address).text
        assert ann.get(f"{address}/appeal").location == address


def test_sixteen_at_once_are_one_appeal(app: Flask) -> None:
    clinic(app)
    ann = author(app)
    send(ann)
    address = refused(app)
    page = ann.get(f"{address}/appeal")
    token, cookies = form_token(page), {name: ann.get_cookie(name) for name in ("sid", "session")}
    statuses: list[int] = []

    def press(number: int) -> None:
        browser = app.test_client()
        for name, cookie in cookies.items():
            browser.set_cookie(name, cookie.decoded_value if cookie else "")
        answers = {"csrf_token": token, "once": f"key-{number}", "text": WORDS}
        statuses.append(browser.post(f"{address}/appeal", data=answers).status_code)

    threads = [threading.Thread(target=press, args=(number,)) for number in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert statuses == [303] * 16
    assert len(appeals(app)) == 1


def test_what_was_written_goes_with_the_account(app: Flask) -> None:
    clinic(app)
    ann = author(app)
    send(ann)
    fill(ann, f"{refused(app)}/appeal", text=WORDS)
    with app.app_context():
        user = user_by_email(ANN)
        assert user is not None
    fill(ann, "/account/erase", sure="y", reviews="go")
    with app.app_context():
        rows = [repr(tuple(row)) for table in db.metadata.sorted_tables for row in db.session.execute(table.select())]
    assert not [row for row in rows if "moved there in spring" in row]
    assert reviews(app) == []
