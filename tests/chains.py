"""Chains of the record for tests and faults: honest ones, and six kinds of tampering with one row."""

from collections.abc import Callable
from typing import Any

from flask import Flask

from directory import ledger
from directory.db import db, writing
from directory.ledger import LedgerRow, record

Tamper = Callable[[list[LedgerRow], int], list[LedgerRow]]


def append(app: Flask, count: int, act: str = "review.published", *, each: int = 1) -> None:
    """So many rows, `each` of them in one transaction."""
    for first in range(0, count, each):
        with app.app_context(), writing():
            for number in range(first, min(first + each, count)):
                record(act, role="moderator-1", subject=f"review:{number}", rule="r1", star=number % 5)
            db.session.commit()


def read(app: Flask) -> list[LedgerRow]:
    with app.app_context():
        return list(ledger.rows())


def copy(row: LedgerRow, **changes: Any) -> LedgerRow:
    columns = {column.key: getattr(row, column.key) for column in LedgerRow.__table__.columns}
    return LedgerRow(**{**columns, **changes})


def edited(chain: list[LedgerRow], at: int) -> list[LedgerRow]:
    return [*chain[:at], copy(chain[at], act="review.kept"), *chain[at + 1 :]]


def edited_facts(chain: list[LedgerRow], at: int) -> list[LedgerRow]:
    return [*chain[:at], copy(chain[at], facts='{"rule":"r9"}'), *chain[at + 1 :]]


def rehashed(chain: list[LedgerRow], at: int) -> list[LedgerRow]:
    """Edited, with a hash that fits: then the next row no longer follows, or the head is another."""
    row = chain[at]
    digest = ledger.row_hash(row.prev_hash, row.seq, row.at, "review.kept", row.role, row.subject, row.facts)
    return [*chain[:at], copy(row, act="review.kept", hash=digest), *chain[at + 1 :]]


def deleted(chain: list[LedgerRow], at: int) -> list[LedgerRow]:
    return [*chain[:at], *chain[at + 1 :]]


def swapped(chain: list[LedgerRow], at: int) -> list[LedgerRow]:
    other = at - 1 if at else 1
    changed = list(chain)
    changed[at], changed[other] = chain[other], chain[at]
    return changed


def backdated(chain: list[LedgerRow], at: int) -> list[LedgerRow]:
    return [*chain[:at], copy(chain[at], at=chain[at].at - 1), *chain[at + 1 :]]


def remade(chain: list[LedgerRow], at: int) -> list[LedgerRow]:
    """What somebody with the whole table can do: edit a row and make every row after it anew. Only heads tell."""
    changed, prev = list(chain[:at]), chain[at].prev_hash
    for place in range(at, len(chain)):
        row, act = chain[place], "review.kept" if place == at else chain[place].act
        digest = ledger.row_hash(prev, row.seq, row.at, act, row.role, row.subject, row.facts)
        changed.append(copy(row, act=act, prev_hash=prev, hash=digest))
        prev = digest
    return changed


SIX_KINDS: dict[str, Tamper] = {
    "edited": edited,
    "facts edited": edited_facts,
    "edited and hashed anew": rehashed,
    "taken out": deleted,
    "swapped": swapped,
    "dated back": backdated,
}
