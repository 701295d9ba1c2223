"""What somebody at the desk opened: without a look nothing is decided as seen, and a second person can look too."""

from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from directory import files
from directory.accounts.models import User
from directory.cases.appealing import appeal
from directory.cases.decisions import Statement
from directory.cases.models import Case
from directory.db import db, writing
from directory.ledger import LedgerRow
from directory.moderation.evidence import Evidence
from directory.moderation.looks import Look
from directory.reviews.models import Review
from directory.reviews.photos import Photo
from tests.accounts.people import form_token, submit
from tests.manage.staff import staff
from tests.manage.test_dispute import Run, _dispute, _upload
from tests.moderation.cast import (
    WHY,
    a_review,
    decide,
    moderator,
    open_all,
    open_cases,
    press,
    press_decide,
    state_of,
    take,
    with_photos,
    with_proof,
)
from tests.moderation.reporting import a_review as a_shown_review
from tests.reading import text_of


def _photo(case: str, photo: str, size: str = "800.webp") -> str:
    return f"/desk/items/{case}/photos/{photo}/{size}"


@pytest.mark.parametrize("act", ["publish", "redact"])
def test_no_photo_is_shown_that_its_moderator_did_not_open(app: Flask, act: str) -> None:
    case, first, other = a_review(app), moderator(app), moderator(app, "second")
    one, two = with_photos(app, "one", "two")
    fields = {"rule": "none_broken"} if act == "publish" else {"rule": "personal", "sentences": "1"}
    take(other, case)
    assert open_all(other, case) == [200, 200]
    press(other, f"/desk/items/{case}", f"/desk/items/{case}/release")
    take(first, case)
    assert first.get(_photo(case, one)).status_code == 200
    assert first.get(_photo(case, two, "400.webp")).status_code == 200
    blind = press_decide(first, case, act, **fields)
    assert blind.status_code == 422
    assert "Look at photo 2 first" in text_of(blind)
    assert "I looked at every photo" not in blind.text
    assert state_of(app) == ["pending"]
    assert [first.get(_photo(case, two)).status_code for _ in range(2)] == [200, 200]
    assert press_decide(first, case, act, **fields).status_code == 303
    with app.app_context():
        assert db.session.query(Look).count() == 4  # two people, two photos
        assert {photo.state for photo in db.session.query(Photo)} == {"published"}
        assert not db.session.query(LedgerRow).filter(LedgerRow.act.contains("photo")).count()


def test_a_photo_kept_back_is_looked_at_too_unless_its_file_is_gone(app: Flask) -> None:
    case, first = a_review(app), moderator(app)
    there, gone = with_photos(app, "there", "gone")
    with app.app_context():
        for size in ("400.webp", "800.webp"):
            files.delete(f"gone-{size}")
    take(first, case)
    back = {"photos": [there, gone], "rule": "personal"}
    assert "Look at photo 1 first" in text_of(press_decide(first, case, "publish", **back))
    first.get(_photo(case, there))
    assert "Look at photo 2 first" in text_of(press_decide(first, case, "publish"))
    assert press_decide(first, case, "publish", **back).status_code == 303


@pytest.mark.parametrize("answer", ["accept", "refuse"])
def test_no_visit_is_proven_or_refused_by_a_page_that_nobody_read(app: Flask, answer: str) -> None:
    case, first = a_review(app), moderator(app)
    with_proof(app)
    take(first, case)
    assert first.get(f"/desk/items/{case}/proof/1").status_code == 200
    blind = press_decide(first, case, "publish", proof=answer)
    assert blind.status_code == 422
    assert "Look at page 2 of the proof first" in text_of(blind)
    assert open_all(first, case) == [200, 200]
    assert press_decide(first, case, "publish", proof=answer).status_code == 303
    with app.app_context():
        assert db.session.query(Review).one().verification == {"accept": "visit", "refuse": "contact"}[answer]


def test_an_appeal_shows_the_photos_that_were_refused_and_gives_none_back_unseen(app: Flask) -> None:
    case, first, other = a_review(app), moderator(app), moderator(app, "second")
    _shown, refused = with_photos(app, "one", "two")
    with_proof(app, 1)
    assert decide(first, case, "publish", "experience", photos=[refused], proof="refuse").status_code == 303
    with app.app_context(), writing():
        statement = db.session.query(Statement).one()
        author = db.session.get_one(User, statement.to_user_id)
        assert appeal(statement, "It is a photo of my own head.", by=author) is not None
        db.session.commit()
    (theirs,) = open_cases(app, "appeal")
    assert other.get(_photo(case, refused)).status_code == 404
    take(other, theirs)
    page = other.get(f"/desk/items/{theirs}")
    assert _photo(case, refused) in page.text
    assert "and destroyed on" in text_of(page)
    blind = press_decide(other, theirs, "reverse", "experience")
    assert "Look at photo 2 first" in text_of(blind)
    assert other.get(_photo(case, refused)).status_code == 200
    assert first.get(_photo(case, refused)).status_code == 404  # who decided it is done with it
    assert press_decide(other, theirs, "reverse", "experience").status_code == 303


