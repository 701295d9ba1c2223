"""What a clinic's people see of their reviews: what every visitor sees, and their own part in it."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from flask import Flask
from sqlalchemy import select

from directory.db import db, now, writing
from directory.manage.digests import send_digests
from directory.reviews.models import Review, Stage
from tests.accounts.people import letters, member
from tests.manage.staff import staff
from tests.moderation.reporting import a_review
from tests.reading import reads_of, text_of

Run = Callable[..., Any]


def test_the_clinic_reads_what_visitors_read_and_no_more(app: Flask, run: Run) -> None:
    number = a_review(app, author="anna.lind@example.org")
    owner = staff(app, run, "owner@example.org", "one")
    page = owner.get("/manage/one/reviews")
    words = text_of(page)
    assert "The dots are too large" in words
    assert "quiet heron" in words
    assert "anna" not in page.text.lower()
    with app.app_context():
        review = db.session.scalars(select(Review)).one()
        assert f"{review.created_at:%Y-%m-%d}" not in page.text
    assert number in page.text


def test_what_is_not_public_does_not_exist(app: Flask, run: Run) -> None:
    number = a_review(app)
    owner = staff(app, run, "owner@example.org", "one")
    with app.app_context(), writing():
        stage = db.session.scalars(select(Stage)).one()
        stage.withdraw()
        db.session.commit()
    assert "Nobody has reviewed this clinic yet" in text_of(owner.get("/manage/one/reviews"))
    for page in ("reply", "dispute"):
        assert owner.get(f"/manage/one/reviews/{number}/{page}").status_code == 404


def test_another_clinics_people_and_members_find_no_page(app: Flask, run: Run) -> None:
    number = a_review(app)
    a_review(app, slug="two", author="second@example.org")
    rival = staff(app, run, "rival@example.org", "two")
    stranger = member(app, "stranger@example.org")
    for path in ("reviews", "invitations", "decisions", "threat", f"reviews/{number}/reply"):
        missing = rival.get(f"/manage/none/{path}")
        for browser in (rival, stranger):
            assert browser.get(f"/manage/one/{path}").status_code == missing.status_code == 404
    assert rival.get(f"/manage/two/reviews/{number}/reply").status_code == 404


def test_the_list_is_read_in_few_statements(app: Flask, run: Run) -> None:
    a_review(app)
    owner = staff(app, run, "owner@example.org", "one")
    with app.app_context(), writing():
        clinic_id = db.session.scalars(select(Review.clinic_id)).one()
        for place in range(45):
            review = Review(clinic_id=clinic_id, pseudonym=f"heron {place}", treated_month="2026-01")
            db.session.add(review)
            db.session.add(
                Stage(review=review, stage="6m", overall=4, text="Calm.", state="published", published_at=now())
            )
        db.session.commit()
    assert len(reads_of(app, owner, "/manage/one/reviews")) <= 13
    assert "Older" in text_of(owner.get("/manage/one/reviews?page=2"))
    assert "Older" not in text_of(owner.get("/manage/one/reviews?page=3"))


def test_the_list_is_in_the_order_of_publication(app: Flask, run: Run) -> None:
    """Not in that of the drafts: what was begun first and published last stands first."""
    first = a_review(app)
    owner = staff(app, run, "owner@example.org", "one")
    with app.app_context(), writing():
        clinic_id = db.session.scalars(select(Review.clinic_id)).one()
        review = Review(clinic_id=clinic_id, pseudonym="late heron", treated_month="2026-01")
        early = now() - timedelta(days=3)
        db.session.add(Stage(review=review, stage="6m", overall=4, text="Calm.", state="published", published_at=early))
        db.session.commit()
        second = review.public_id
    page = owner.get("/manage/one/reviews").text
    assert page.index(f"review-{first}") < page.index(f"review-{second}")


def test_a_letter_a_week_says_only_that_there_is_something(app: Flask, run: Run) -> None:
    a_review(app)
    staff(app, run, "owner@example.org", "one")
    wrote = []
    for days in (1, 5, 5, 12):
        with app.app_context(), writing():
            wrote.append(send_digests(now() + timedelta(days=days)))
            db.session.commit()
    assert wrote == [0, 1, 0, 0]
    (letter,) = [one for one in letters(app, "owner@example.org") if "News" in one["Subject"]]
    assert "/manage/one/reviews" in letter.get_content()
    assert not any(word in letter.get_content() for word in ("quiet heron", "dots", "treat"))
