"""Decisions at the desk: what each act does, what the person concerned is told, and what never happens."""

import re
import threading
import time
from urllib.parse import unquote

import pytest
import time_machine
from flask import Flask

from directory.accounts.models import User
from directory.cases.appealing import appeal
from directory.cases.decisions import Appeal, Decision, Statement
from directory.cases.models import Case
from directory.cases.opening import open_case
from directory.clinics.models import Clinic
from directory.db import db, writing
from directory.ledger import LedgerRow
from directory.moderation.hold_jobs import lift_overdue
from directory.moderation.reported import reported_by_subject
from directory.moderation.reports import file_report
from directory.moderation.ties import DeclaredTie
from directory.reviews.models import Review
from directory.reviews.photos import Photo
from directory.reviews.replies import Reply
from directory.reviews.stages import Stage
from tests import factories
from tests.accounts import people
from tests.moderation.cast import (
    AUTHOR,
    WHY,
    a_review,
    confirmed,
    decide,
    moderator,
    open_cases,
    press,
    state_of,
    take,
    with_photos,
    with_proof,
    with_role,
)

WHY_NOT = "These are words about an experience of one person."


@pytest.mark.parametrize(
    ("act", "rule", "state", "restriction"),
    [
        ("publish", "none_broken", "published", None),  # nothing is restricted, so nobody needs a statement
        ("ask_edit", "personal", "needs_edit", "needs_edit"),
        ("refuse", "personal", "refused", "not_published"),
    ],
)
def test_a_new_review(app: Flask, act: str, rule: str, state: str, restriction: str | None) -> None:
    case = a_review(app)
    assert decide(moderator(app), case, act, rule).status_code == 303
    assert state_of(app) == [state]
    with app.app_context():
        told = [(one.restriction, one.facts) for one in db.session.query(Statement)]
        assert told == ([(restriction, WHY)] if restriction else [])
        acts = [row.act for row in db.session.query(LedgerRow).order_by(LedgerRow.seq)]
        assert f"review.{act}.decided" in acts
    letter = people.letters(app, AUTHOR)[-1]
    assert ("A decision awaits you" if restriction else "What you sent to Hairline is shown") in letter["Subject"]
    assert ("/account/statements" if restriction else "/account/reviews/") in unquote(letter.get_content())
    assert WHY not in letter.get_content()


def test_one_sentence_is_taken_out_and_the_rest_stays(app: Flask) -> None:
    case = a_review(app)
    assert decide(moderator(app), case, "redact", "personal", sentences="1").status_code == 303
    with app.app_context():
        stage = db.session.query(Stage).one()
        assert stage.state == "redacted"
        assert stage.text == "The dots look natural. […] I would go again."
        assert "Jane" in stage.original_text


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"act": "redact", "rule": "personal"}, "Choose the sentences to take out."),
        ({"act": "refuse", "rule": "personal", "statement": "no"}, "Say it in a sentence at least."),
        ({"act": "refuse", "rule": "invented"}, "Not a valid choice"),
        ({"act": ""}, "Choose what to do."),
        ({"act": "refuse", "rule": "threat", "statement": "This part threatens somebody:"}, "Finish the sentence"),
        ({"act": "publish", "rule": "personal"}, "It would be shown although a rule is named"),
        ({"act": "publish", "photos": "one"}, "Name the rule that is broken."),
        ({"act": "publish", "rule": ""}, "Choose the rule that is broken, or that none is."),
        ({"act": "refuse", "sentences": "1"}, '<input type="checkbox" name="sentences" value="1" checked>'),
    ],
)
def test_a_bad_decision_is_named_and_what_was_typed_stays(app: Flask, fields: dict[str, str], words: str) -> None:
    case, first = a_review(app), moderator(app)
    take(first, case)
    item = f"/desk/items/{case}"
    sent = {"act": "publish", "rule": "none_broken", "statement": "Nothing is wrong with it at all.", **fields}
    answer = press(first, item, f"{item}/decide", **sent)
    assert answer.status_code == 422
    assert words in answer.text
    assert sent["statement"] in answer.text
    assert state_of(app) == ["pending"]


def test_refusing_needs_a_rule_that_is_broken(app: Flask) -> None:
    answer = decide(moderator(app), a_review(app), "refuse", "none_broken")
    assert answer.status_code == 422
    assert "Name the rule that is broken" in answer.text
    assert WHY in answer.text
    assert state_of(app) == ["pending"]


