"""Somebody asks for the page about them: linked by number and registered address, or looked at by a checker."""

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from directory import jobs
from directory.credentials.page_requests import PageRequest
from directory.db import db, writing
from directory.practitioners.accounts import PractitionerAccount, invite
from tests import factories
from tests.accounts.people import letters, member, submit
from tests.credentials import papers
from tests.moderation.cast import decide, open_cases, reverse, with_role
from tests.reading import text_of

Run = Callable[..., Any]
AMARA, OTHER = "amara@example.org", "other@example.org"
ASK = "/account/credentials/page?page=amara"
WHY = "The clinic, reached at the number on its door, does not know this address."


@pytest.fixture
def amara(app: Flask) -> FlaskClient:
    """Her clinic registered her address when it sent a link that is long dead; her licence is known here."""
    with app.app_context(), writing():
        studio, person = papers.leeds()
        db.session.flush()
        papers.verified("gb-eng-person", person, "LCC/SP/00417")
        invite(person, clinic_id=studio.id, email=AMARA)
        factories.commit()
    return member(app, AMARA)


def _ask(browser: FlaskClient, number: str = "lcc sp 417") -> TestResponse:
    return submit(browser, ASK, issuer="gb-eng-council", number=number)


def _linked(app: Flask) -> list[int]:
    with app.app_context():
        jobs.drain()
        return [one.user_id for one in db.session.query(PractitionerAccount)]


def test_number_and_address_agree_and_the_page_is_hers(app: Flask, amara: FlaskClient) -> None:
    assert "Is this you?" in app.test_client().get("/practitioners/amara").text
    assert _ask(amara).status_code == 303
    assert len(_linked(app)) == 1
    assert "is yours" in letters(app, AMARA)[-1]["Subject"]
    assert "Hand one in" in text_of(amara.get("/account/credentials/"))
    assert not open_cases(app, "page_request")


@pytest.mark.parametrize(
    ("email", "number"),
    [(OTHER, "LCC/SP/00417"), (AMARA, "LCC/SP/99999"), (OTHER, "LCC/SP/99999")],
    ids=["another address", "another number", "neither"],
)
def test_anything_less_is_answered_alike_and_looked_at(app: Flask, amara: FlaskClient, email: str, number: str) -> None:
    """What is read at once is the same to the letter, hit or miss: the comparison has not run yet."""
    browser = amara if email == AMARA else member(app, email)
    missed = _ask(browser, number)
    shown = browser.get(str(missed.location)).text
    assert "We compare it." in shown
    assert not _linked(app)
    (case,) = open_cases(app, "page_request")
    desk = with_role(app, "checker@desk.example", "checker")
    item = text_of(desk.get(f"/desk/items/{case}"))
    assert number in item
    assert decide(desk, case, "refuse", "finding", WHY).status_code == 303
    assert not _linked(app)
    statements = browser.get("/account/statements").text
    statement = statements.split('href="/account/statements/')[1].split('"')[0]
    assert WHY in text_of(browser.get(f"/account/statements/{statement}"))
    submit(browser, f"/account/statements/{statement}/appeal", text="I married and have another address now.")
    (appeal,) = open_cases(app, "appeal")
    reverse(app, appeal, "A passport and the licence were shown.")
    (again,) = open_cases(app, "page_request")
    second = with_role(app, "second@desk.example", "checker")
    assert decide(second, again, "link", "finding", "Seen at the clinic's own desk.").status_code == 303
    assert len(_linked(app)) == 1


def test_a_page_that_is_somebodys_already_is_never_taken(app: Flask, amara: FlaskClient) -> None:
    _ask(amara)
    assert len(_linked(app)) == 1
    with app.app_context(), writing():
        holder = db.session.query(PractitionerAccount).one()
        holder.user_id = papers.person("first@example.org").id
        factories.commit()
    before = _linked(app)
    _ask(amara)
    assert _linked(app) == before
    (case,) = open_cases(app, "page_request")
    desk = with_role(app, "checker@desk.example", "checker")
    answer = decide(desk, case, "link", "finding", "It looks like the same person.")
    assert answer.status_code == 422
    assert "has an account already" in text_of(answer)
    assert _linked(app) == before


def test_it_is_asked_once_and_a_few_times_a_day(app: Flask, amara: FlaskClient) -> None:
    for _ in range(5):
        assert _ask(amara, "1").status_code == 303
    assert _ask(amara, "1").status_code == 429
    with app.app_context():
        assert db.session.query(PageRequest).count() == 1
    assert len(_linked(app)) == 0


def test_there_is_nothing_to_ask_for_without_a_page(amara: FlaskClient) -> None:
    assert "press “Is this you?”" in text_of(amara.get("/account/credentials/page"))
    assert amara.get("/account/credentials/page?page=never-was").status_code == 404
    assert _ask(amara, " ").status_code == 422
