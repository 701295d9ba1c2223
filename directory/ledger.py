"""The append-only, hash-chained record of what was done and why; the public log is these very rows.

Each row's hash is SHA-256 over the row before it and this row's canonical JSON. Rows are redacted by construction:
only keys of fixed vocabularies, public ids, dates and numbers go in; anything personal goes in as a salted commitment
(SHA-256 of salt and text), whose salt is kept with the thing itself and dies with it.

Rows are appended last in the transaction of the act. The database itself refuses UPDATE and DELETE (migration 0002).
"""

import hashlib
import json
import secrets
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from typing import Any, NamedTuple

from sqlalchemy import BigInteger, CheckConstraint, Index, String, Text, event, insert, select, text
from sqlalchemy.orm import Mapped, Session, SessionTransaction, mapped_column

from directory.db import CLOSE_LEDGER, Base, closes, db, now, take_turn

GENESIS = "0" * 64
# Any fixed number does, as long as nothing else in the database takes the same advisory lock.
ADVISORY_LOCK = 4_159_370_221
# Of what these did the public row tells the day alone: a minute could be laid beside somebody's visit.
BY_THE_DAY = {"author", "member", "seeker", "visitor", "reporter", "clinic", "person"}


class LedgerRow(Base):
    """One act. `at` is microseconds since 1970 in UTC: an integer is the same on every database."""

    __tablename__ = "ledger"
    __table_args__ = (
        CheckConstraint("seq >= 1", name="seq"),
        Index("ix_ledger_act_seq", "act", "seq"),
        Index("ix_ledger_subject_seq", "subject", "seq"),
    )
    seq: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    at: Mapped[int] = mapped_column(BigInteger)
    act: Mapped[str] = mapped_column(String(60))
    role: Mapped[str] = mapped_column(String(40))
    subject: Mapped[str] = mapped_column(String(60))
    facts: Mapped[str] = mapped_column(Text)
    prev_hash: Mapped[str] = mapped_column(String(64), unique=True)
    hash: Mapped[str] = mapped_column(String(64), unique=True)

    def public(self) -> dict[str, Any]:
        """The row as published: all of it."""
        return {
            "seq": self.seq,
            "at": self.at,
            "act": self.act,
            "role": self.role,
            "subject": self.subject,
            "facts": json.loads(self.facts),
            "prev_hash": self.prev_hash,
            "hash": self.hash,
        }


_NEWEST = select(LedgerRow.seq, LedgerRow.hash).order_by(LedgerRow.seq.desc()).limit(1)


class Entry(NamedTuple):
    """An act waiting for the end of its transaction."""

    at: datetime
    act: str
    role: str
    subject: str
    facts: dict[str, Any]


class Fault(NamedTuple):
    """The first row that is not what it should be."""

    seq: int
    reason: str


def canonical(thing: object) -> str:
    """JSON with sorted keys, no spaces and plain ASCII: the same bytes for the same facts, everywhere."""
    return json.dumps(thing, sort_keys=True, separators=(",", ":"), ensure_ascii=True, allow_nan=False)


def row_hash(prev_hash: str, seq: int, at: int, act: str, role: str, subject: str, facts: str) -> str:
    """SHA-256, in hex, of `prev_hash` followed by the canonical JSON of the row's other columns."""
    body = canonical({"seq": seq, "at": at, "act": act, "role": role, "subject": subject, "facts": json.loads(facts)})
    return hashlib.sha256((prev_hash + body).encode()).hexdigest()


def commitment(private: str, salt: str | None = None) -> tuple[str, str]:
    """(digest, salt): proves later what a private text was, tells nothing without the salt."""
    salt = salt or secrets.token_hex(16)
    return hashlib.sha256(f"{salt}\0{private}".encode()).hexdigest(), salt


def record(act: str, *, role: str, subject: str, session: Session | None = None, **facts: Any) -> None:
    """Note an act; its row is written when the transaction commits, and only then.

    `act` is `noun.verb`, `subject` is `kind:public_id`. `facts` hold keys, public ids, numbers, dates and commitments.
    Of a role in BY_THE_DAY only the day of the act is kept.
    """
    canonical(facts)  # raises here, at the caller, when a fact cannot be written down
    at = now()
    if role in BY_THE_DAY:
        at = at.replace(hour=0, minute=0, second=0, microsecond=0)
    (session or db.session()).info.setdefault("ledger", []).append(Entry(at, act, role, subject, facts))


