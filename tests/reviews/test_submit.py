"""Sent in: once, whole, told to its author, waiting at the desk, and seen by nobody else."""

import threading

import pytest
from flask import Flask
from sqlalchemy import func, select

from directory.cases.models import Case
from directory.db import db
from directory.ledger import LedgerRow
from directory.reviews.invitations import Invitation, digest_of
from directory.reviews.models import Review
from tests import factories
from tests.accounts.people import form_token, letters
from tests.reading import statements_of, text_of
from tests.reviews.authors import (
    ANN,
    TEXT,
    author,
    begin,
    clinic,
    draft,
    fill,
    judged,
    once_of,
    publish,
    reviews,
    send,
    signed,
)


def cases(app: Flask) -> list[Case]:
    with app.app_context():
        return list(db.session.scalars(select(Case).order_by(Case.id)))


def test_three_steps_and_it_waits_at_the_desk(app: Flask) -> None:
    clinic(app, name="First Rooms")
    ann = author(app)
    address = send(ann)
    (review,) = reviews(app)
    (stage,) = review.stages
    assert (stage.state, stage.stage, stage.overall, stage.again, stage.text) == ("pending", "6m", 4, True, TEXT)
    assert (review.verification, review.counted, review.pseudonym) == ("contact", True, "Quiet heron")
    assert [(given.kind, given.version) for given in review.consents] == [("health", "2026-11")]
    (case,) = cases(app)
    assert (case.kind, case.subject, case.subject_id) == ("review", f"review:{review.public_id}", review.id)
    assert (case.clock, case.author_id, case.clinic_id) == ("review", review.author_id, review.clinic_id)
    page = ann.get(address).text
    assert "Waits to be read" in page
    assert "We have it" in page


STATEMENTS_BEFORE, STATEMENTS_WITHIN = 3, 18


def test_sending_in_is_few_statements_and_most_of_the_reading_is_done_before_the_turn(app: Flask) -> None:
    """On SQLite nobody else writes from the first statement that does until the commit: that part must stay short."""
    clinic(app)
    for email in ("bob@example.org", ANN):  # the first warms what a process learns once
        browser = author(app, email)
        page = browser.get(f"{draft(browser)}/sign")
        data = {**signed(), "csrf_token": form_token(page), "once": once_of(page)}
        with statements_of(app) as told:
            assert browser.post(page.request.path, data=data).status_code == 303
    told = [one for one in told if "pg_advisory_xact_lock" not in one]  # SQLite needs none
    writes = [number for number, one in enumerate(told) if not one.startswith("SELECT")]
    assert writes[0] <= STATEMENTS_BEFORE, told
    assert len(told) <= STATEMENTS_BEFORE + STATEMENTS_WITHIN, told
    assert "INTO ledger" in told[-1]


def test_the_letter_says_that_it_arrived_and_nothing_about_health(app: Flask) -> None:
    clinic(app, name="First Rooms")
    address = send(author(app))
    (letter,) = letters(app, ANN)
    body = letter.get_content()
    assert address in body
    for word in ("First Rooms", "hair", "scalp", "treatment", "clinic"):
        assert word not in body.lower().replace(address, "")


def test_the_record_holds_a_receipt_only_its_author_can_read(app: Flask) -> None:
    clinic(app)
    ann = author(app)
    address = send(ann)
    (review,) = reviews(app)
    with app.app_context():
        (row,) = db.session.scalars(select(LedgerRow).where(LedgerRow.act == "review.submitted"))
    assert review.public_id not in row.subject + row.facts
    assert row.subject.removeprefix("receipt:") in ann.get(address).text


def test_nobody_else_sees_it(app: Flask) -> None:
    clinic(app)
    address = send(author(app))
    stranger = author(app, "bob@example.org")
    missing = stranger.get("/account/reviews/never-was")
    for path in (address, f"{address}/result", f"{address}/sign", f"{address}/visit", f"{address}/withdraw"):
        answer = stranger.get(path)
        assert answer.status_code == 404
        assert answer.data.replace(path.encode(), b"") != b""
    assert missing.status_code == 404
    assert TEXT not in app.test_client().get("/clinics/one").text


def test_sent_twice_it_is_one(app: Flask) -> None:
    clinic(app)
    ann = author(app)
    address = draft(ann)
    page = ann.get(f"{address}/sign")
    answers = {"csrf_token": form_token(page), "once": once_of(page), **signed()}
    first, second = (ann.post(f"{address}/sign", data=answers) for _ in range(2))
    assert (first.location, second.location) == (address, address)
    assert len(cases(app)) == 1
    assert len(letters(app, ANN)) == 1


