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
from directory.db import db, now, writing
from directory.moderation.carrying import KINDS
from directory.moderation.desk_queries import queue_page
from directory.moderation.overdue_jobs import raise_overdue
from directory.words import new_public_id
from tests.moderation.cast import a_review, moderator, with_role

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
