"""Looking again: what was decided comes back for somebody else; lists say what was decided, by whom, and what since."""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from directory.accounts.models import User
from directory.cases.appealing import appeal
from directory.cases.decisions import Decision, Statement
from directory.cases.models import Case
from directory.clinics.duplicates import DuplicatePair
from directory.db import db, writing
from directory.ledger import LedgerRow
from directory.moderation.reported import reported_by_subject
from directory.moderation.reports import file_report
from directory.reviews.models import Review
from directory.reviews.photos import Photo
from tests.accounts import people
from tests.moderation.cast import (
    AUTHOR,
    a_review,
    confirmed,
    decide,
    moderator,
    open_all,
    open_cases,
    press,
    press_decide,
    state_of,
    take,
    with_photos,
    with_role,
)
from tests.moderation.test_duplicates import _pairs
from tests.reading import text_of

SLIP = "My finger slipped: it calls a nurse by her name."


def _again(browser: FlaskClient, case: str, why: str = SLIP) -> TestResponse:
    return press(browser, f"/desk/items/{case}", f"/desk/items/{case}/again", why=why)


def _report(app: Flask, *, by_clinic: bool = False) -> str:
    with app.test_request_context(), writing():
        review = db.session.query(Review).order_by(Review.id).first()
        assert review is not None
        about = reported_by_subject(f"review:{review.public_id}")
        assert about is not None
        by = confirmed(f"boss@{review.clinic.website_host}") if by_clinic else None
        email = by.email if by else "anybody@example.org"
        file_report(about, kind="notice", ground="fake", text="This is not right at all.", email=email, by=by)
        db.session.commit()
    return open_cases(app, "report")[0]


def _settle_by_two(browser: FlaskClient, other: FlaskClient, case: str, act: str, rule: str) -> None:
    """One decides otherwise than was decided before, somebody else agrees."""
    assert decide(browser, case, act, rule).status_code == 303
    item = f"/desk/items/{case}"
    assert press(other, item, f"{item}/second", agrees="yes").status_code == 303


def test_a_slip_is_seen_at_once_and_mended_by_others(app: Flask) -> None:
    case, first, second = a_review(app), moderator(app), moderator(app, "second")
    decide(first, case, "publish")
    flash = first.get("/desk/").text.partition('class="desk-flash"')[2].partition("</p>")[0]
    assert f'href="/desk/items/{case}"' in flash
    assert "Review: Clinic one: Publish" in flash
    assert "Say it in a sentence at least." in _again(first, case, "slip").text
    assert _again(first, case).status_code == 303
    (new,) = open_cases(app, "review")
    assert new != case
    assert new not in first.get("/desk/").text.partition('class="desk-queue"')[2]  # not for whoever decided it
    refused = first.post(f"/desk/items/{new}/take", data={"csrf_token": people.form_token(first.get("/desk/ties"))})
    assert refused.status_code == 409
    page = text_of(second.get(f"/desk/items/{new}"))
    assert SLIP in page
    assert "Looked at again. Decided before on" in page
    assert decide(second, new, "remove", "personal").status_code == 303
    assert state_of(app) == ["published"]  # to decide otherwise takes two
    item = f"/desk/items/{new}"
    assert press(first, item, f"{item}/second", agrees="yes").status_code == 303  # whoever slipped may well agree
    assert state_of(app) == ["removed"]
    log = text_of(app.test_client().get("/transparency/log"))
    assert "Review: looked at again" in log
    assert SLIP not in log


