"""The list of one's own reviews: each with its states, in a number of statements that does not grow."""

from collections.abc import Iterator
from contextlib import contextmanager

from flask import Flask
from sqlalchemy import event

from directory.db import db
from tests.reviews.authors import author, clinic, draft, send


@contextmanager
def counted(app: Flask) -> Iterator[list[str]]:
    """The SQL statements about reviews and their clinics run inside the block; the index reads in its own time."""
    said: list[str] = []
    with app.app_context():
        engine = db.engine

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        if "review" in statement or "FROM clinic" in statement:
            said.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    yield said
    event.remove(engine, "before_cursor_execute", note)


def test_an_empty_list_leads_to_the_search(app: Flask) -> None:
    page = author(app).get("/account/reviews").text
    assert "You have not written any yet" in page


def test_each_with_its_state_and_no_statement_more_for_each(app: Flask) -> None:
    for number in range(4):
        clinic(app, f"c{number}", name=f"Rooms {number}")
    ann = author(app)
    send(ann, "c0")
    with counted(app) as for_one:
        ann.get("/account/reviews")
    send(ann, "c1")
    send(ann, "c2")
    draft(ann, "c3")
    with counted(app) as for_four:
        page = ann.get("/account/reviews").text
    assert len(for_four) == len(for_one)
    assert page.count("Waits to be read") == 3
    assert page.count("Draft") == 1
    assert page.index("Rooms 3") < page.index("Rooms 0")  # newest first
