"""What a moderator typed: nothing is said in their place, nothing is lost, and no reason reaches anybody by mistake."""

import re
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from directory.cases.models import Case, Note
from directory.cases.opening import open_case
from directory.clinics.duplicates import DuplicatePair
from directory.db import db, now, writing
from directory.moderation.carrying import KINDS
from directory.moderation.duplicate_jobs import bring_duplicates
from directory.moderation.reported import reported_by_subject
from directory.moderation.reports import file_report
from directory.moderation.rules import NONE_BROKEN, RULES, contradiction
from directory.reviews.models import Review
from directory.reviews.replies import Reply
from tests import factories
from tests.accounts import people
from tests.moderation.cast import WHY, a_review, moderator, open_cases, press, state_of, take

DRAFTS = {key: str(rule.draft).strip() for key, rule in RULES.items()}
OF_RULES = [key for key in RULES if key != NONE_BROKEN]


def _everything(app: Flask) -> None:
    """One open item of each kind that rules decide, and one that ends with a finding."""
    a_review(app)
    a_review(app, "published", number=2)
    with app.test_request_context(), writing():
        review = db.session.query(Review).order_by(Review.id.desc()).first()
        assert review is not None
        reply = Reply(review=review, text="Thank you. Please write to us.", state="pending")
        first, second = factories.clinic(slug="twin-a"), factories.clinic(slug="twin-b")
        db.session.add(reply)
        db.session.flush()
        db.session.add(DuplicatePair(first_id=first.id, second_id=second.id, reasons=["same telephone"]))
        about = reported_by_subject(f"review:{review.public_id}")
        assert about is not None
        file_report(about, kind="notice", ground="fake", text="I do not believe it.", email="r@example.org")
        for kind, subject, number in (
            ("suspicion", f"review:{review.public_id}", review.id),
            ("reply", f"reply:{reply.public_id}", reply.id),
            ("stage", f"stage:{review.stages[0].public_id}", review.stages[0].id),
        ):
            open_case(
                kind,
                subject=subject,
                subject_id=number,
                clock="review",
                priority="low",
                reason="",
                clinic_id=review.clinic_id,
            )
        db.session.commit()
        bring_duplicates()


def test_nothing_is_chosen_or_said_before_somebody_does(app: Flask) -> None:
    _everything(app)
    browser, seen = moderator(app), set()
    for kind in KINDS:
        for case in open_cases(app, kind):
            assert take(browser, case).status_code == 303
            page = browser.get(f"/desk/items/{case}").text
            form = page[page.index('id="deciding"') :]
            assert re.findall(r"<(?:input|option)[^>]* (?:checked|selected)[^>]*>", form) in (
                [],
                ['<option selected value="">'],
            )
            assert re.search(r'<textarea[^>]*name="statement"[^>]*>\s*</textarea>', form)
            keys = dict(re.findall(r'data-key="(\w)"[^>]*name="rule"[^>]*value="(\w+)"', form))
            assert all(RULES[rule].hotkey == key for key, rule in keys.items())
            assert bool(keys) is (kind != "duplicate")  # a finding asks for no rule
            seen.add(kind)
    assert seen == {"review", "stage", "reply", "report", "suspicion", "duplicate"}


def test_a_rule_has_one_key_and_no_other_rule_has_it() -> None:
    keys = [rule.hotkey for rule in RULES.values()]
    assert len(set(keys)) == len(RULES)
    assert all(len(key) == 1 for key in keys)
    assert RULES[NONE_BROKEN].hotkey == "0"


def test_a_draft_goes_with_its_own_rule_and_never_alone(app: Flask) -> None:
    with app.test_request_context():
        assert contradiction(NONE_BROKEN, DRAFTS[NONE_BROKEN]) == ""
        for rule in OF_RULES:
            own, other = DRAFTS[rule], DRAFTS["threat" if rule != "threat" else "tie"]
            assert contradiction(rule, f"{own} the second sentence, by name.") == ""
            assert contradiction(rule, "It names the nurse in the second sentence.") == ""
            for words in (own, f"{own} .", own.upper(), f"  {own}\n"):
                assert contradiction(rule, words).startswith("These are only the words"), words
            assert contradiction(rule, f"{other} the second sentence.").startswith("Your words begin")
            assert contradiction(rule, f"{DRAFTS[NONE_BROKEN]}photo 2 shows").startswith("Your words say that no rule")
            assert contradiction(NONE_BROKEN, f"{own} the second sentence.").startswith("You chose that no rule")


