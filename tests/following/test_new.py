"""Asking for letters about saved clinics: no account, nothing starts before the mailbox says yes."""

from datetime import timedelta

import time_machine
from flask import Flask
from sqlalchemy import func, select

from directory.accounts.models import User
from directory.accounts.registry import erase_person, export_person
from directory.db import Base, db, now, writing
from directory.following.jobs import forget_followers
from directory.following.models import Followed, Follower, Wanted
from directory.jobs import drain
from tests import factories
from tests.accounts.people import a_browser, empty_outbox, form_token, letters, member
from tests.following.readers import READER, ask, links, look, say_yes
from tests.reading import text_of


def _count(app: Flask, *models: type[Base]) -> list[int]:
    with app.app_context():
        return [db.session.scalar(select(func.count()).select_from(model)) or 0 for model in models]


def _clinics(app: Flask) -> None:
    factories.saved(app, lambda: factories.clinic("Leeds Scalp Hair", slug="one"), lambda: factories.clinic(slug="two"))


def test_nothing_starts_before_the_mailbox_says_yes_and_one_press_ends_it(app: Flask) -> None:
    _clinics(app)
    browser = app.test_client()
    assert "/following/new?c=one" in browser.get("/clinics/one").text
    browser.set_cookie("saved", "one.two")
    assert "/following/new" in browser.get("/saved").text
    assert ask(browser, "one", "two").location == "/following/sent"
    assert _count(app, Wanted, Follower) == [1, 0]
    (letter,) = letters(app, READER)
    told = letter["Subject"] + letter.get_content()
    assert "Scalp" not in told
    assert "linic" not in told  # no kind of place is named
    link = links(letter)[0]
    assert browser.get(link).status_code == 200
    assert _count(app, Wanted, Follower) == [1, 0]  # opening is not saying yes
    page = say_yes(app, browser)
    assert _count(app, Wanted, Follower, Followed) == [0, 1, 2]
    assert browser.get(link).status_code == 404
    shown = browser.get(page)
    assert "You hear of 2 clinics" in text_of(shown)
    assert "Leeds Scalp Hair" in shown.text
    assert shown.headers["Referrer-Policy"] == "no-referrer"
    assert READER not in shown.text
    one = next(part for part in shown.text.split('"') if part.startswith(f"{page}/end/"))
    assert browser.post(one, data={"csrf_token": form_token(browser.get(one))}).location == "/following/ended"
    assert _count(app, Follower, Followed) == [1, 1]
    # RFC 8058: a mail program posts this and nothing else, with no cookie and no token
    answer = app.test_client().post(f"{page}/end", data={"List-Unsubscribe": "One-Click"})
    assert (answer.status_code, answer.location) == (200, None)
    assert _count(app, Follower, Followed) == [0, 0]
    assert browser.get(page).status_code == 404


def test_the_answer_is_the_same_for_every_address(app: Flask) -> None:
    """Known, unknown, asked about too often: the same bytes, and no letter more than three a day."""
    _clinics(app)
    browser = app.test_client()
    ask(browser, "one")
    say_yes(app, browser)
    empty_outbox(app)
    known, unknown = (
        ask(a_browser(app, str(place)), "one", email=address)
        for place, address in enumerate([READER, "new@quiet.example"])
    )
    assert (known.status_code, known.data, known.location) == (unknown.status_code, unknown.data, unknown.location)
    again = [ask(a_browser(app, f"x{place}"), "one") for place in range(4)]
    assert {(answer.status_code, answer.location) for answer in again} == {(303, "/following/sent")}
    assert len(letters(app, READER)) == 2  # three a day, the first was before
    assert ask(browser, "one", email="nobody").status_code == 422
    assert ask(browser, "one", topics=[]).status_code == 422


def test_with_an_account_one_press_is_enough_and_all_goes_with_it(app: Flask) -> None:
    _clinics(app)
    loose = app.test_client()
    ask(loose, "one", email="ann@example.org")
    say_yes(app, loose, "ann@example.org")
    browser = member(app, "ann@example.org")
    ask(a_browser(app, "other"), "two", email="ann@example.org")  # waits, unconfirmed
    assert browser.get("/account/following").location.startswith("/following/")
    assert ask(browser, "two", topics=["papers"]).location == "/account/following"
    assert _count(app, Follower, Followed) == [1, 2]  # what began without the account has joined it
    assert "You hear of 2 clinics" in text_of(browser.get("/account/following", follow_redirects=True))
    with app.app_context(), writing():
        user = db.session.scalars(select(User)).one()
        kept = export_person(user)["Letters about clinics you saved"]
        assert kept[0]["clinics"] == ["one", "two"]
        erase_person(user)
        db.session.commit()
    assert _count(app, Follower, Followed, Wanted) == [0, 0, 0]


def test_what_nobody_confirms_or_renews_is_forgotten(app: Flask) -> None:
    _clinics(app)
    browser = app.test_client()
    ask(browser, "one")
    page = say_yes(app, browser)
    ask(browser, "two")
    letters(app)
    empty_outbox(app)
    start = now()

    def after(days: int) -> str:
        with time_machine.travel(start + timedelta(days=days)), app.app_context():
            done = forget_followers()
            drain()
            return done

    assert after(6).startswith("deleted 0 unconfirmed")
    assert after(8).startswith("deleted 1 unconfirmed")
    assert after(699).endswith("asked 0")
    assert after(701).endswith("asked 1")
    assert after(702).endswith("asked 0")
    (letter,) = letters(app, READER)
    assert page in letter.get_content()
    with time_machine.travel(start + timedelta(days=703)):
        assert browser.post(f"{page}/renew", data={"csrf_token": form_token(browser.get(page))}).status_code == 303
    assert "and 0 not renewed" in after(731)
    assert "and 1 not renewed" in after(731 + 703)
    assert _count(app, Follower) == [0]


def test_an_address_is_nowhere_to_be_read(app: Flask) -> None:
    """Neither before the yes nor after it does the database hold the address, outside of a letter on its way."""
    _clinics(app)
    browser = app.test_client()

    def held() -> str:
        with app.app_context():
            return repr([db.session.execute(select(table)).all() for table in Base.metadata.sorted_tables])

    ask(browser, "one")
    letters(app)
    assert READER not in held()
    say_yes(app, browser)
    look(app)
    assert READER not in held()
