"""A clinic disputes a review, adds a document, tells of a threat: the review stays up, the document stays sealed."""

from collections.abc import Callable
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from PIL import Image
from sqlalchemy import select

from directory import jobs
from directory.accounts.models import User
from directory.cases.models import Case
from directory.db import db, now, writing
from directory.ledger import LedgerRow
from directory.moderation.evidence import Evidence
from directory.moderation.forgetting import destroy_evidence, forget_words
from directory.moderation.reports import Report, is_clinics_complaint
from directory.reviews.models import Review, Stage
from tests.accounts.people import form_token, letters, member, set_up_app, submit
from tests.manage.staff import staff
from tests.moderation.cast import decide, moderator, open_cases, press
from tests.moderation.reporting import a_review
from tests.reading import text_of

Run = Callable[..., Any]
WHY = "The clinic did not open before May, and the review tells of March."
CANARY = b"canary-of-the-document"


def a_picture() -> bytes:
    sheet = BytesIO()
    Image.new("RGB", (60, 40), "white").save(sheet, "JPEG", comment=CANARY)
    return sheet.getvalue()


@pytest.fixture
def owner(app: Flask, run: Run) -> FlaskClient:
    a_review(app)
    return staff(app, run, "owner@example.org", "one")


def _dispute(owner: FlaskClient) -> str:
    number = owner.get("/manage/one/reviews").text.split('id="review-')[1].split('"')[0]
    return str(submit(owner, f"/manage/one/reviews/{number}/dispute", text=WHY).location)


@pytest.mark.parametrize(
    ("act", "rule", "marked"), [("keep", "none_broken", False), ("keep_disputed", "none_broken", True)]
)
def test_a_dispute_that_was_decided_marks_only_where_the_desk_says_so(
    app: Flask, owner: FlaskClient, act: str, rule: str, marked: bool
) -> None:
    _dispute(owner)
    assert "The clinic disputes what it says" in text_of(app.test_client().get("/clinics/one"))
    (case,) = open_cases(app, "dispute")
    assert decide(moderator(app), case, act, rule).status_code == 303
    assert ("The clinic disputes what it says" in text_of(app.test_client().get("/clinics/one"))) is marked
    assert ("Disputed by you" in text_of(owner.get("/manage/one/reviews"))) is marked


def test_a_dispute_that_set_the_review_aside_leaves_no_mark(app: Flask, owner: FlaskClient) -> None:
    _dispute(owner)
    (case,) = open_cases(app, "dispute")
    assert decide(moderator(app), case, "set_aside", "duplicate").status_code == 303
    item = f"/desk/items/{case}"
    with app.app_context():
        assert db.session.scalars(select(Review.disputed_at)).one() is not None  # one person alone ends nothing
    press(moderator(app, "second"), item, f"{item}/second", agrees="yes")
    with app.app_context():
        assert db.session.scalars(select(Review.disputed_at)).one() is None


def _upload(owner: FlaskClient, path: str, content: bytes = b"", name: str = "Anna Lind.jpg") -> Any:
    fields = {"csrf_token": form_token(owner.get(path)), "document": (BytesIO(content or a_picture()), name)}
    return owner.post(path, data=fields, content_type="multipart/form-data")


def test_a_disputed_review_stays_up_marked(app: Flask, owner: FlaskClient) -> None:
    assert _dispute(owner).endswith("/evidence")
    with app.app_context():
        case = db.session.scalars(select(Case)).one()
        assert (case.kind, case.clock, case.priority) == ("dispute", "report", "medium")
        assert is_clinics_complaint(case)
        review = db.session.scalars(select(Review)).one()
        assert review.disputed_at is not None
        assert review.under_review_since is not None
        assert db.session.scalars(select(Stage.state)).all() == ["published"]
    assert "Disputed by you" in text_of(owner.get("/manage/one/reviews"))
    assert "Dispute of" in text_of(owner.get("/manage/one/decisions"))
    assert any("We have your report" in letter["Subject"] for letter in letters(app, "owner@example.org"))


