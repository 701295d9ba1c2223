"""A visitor reads the reviews on a clinic's page."""

import json
import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from directory.cases.decisions import Statement
from directory.clinics.models import Clinic
from directory.db import db, now, writing
from directory.moderation.alerts import Alert
from directory.reviews.models import Review
from tests.factories import clinic, saved
from tests.reading import reads_of, text_of
from tests.reviews.published import add, change, statement, told

Page = Callable[[str], TestResponse]


def _one(app: Flask, **facts: Any) -> None:
    saved(app, lambda: clinic("First Rooms", slug="one", **facts))


def _many(app: Flask, *kinds: tuple[str, int], slug: str = "one") -> None:
    """One review for each stage and stars."""
    with app.app_context(), writing():
        place = db.session.query(Clinic).filter_by(slug=slug).one()
        for stage, stars in kinds:
            add(place, stages=((stage, stars),))
        db.session.commit()


def _structured(answer: TestResponse) -> dict[str, Any]:
    found = re.search(r'<script type="application/ld\+json">(.*?)</script>', answer.text, re.DOTALL)
    assert found
    facts: dict[str, Any] = json.loads(found[1])
    return facts


def test_nobody_has_written_yet(app: Flask, page: Page) -> None:
    _one(app)
    text = text_of(page("/clinics/one"))
    assert "No reviews yet" in text
    assert "Write a review" in text
    assert "Newest first" not in text


def test_too_few_to_score_says_how_many_more(app: Flask, page: Page) -> None:
    _one(app)
    _many(app, ("6m", 5), ("6m", 4))
    answer = page("/clinics/one")
    text = text_of(answer)
    assert "Too few reviews to score" in text
    assert "2 counted. About 1 more is needed." in text
    assert "aggregateRating" not in _structured(answer)
    assert 'class="score-number"' not in answer.text


def test_the_score_its_number_and_its_spread(app: Flask, page: Page) -> None:
    _one(app)
    _many(app, ("6m", 5), ("12m", 5), ("6w", 4), ("fresh", 1), ("6m", 5))
    answer = page("/clinics/one")
    text = text_of(answer)
    assert "5 counted reviews 4 healed · 1 fresh" in text
    assert "5 3 healed, 0 fresh 3 4 1 healed, 0 fresh 1" in text
    assert "1 0 healed, 1 fresh 1" in text
    assert "How we check reviews" in text
    shown = re.search(r'class="score-number">([\d.]+)<', answer.text)
    assert shown
    rating = _structured(answer)["aggregateRating"]
    assert (str(rating["ratingValue"]), rating["reviewCount"]) == (shown[1], 5)
    assert len(_structured(answer)["review"]) == 5
    assert {one["datePublished"] for one in _structured(answer)["review"]} == {f"{now():%Y-%m}"}


def test_one_person_has_one_voice_for_each_month_at_a_clinic(app: Flask, page: Page) -> None:
    """Of two episodes of the same month the newest counts; both can be read."""
    _one(app)
    _many(app, ("6m", 5), ("6m", 5), ("6m", 5), ("6m", 5))
    assert "4 counted reviews" in text_of(page("/clinics/one"))
    with app.app_context(), writing():
        first, second, *_rest = db.session.query(Review).order_by(Review.id)
        second.author_id, second.episode = first.author_id, 2
        second.shown_otherwise()
        newest = second.public_id
        db.session.commit()
    assert "3 counted reviews" in text_of(page("/clinics/one"))
    change(app, newest, lambda review: review.withdraw())
    assert "3 counted reviews" in text_of(page("/clinics/one"))  # the earlier one has its voice again


def test_nothing_is_told_to_machines_of_an_invented_clinic(app: Flask, page: Page) -> None:
    _one(app, is_example=True)
    _many(app, *[("6m", 5)] * 4)
    answer = page("/clinics/one")
    assert "ld+json" not in answer.text
    assert "This clinic is invented, and so are its reviews." in text_of(answer)


@pytest.mark.parametrize(
    ("stage", "seen"),
    [
        ("", {"fresh", "6w", "6m", "12m"}),
        ("healed", {"6w", "6m", "12m"}),
        ("12m", {"12m"}),
        ("fresh", {"fresh"}),
        ("not-counted", set()),
        ("nonsense", {"fresh", "6w", "6m", "12m"}),
    ],
)
def test_reviews_of_one_stage(app: Flask, page: Page, stage: str, seen: set[str]) -> None:
    _one(app)
    _many(app, ("fresh", 2), ("6w", 3), ("6m", 4), ("12m", 5))
    text = page(f"/clinics/one?stage={stage}").text
    assert set(re.findall(r"soft\. \((\w+)\)", text)) == seen


def test_order_and_pages_show_each_review_once(app: Flask, page: Page, client: FlaskClient) -> None:
    _one(app)
    _many(app, *[("fresh", 3)] * 9, *[("12m", 5)] * 4)
    first, second = page("/clinics/one?sort=healed"), page("/clinics/one?sort=healed&page=2")
    names = [re.findall(r'id="review-(\S+?)"', answer.text) for answer in (first, second)]
    assert [len(some) for some in names] == [10, 3]
    assert len({*names[0], *names[1]}) == 13
    assert re.findall(r"soft\. \((\w+)\)", first.text)[:5] == ["12m"] * 4 + ["fresh"]
    assert '<meta name="robots" content="noindex">' in second.text
    assert '<link rel="canonical" href="http://localhost:8000/clinics/one">' in second.text
    assert "ld+json" not in second.text
    assert client.get("/clinics/one?page=3").status_code == 404