@pytest.mark.parametrize(
    ("act", "rule", "statement", "words"),
    [
        (
            "refuse",
            "picture_true",
            f"{DRAFTS[NONE_BROKEN]}photo 2 shows a wig.",
            "Your words say that no rule is broken",
        ),
        ("publish", NONE_BROKEN, f"{DRAFTS['personal']} the nurse.", "You chose that no rule is broken"),
        ("refuse", "nudity", DRAFTS["nudity"], "These are only the words that the rule begins with"),
        ("refuse", "personal", DRAFTS["personal"], "Finish the sentence"),
    ],
)
def test_a_reason_that_was_not_the_reason_reaches_nobody(
    app: Flask, act: str, rule: str, statement: str, words: str
) -> None:
    case, browser = a_review(app), moderator(app)
    take(browser, case)
    item = f"/desk/items/{case}"
    answer = press(browser, item, f"{item}/decide", act=act, rule=rule, statement=statement)
    assert answer.status_code == 422
    assert words in answer.text
    assert state_of(app) == ["pending"]


TYPED = {"rule": "threat", "statement": "Half a sentence about", "sentences": "1"}


def _all_there(page: str) -> bool:
    return (
        f"{TYPED['statement']}</textarea>" in page
        and re.search(r'<input checked[^>]*value="threat"', page) is not None
        and 'name="sentences" value="1" checked' in page
    )


def _reported(app: Flask) -> tuple[FlaskClient, str]:
    a_review(app, "published")
    with app.test_request_context(), writing():
        about = reported_by_subject(f"review:{db.session.query(Review).one().public_id}")
        assert about is not None
        file_report(about, kind="notice", ground="personal", text="It names me.", email="r@example.org")
        db.session.commit()
    browser, (case,) = moderator(app), open_cases(app, "report")
    assert take(browser, case).status_code == 303
    return browser, f"/desk/items/{case}"


@pytest.mark.parametrize(
    ("part", "fields", "status"),
    [
        ("notes", {"note_text": "Look at the second sentence."}, 200),
        ("notes", {"note_text": "n" * 1_001}, 422),
        ("hold", {"hold_rule": "threat", "hold_statement": WHY}, 200),
        ("hold", {"hold_rule": "", "hold_statement": WHY}, 422),
        ("decide", {"act": "remove", "note_text": "Look at the second sentence."}, 422),
    ],
)
def test_what_was_typed_beside_comes_back(app: Flask, part: str, fields: dict[str, str], status: int) -> None:
    """Without a script: a note, a hold and a refusal answer with the statement half written, and nothing twice."""
    browser, item = _reported(app)
    typed = TYPED if part != "decide" else {**TYPED, "statement": "Half a"}
    answer = press(browser, item, f"{item}/{part}", **typed, **fields)
    assert answer.status_code == status
    assert _all_there(answer.text.replace("Half a<", "Half a sentence about<"))
    assert ("data-restored hidden" in answer.text) is (status == 422)
    said = fields.get("note_text", fields.get("hold_statement", ""))
    assert (f"{said}</textarea>" in answer.text) is (status == 422)  # done with once it is sent
    with app.app_context():
        assert db.session.query(Note).count() == (part == "notes" and status == 200)


def test_a_note_without_anything_beside_leads_back_to_the_item(app: Flask) -> None:
    browser, item = _reported(app)
    answer = press(browser, item, f"{item}/notes", note_text="Look at the second sentence.")
    assert (answer.status_code, answer.location) == (303, item)


def test_a_lease_that_lapsed_costs_nobody_their_words(app: Flask) -> None:
    browser, item = _reported(app)
    shown = browser.get(item)
    with app.app_context(), writing():
        db.session.query(Case).filter_by(kind="report").one().leased_until = now() - timedelta(minutes=1)
        db.session.commit()
    data = {"csrf_token": people.form_token(shown), "act": "remove", **TYPED, "statement": WHY}
    refused = browser.post(f"{item}/decide", data=data)
    assert refused.status_code == 422
    assert "Take the item before you decide it." in refused.text
    taking = refused.text.rpartition(f'action="{item}/take"')[2].partition("</form>")[0]
    along = re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', taking)
    again = browser.post(f"{item}/take", data={**dict(along), "csrf_token": people.form_token(refused)})
    assert again.status_code == 200
    assert f"{WHY}</textarea>" in again.text
    assert re.search(r'<input checked[^>]*value="threat"', again.text)
