"""Invitations: made for every client, good once, counted so that nobody can be found out."""

import csv
import io
import re
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from directory.db import db, writing
from directory.manage.issuing import tally
from directory.reviews.invitations import Invitation, digest_of, use
from directory.reviews.models import Review
from tests.accounts.people import member, submit
from tests.manage.staff import staff
from tests.moderation.reporting import a_review
from tests.reading import text_of


@pytest.fixture
def owner(app: Flask, run: Callable[..., Any]) -> FlaskClient:
    a_review(app)
    return staff(app, run, "owner@example.org", "one")


def _codes(owner: FlaskClient, number: int = 20) -> list[str]:
    made = submit(owner, "/manage/one/invitations", number=str(number)).location
    rows = list(csv.reader(io.StringIO(owner.get(made + "/codes.csv").text)))
    assert rows[0] == ["code", "address"]
    return [row[0] for row in rows[1:]]


def test_a_batch_as_list_links_and_cards(app: Flask, owner: FlaskClient) -> None:
    made = submit(owner, "/manage/one/invitations", number="12").location
    codes = re.findall(r'class="code">([0-9A-Z-]{19})<', owner.get(made).text)
    assert len(set(codes)) == 12
    cards = owner.get(made + "/cards").text
    assert cards.count('<svg class="invitation-qr"') == 12
    assert all(f"localhost:8000/i/<wbr>{code}<" in cards for code in codes), "a card can be typed as well as pointed at"
    with app.app_context():
        kept = set(db.session.scalars(select(Invitation.digest)))
        assert kept == {digest_of(code) for code in codes}


def test_a_card_leads_to_the_form_and_looks_the_same_once_used(app: Flask, owner: FlaskClient) -> None:
    code = _codes(owner, 1)[0]
    visitor = app.test_client()
    before = visitor.get(f"/i/{code}")
    assert "You are invited to review Clinic one" in text_of(before)
    assert '/clinics/one/reviews/new"' in before.text
    assert before.headers["Referrer-Policy"] == "no-referrer"
    assert "The first step asks for it" in text_of(before)
    assert 'name="code"' in member(app, "client@example.org").get("/clinics/one/reviews/new").text
    with app.app_context(), writing():
        clinic_id = db.session.scalars(select(Review.clinic_id)).one()
        assert use(digest_of(code.lower().replace("-", " ")), clinic_id)
        assert not use(digest_of(code), clinic_id)
        db.session.commit()
    assert visitor.get(f"/i/{code}").text == before.text
    assert visitor.get("/i/AAAA-AAAA-AAAA-AAAA").status_code == 404


def test_the_clinic_reads_one_number_in_fives_that_moves_once_a_month(app: Flask, owner: FlaskClient) -> None:
    codes = _codes(owner, 20)

    def use_and_tally(some: list[str], month: str) -> str:
        with app.app_context(), writing():
            clinic_id = db.session.scalars(select(Review.clinic_id)).one()
            for code in some:
                assert use(digest_of(code), clinic_id)
            tally(month)
            db.session.commit()
        return text_of(owner.get("/manage/one/invitations"))

    assert "Counted at the beginning of each month" in text_of(owner.get("/manage/one/invitations"))
    assert "fewer than 5, at the beginning of 2026-10" in use_and_tally(codes[:4], "2026-10")
    assert "fewer than 5, at the beginning of 2026-10" in use_and_tally(codes[4:9], "2026-10")  # same month
    assert "at least 5, at the beginning of 2026-11" in use_and_tally([], "2026-11")


# What is asked for, and what is said.
WRONG = [("", "Say how many"), ("0", "From 1 to 200"), ("201", "From 1 to 200"), ("ten", "Not a valid integer")]


@pytest.mark.parametrize(("number", "said"), WRONG)
def test_bad_numbers(owner: FlaskClient, number: str, said: str) -> None:
    answer = submit(owner, "/manage/one/invitations", number=number)
    assert answer.status_code == 422
    assert said in text_of(answer)


def test_no_more_than_a_clinic_has_clients(app: Flask, owner: FlaskClient) -> None:
    for _ in range(3):
        assert submit(owner, "/manage/one/invitations", number="200").status_code == 303
    assert submit(owner, "/manage/one/invitations", number="1").status_code == 422
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(Invitation)) == 600


def test_sent_twice_made_once(app: Flask, owner: FlaskClient) -> None:
    answers = {submit(owner, "/manage/one/invitations", number="5", once="same").location for _ in range(2)}
    assert len(answers) == 1
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(Invitation)) == 5


def test_other_clinics_batches_do_not_exist(app: Flask, run: Callable[..., Any], owner: FlaskClient) -> None:
    made = submit(owner, "/manage/one/invitations", number="5").location
    a_review(app, slug="two", author="second@example.org")
    rival = staff(app, run, "rival@example.org", "two")
    for end in ("", "/cards", "/codes.csv"):
        assert rival.get(made.replace("/one/", "/two/") + end).status_code == 404
