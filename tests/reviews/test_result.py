"""Step 2: the result; what is wrong is said on its field, what was typed stays."""

import pytest
from flask import Flask

from directory.reviews.forms import plain_text
from tests.accounts.people import submit
from tests.reviews.authors import TEXT, author, begin, clinic, judged, reviews

WRONG = [
    ({"overall": ""}, "Choose how good the result is.", "overall"),
    ({"overall": "6"}, "Choose one of the answers.", "overall"),
    ({"again": ""}, "Say whether you would choose them again.", "again"),
    ({"stage": "12m"}, "Too few months have passed", "stage"),
    ({"stage": "24m"}, "Choose one of the answers.", "stage"),
    ({"text": ""}, "Tell what happened, in your own words.", "text"),
    ({"text": "Good."}, "Say a little more", "text"),
    ({"text": "ab " * 2_000}, "Use at most 5,000 letters.", "text"),
    ({"hygiene": "9"}, "Choose one of the answers.", "hygiene"),
    ({"language": "xx"}, "", "language"),
]


@pytest.mark.parametrize(("answers", "words", "field"), WRONG, ids=lambda value: str(value)[:30])
def test_what_is_wrong_is_said_on_its_field(app: Flask, answers: dict[str, str], words: str, field: str) -> None:
    clinic(app)
    ann = author(app)
    address = begin(ann)
    page = submit(ann, f"{address}/result", **judged(comfort="2", **{"text": TEXT, **answers}))
    assert page.status_code == 422
    assert words in page.text
    assert f'id="{field}-error"' in page.text
    assert "text" in answers or TEXT in page.text
    assert reviews(app)[0].stages[0].overall is None


def test_the_draft_is_saved_and_the_stage_follows_from_the_month(app: Flask) -> None:
    clinic(app)
    ann = author(app)
    address = begin(ann)
    page = ann.get(f"{address}/result").text
    assert "7 months ago:" in page
    assert "a healed review." in page
    marks = {"natural_look": "5", "hygiene": "4", "comfort": ""}
    assert submit(ann, f"{address}/result", **judged(**marks)).location == f"{address}/sign"
    (stage,) = reviews(app)[0].stages
    assert (stage.stage, stage.overall, stage.again) == ("6m", 4, True)
    assert stage.sub_ratings == {"natural_look": 5, "hygiene": 4}
    page = ann.get(f"{address}/result").text
    assert TEXT in page
    assert "Draft saved" in page


@pytest.mark.parametrize(("go", "there"), [("back", "{}/visit"), ("list", "/account/reviews")])
def test_going_back_or_away_keeps_what_was_typed(app: Flask, go: str, there: str) -> None:
    clinic(app)
    ann = author(app)
    address = begin(ann)
    page = ann.get(f"{address}/result").text
    assert f'name="go" value="{go}"' in page
    answer = submit(ann, f"{address}/result", overall="4", hygiene="5", text="Not yet thir", language="de", go=go)
    assert answer.location == there.format(address)
    (review,) = reviews(app)
    (stage,) = review.stages
    assert (stage.overall, stage.sub_ratings, stage.text) == (4, {"hygiene": 5}, "Not yet thir")
    assert review.language == "de"
    assert "Not yet thir" in ann.get(f"{address}/result").text


def test_the_last_step_waits_for_the_second(app: Flask) -> None:
    clinic(app)
    ann = author(app)
    address = begin(ann)
    assert ann.get(f"{address}/sign").location == f"{address}/result"


PLAIN = [
    ("one\r\n\r\n\r\n\r\ntwo", "one\n\ntwo"),
    ("a\u202eb\0c\u200b", "abc"),  # direction overrides, NUL, invisible letters
    ("  <b>kept as typed</b>  ", "<b>kept as typed</b>"),
    ("\n\n", ""),
    (None, ""),
]


@pytest.mark.parametrize(("typed", "kept"), PLAIN)
def test_text_is_plain(typed: str | None, kept: str) -> None:
    assert plain_text(typed) == kept


def test_markup_is_shown_as_it_was_typed(app: Flask) -> None:
    clinic(app)
    ann = author(app)
    address = begin(ann)
    submit(ann, f"{address}/result", **judged(text="<script>alert(1)</script> and thirty letters more of it"))
    page = ann.get(f"{address}/sign").text
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)" in page
