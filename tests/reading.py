"""What a visitor reads of an answer, and what the answer read of the database."""

import html
import re
from collections.abc import Iterator
from contextlib import contextmanager

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event
from werkzeug.test import TestResponse

from directory.db import db


def text_of(answer: TestResponse) -> str:
    """The words of a page, without tags, scripts and runs of white space."""
    bare = re.sub(r"<(script|style)[^>]*>.*?</\1>|<[^>]+>", " ", answer.text, flags=re.DOTALL)
    return " ".join(html.unescape(bare).split())


@contextmanager
def statements_of(app: Flask) -> Iterator[list[str]]:
    """Every statement while the block lasts; words of transactions, and the look at the version, are not counted."""
    statements: list[str] = []

    def note(connection: object, cursor: object, statement: str, *rest: object) -> None:
        if "FROM search_version" not in statement:
            statements.append(" ".join(statement.split()))

    with app.app_context():
        event.listen(db.engine, "before_cursor_execute", note)
        yield statements
        event.remove(db.engine, "before_cursor_execute", note)


def reads_of(app: Flask, client: FlaskClient, address: str) -> list[str]:
    """The SELECT statements that one page needs in a process that is warm; the look at the version is not counted."""
    client.get("/")  # the index reads what changed: that is not the page's own reading
    statements: list[str] = []

    def note(connection: object, cursor: object, statement: str, *rest: object) -> None:
        if statement.lstrip().upper().startswith("SELECT") and "FROM search_version" not in statement:
            statements.append(statement)

    with app.app_context():
        event.listen(db.engine, "before_cursor_execute", note)
    assert client.get(address).status_code == 200
    return statements
