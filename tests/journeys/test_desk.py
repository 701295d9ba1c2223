"""The desk in a browser: forty mixed items decided with the keyboard alone, and pages that nobody is kept out of."""

from collections.abc import Callable

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from directory.accounts.models import User
from directory.cases.appealing import appeal
from directory.cases.decisions import Decision
from directory.cases.models import Case
from directory.cases.opening import open_case
from directory.clinics.duplicates import DuplicatePair
from directory.db import db, writing
from directory.moderation.duplicate_jobs import bring_duplicates
from directory.moderation.reported import reported_by_subject
from directory.moderation.reports import file_report
from directory.reviews.models import Review
from directory.reviews.replies import Reply
from tests import factories
from tests.journeys.conftest import OUTPUT, Visitor
from tests.journeys.test_pages import SMALLEST, violations
from tests.moderation import cast

Visit = Callable[..., Visitor]
KINDS = ("review", "stage", "reply", "report", "suspicion", "duplicate", "appeal")


def _about(review: Review, kind: str, subject: str, number: int) -> None:
    open_case(
        kind,
        subject=subject,
        subject_id=number,
        clock="review",
        priority="medium",
        reason="Set up for the keyboard",
        clinic_id=review.clinic_id,
        author_id=review.author_id if kind != "reply" else None,
    )


def _published(app: Flask, slug: str, numbers: range) -> list[int]:
    for number in numbers:
        cast.a_review(app, "published", slug=slug, number=number)
    with app.app_context():
        emails = [f"author{number}@example.org" for number in numbers]
        query = db.session.query(Review.id).join(User, User.id == Review.author_id).filter(User.email.in_(emails))
        return [row.id for row in query.order_by(Review.id)]


def _set_up(app: Flask) -> None:
    """Forty items and no other: 16 reviews, 5 edits, 5 replies, 5 reports, 3 suspicions, 3 pairs, 3 appeals."""
    with app.app_context(), writing():
        for case in db.session.query(Case).filter(Case.state.in_(("open", "waiting"))).order_by(Case.id):
            case.withdraw()
        db.session.commit()
    for number in range(100, 116):
        cast.a_review(app, slug="keys", number=number)
    edits, replies, reports, doubts, refused = (
        _published(app, "keys", numbers)
        for numbers in (range(120, 125), range(130, 135), range(140, 145), range(150, 153), range(160, 163))
    )
    with app.test_request_context(), writing():
        for number in edits:
            stage = db.session.get_one(Review, number).stages[0]
            stage.propose("The dots look natural. I would go again, and told a friend.")
            _about(stage.review, "stage", f"stage:{stage.public_id}", stage.id)
        for number in replies:
            review = db.session.get_one(Review, number)
            reply = Reply(review=review, text="Thank you. Please write to us, we want to understand.", state="pending")
            db.session.add(reply)
            db.session.flush()
            _about(review, "reply", f"reply:{reply.public_id}", reply.id)
        for number in reports:
            about = reported_by_subject(f"review:{db.session.get_one(Review, number).public_id}")
            assert about is not None
            file_report(about, kind="notice", ground="fake", text="I do not believe it.", email="r@example.org")
        for number in doubts:
            review = db.session.get_one(Review, number)
            review.suspect("Several reviews came from one place.")
            _about(review, "suspicion", f"review:{review.public_id}", review.id)
        for at in range(3):
            first, second = factories.clinic(slug=f"twin-{at}a"), factories.clinic(slug=f"twin-{at}b")
            db.session.flush()
            db.session.add(DuplicatePair(first_id=first.id, second_id=second.id, reasons=["same telephone"]))
        db.session.commit()
        bring_duplicates()
    _appealed(app, refused)


def _appealed(app: Flask, reviews: list[int]) -> None:
    """Somebody else took them down; their authors appealed."""
    lead = cast.with_role(app, "earlier@desk.example", "lead")
    for number in reviews:
        with app.test_request_context(), writing():
            about = reported_by_subject(f"review:{db.session.get_one(Review, number).public_id}")
            assert about is not None
            case = file_report(about, kind="notice", ground="fake", text="Not true.", email="r@example.org").case
            db.session.commit()
            public_id = case.public_id
        assert cast.decide(lead, public_id, "remove", "experience").status_code == 303
        with app.test_request_context(), writing():
            decided = db.session.query(Decision).order_by(Decision.id.desc()).first()
            assert decided is not None
            author = db.session.get_one(User, decided.statements[0].to_user_id)
            assert appeal(decided.statements[0], "I was there, and it was so.", by=author) is not None
            db.session.commit()


