"""The record as the public reads it: a page of rows, one row, and all rows as the lines that were hashed."""

from collections.abc import Iterator
from typing import NamedTuple

from sqlalchemy import func, literal, select

from directory import heads, ledger
from directory.db import db
from directory.ledger import LedgerRow

PAGE = 50
BATCH = 500
LONGEST = 60  # of a key in the record


class Asked(NamedTuple):
    """Which rows: of one act, about one thing, before a number; empty and 0 ask for all."""

    act: str = ""
    subject: str = ""
    before: int = 0


class Page(NamedTuple):
    """Rows, newest first; `older` is the number to ask before for the rest, 0 when there is none."""

    rows: list[LedgerRow]
    older: int


def read_page(asked: Asked) -> Page:
    """Up to PAGE rows."""
    query = select(LedgerRow).order_by(LedgerRow.seq.desc()).limit(PAGE + 1)
    if asked.act:
        query = query.where(LedgerRow.act == asked.act)
    if asked.subject:
        query = query.where(LedgerRow.subject == asked.subject)
    if asked.before:
        query = query.where(LedgerRow.seq < asked.before)
    found = list(db.session.scalars(query))
    return Page(found[:PAGE], found[PAGE - 1].seq if len(found) > PAGE else 0)


def acts() -> list[str]:
    """Every act that was ever recorded, in order; steps from one to the next in the index, not over all rows."""
    step = select(func.min(LedgerRow.act).label("act")).cte("acts", recursive=True)
    following = select(func.min(LedgerRow.act)).where(LedgerRow.act > step.c.act).scalar_subquery()
    step = step.union_all(select(following).where(step.c.act.is_not(None)))
    query = select(step.c.act).where(step.c.act.is_not(None)).order_by(step.c.act)
    return [act for act in db.session.scalars(query) if act]


def row(seq: int) -> LedgerRow | None:
    """The row of that number."""
    return db.session.get(LedgerRow, seq)


def is_there(seq: int) -> bool:
    """Whether a row of that number exists."""
    return db.session.scalar(select(literal(1)).where(LedgerRow.seq == seq)) is not None


def lines(after: int, until: int) -> Iterator[bytes]:
    """The rows after one number up to another, each as the canonical JSON of all its columns, in pieces of BATCH."""
    while after < until:
        query = select(LedgerRow).where(LedgerRow.seq > after, LedgerRow.seq <= until).order_by(LedgerRow.seq)
        found = db.session.scalars(query.limit(BATCH)).all()
        if not found:
            return
        after = found[-1].seq
        piece = "".join(ledger.canonical(one.public()) + "\n" for one in found).encode()
        db.session.rollback()  # whoever reads slowly holds no transaction open
        yield piece


def head_lines(after: int) -> Iterator[bytes]:
    """The published heads of rows after that number, one a line."""
    for head in heads.published(after):
        yield (ledger.canonical(head.public()) + "\n").encode()
