"""Which acts a case can end with, when two people decide, and what the rarer acts do."""

import pytest
from flask import Flask

from directory.accounts.models import User
from directory.cases.appealing import appeal
from directory.cases.decisions import Statement
from directory.cases.models import Case
from directory.clinics.models import Clinic
from directory.db import db, writing
from directory.moderation.carrying import KINDS, acts_of
from directory.moderation.reported import reported_by_subject
from directory.moderation.reports import file_report
from directory.moderation.rules import RULES
from directory.moderation.ties import DeclaredTie
from directory.reviews.models import Review
from directory.reviews.stages import Stage
from tests.moderation.cast import (
    AUTHOR,
    WHY,
    a_review,
    confirmed,
    decide,
    moderator,
    open_cases,
    press,
    reverse,
    state_of,
    take,
)

# (kind, what it is about, the acts offered, those that two people decide whoever complained)
OFFERED = [
    ("review", "review", "publish ask_edit redact refuse", ""),
    ("stage", "stage", "publish ask_edit redact refuse", ""),
    ("photo", "photo", "publish remove", ""),
    ("reply", "reply", "publish ask_edit refuse", ""),
    ("report", "review", "keep redact set_aside remove", ""),
    ("report", "photo", "keep remove", ""),
    ("report", "reply", "keep remove", ""),
    ("report", "clinic", "keep remove", "remove"),  # delisting
    ("report", "practitioner", "keep", ""),
    ("legal_notice", "review", "keep redact set_aside remove", ""),
    (
        "dispute",
        "review",
        "keep keep_disputed redact set_aside remove",
        "set_aside remove",
    ),  # the clinic's complaint, always
    ("suspicion", "review", "clear set_aside remove alert", "alert"),
    ("suspicion", "clinic", "clear alert", "alert"),  # signals never take a listing down
    ("appeal", "decision", "uphold reverse", "reverse"),
    ("duplicate", "pair", "different same", ""),
]


@pytest.mark.parametrize(("kind", "about", "offered", "two"), OFFERED)
def test_the_table_of_acts(app: Flask, kind: str, about: str, offered: str, two: str) -> None:
    with app.app_context():
        made = Case.open(
            kind, subject=f"{about}:x", subject_id=1, clock="review", priority="low", reason="", clinic_id=1
        )
        acts = acts_of(made)
        assert set(acts) == set(offered.split())
        assert {key for key, act in acts.items() if act.two(made)} == set(two.split())


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_every_act_says_what_will_happen_and_has_a_key_of_its_own(kind: str) -> None:
    acts = list(KINDS[kind].acts.values())
    # Acts that fit other cases of the kind may share a key: nobody sees both.
    assert len({(act.hotkey, act.fits) for act in acts}) == len(acts)
    assert not {act.hotkey for act in acts} & set("jkopnxiqf?")  # keys of the desk itself
    assert not {act.hotkey for act in acts} & {rule.hotkey for rule in RULES.values()}
    assert all(str(act.words) and str(act.then) for act in acts)


def test_what_reverses_a_decision_has_a_key_that_does_nothing_else() -> None:
    keys = [(act.hotkey, key) for kind in KINDS.values() for key, act in kind.acts.items()]
    reversing = KINDS["appeal"].acts["reverse"].hotkey
    assert [key for hotkey, key in keys if hotkey == reversing] == ["reverse"]


def _report(app: Flask, about: str, by: str = "") -> str:
    with app.test_request_context(), writing():
        found = reported_by_subject(about)
        assert found is not None
        words, user = "This is not right at all.", confirmed(by) if by else None
        file_report(found, kind="notice", ground="fake", text=words, email=by or "anybody@example.org", by=user)
        db.session.commit()
    return open_cases(app, "report")[-1]


def _about_review(app: Flask) -> str:
    with app.app_context():
        return f"review:{db.session.query(Review).one().public_id}"


def _appeal(app: Flask) -> str:
    with app.app_context(), writing():
        author = db.session.query(User).filter_by(email=AUTHOR).one()
        statement = db.session.query(Statement).order_by(Statement.id.desc()).first()
        assert statement is not None
        appeal(statement, "Jane is my own first name, nobody else's.", by=author)
        db.session.commit()
    return open_cases(app, "appeal")[0]