@pytest.mark.parametrize(("answer", "verification"), [("", "contact"), ("accept", "visit"), ("refuse", "contact")])
def test_no_proof_is_destroyed_unanswered(app: Flask, answer: str, verification: str) -> None:
    case, first = a_review(app), moderator(app)
    with_proof(app)
    shown = decide(first, case, "publish", proof=answer)
    assert shown.status_code == (303 if answer else 422)
    assert ("Say whether the document shows a visit" in shown.text) is (not answer)
    with app.app_context():
        review = db.session.query(Review).one()
        assert review.proof is not None
        assert review.proof.state == {"": "waiting", "accept": "accepted", "refuse": "refused"}[answer]
        assert review.verification == verification


def test_a_photo_that_is_kept_back_is_kept_back_beside_sentences_too(app: Flask) -> None:
    case, first = a_review(app), moderator(app)
    _shown, kept = with_photos(app, "shown", "kept")
    assert decide(first, case, "redact", "personal", sentences="1", photos=kept).status_code == 303
    with app.app_context():
        states = {photo.public_id == kept: photo.state for photo in db.session.query(Photo)}
        assert states == {False: "published", True: "refused"}


def test_the_queue_leaves_out_what_a_declared_tie_keeps_away(app: Flask) -> None:
    case, first = a_review(app), moderator(app)
    assert f"/desk/items/{case}" in first.get("/desk/").text
    people.submit(first, "/desk/ties", slug="one")
    assert f"/desk/items/{case}" not in first.get("/desk/").text


def test_an_item_that_somebody_works_on_says_so(app: Flask) -> None:
    case, first, other = a_review(app), moderator(app), moderator(app, "second")
    take(first, case)
    page = other.get(f"/desk/items/{case}").text
    assert "Somebody else works on this for 20 more minutes." in page
    assert "Take this item" not in page


def test_a_decision_sent_twice_is_made_once(app: Flask) -> None:
    case, first = a_review(app), moderator(app)
    take(first, case)
    item = f"/desk/items/{case}"
    page = first.get(item)
    once = re.search(r'/decide".*?name="once"[^>]*value="([^"]*)"', page.text, re.DOTALL)
    assert once
    data = {"csrf_token": people.form_token(page), "once": once.group(1), "act": "publish"}
    data |= {"rule": "none_broken", "statement": WHY}
    assert [first.post(f"{item}/decide", data=data).status_code for _ in range(2)] == [303, 303]
    with app.app_context():
        assert db.session.query(Decision).count() == 1


def test_two_items_decided_without_the_forms_key_are_two_decisions(app: Flask) -> None:
    first, acts = moderator(app), {"act": "publish", "rule": "none_broken", "statement": WHY}
    for number in (1, 2):
        case = a_review(app, number=number)
        take(first, case)
        data = {"csrf_token": people.form_token(first.get(f"/desk/items/{case}")), **acts}
        assert first.post(f"/desk/items/{case}/decide", data=data).status_code == 303
    assert state_of(app) == ["published", "published"]


def test_the_stars_are_not_in_the_page_before_the_decision(app: Flask) -> None:
    case, first = a_review(app, overall=2), moderator(app)
    take(first, case)
    before = first.get(f"/desk/items/{case}").text
    assert "star" not in re.sub(r"the stars are not here before you decide|starts?", "", before.lower())
    press(first, f"/desk/items/{case}", f"/desk/items/{case}/decide", act="publish", rule="none_broken", statement=WHY)
    assert "The review gave 2 stars." in first.get(f"/desk/items/{case}").text


def test_two_cannot_work_on_one_item_and_a_lapsed_lease_passes_on(app: Flask) -> None:
    case, first, other = a_review(app), moderator(app), moderator(app, "second")
    assert take(first, case).status_code == 303
    page = other.get(f"/desk/items/{case}")
    answer = other.post(f"/desk/items/{case}/take", data={"csrf_token": people.form_token(page)})
    assert answer.status_code == 409
    assert "Somebody else is working on this item" in answer.text
    with time_machine.travel(time.time() + 21 * 60):
        third = moderator(app, "third")
        assert take(third, case).status_code == 303


def _report(app: Flask, *, by_clinic: bool = False, ground: str = "fake") -> str:
    """A complaint about the published review; returns its case."""
    with app.test_request_context(), writing():
        review = db.session.query(Review).order_by(Review.id).first()
        assert review is not None
        about = reported_by_subject(f"review:{review.public_id}")
        assert about is not None
        by = confirmed(f"boss@{review.clinic.website_host}") if by_clinic else None
        email = by.email if by else "anybody@example.org"
        file_report(about, kind="notice", ground=ground, text="This is not right at all.", email=email, by=by)
        db.session.commit()
    return open_cases(app, "report")[0]