def test_stages_of_one_treatment_stand_together_and_count_once(app: Flask, page: Page) -> None:
    _one(app)
    told(app, stages=(("fresh", 5), ("12m", 2)))
    answer = page("/clinics/one")
    assert answer.text.count('<article class="voice"') == 1
    text = text_of(answer)
    assert text.index("soft. (12m)") < text.index("Said before:") < text.index("soft. (fresh)")
    assert "1 counted." in text
    assert text_of(page("/clinics/one?stage=fresh")).count("None of them.") == 1


def _remove(review: Review) -> None:
    review.stages[0].remove(statement(review))


def _set_aside(review: Review) -> None:
    review.set_aside(statement(review, "tie", restriction="set_aside"))


def _redact(review: Review) -> None:
    review.stages[0].redact("The dots look natural.", statement(review, restriction="redacted"))


@pytest.mark.parametrize(
    ("verb", "says", "is_read", "counts"),
    [
        (_remove, "A review stood here. Removed on", False, False),
        (Review.withdraw, "Its author took it back in", False, False),
        (Review.put_under_review, "Reported, and being looked at.", True, True),
        (Review.dispute, "The clinic disputes what it says.", True, True),
        (_redact, "One part was taken out by a moderator: Personal data of a person not listed.", True, True),
        (lambda review: review.suspect("Many came in at once."), "Not counted in the score: Many came", True, False),
        (_set_aside, "Written or paid for by someone with a tie.", True, False),
    ],
)
def test_what_became_of_a_review_is_told(
    app: Flask, page: Page, verb: Any, says: str, is_read: bool, counts: bool
) -> None:
    _one(app)
    public_id = told(app)
    change(app, public_id, verb)
    apart = is_read and not counts
    text = text_of(page("/clinics/one?stage=not-counted" if apart else "/clinics/one"))
    assert says in text
    assert ("The dots look natural" in text) == is_read
    assert ("1 counted." in text) == counts
    if apart:
        assert "1 does not and can be read apart" in text
        assert "The dots look natural" not in text_of(page("/clinics/one"))
    assert says in text_of(page(f"/reviews/{public_id}"))


def test_an_incentive_another_language_and_the_visit_are_labelled(app: Flask, page: Page) -> None:
    _one(app)
    told(app, incentive="A free touch-up", language="pl")
    told(app, verification="contact")
    text = text_of(page("/clinics/one?stage=not-counted"))
    assert "Something was given or promised for it: A free touch-up" in text
    assert "Written in Polish" in text
    assert "Visit proven" in text
    assert "Contact confirmed" in text_of(page("/clinics/one"))


def test_a_page_kept_by_the_process_is_drawn_anew_after_each_change(app: Flask, page: Page) -> None:
    _one(app)
    public_id = told(app)
    before = page("/clinics/one")
    assert page("/clinics/one").headers["ETag"] == before.headers["ETag"]
    change(app, public_id, Review.put_under_review)
    after = page("/clinics/one")
    assert after.headers["ETag"] != before.headers["ETag"]
    assert "being looked at" in after.text


def test_the_page_names_no_author(app: Flask, page: Page) -> None:
    _one(app)
    public_id = told(app)
    with app.app_context():
        review = db.session.query(Review).filter_by(public_id=public_id).one()
        assert review.author_id
    for address in ("/clinics/one", f"/reviews/{public_id}"):
        assert "@example.org" not in page(address).text


def test_few_statements_however_many_reviews(app: Flask, client: FlaskClient) -> None:
    _one(app)
    _many(app, *[("6m", 5)] * 25)
    with app.app_context(), writing():
        for review in db.session.query(Review).limit(4):
            _remove(review)
        db.session.commit()
    assert len(reads_of(app, client, "/clinics/one")) <= 21


def test_hostile_words_stay_words(app: Flask, page: Page) -> None:
    vector = "\"'></script><script>alert(1)</script>"
    _one(app)
    _many(app, *[("6m", 5)] * 3)
    told(app, text=vector, pseudonym=vector, incentive=vector)
    told(app, text=vector, pseudonym=vector)
    for address in ("/clinics/one", "/clinics/one?stage=not-counted"):
        answer = page(address)
        assert "<script>alert" not in answer.text
        assert answer.text.count("<script") == answer.text.count("</script>")


def test_an_alert_stands_until_it_ends(app: Flask, page: Page) -> None:
    _one(app)
    public_id = told(app)

    def alert(review: Review) -> None:
        number = statement(review)
        db.session.add(
            Alert(
                clinic_id=review.clinic_id,
                decision_id=db.session.get_one(Statement, number).decision_id,
                kind="paid",
                words="Nine reviews were written from one shop.",
                ends_at=now() + timedelta(days=90),
            )
        )
        review.shown_otherwise()

    change(app, public_id, alert)
    text = text_of(page("/clinics/one"))
    assert "We saw that reviews of this clinic were paid for" in text
    assert "Nine reviews were written from one shop." in text