@pytest.mark.parametrize(
    ("act", "rule", "state"),
    [("publish", "none_broken", "published"), ("refuse", "threat", "refused"), ("redact", "personal", "redacted")],
)
def test_what_was_refused_waits_anew(app: Flask, act: str, rule: str, state: str) -> None:
    case, first, second = a_review(app), moderator(app), moderator(app, "second")
    with_photos(app, "one")
    decide(first, case, "refuse", "personal")
    assert _again(second, case).status_code == 303
    assert state_of(app) == ["pending"]
    (new,) = open_cases(app, "review")
    more = {"sentences": "1"} if act == "redact" else {}
    assert take(second, new).status_code == 303
    blind = press_decide(second, new, act, rule=rule, **more)
    assert (blind.status_code == 422) is (act != "refuse")  # its photo is looked at like any other
    if blind.status_code == 422:
        assert open_all(second, new) == [200]
        assert press_decide(second, new, act, rule=rule, **more).status_code == 303
    if act != "refuse":
        item = f"/desk/items/{new}"
        assert press(moderator(app, "third"), item, f"{item}/second", agrees="yes").status_code == 303
    assert state_of(app) == [state]
    with app.app_context():
        assert db.session.query(Photo).one().state == ("refused" if act == "refuse" else "published")


# (first act, rule; second act, rule; what becomes of it, whether it counts)
TWICE = [
    ("remove", "personal", "keep", "none_broken", "published", True),
    ("remove", "personal", "remove", "threat", "removed", True),
    ("remove", "personal", "redact", "personal", "redacted", True),
    ("keep", "none_broken", "remove", "personal", "removed", True),
    ("redact", "personal", "remove", "threat", "removed", True),
    ("set_aside", "tie", "keep", "none_broken", "published", True),
    ("keep", "none_broken", "set_aside", "tie", "published", False),
]


@pytest.mark.parametrize(("act", "rule", "then", "by", "state", "counts"), TWICE)
def test_a_complaint_is_looked_at_again(
    app: Flask, act: str, rule: str, then: str, by: str, state: str, counts: bool
) -> None:
    a_review(app, "published")
    case, first, second, third = _report(app), moderator(app), moderator(app, "second"), moderator(app, "third")
    decide(first, case, act, rule, sentences="1")
    if open_cases(app, "report"):  # two people decide what no longer counts
        press(third, f"/desk/items/{case}", f"/desk/items/{case}/second", agrees="yes")
    fourth = moderator(app, "fourth")
    assert _again(second, case).status_code == 303
    (new,) = open_cases(app, "report")
    assert "This is not right at all." in second.get(f"/desk/items/{new}").text
    assert decide(second, new, then, by, sentences="1").status_code == 303
    if open_cases(app, "report"):
        assert then != act
        assert press(fourth, f"/desk/items/{new}", f"/desk/items/{new}/second", agrees="yes").status_code == 303
    assert state_of(app) == [state]
    with app.app_context():
        review = db.session.query(Review).one()
        assert (review.set_aside_id is None) is counts
        if state == "removed":  # it rests on the reasons that were given last
            told = db.session.query(Statement).order_by(Statement.id.desc()).first()
            assert told is not None
            assert (review.stages[0].statement_id, told.decision.rule) == (told.id, by)
    subjects = [letter["Subject"] for letter in people.letters(app, "anybody@example.org")]
    assert len(subjects) == 3  # received, decided, decided again
    own = [letter["Subject"] for letter in people.letters(app, AUTHOR)]
    assert any("looked again" in subject for subject in own) is (act != "keep" and then == "keep")


@pytest.mark.parametrize("act", ["publish", "refuse"])
def test_it_stays_as_it_is_by_one(app: Flask, act: str) -> None:
    case, first, second = a_review(app), moderator(app), moderator(app, "second")
    rule = "none_broken" if act == "publish" else "personal"
    decide(first, case, act, rule)
    _again(second, case)
    (new,) = open_cases(app, "review")
    assert decide(second, new, act, rule).status_code == 303
    assert state_of(app) == ["published" if act == "publish" else "refused"]