def _press(page: Page, *keys: str) -> None:
    """Once the page listens to keys, press these."""
    expect(page.get_by_role("button", name="Turn keys off")).to_be_visible()
    for key in keys:
        page.keyboard.press(key)


def _decide_by_keys(page: Page) -> str:
    """Take the first item of the queue and decide it with keys; the kind that it was."""
    _press(page, "o")
    expect(page.locator("[data-decide]")).to_be_visible()
    words = page.locator("h1").inner_text().partition(":")[0]
    if words in {"Appeal", "Imported twice?"}:
        _press(page, "i")
        page.keyboard.type("We read both sides again and looked each fact up.")
        page.keyboard.press("Escape")
    _press(page, "a")
    expect(page.get_by_text("Decided.", exact=True)).to_be_visible()
    return words


def test_forty_mixed_items_by_keyboard_alone(visit: Visit, office: Flask) -> None:
    _set_up(office)
    visitor = visit(width=1440)
    visitor.sit_down(cast.moderator(office, "keyboard"))
    page = visitor.open("/desk/")
    kinds = [_decide_by_keys(page) for _ in range(38)]
    # The last two are refused: a rule by its number, the act by its letter.
    for _ in range(2):
        _press(page, "o")
        expect(page.locator("[data-decide]")).to_be_visible()
        kinds.append(page.locator("h1").inner_text().partition(":")[0])
        _press(page, "i")
        page.keyboard.type("Looked up with care: this is what was found.")
        page.keyboard.press("Escape")
        page.keyboard.press("r")
        expect(page.get_by_text("Decided.", exact=True)).to_be_visible()
    assert len(set(kinds)) == len(KINDS)
    visitor.insist_on_calm()
    with office.app_context():
        who = db.session.query(User).filter_by(email="keyboard@desk.example").one().id
        assert db.session.query(Decision).filter_by(by_id=who).count() == 40
        assert db.session.query(Case).filter(Case.state == "open").count() == 0


def test_a_refusal_by_keys_names_the_rule(visit: Visit, office: Flask) -> None:
    case = cast.a_review(office, slug="refused", number=200)
    visitor = visit(width=1440)
    visitor.sit_down(cast.moderator(office, "refuser"))
    page = visitor.open(f"/desk/items/{case}")
    for key in ("o", "4"):
        _press(page, key)
        expect(page.locator("[data-decide]")).to_be_visible()
    expect(page.get_by_role("textbox", name="Why, in words")).to_have_value(
        "This part names or describes a person who is not listed here: "
    )
    page.keyboard.press("i")
    page.keyboard.press("End")
    page.keyboard.type("the nurse.")
    page.keyboard.press("Escape")
    page.keyboard.press("r")
    expect(page.get_by_text("Decided.", exact=True)).to_be_visible()
    with office.app_context():
        made = db.session.query(Decision).order_by(Decision.id.desc()).first()
        assert made is not None
        assert (made.act, made.rule) == ("refuse", "personal")
        assert made.statement.endswith("not listed here: the nurse.")


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_desk_is_open_to_everybody_who_works_there(visit: Visit, office: Flask, theme: str) -> None:
    case = cast.a_review(office, slug="seen", number=300 if theme == "light" else 301)
    other = cast.a_review(office, slug="seen", number=310 if theme == "light" else 311)
    browser = cast.with_role(office, f"{theme}@desk.example", "lead")
    assert cast.take(browser, case).status_code == 303
    visitor = visit(width=1440, dark=theme == "dark")
    visitor.sit_down(browser)
    OUTPUT.mkdir(parents=True, exist_ok=True)
    for name, address in (
        ("queue", "/desk/"),
        ("decided", "/desk/?tab=decided"),
        ("item", f"/desk/items/{case}"),
        ("item-free", f"/desk/items/{other}"),
        ("ties", "/desk/ties"),
        ("saved", "/desk/saved-replies"),
        ("keys", "/desk/keys"),
    ):
        page = visitor.open(address)
        wrong = violations(page)
        for width in (1440, 390):
            page.set_viewport_size({"width": width, "height": 900})
            page.screenshot(path=OUTPUT / f"desk-{name}-{width}-{theme}.png", full_page=True)
        page.set_viewport_size({"width": SMALLEST, "height": 640})
        wrong += [f"{address} at {SMALLEST}: {line}" for line in violations(page)]
        assert wrong == []
        page.set_viewport_size({"width": 1440, "height": 900})
    visitor.insist_on_calm()
