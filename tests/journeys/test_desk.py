"""The desk in a browser: forty mixed items decided with the keyboard alone, and pages that nobody is kept out of."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from directory.accounts.models import User
from directory.cases.appealing import appeal
from directory.cases.decisions import Decision
from directory.cases.models import Case
from directory.cases.opening import open_case
from directory.clinics.duplicates import DuplicatePair
from directory.db import db, now, writing
from directory.moderation.duplicate_jobs import bring_duplicates
from directory.moderation.reported import reported_by_subject
from directory.moderation.reports import file_report
from directory.moderation.saved_replies import SavedReply
from directory.reviews.models import Review
from directory.reviews.replies import Reply
from tests import factories
from tests.journeys.conftest import OUTPUT, Visitor
from tests.journeys.test_pages import SMALLEST, violations
from tests.moderation import cast

Visit = Callable[..., Visitor]
DRAFT = "This part names or describes a person who is not listed here: "
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
    """Once the page listens to keys, and all its scripts have run, press these."""
    page.wait_for_load_state()
    expect(page.get_by_role("button", name="Turn keys off")).to_be_visible()
    for key in keys:
        page.keyboard.press(key)


def _decide_by_keys(page: Page, refusals: int = 0) -> str:
    """Take the first item of the queue and decide it with keys; the kind that it was. A review may be refused."""
    _press(page, "o")
    expect(page.locator("[data-decide]")).to_be_visible()
    words = page.locator("h1").inner_text().partition(":")[0]
    refuses = words == "Review" and refusals > 0
    if words not in {"Appeal", "Imported twice?"}:
        _press(page, "4" if refuses else "0")  # nothing is chosen before
    if refuses or words in {"Appeal", "Imported twice?"}:
        _press(page, "i")
        page.keyboard.type("We read both sides again and looked each fact up.")
        page.keyboard.press("Escape")
    _press(page, "r" if refuses else "a")
    expect(page.get_by_text("Decided.", exact=True)).to_be_visible()
    return f"{words} refused" if refuses else words


def test_forty_mixed_items_by_keyboard_alone(visit: Visit, office: Flask) -> None:
    _set_up(office)
    visitor = visit(width=1440)
    visitor.sit_down(cast.moderator(office, "keyboard"))
    page = visitor.open("/desk/")
    kinds: list[str] = []
    for _ in range(40):
        kinds.append(_decide_by_keys(page, 2 - kinds.count("Review refused")))
    assert kinds.count("Review refused") == 2
    assert len({kind.removesuffix(" refused") for kind in kinds}) == len(KINDS)
    visitor.insist_on_calm()
    with office.app_context():
        who = db.session.query(User).filter_by(email="keyboard@desk.example").one().id
        assert db.session.query(Decision).filter_by(by_id=who).count() == 40
        assert db.session.query(Decision).filter_by(by_id=who, rule="personal", act="refuse").count() == 2
        assert db.session.query(Case).filter(Case.state == "open").count() == 0


def test_a_refusal_by_keys_names_the_rule(visit: Visit, office: Flask) -> None:
    case = cast.a_review(office, slug="refused", number=200)
    visitor = visit(width=1440)
    visitor.sit_down(cast.moderator(office, "refuser"))
    page = visitor.open(f"/desk/items/{case}")
    for key in ("o", "4"):
        _press(page, key)
        expect(page.locator("[data-decide]")).to_be_visible()
    statement = page.get_by_role("textbox", name="Why, in words")
    expect(statement).to_have_value(DRAFT)
    _press(page, "r")  # a beginning is no reason
    expect(page.get_by_role("alert").get_by_text("Finish the sentence")).to_be_visible()
    _press(page, "3")  # and on the page that came back it still makes room
    expect(statement).to_have_value("This part threatens or insults somebody: ")
    _press(page, "4")
    expect(statement).to_have_value(DRAFT)
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


WORDS = f"{DRAFT}the nurse."


def _kept(page: Page) -> list[str]:
    found: list[str] = page.evaluate("Object.keys(sessionStorage).filter((key) => key.startsWith('desk-draft:'))")
    return found


def _restored(page: Page, said: str = WORDS) -> None:
    expect(page.get_by_text("What you had typed about this item is still here.")).to_be_visible()
    expect(page.get_by_role("textbox", name="Why, in words for whoever")).to_have_value(re.compile(re.escape(said)))
    expect(page.get_by_role("radio", name=re.compile("Personal data"))).to_be_checked()


def _a_report(app: Flask, slug: str, number: int) -> str:
    """The case of a published review that somebody reported for personal data."""
    (review,) = _published(app, slug, range(number, number + 1))
    with app.test_request_context(), writing():
        about = reported_by_subject(f"review:{db.session.get_one(Review, review).public_id}")
        assert about is not None
        case = file_report(about, kind="notice", ground="personal", text="It names me.", email="r@example.org").case
        db.session.commit()
        return case.public_id


def test_words_stay_until_the_item_is_decided(visit: Visit, office: Flask) -> None:
    """A note, a hold, another item, a lapsed lease: none costs a word. Decided, or signed out, nothing is left."""
    case, other = _a_report(office, "typed", 400), _a_report(office, "typed", 401)
    with office.app_context(), writing():
        db.session.add(SavedReply(rule="personal", title="In short", text="Please write without names."))
        db.session.commit()
    visitor = visit(width=1440)
    visitor.sit_down(cast.moderator(office, "typist"))
    page = visitor.open(f"/desk/items/{case}")
    _press(page, "o")
    expect(page.locator("[data-decide]")).to_be_visible()
    statement = page.get_by_role("textbox", name="Why, in words for whoever")
    _press(page, "1", "3", "4")
    expect(statement).to_have_value(DRAFT)  # an untouched beginning makes room for another
    _press(page, "i")
    page.keyboard.type("the nurse.")
    page.keyboard.press("Escape")
    _press(page, "3", "4")
    expect(statement).to_have_value(WORDS)  # one's own words do not

    _press(page, "n")
    page.keyboard.type("Look at the second sentence.")
    page.get_by_role("button", name="Add the note").click()
    expect(page.locator("#notes").get_by_text("Look at the second sentence.")).to_be_visible()
    _restored(page)
    expect(page).to_have_url(re.compile(f"/desk/items/{case}$"))

    _press(page, "q")
    expect(page.get_by_role("heading", name="Desk")).to_be_attached()
    visitor.open(f"/desk/items/{case}")
    _restored(page)
    _press(page, "f")
    expect(page.locator("#sentences input").first).to_be_focused()
    page.get_by_text("Hide it at once").click()
    page.get_by_label("Which rule").last.select_option("personal")
    page.get_by_label("Why, in words for its author").fill("It names a person who is not listed.")
    page.get_by_role("button", name="Hide it now").click()
    expect(page.get_by_text("It is hidden until it is decided")).to_be_visible()
    _restored(page)

    with office.app_context(), writing():
        db.session.query(Case).filter_by(public_id=case).one().leased_until = now() - timedelta(minutes=1)
        db.session.commit()
    _press(page, "r")
    expect(page.get_by_text("Take the item before you decide it.")).to_be_visible()
    _press(page, "o")
    _restored(page)
    statement.evaluate("(field) => field.setSelectionRange(0, 0)")
    page.get_by_label("Put in a saved text").select_option(label="Personal data of a person not listed: In short")
    expect(statement).to_have_value(f"Please write without names.{WORDS}")
    assert _kept(page) == [f"desk-draft:{case}"]
    statement.fill(WORDS)
    page.keyboard.press("Escape")
    _press(page, "r")
    expect(page.get_by_text("Decided.", exact=True)).to_be_visible()
    assert _kept(page) == []

    visitor.open(f"/desk/items/{other}")
    _press(page, "o")
    expect(page.locator("[data-decide]")).to_be_visible()
    _press(page, "4")
    assert _kept(page) == [f"desk-draft:{other}"]
    visitor.open("/account/")
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("button", name="Sign out")).to_have_count(0)
    assert _kept(page) == []
    assert [line for line in visitor.complaints if "422" not in line] == []  # the lapsed lease was refused
    with office.app_context():
        assert db.session.query(Decision).filter_by(statement=WORDS, rule="personal", act="remove").count() == 1


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