def test_there_is_one_look_and_none_at_what_is_gone_or_was_reversed(app: Flask) -> None:
    case, first, second = a_review(app), moderator(app), moderator(app, "second")
    item = f"/desk/items/{case}"
    token = {"csrf_token": people.form_token(second.get("/desk/ties")), "why": SLIP}
    assert second.post(f"{item}/again", data=token).status_code == 422  # not decided yet
    decide(first, case, "refuse", "personal")
    with app.app_context(), writing():
        author = db.session.query(User).filter_by(email=AUTHOR).one()
        appeal(db.session.query(Statement).one(), "Jane is my own first name, nobody else's.", by=author)
        db.session.commit()
    _again(first, case)
    assert "looked at again already" in text_of(second.post(f"{item}/again", data=token))
    assert f'action="{item}/again"' not in second.get(item).text
    (theirs,) = open_cases(app, "appeal")
    decide(second, theirs, "reverse", "personal")
    for other in open_cases(app, "appeal"):
        press(moderator(app, "third"), f"/desk/items/{other}", f"/desk/items/{other}/second", agrees="yes")
    assert open_cases(app, "review") == []  # reversed on appeal: nobody need look any more
    assert state_of(app) == ["published"]


def test_a_pair_called_two_places_is_put_forward_again(app: Flask) -> None:
    _pairs(app, 1)
    (case,) = open_cases(app, "duplicate")
    first, second = moderator(app), moderator(app, "second")
    decide(first, case, "different", "finding", "Another street and another number.")
    assert _again(second, case).status_code == 303
    (new,) = open_cases(app, "duplicate")
    _settle_by_two(second, moderator(app, "third"), new, "same", "finding")
    with app.app_context():
        assert db.session.query(DuplicatePair).one().verdict == "same"


def test_a_tie_keeps_somebody_from_sending_it_back(app: Flask) -> None:
    case, first, tied = a_review(app), moderator(app), moderator(app, "tied")
    decide(first, case, "publish")
    people.submit(tied, "/desk/ties", slug="one")
    token = {"csrf_token": people.form_token(tied.get("/desk/ties")), "why": SLIP}
    assert tied.post(f"/desk/items/{case}/again", data=token).status_code == 422
    assert open_cases(app, "review") == []
    with app.app_context():
        assert "review.again" not in [row.act for row in db.session.query(LedgerRow)]


def test_the_list_of_what_is_decided_says_what_and_by_whom(app: Flask) -> None:
    case, first, second = a_review(app), moderator(app), moderator(app, "second")
    decide(first, case, "refuse", "personal")
    with app.app_context(), writing():
        db.session.query(Case).update({"reason": "Praise from an account opened a minute before"})
        author = db.session.query(User).filter_by(email=AUTHOR).one()
        appeal(db.session.query(Statement).one(), "Jane is my own first name, nobody else's.", by=author)
        mark = db.session.get_one(User, db.session.query(Decision).one().by_id).public_id[:4].lower()
        db.session.commit()
    lead, auditor = with_role(app, "lead@desk.example", "lead"), with_role(app, "auditor@desk.example", "auditor")
    for browser in (lead, auditor, second):
        row = text_of(browser.get("/desk/?tab=decided")).partition("Clinic one")[2]
        assert "Refuse with this statement · Personal data of a person not listed" in row
        assert "Praise from" not in row
        assert (f"by {mark}" in row) is (browser is not second)
        assert (f"by {mark}" in text_of(browser.get(f"/desk/items/{case}"))) is (browser is not second)
    (theirs,) = open_cases(app, "appeal")
    decide(second, theirs, "reverse", "personal", "We read it again, and Jane is the author herself.")
    for other in open_cases(app, "appeal"):
        press(lead, f"/desk/items/{other}", f"/desk/items/{other}/second", agrees="yes")
    assert "Reversed on appeal" in text_of(second.get("/desk/?tab=decided"))
    page = text_of(second.get(f"/desk/items/{case}"))
    assert "Reversed on" in page
    assert "Jane is the author herself." in page


def test_an_auditor_is_offered_nothing_to_take(app: Flask) -> None:
    case = a_review(app)
    auditor, first = with_role(app, "auditor@desk.example", "auditor"), moderator(app)
    assert "data-take" not in auditor.get("/desk/").text
    assert "data-take" in first.get("/desk/").text
    decide(first, case, "publish")
    assert "/again" not in auditor.get(f"/desk/items/{case}").text