def test_a_complaint_hides_nothing_and_a_kept_review_loses_its_mark(app: Flask) -> None:
    a_review(app, "published")
    case = _report(app)
    assert state_of(app) == ["published"]
    decide(moderator(app), case, "keep")
    with app.app_context():
        assert db.session.query(Review).one().under_review_since is None
    assert len(people.letters(app, "anybody@example.org")) == 2  # received, decided


@pytest.mark.parametrize("agrees", ["yes", "no"])
def test_what_a_clinic_wants_removed_needs_two_people(app: Flask, agrees: str) -> None:
    a_review(app, "published")
    case, first, other = _report(app, by_clinic=True), moderator(app), moderator(app, "second")
    assert decide(first, case, "remove", "personal").status_code == 303
    assert state_of(app) == ["published"]
    item = f"/desk/items/{case}"
    assert "somebody else says yes or no" in first.get(item).text
    token = people.form_token(first.get("/desk/ties"))
    own = first.post(f"{item}/second", data={"csrf_token": token, "agrees": "yes"})
    assert own.status_code == 409
    without = press(other, item, f"{item}/second", agrees="no")
    assert without.status_code == 422
    assert "Say why you do not agree" in without.text
    assert state_of(app) == ["published"]
    assert press(other, item, f"{item}/second", agrees=agrees, why=WHY_NOT).status_code == 303
    assert state_of(app) == (["removed"] if agrees == "yes" else ["published"])
    assert WHY_NOT in first.get(item).text  # whoever decides anew reads it


def test_anybody_elses_complaint_is_decided_by_one(app: Flask) -> None:
    a_review(app, "published")
    decide(moderator(app), _report(app), "remove", "personal")
    assert state_of(app) == ["removed"]


