"""Step 1: the visit. Nothing is written by looking; a draft begun before is gone on with."""

import pytest
from flask import Flask

from directory.db import now
from tests import factories
from tests.accounts.people import submit
from tests.reviews.authors import author, begin, clinic, fill, month_ago, reviews, visited


def test_whoever_is_not_signed_in_is_led_back_afterwards(app: Flask) -> None:
    clinic(app)
    answer = app.test_client().get("/clinics/one/reviews/new")
    assert answer.status_code == 303
    assert answer.location == "/account/sign-in?next=/clinics/one/reviews/new"


def test_the_page_names_the_clinic_and_its_people_and_writes_nothing(app: Flask) -> None:
    def make() -> None:
        place = factories.clinic("First Rooms", slug="one")
        factories.practitioner("Ada Osei", at=place)

    factories.saved(app, make)
    page = author(app).get("/clinics/one/reviews/new").text
    for words in ("First Rooms", "Ada Osei", "Step 1 of 3: the visit", "What happens next", "48 hours", "14 days"):
        assert words in page
    assert reviews(app) == []


@pytest.mark.parametrize("status", ["suspended", "closed", "erased"])
def test_a_clinic_nobody_can_go_to_cannot_be_reviewed(app: Flask, status: str) -> None:
    clinic(app, status=status)
    ann = author(app)
    assert ann.get("/clinics/one/reviews/new").status_code == 404
    assert ann.get("/clinics/never-was/reviews/new").status_code == 404


WRONG = [
    # answers, a part of the message, the field it stands on
    ({"goal": ""}, "Choose what was done.", "goal"),
    ({"goal": "made-up"}, "Choose one of the answers.", "goal"),
    ({"month": "0"}, "Choose the month.", "month"),
    ({"month": "13"}, "Choose the month.", "month"),
    ({"year": "x"}, "", "year"),
    ({"year": str(now().year - 20)}, "That is too long ago", "year"),
    (month_ago(-1), "That month is yet to come.", "year"),
    ({"sessions": "99"}, "A number from 1 to 20", "sessions"),
    ({"sessions": "two"}, "", "sessions"),
    ({"price_band": "over_5000", "currency": ""}, "Say in which money you paid.", "currency"),
    ({"practitioner": "999"}, "Choose one of the answers.", "practitioner"),
]


@pytest.mark.parametrize(("answers", "words", "field"), WRONG, ids=lambda value: str(value)[:30])
def test_what_is_wrong_is_said_on_its_field_and_the_rest_is_kept(
    app: Flask, answers: dict[str, str], words: str, field: str
) -> None:
    clinic(app)
    typed = {**visited(), "sessions": "3", **answers}
    page = submit(author(app), "/clinics/one/reviews/new", **typed)
    assert page.status_code == 422
    assert words in page.text
    assert f'href="#{field}"' in page.text
    assert f'id="{field}-error"' in page.text
    if typed["goal"] == "hairline":
        assert 'selected value="hairline"' in page.text
    if typed["sessions"] == "3":
        assert 'value="3"' in page.text
    assert reviews(app) == []


def test_answers_are_kept_and_can_be_changed(app: Flask) -> None:
    clinic(app)
    ann = author(app)
    address = begin(ann, sessions="3", price_band="1000_2000", currency="GBP")
    (review,) = reviews(app)
    assert (review.goal, review.sessions, review.price_band, review.currency) == ("hairline", 3, "1000_2000", "GBP")
    page = ann.get(f"{address}/visit").text
    assert 'selected value="1000_2000"' in page
    assert submit(ann, f"{address}/visit", **visited(sessions="4")).location == f"{address}/result"
    (review,) = reviews(app)
    assert (review.sessions, review.price_band, review.currency) == (4, "", "")


def test_a_draft_is_gone_on_with_from_the_clinic_and_from_the_account(app: Flask) -> None:
    clinic(app)
    ann = author(app)
    address = begin(ann)
    assert ann.get("/clinics/one/reviews/new").location == f"{address}/result"
    assert address in ann.get("/account/reviews").text
    assert "A draft waits to be finished" in ann.get(address).text


def test_an_invitations_code_is_brought_along(app: Flask) -> None:
    clinic(app)
    page = fill(author(app), "/clinics/one/reviews/new", code="ABCD-EFGH")
    assert page.status_code == 200
    assert 'value="ABCD-EFGH"' in page.text
    assert 'id="goal-error"' not in page.text
