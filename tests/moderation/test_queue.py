"""The queue: what could harm first, a fixed number of statements, pages that do not skip or repeat."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

from flask import Flask
from sqlalchemy import event, insert

from directory.cases.models import Case
from directory.db import db, now, writing
from directory.words import new_public_id
from tests.moderation.cast import a_review, moderator

MANY = 5_000


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


def test_the_queue_is_read_through_its_index(app: Flask) -> None:
    _many(app)
    with app.app_context():
        name = db.engine.dialect.name
        if name == "postgresql":
            db.session.execute(db.text("ANALYZE case_file"))
        ask = "EXPLAIN QUERY PLAN" if name == "sqlite" else "EXPLAIN"
        query = "SELECT id FROM case_file WHERE state = 'open' ORDER BY rank, due_at, id LIMIT 30"
        plan = " ".join(str(row) for row in db.session.execute(db.text(f"{ask} {query}")))
        assert "ix_case_file_queue" in plan