@pytest.mark.parametrize("keys", ["one key", "own keys"])
def test_sixty_four_at_once_are_one(app: Flask, keys: str) -> None:
    clinic(app)
    ann = author(app)
    address = draft(ann)
    page = ann.get(f"{address}/sign")
    answers = {"csrf_token": form_token(page), "once": once_of(page), **signed()}
    cookies = {name: ann.get_cookie(name) for name in ("sid", "session")}
    statuses: list[int] = []

    def press(number: int) -> None:
        browser = app.test_client()
        for name, cookie in cookies.items():
            browser.set_cookie(name, cookie.decoded_value if cookie else "")
        own = {**answers, "once": f"key-{number}"} if keys == "own keys" else answers
        statuses.append(browser.post(f"{address}/sign", data=own).status_code)

    threads = [threading.Thread(target=press, args=(number,)) for number in range(64)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert statuses == [303] * 64
    assert [case.state for case in cases(app)] == ["open"]
    with app.app_context():
        submitted = select(func.count()).select_from(LedgerRow).where(LedgerRow.act == "review.submitted")
        assert db.session.scalar(submitted) == 1


def test_a_draft_begun_by_many_at_once_is_one(app: Flask) -> None:
    clinic(app)
    ann = author(app)
    page = ann.get("/clinics/one/reviews/new")
    token, cookies = form_token(page), {name: ann.get_cookie(name) for name in ("sid", "session")}
    statuses: list[int] = []

    def press() -> None:
        browser = app.test_client()
        for name, cookie in cookies.items():
            browser.set_cookie(name, cookie.decoded_value if cookie else "")
        answers = {"csrf_token": token, "goal": "hairline", "month": "1", "year": "2026"}
        statuses.append(browser.post("/clinics/one/reviews/new", data=answers).status_code)

    threads = [threading.Thread(target=press) for _ in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert statuses == [303] * 16
    assert len(reviews(app)) == 1


def test_a_code_proves_the_visit_once(app: Flask) -> None:
    clinic(app)
    with app.app_context():
        clinic_id = db.session.scalars(select(Review.clinic_id)).first() or 1
    invited = Invitation(clinic_id=clinic_id, digest=digest_of("ABCD-EFGH"), issued_month="2026-11")
    factories.saved(app, lambda: db.session.add(invited))
    ann, bob = author(app), author(app, "bob@example.org")
    for browser in (ann, bob):  # both type it before either sends: the first to send uses it up
        assert begin(browser, code="abcd efgh")
    for browser in (ann, bob):
        address = browser.get("/clinics/one/reviews/new").location.rpartition("/")[0]
        fill(browser, f"{address}/result", stage="6m", overall="5", again="yes", text=TEXT, language="en")
        assert fill(browser, f"{address}/sign", **signed()).status_code == 303
    assert [review.verification for review in reviews(app)] == ["visit", "contact"]
    assert [review.code_digest for review in reviews(app)] == ["", ""]
    assert begin(author(app, "cleo@example.org"), code="abcd efgh")  # whoever tries codes learns nothing of their use


def test_what_a_code_proved_is_told_with_the_publication_and_not_before(app: Flask) -> None:
    clinic(app)
    factories.saved(
        app, lambda: db.session.add(Invitation(clinic_id=1, digest=digest_of("ABCD"), issued_month="2026-11"))
    )
    first, second = author(app), author(app, "bob@example.org")
    owns = []
    for browser in (first, second):
        address = begin(browser, code="abcd")
        fill(browser, f"{address}/result", **judged())
        fill(browser, f"{address}/sign", **signed())
        page = text_of(browser.get(address))
        assert "What is proven shows once it is published" in page
        assert "Visit proven" not in page
        assert "Address confirmed" not in page
        owns.append(address)
    publish(app)
    assert "Visit proven" in text_of(first.get(owns[0]))
    assert "Address confirmed" in text_of(second.get(owns[1]))


def test_a_code_that_is_no_good_is_said_so(app: Flask) -> None:
    clinic(app)
    page = fill(author(app), "/clinics/one/reviews/new", goal="crown", month="1", year="2026", code="nothing")
    assert page.status_code == 422
    assert "This code is not known for this clinic" in page.text
    assert 'value="nothing"' in page.text


def test_the_fourth_of_a_day_waits(app: Flask) -> None:
    for number in range(4):
        clinic(app, f"c{number}")
    ann = author(app)
    for number in range(3):
        send(ann, f"c{number}")
    address = draft(ann, "c3")
    answer = fill(ann, f"{address}/sign", **signed())
    assert answer.status_code == 429
    assert [stage.state for review in reviews(app) for stage in review.stages] == ["pending"] * 3 + ["draft"]


def test_staff_cannot_review_their_own_clinic(app: Flask) -> None:
    from directory.accounts.queries import user_by_email
    from directory.accounts.roles import grant

    clinic(app)
    ann = author(app)
    address = draft(ann)

    def hire() -> None:
        user = user_by_email(ANN)
        assert user is not None
        grant(user, "editor", "one")

    factories.saved(app, hire)
    with app.app_context():
        user = user_by_email(ANN)
    assert user is not None
    answer = fill(ann, f"{address}/sign", **signed()) if ann.get(f"{address}/sign").status_code == 200 else None
    assert answer is None or answer.status_code == 409
    assert [stage.state for review in reviews(app) for stage in review.stages] == ["draft"]
