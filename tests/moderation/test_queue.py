"""The queue: what could harm first, a fixed number of statements, pages that do not skip or repeat."""

import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from flask import Flask
from sqlalchemy import event, insert

from directory.accounts.models import User
from directory.cases.models import Case
from directory.clinics.duplicates import DuplicatePair
from directory.db import db, now, writing
from directory.moderation.carrying import KINDS
from directory.moderation.desk_forms import DecideForm
from directory.moderation.desk_queries import queue_page
from directory.moderation.duplicate_jobs import bring_duplicates
from directory.moderation.overdue_jobs import raise_overdue
from directory.moderation.reported import reported_by_subject
from directory.moderation.reports import file_report
from directory.reviews.models import Review
from directory.words import new_public_id
from tests import factories
from tests.moderation.cast import a_review, decide, moderator, open_cases, press, take, with_role

MANY = 50_000


@contextmanager
def counted(app: Flask) -> Iterator[list[str]]:
    statements: list[str] = []
    with app.app_context():
        engine = db.engine

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        statements.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    yield statements
    event.remove(engine, "before_cursor_execute", note)


def _reported(app: Flask) -> str:
    with app.test_request_context(), writing():
        about = reported_by_subject(f"review:{db.session.query(Review).one().public_id}")
        assert about is not None
        report = file_report(about, kind="notice", ground="fake", text="Not true.", email="r@example.org")
        db.session.commit()
        return report.case.public_id


def _many(app: Flask) -> None:
    with app.app_context(), writing():
        moment = now()
        rows = [
            {
                "public_id": new_public_id(),
                "kind": "review",
                "subject": f"review:{number}",
                "subject_id": number,
                "clock": "review",
                "priority": ("low", "medium", "high")[number % 3],
                "rank": 2 - number % 3,
                "reason": "A new review",
                "state": "open",
                "facts": {},
                "opened_at": moment,
                "due_at": moment + timedelta(seconds=number * 7 % 100_003),
            }
            for number in range(MANY)
        ]
        db.session.execute(insert(Case), rows)
        db.session.commit()


def test_pages_follow_each_other_in_order_with_few_statements(app: Flask) -> None:
    _many(app)
    first = moderator(app)
    seen: list[str] = []
    address = "/desk/"
    for _ in range(4):
        with counted(app) as statements:
            page = first.get(address).text
        assert len(statements) <= 16
        seen += re.findall(r'href="/desk/items/([^"]+)"', page)
        following = re.search(r'href="(/desk/\?[^"]*after=[^"]+)"', page)
        assert following
        address = following.group(1).replace("&amp;", "&")
    assert len(seen) == len(set(seen)) == 120
    with app.app_context():
        wanted = db.session.query(Case.public_id).order_by(Case.rank, Case.due_at, Case.id).limit(120)
        assert seen == [row.public_id for row in wanted]


def test_an_item_takes_a_fixed_number_of_statements(app: Flask) -> None:
    case = a_review(app)
    first = moderator(app)
    with counted(app) as few:
        first.get(f"/desk/items/{case}")
    _many(app)
    with counted(app) as many:
        first.get(f"/desk/items/{case}")
    assert len(many) <= len(few) + 2
    assert len(many) <= 40


@pytest.mark.parametrize(
    ("kinds", "index"), [(list(KINDS), "ix_case_file_queue"), (["appeal"], "ix_case_file_kind_queue")]
)
def test_the_queue_is_read_through_its_index(app: Flask, kinds: list[str], index: str) -> None:
    """As the page asks it, with the lease, the clinic's name and a place to begin at."""
    _many(app)
    with app.app_context():
        user = User(email="asks@desk.example")
        db.session.add(user)
        db.session.flush()
        if db.engine.dialect.name == "postgresql":
            db.session.execute(db.text("ANALYZE case_file"))
        asked: list[tuple[str, Any]] = []

        @event.listens_for(db.engine, "before_cursor_execute")
        def note(_connection: object, _cursor: object, statement: str, given: Any, *_: object) -> None:
            asked.append((statement, given))

        queue_page("open", user, kinds=kinds, after="1.1700000000000000.7")
        event.remove(db.engine, "before_cursor_execute", note)
        statement, given = asked[-1]
        ask = "EXPLAIN QUERY PLAN" if db.engine.dialect.name == "sqlite" else "EXPLAIN"
        raw = db.session.connection().exec_driver_sql(f"{ask} {statement}", given)
        plan = " ".join(str(row) for row in raw)
        assert index in plan, plan
        assert "Sort" not in plan
        assert "TEMP B-TREE" not in plan