def test_a_second_sentence_is_taken_out_and_an_appeal_brings_the_whole_text_back(app: Flask) -> None:
    case, first = a_review(app), moderator(app)
    decide(first, case, "redact", "personal", sentences="1")
    again = _report(app, _about_review(app))
    assert decide(first, again, "redact", "personal", sentences="1").status_code == 303
    with app.app_context():
        assert db.session.query(Stage).one().text == "The dots look natural. […]"
    reverse(app, _appeal(app))
    with app.app_context():
        stage = db.session.query(Stage).one()
        assert stage.state == "published"
        assert stage.text == "The dots look natural. My nurse Jane was rude. I would go again."


def test_taking_out_a_sentence_that_is_not_there_changes_nothing(app: Flask) -> None:
    case = a_review(app)
    answer = decide(moderator(app), case, "redact", "personal", sentences="9")
    assert answer.status_code == 422
    assert "Choose the sentences to take out." in answer.text
    assert state_of(app) == ["pending"]


def test_an_appeal_against_a_wish_for_a_change_publishes_it(app: Flask) -> None:
    case = a_review(app)
    decide(moderator(app), case, "ask_edit", "personal")
    reverse(app, _appeal(app))
    assert state_of(app) == ["published"]


def test_a_listing_leaves_by_two_people_and_its_clinic_reads_why(app: Flask) -> None:
    a_review(app, "published")
    with app.app_context():
        about = f"clinic:{db.session.query(Clinic).one().public_id}"
    case, first, other = _report(app, about), moderator(app), moderator(app, "second")
    assert decide(first, case, "remove", "law").status_code == 303
    assert app.test_client().get("/clinics/one").status_code == 200
    item = f"/desk/items/{case}"
    assert press(other, item, f"{item}/second", agrees="yes").status_code == 303
    assert app.test_client().get("/clinics/one").status_code != 200
    with app.app_context():
        told = db.session.query(Statement).one()
        assert (told.to_clinic_id, told.facts) == (db.session.query(Clinic).one().id, WHY)


def test_what_waits_for_a_second_person_is_not_decided_past_them(app: Flask) -> None:
    a_review(app, "published")
    case = _report(app, _about_review(app), by="boss@one.example")
    decide(moderator(app), case, "remove", "personal")
    other = moderator(app, "second")
    token = other.get("/desk/ties").text.split('name="csrf_token"')[1].split('value="')[1].split('"')[0]
    other.post(f"/desk/items/{case}/take", data={"csrf_token": token})
    sent = {"csrf_token": token, "once": "o", "act": "keep", "rule": "none_broken", "statement": WHY}
    answer = other.post(f"/desk/items/{case}/decide", data=sent)
    assert answer.status_code == 422
    with app.app_context():
        assert db.session.query(Case).filter_by(public_id=case).one().state == "waiting"


def test_a_tie_hides_what_was_written_and_what_is_known_of_its_author(app: Flask) -> None:
    case, first = a_review(app), moderator(app)
    assert "nurse Jane" in first.get(f"/desk/items/{case}").text
    with app.app_context(), writing():
        user = db.session.query(User).filter_by(email="first@desk.example").one()
        db.session.add(DeclaredTie(user_id=user.id, clinic_id=db.session.query(Clinic).one().id))
        db.session.commit()
    page = first.get(f"/desk/items/{case}").text
    assert "You declared a tie to this clinic." in page
    assert "nurse Jane" not in page
    assert "About this author before" not in page


def test_words_are_kept_when_the_lease_lapsed(app: Flask) -> None:
    case, first = a_review(app), moderator(app)
    take(first, case)
    with app.app_context(), writing():
        db.session.query(Case).update({"leased_by_id": None, "leased_until": None})
        db.session.commit()
    token = first.get("/desk/ties").text.split('name="csrf_token"')[1].split('value="')[1].split('"')[0]
    sent = {"csrf_token": token, "once": "o", "act": "refuse", "rule": "personal", "statement": WHY}
    answer = first.post(f"/desk/items/{case}/decide", data=sent)
    assert answer.status_code == 422
    assert "Take the item before you decide it." in answer.text
    assert WHY in answer.text