@closes(CLOSE_LEDGER)
def _append(session: Session) -> None:
    entries: list[Entry] = session.info.pop("ledger", [])
    if not entries:
        return
    take_turn(session)
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": ADVISORY_LOCK})
    last = session.execute(_NEWEST).first()
    seq, prev = (last.seq, last.hash) if last else (0, GENESIS)
    made = []
    for entry in entries:
        seq += 1
        at = int(entry.at.timestamp()) * 1_000_000 + entry.at.microsecond
        facts = canonical(entry.facts)
        digest = row_hash(prev, seq, at, entry.act, entry.role, entry.subject, facts)
        made.append(
            {
                "seq": seq,
                "at": at,
                "act": entry.act,
                "role": entry.role,
                "subject": entry.subject,
                "facts": facts,
                "prev_hash": prev,
                "hash": digest,
            }
        )
        prev = digest
    session.execute(insert(LedgerRow), made)


@event.listens_for(Session, "after_transaction_create")
def _mark(session: Session, transaction: SessionTransaction) -> None:
    if transaction.nested:
        session.info.setdefault("ledger_marks", {})[transaction] = len(session.info.get("ledger", []))


@event.listens_for(Session, "after_transaction_end")
def _unmark(session: Session, transaction: SessionTransaction) -> None:
    if transaction.parent is None:
        session.info.pop("ledger_marks", None)


@event.listens_for(Session, "after_soft_rollback")
def _forget(session: Session, transaction: SessionTransaction) -> None:
    """A savepoint takes back what was noted since it was set; the whole transaction takes back all."""
    if transaction.parent is None:
        session.info.pop("ledger", None)
    elif transaction.nested:
        mark = session.info.get("ledger_marks", {}).pop(transaction, None)  # may be told of twice
        if mark is not None:
            del session.info.get("ledger", [])[mark:]


def rows(after: int = 0, batch: int = 1_000) -> Iterator[LedgerRow]:
    """All rows in order, read in batches."""
    while True:
        query = select(LedgerRow).where(LedgerRow.seq > after).order_by(LedgerRow.seq).limit(batch)
        found = db.session.scalars(query).all()
        yield from found
        if len(found) < batch:
            return
        after = found[-1].seq
        db.session.expunge_all()


def head() -> tuple[int, str]:
    """Number and hash of the newest row; (0, GENESIS) of an empty ledger."""
    last = db.session.execute(_NEWEST).first()
    return (last.seq, last.hash) if last else (0, GENESIS)


def verify(
    chain: Iterable[LedgerRow], *, expected_head: str | None = None, published: Mapping[int, str] | None = None
) -> Fault | None:
    """The first bad row, or None. `expected_head` is a hash published earlier: a cut tail loses it.

    `published` are heads that must be where they were: number of the row to its hash.
    """
    seq, prev, seen_head = 0, GENESIS, expected_head in {None, GENESIS}
    heads = published or {}
    for row in chain:
        seq += 1
        if row.seq != seq:
            return Fault(row.seq, f"row {seq} is missing")
        if row.prev_hash != prev:
            return Fault(row.seq, "it does not follow from the row before it")
        try:
            true_hash = row_hash(prev, row.seq, row.at, row.act, row.role, row.subject, row.facts)
        except ValueError:
            return Fault(row.seq, "its facts are no JSON")
        if row.facts != canonical(json.loads(row.facts)) or row.hash != true_hash:
            return Fault(row.seq, "its content does not match its hash")
        if heads.get(seq, row.hash) != row.hash:
            return Fault(row.seq, "it is not the row whose hash was published: the chain was made anew")
        prev = row.hash
        seen_head = seen_head or prev == expected_head
    if not seen_head or max(heads, default=0) > seq:
        return Fault(seq + 1, "the head published earlier is not in the chain: rows were cut off")
    return None


def date_of(at: int) -> datetime:
    """The aware UTC time of a row's `at`."""
    return datetime.fromtimestamp(at / 1_000_000, UTC)
