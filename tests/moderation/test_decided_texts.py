"""The words as they were when they were decided on: beside the decision, on what comes back, and nowhere once gone."""

import pytest
import sqlalchemy as sa
import time_machine
from flask import Flask
from flask.testing import FlaskClient

from directory.cases.models import Case
from directory.db import db, now, writing
from directory.moderation.rules import RULES
from directory.moderation.signals.models import KINDS, Signal
from directory.moderation.signals.verdict import SPEAKS_OF, answer
from directory.reviews.decided_texts import DecidedText
from directory.reviews.jobs import DECIDED_LIFE, forget_decided
from directory.reviews.models import Review
from tests.accounts.people import submit
from tests.moderation.cast import a_review, decide, moderator, open_cases, take
from tests.reading import text_of
from tests.reviews import authors
from tests.reviews.test_withdraw import kept_rows

BEFORE = "They drew the line twice and took time. My nurse zqxjane was rude to me in the hall."
AFTER = "They drew the line twice and took time. One of the nurses was rude to me in the hall."
ASKED = "Your text calls a nurse by name, and she is not listed here."


def _sent_back(app: Flask) -> tuple[FlaskClient, str, str]:
    """(Ann's browser, the address of her review, its case), after a moderator asked for a change."""
    authors.clinic(app)
    ann = authors.author(app)
    address = authors.draft(ann, text=BEFORE)
    assert authors.fill(ann, f"{address}/sign", **authors.signed()).status_code == 303
    (case,) = open_cases(app, "review")
    assert decide(moderator(app), case, "ask_edit", "personal", ASKED).status_code == 303
    return ann, address, case


def _mend(app: Flask, ann: FlaskClient, address: str, text: str = AFTER) -> str:
    """She writes it anew; the case that it comes back as."""
    (stage,) = authors.reviews(app)[0].stages
    assert authors.fill(ann, f"{address}/stages/{stage.public_id}/edit", text=text).location == address
    (case,) = open_cases(app, "review")
    return case


def test_what_comes_back_shows_what_was_asked_and_what_changed(app: Flask) -> None:
    ann, address, first = _sent_back(app)
    case = _mend(app, ann, address)
    page = moderator(app, "second").get(f"/desk/items/{case}").text
    assert ASKED in page
    assert str(RULES["personal"].words) in page.partition("The words")[0]
    assert "<del>My nurse zqxjane</del>" in page
    assert "<ins>One of the nurses</ins>" in page
    old = moderator(app, "third").get(f"/desk/items/{first}").text
    assert BEFORE in old
    assert "<ins>One of the nurses</ins>" in old


def test_sent_back_as_it_was_it_says_so(app: Flask) -> None:
    ann, address, _first = _sent_back(app)
    page = moderator(app, "second").get(f"/desk/items/{_mend(app, ann, address, BEFORE)}").text
    assert "word for word as it was" in page


@pytest.mark.parametrize("rule", [key for key, rule in RULES.items() if not rule.mended_by_words])
def test_no_change_is_asked_for_where_words_mend_nothing(app: Flask, rule: str) -> None:
    case, first = a_review(app), moderator(app)
    shown = decide(first, case, "ask_edit", "tie" if rule == "reply_identity" else rule)
    assert shown.status_code == 422
    assert ("Other words do not mend that" in shown.text) is (rule != "none_broken")
    with app.app_context():
        assert db.session.query(Case).filter_by(public_id=case).one().state == "open"


def test_a_tie_is_not_mended_and_the_page_does_not_offer_it(app: Flask) -> None:
    case, first = a_review(app), moderator(app)
    take(first, case)
    page = first.get(f"/desk/items/{case}").text
    unmendable = [part.split('value="')[1].split('"')[0] for part in page.split("data-unmendable")[1:]]
    assert set(unmendable) >= {"tie", "experience", "copy", "duplicate"}
    assert not set(unmendable) & {"personal", "threat", "subject"}
    assert 'class="desk-ask"><button class="button" name="act" value="ask_edit"' in page


def test_taken_back_nothing_of_it_is_left_at_the_desk(app: Flask) -> None:
    ann, address, first = _sent_back(app)
    assert len(kept_rows(app, "zqxjane")) >= 2  # the review's own row, and the desk's
    _mend(app, ann, address)
    assert authors.fill(ann, f"{address}/withdraw", sure="y").status_code == 303
    assert kept_rows(app, "zqxjane") == []
    assert kept_rows(app, AFTER[:30]) == []
    assert "zqxjane" not in moderator(app, "second").get(f"/desk/items/{first}").text


@pytest.mark.parametrize(("wish", "published"), [("go", True), ("stay", True), ("stay", False)])
def test_erased_with_its_author_it_is_gone_too(app: Flask, wish: str, published: bool) -> None:
    ann, address, _first = _sent_back(app)
    case = _mend(app, ann, address)
    if published:
        assert decide(moderator(app, "second"), case, "publish").status_code == 303
    assert submit(ann, "/account/erase", sure="y", reviews=wish).location == "/account/erased"
    assert kept_rows(app, "zqxjane") == []
    with app.app_context():
        assert db.session.query(DecidedText).count() == 0


def test_its_author_is_handed_it_out_and_a_year_later_it_is_forgotten(app: Flask) -> None:
    ann, address, _first = _sent_back(app)
    _mend(app, ann, address)
    assert "zqxjane" in ann.get("/account/data.json").text
    with time_machine.travel(now() + DECIDED_LIFE + DECIDED_LIFE / 100), app.app_context():
        forget_decided()
    assert kept_rows(app, "zqxjane") == []


# (signal, rule of the decision, what it says of the signal)
JUDGED = [
    ("tie", "tie", True),
    ("account", "tie", True),
    ("ring", "tie", True),
    ("context", "tie", True),
    ("burst", "experience", True),
    ("near_copy", "copy", True),
    ("near_copy", "tie", True),
    ("origin", "duplicate", True),
    ("tie", "copy", None),
    ("context", "personal", None),
    ("account", "threat", None),
    ("near_copy", "experience", None),
    ("ring", "nudity", None),
    ("context", "none_broken", False),
    ("near_copy", "none_broken", False),
]


@pytest.mark.parametrize(("kind", "rule", "said"), JUDGED)
def test_a_signal_is_judged_by_the_rule_it_speaks_of(kind: str, rule: str, said: bool | None) -> None:
    assert answer(kind, rule) is said


def test_every_signal_speaks_of_rules_that_there_are() -> None:
    assert set(SPEAKS_OF) == set(KINDS)
    assert set.union(*SPEAKS_OF.values()) < set(RULES)


@pytest.mark.parametrize(
    ("act", "rule", "shown"),
    [("redact", "personal", "not judged"), ("refuse", "tie", "held up"), ("publish", "none_broken", "did not hold up")],
)
def test_the_decided_item_says_what_became_of_a_signal(app: Flask, act: str, rule: str, shown: str) -> None:
    case, first = a_review(app), moderator(app)
    with app.app_context(), writing():
        review = db.session.scalars(sa.select(Review)).one()
        words = "Praise from an account opened a minute before"
        db.session.add(Signal(review_id=review.id, kind="account", strength="low", words=words))
        db.session.commit()
    assert decide(first, case, act, rule, sentences="1").status_code == 303
    page = text_of(first.get(f"/desk/items/{case}"))
    assert shown in page.partition(words)[2].partition("Signals order")[0]