def test_two_seconds_at_once_carry_it_out_once(app: Flask) -> None:
    a_review(app, "published")
    case, first = _report(app, by_clinic=True), moderator(app)
    decide(first, case, "remove", "personal")
    others = [moderator(app, name) for name in ("second", "third", "fourth")]
    item, answers = f"/desk/items/{case}", []
    tokens = [people.form_token(one.get(item)) for one in others]

    def agree(number: int) -> None:
        data = {"csrf_token": tokens[number], "agrees": "yes"}
        answers.append(others[number].post(f"{item}/second", data=data).status_code)

    threads = [threading.Thread(target=agree, args=(number,)) for number in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers.count(303) == 1
    with app.app_context():
        assert db.session.query(Statement).count() == 1


def test_hidden_at_once_it_shows_again_after_a_day_unless_somebody_decides(app: Flask) -> None:
    a_review(app, "published")
    case, first = _report(app, ground="personal"), moderator(app)
    take(first, case)
    item = f"/desk/items/{case}"
    answer = press(first, item, f"{item}/hold", hold_rule="personal", hold_statement=WHY)
    assert answer.status_code == 303
    assert state_of(app) == ["removed"]
    with app.app_context():
        assert lift_overdue() == "lifted 0"
    with time_machine.travel(time.time() + 25 * 3600), app.app_context():
        assert lift_overdue() == "lifted 1"
    assert state_of(app) == ["published"]


@pytest.mark.parametrize(
    ("act", "rule", "state"), [("keep", "none_broken", "published"), ("remove", "personal", "removed")]
)
def test_a_hold_ends_with_the_decision(app: Flask, act: str, rule: str, state: str) -> None:
    a_review(app, "published")
    case, first = _report(app, ground="personal"), moderator(app)
    take(first, case)
    item = f"/desk/items/{case}"
    press(first, item, f"{item}/hold", hold_rule="personal", hold_statement=WHY)
    press(first, item, f"{item}/decide", act=act, rule=rule, statement=WHY)
    assert state_of(app) == [state]
    with time_machine.travel(time.time() + 25 * 3600), app.app_context():
        assert lift_overdue() == "lifted 0"


def _appeal(app: Flask) -> str:
    with app.app_context(), writing():
        author = db.session.query(User).filter_by(email=AUTHOR).one()
        appeal(db.session.query(Statement).one(), "Jane is my own first name, nobody else's.", by=author)
        db.session.commit()
    return open_cases(app, "appeal")[0]


@pytest.mark.parametrize(
    ("act", "agrees", "state", "outcome"),
    [
        ("uphold", None, "refused", "upheld"),  # one person lets a decision stand
        ("reverse", None, "refused", "open"),  # one person overturns nothing
        ("reverse", "no", "refused", "open"),
        ("reverse", "yes", "published", "reversed"),
    ],
)
def test_an_appeal_goes_to_somebody_else_and_two_people_reverse(
    app: Flask, act: str, agrees: str | None, state: str, outcome: str
) -> None:
    case, first, other = a_review(app), moderator(app), moderator(app, "second")
    decide(first, case, "refuse", "personal")
    theirs = _appeal(app)
    page = first.get(f"/desk/items/{theirs}")
    assert "took no part in the decision" in page.text
    token = people.form_token(first.get("/desk/ties"))
    refused = first.post(f"/desk/items/{theirs}/take", data={"csrf_token": token})
    assert refused.status_code == 409
    assert decide(other, theirs, act, statement="We read it again, and this is what we found.").status_code == 303
    item = f"/desk/items/{theirs}"
    if agrees:
        assert state_of(app) == ["refused"]
        for part_of_it in (first, other):  # neither whoever decided, nor whoever read the appeal
            refused = part_of_it.post(f"{item}/second", data={"csrf_token": token, "agrees": "yes"})
            assert refused.status_code in {400, 409}
        third = moderator(app, "third")
        assert press(third, item, f"{item}/second", agrees=agrees, why=WHY_NOT).status_code == 303
    assert state_of(app) == [state]
    with app.app_context():
        answered = db.session.query(Appeal).one()
        assert answered.outcome == outcome
        assert answered.reply.startswith("We read it again") is (outcome != "open")


@pytest.mark.parametrize("tie", ["declared", "own_review", "site", "owner"])
def test_ties_keep_an_item_away(app: Flask, tie: str) -> None:
    case = a_review(app)
    email = {"site": "mod@one.example", "own_review": AUTHOR}.get(tie, "mod@desk.example")
    if tie == "own_review":
        with app.app_context(), writing():
            db.session.query(Case).update({"author_id": None, "opened_by_id": None})
            db.session.query(Review).update({"author_id": None})
            db.session.query(User).filter_by(email=AUTHOR).delete()
            db.session.commit()
    browser = with_role(app, email, "moderator")
    with app.app_context(), writing():
        user, clinic = db.session.query(User).filter_by(email=email).one(), db.session.query(Clinic).one()
        if tie == "declared":
            db.session.add(DeclaredTie(user_id=user.id, clinic_id=clinic.id))
        elif tie == "own_review":
            db.session.query(Case).update({"author_id": user.id})
        elif tie == "owner":
            from directory.clinics.membership import Membership

            other = factories.clinic(slug="elsewhere")
            db.session.flush()
            db.session.add(Membership(user_id=user.id, clinic_id=other.id, level="owner"))
        db.session.commit()
    page = browser.get(f"/desk/items/{case}")
    assert "Not for you" in page.text
    answer = browser.post(f"/desk/items/{case}/take", data={"csrf_token": people.form_token(browser.get("/desk/ties"))})
    assert answer.status_code == 409


def test_a_reply_is_read_before_it_shows(app: Flask) -> None:
    a_review(app, "published")
    with app.app_context(), writing():
        review = db.session.query(Review).one()
        staff = User(email="staff@one.example")
        db.session.add(staff)
        db.session.flush()
        reply = Reply(review=review, by_id=staff.id, text="Thank you, Mr Smith, for coming on 3 May.", state="pending")
        db.session.add(reply)
        db.session.flush()
        made = open_case(
            "reply",
            subject=f"reply:{reply.public_id}",
            subject_id=reply.id,
            clock="review",
            priority="medium",
            reason="A reply",
            clinic_id=review.clinic_id,
        )
        case = made.public_id
        db.session.commit()
    decide(moderator(app), case, "refuse", "reply_identity", "It tells readers who the reviewer may be.")
    with app.app_context():
        assert db.session.query(Reply).one().state == "refused"


def test_who_may_open_the_desk(app: Flask) -> None:
    case = a_review(app)
    missing = people.member(app, "m@example.org").get("/desk/items/nothing")
    for browser in (people.member(app, "member@example.org"), with_role(app, "op@desk.example", "operator")):
        answer = browser.get(f"/desk/items/{case}")
        assert answer.status_code == 404
        assert re.sub(r"[0-9a-f]{16}", "", answer.text) == re.sub(r"[0-9a-f]{16}", "", missing.text)
    auditor = with_role(app, "auditor@desk.example", "auditor")
    page = auditor.get(f"/desk/items/{case}")
    assert page.status_code == 200
    assert auditor.post(f"/desk/items/{case}/take", data={"csrf_token": people.form_token(page)}).status_code == 404


@pytest.mark.parametrize("number", [1, 2**31, 2**62 + 1, 2**70])
def test_a_saved_text_that_is_not_there_is_not_found(app: Flask, number: int) -> None:
    lead = with_role(app, "lead@desk.example", "lead")
    token = people.form_token(lead.get("/desk/saved-replies"))
    assert lead.post(f"/desk/saved-replies/{number}/drop", data={"csrf_token": token}).status_code == 404