def test_what_waits_too_long_moves_up(app: Flask) -> None:
    case = a_review(app)
    with app.app_context(), writing():
        db.session.query(Case).update({"priority": "low", "rank": 2, "due_at": now() - timedelta(hours=1)})
        db.session.commit()
        assert raise_overdue() == "raised 1"
        assert raise_overdue() == "raised 0"
    with time_machine.travel(time.time() + 8 * 86_400), app.app_context():
        assert raise_overdue() == "raised 1"
        assert db.session.query(Case).one().priority == "high"
    assert '<span class="priority high">' in moderator(app).get(f"/desk/items/{case}").text


def test_a_checker_and_a_moderator_see_each_their_own(app: Flask) -> None:
    case, checker = a_review(app), with_role(app, "checker@desk.example", "checker")
    assert checker.get("/desk/").status_code == 200
    assert case not in checker.get("/desk/").text
    assert checker.get(f"/desk/items/{case}").status_code == 404
    assert case in with_role(app, "lead@desk.example", "lead").get("/desk/").text


def test_who_stands_aside_goes_on_with_what_comes_after(app: Flask) -> None:
    cases = [a_review(app, number=number) for number in (1, 2, 3)]
    browser = moderator(app)
    assert take(browser, cases[1]).status_code == 303
    item = f"/desk/items/{cases[1]}"
    left = press(browser, item, f"{item}/release")
    assert left.status_code == 303
    shown = browser.get(left.location).text
    assert [case in shown for case in cases] == [False, False, True]
    assert cases[1] in browser.get("/desk/").text


def test_the_counts_are_what_this_person_can_take(app: Flask) -> None:
    cases = [a_review(app, number=number) for number in (1, 2, 3)]
    first, other = moderator(app), moderator(app, "second")
    with app.app_context(), writing():
        me = db.session.query(User).filter_by(email="first@desk.example").one().id
        db.session.query(Case).filter_by(public_id=cases[0]).one().author_id = me
        db.session.commit()
    assert take(other, cases[1]).status_code == 303
    assert "1 item waits" in first.get("/desk/").text
    assert cases[0] not in first.get("/desk/").text
    assert "3 items wait" in other.get("/desk/").text


@pytest.mark.parametrize(
    ("subject", "shown", "left_out"),
    [
        ("review:1", "Not based on an experience", "A reply that says who the reviewer is"),
        ("photo:1", "Nudity", "Said twice"),
        ("picture:1", "A picture that is not", "Threat, insult, hate"),
        ("result:1", "A picture that is not", "A reply that says"),
        ("reply:1", "Off the subject", "A picture that is not"),
        ("reply:1", "A reply that says who the reviewer is", "Said twice"),
    ],
)
def test_only_rules_that_the_thing_can_break(app: Flask, subject: str, shown: str, left_out: str) -> None:
    with app.test_request_context():
        form = DecideForm(thing=subject.partition(":")[0], meta={"csrf": False})
        words = [str(choice.label) for choice in form.rule.choices]
    assert any(word.startswith(shown) for word in words)
    assert not any(word.startswith(left_out) for word in words)


@pytest.mark.parametrize("part", ["notes", "hold"])
def test_what_is_refused_keeps_what_was_typed(app: Flask, part: str) -> None:
    a_review(app, "published")
    case = _reported(app)
    browser = moderator(app)
    assert take(browser, case).status_code == 303
    item, words = f"/desk/items/{case}", "too short" if part == "hold" else "n" * 1_001
    fields = {"hold_statement": words, "hold_rule": "threat"} if part == "hold" else {"note_text": words}
    refused = press(browser, item, f"{item}/{part}", **fields)
    assert refused.status_code == 422
    assert words in refused.text
    assert "Wrong:" in refused.text


def test_a_pair_says_which_listing_would_close(app: Flask) -> None:
    with app.app_context(), writing():
        first, second = factories.clinic(slug="kept-later"), factories.clinic(slug="kept-by-its-clinic")
        second.claimed_at = now()
        db.session.flush()
        db.session.add(DuplicatePair(first_id=first.id, second_id=second.id, reasons=["same telephone"]))
        db.session.commit()
        bring_duplicates()
    (case,) = open_cases(app, "duplicate")
    browser = moderator(app)
    words = "kept-later closes, and its address leads to kept-by-its-clinic."
    assert words in browser.get(f"/desk/items/{case}").text
    assert decide(browser, case, "same", rule="finding").status_code == 303
    assert browser.get("/clinics/kept-later").location == "/clinics/kept-by-its-clinic"