def _with_document(app: Flask, run: Run) -> None:
    a_shown_review(app)
    owner = staff(app, run, "owner@example.org", "one")
    _upload(owner, _dispute(owner))


def _page_of_document(app: Flask) -> str:
    with app.app_context():
        return f"/desk/evidence/{db.session.scalar(select(Evidence.public_id))}/1"


def _looks(app: Flask) -> int:
    with app.app_context():
        return db.session.query(LedgerRow).filter_by(act="evidence.seen").count()


def test_the_second_person_opens_what_the_first_saw(app: Flask, run: Run) -> None:
    _with_document(app, run)
    document, (case,) = _page_of_document(app), open_cases(app, "dispute")
    first, other, third = moderator(app), moderator(app, "second"), moderator(app, "third")
    assert decide(first, case, "remove", "experience").status_code == 303
    assert other.get(document).status_code == 404
    again = first.post(f"/desk/items/{case}/take", data={"csrf_token": form_token(first.get("/desk/ties"))})
    assert again.status_code == 409, "whoever decided first is not the second"
    assert take(other, case).status_code == 303
    seen = _looks(app)
    assert document in other.get(f"/desk/items/{case}").text
    assert other.get(document).status_code == 200
    assert _looks(app) == seen + 1
    assert third.get(document).status_code == 404
    assert "Somebody else works on this" in third.get(f"/desk/items/{case}").text
    hidden = other.post(
        f"/desk/items/{case}/hold",
        data={"csrf_token": form_token(other.get("/desk/ties")), "hold_rule": "personal", "hold_statement": WHY},
    )
    assert hidden.status_code == 422, "what waits for a word is not hidden meanwhile"
    item = f"/desk/items/{case}"
    assert press(other, item, f"{item}/second", agrees="no", why="The document does not say so.").status_code == 303
    assert other.get(document).status_code == 404
    assert take(third, case).status_code == 303


def test_the_reader_of_an_appeal_sees_complaint_and_document_until_it_is_destroyed(app: Flask, run: Run) -> None:
    _with_document(app, run)
    document, (case,) = _page_of_document(app), open_cases(app, "dispute")
    first, other = moderator(app), moderator(app, "second")
    assert decide(first, case, "redact", "personal", sentences="0").status_code == 303
    with app.app_context(), writing():
        statement = db.session.query(Statement).one()
        author = db.session.get_one(User, statement.to_user_id)
        assert appeal(statement, "I was there in March and in May.", by=author) is not None
        db.session.commit()
    (theirs,) = open_cases(app, "appeal")
    take(other, theirs)
    page = other.get(f"/desk/items/{theirs}")
    assert "The clinic did not open before May" in text_of(page)
    assert document in page.text
    seen = _looks(app)
    assert other.get(document).status_code == 200
    assert _looks(app) == seen + 1
    assert first.get(document).status_code == 404
    with app.app_context(), writing():
        db.session.query(Evidence).one().destroy()
        db.session.commit()
    page = other.get(f"/desk/items/{theirs}")
    assert "With a document, destroyed on" in text_of(page)
    assert document not in page.text


def test_a_tie_declared_with_the_item_in_hand_shuts_its_papers(app: Flask) -> None:
    case, first = a_review(app), moderator(app)
    (photo,) = with_photos(app, "one")
    take(first, case)
    submit(first, "/desk/ties", slug="one")
    assert first.get(_photo(case, photo)).status_code == 404


def test_what_somebody_opened_is_in_their_own_export_and_goes_with_the_account(app: Flask) -> None:
    from directory.accounts.registry import erase_person, export_person

    case, first = a_review(app), moderator(app)
    (photo,) = with_photos(app, "one")
    take(first, case)
    first.get(_photo(case, photo))
    with app.app_context(), writing():
        user = db.session.query(User).filter_by(email="first@desk.example").one()
        rows: list[dict[str, Any]] = export_person(user)["What you opened at the desk"]
        assert [row["what"] for row in rows] == [f"photo:{photo}"]
        db.session.query(Case).update({"leased_by_id": None, "leased_until": None})
        erase_person(user)
        db.session.flush()
        assert db.session.query(Look).count() == 0


def test_a_second_person_reads_what_a_publication_in_part_would_do(app: Flask) -> None:
    """Refused, looked at again and published but for a photo: that overturns a colleague, so it waits."""
    case, first, other, third = a_review(app), moderator(app), moderator(app, "second"), moderator(app, "third")
    _shown, kept = with_photos(app, "one", "two")
    assert decide(first, case, "refuse", "experience").status_code == 303
    item = f"/desk/items/{case}"
    assert press(first, item, f"{item}/again", why="I pressed the wrong key at this one.").status_code == 303
    (again,) = open_cases(app, "review")
    assert decide(other, again, "publish", "experience", photos=[kept]).status_code == 303
    waiting = text_of(third.get(f"/desk/items/{again}"))
    assert "If you agree: Readers see it at once" in waiting
    assert press(third, f"/desk/items/{again}", f"/desk/items/{again}/second", agrees="yes").status_code == 303
    with app.app_context():
        assert {photo.public_id == kept: photo.state for photo in db.session.query(Photo)} == {
            False: "published",
            True: "refused",
        }