def test_a_document_is_kept_sealed_and_read_by_who_holds_the_case(app: Flask, run: Run, owner: FlaskClient) -> None:
    path = _dispute(owner)
    assert _upload(owner, path).location == "/manage/one/decisions"
    assert "There is a document" in text_of(_upload(owner, path))
    stored = [file.read_bytes() for file in _files(app)]
    assert len(stored) == 2  # the second one's page waits to be swept
    assert not any(CANARY in content or b"PNG" in content for content in stored)
    with app.app_context():
        public_id = db.session.scalars(select(Evidence.public_id)).one()
    moderator = member(app, "mo@example.org")
    set_up_app(moderator, now().timestamp())
    run("accounts", "create", "mo@example.org", "--role", "moderator")
    assert moderator.get(f"/desk/evidence/{public_id}/1").status_code == 404
    with app.app_context(), writing():
        user_id = db.session.scalars(select(User.id).where(User.email == "mo@example.org")).one()
        db.session.scalars(select(Case)).one().lease_to(user_id)
        db.session.commit()
    picture = moderator.get(f"/desk/evidence/{public_id}/1")
    assert picture.data.startswith(b"\x89PNG")
    assert CANARY not in picture.data
    assert picture.headers["Cache-Control"] == "private, no-store"
    assert moderator.get(f"/desk/evidence/{public_id}/2").status_code == 404
    assert owner.get(f"/desk/evidence/{public_id}/1").status_code == 404
    with app.app_context():
        seen = db.session.scalars(select(LedgerRow.act).where(LedgerRow.act == "evidence.seen")).all()
        assert len(seen) == 1


def _files(app: Flask) -> list[Path]:
    folder = app.config["SETTINGS"].data / "files" / "evidence"
    return [path for path in folder.iterdir() if not path.name.startswith(".")] if folder.exists() else []


@pytest.mark.parametrize(
    ("content", "said"), [(b"plain words" * 9, "of no kind known here"), (b"\x89PNG\r\n\x1a\n" + b"x" * 99, "")]
)
def test_a_file_that_is_no_document_is_refused_with_the_reason(
    app: Flask, owner: FlaskClient, content: bytes, said: str
) -> None:
    answer = _upload(owner, _dispute(owner), content)
    assert answer.status_code == 422
    assert "field-error" in answer.text
    assert said in text_of(answer)
    assert _files(app) == []


def test_documents_and_words_go_in_time(app: Flask, owner: FlaskClient) -> None:
    _upload(owner, _dispute(owner))
    with app.app_context(), writing():
        assert (destroy_evidence(), forget_words()) == (0, 0)
        db.session.scalars(select(Case)).one().withdraw()
        db.session.commit()
    for days, gone in ((29, (0, 0)), (31, (1, 0)), (366, (0, 1))):
        with time_machine.travel(now() + timedelta(days=days)), app.app_context(), writing():
            assert (destroy_evidence(), forget_words()) == gone, days
            db.session.commit()
            jobs.drain()
    assert _files(app) == []
    with app.app_context():
        report = db.session.scalars(select(Report)).one()
        assert (report.text, report.email) == ("", "")
        assert db.session.scalars(select(Evidence.wrapped)).all() == [b""]


def test_another_clinic_finds_no_dispute(app: Flask, run: Run, owner: FlaskClient) -> None:
    path = _dispute(owner)
    a_review(app, slug="two", author="second@example.org")
    rival = staff(app, run, "rival@example.org", "two")
    assert rival.get(path.replace("/one/", "/two/")).status_code == 404
    assert rival.get(path).status_code == 404


def test_a_threat_is_looked_at_first(app: Flask, owner: FlaskClient) -> None:
    answer = submit(owner, "/manage/one/threat", text="Somebody wants his money back or ten bad reviews will come.")
    assert answer.location.startswith("/reports/")
    with app.app_context():
        case = db.session.scalars(select(Case)).one()
        assert (case.kind, case.clock, case.priority) == ("report", "urgent", "high")
        assert case.subject.startswith("clinic:")
        assert db.session.scalars(select(Review.under_review_since)).all() == [None]
