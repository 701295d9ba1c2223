"""The record: appended with the act or not at all, never forked, every kind of tampering named."""

import json
import multiprocessing
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask

from directory import ledger
from directory.config import Settings
from directory.db import db, writing
from directory.factory import create_app
from directory.ledger import GENESIS, LedgerRow, record, verify
from tests import factories

Row = dict[str, object]


def _append(app: Flask, count: int, act: str = "review.published") -> None:
    for number in range(count):
        with app.app_context(), writing():
            record(act, role="moderator-1", subject=f"review:{number}", rule="r1", star=number % 5)
            db.session.commit()


def _read(app: Flask) -> list[LedgerRow]:
    with app.app_context():
        return list(ledger.rows())


def test_an_act_and_its_record_are_one_transaction(app: Flask) -> None:
    with app.app_context(), writing():
        factories.clinic(slug="one")
        record("clinic.listed", role="operator", subject="clinic:one")
        db.session.rollback()
        db.session.commit()
    assert _read(app) == []
    with app.app_context(), writing():
        factories.clinic(slug="one")
        record("clinic.listed", role="operator", subject="clinic:one")
        db.session.commit()
    assert [row.act for row in _read(app)] == ["clinic.listed"]


def test_an_honest_chain_verifies_to_its_head(app: Flask) -> None:
    _append(app, 20)
    with app.app_context():
        seq, newest = ledger.head()
        assert seq == 20
        assert verify(ledger.rows()) is None
        assert verify(ledger.rows(), expected_head=newest) is None
        assert verify(ledger.rows(batch=7)) is None


def test_the_database_refuses_update_delete_and_truncate(app: Flask) -> None:
    _append(app, 2)
    statements = ["UPDATE ledger SET act = 'x'", "DELETE FROM ledger WHERE seq = 2"]
    with app.app_context():
        if db.engine.dialect.name == "postgresql":
            statements.append("TRUNCATE ledger")
    for statement in statements:
        with app.app_context(), writing():
            with pytest.raises(sa.exc.DBAPIError, match="append-only"):
                db.session.execute(sa.text(statement))
            db.session.rollback()
    assert len(_read(app)) == 2


def _copy(row: LedgerRow, **changes: object) -> LedgerRow:
    columns = {column.key: getattr(row, column.key) for column in LedgerRow.__table__.columns}
    return LedgerRow(**{**columns, **changes})


def _edited(chain: list[LedgerRow], at: int) -> list[LedgerRow]:
    return [*chain[:at], _copy(chain[at], act="review.kept"), *chain[at + 1 :]]


def _edited_facts(chain: list[LedgerRow], at: int) -> list[LedgerRow]:
    return [*chain[:at], _copy(chain[at], facts='{"rule":"r9"}'), *chain[at + 1 :]]


def _rehashed(chain: list[LedgerRow], at: int) -> list[LedgerRow]:
    """Edited, with a hash that fits: then the next row no longer follows, or the head is another."""
    row = chain[at]
    digest = ledger.row_hash(row.prev_hash, row.seq, row.at, "review.kept", row.role, row.subject, row.facts)
    return [*chain[:at], _copy(row, act="review.kept", hash=digest), *chain[at + 1 :]]


def _deleted(chain: list[LedgerRow], at: int) -> list[LedgerRow]:
    return [*chain[:at], *chain[at + 1 :]]


def _swapped(chain: list[LedgerRow], at: int) -> list[LedgerRow]:
    other = at - 1 if at else 1
    changed = list(chain)
    changed[at], changed[other] = chain[other], chain[at]
    return changed


def _backdated(chain: list[LedgerRow], at: int) -> list[LedgerRow]:
    return [*chain[:at], _copy(chain[at], at=chain[at].at - 1), *chain[at + 1 :]]


@pytest.mark.parametrize("tamper", [_edited, _edited_facts, _rehashed, _deleted, _swapped, _backdated])
def test_each_kind_of_tampering_is_named_on_each_row(app: Flask, tamper: object) -> None:
    _append(app, 8)
    chain = _read(app)
    newest = chain[-1].hash
    for at in range(len(chain)):
        fault = verify(tamper(chain, at), expected_head=newest)  # type: ignore[operator]
        assert fault is not None, at
        assert abs(fault.seq - chain[at].seq) <= 1, (at, fault)


def test_a_cut_tail_is_caught_by_the_published_head(app: Flask) -> None:
    _append(app, 5)
    chain = _read(app)
    assert verify(chain[:3]) is None
    fault = verify(chain[:3], expected_head=chain[-1].hash)
    assert fault is not None
    assert "cut off" in fault.reason


def test_commitments_tell_nothing_without_their_salt() -> None:
    digest, salt = ledger.commitment("moved by Ann")
    assert "Ann" not in digest
    assert ledger.commitment("moved by Ann", salt)[0] == digest
    assert ledger.commitment("moved by Ann")[0] != digest


def test_what_cannot_be_written_down_is_refused_at_once(app: Flask) -> None:
    with app.app_context(), pytest.raises(ValueError, match="JSON"):
        record("review.published", role="r", subject="s", score=float("nan"))


def _append_from_process(settings: Settings, count: int) -> None:
    _append(create_app(settings, purpose="command"), count)


def test_parallel_processes_never_fork_the_chain(app: Flask, settings: Settings) -> None:
    spawn = multiprocessing.get_context("spawn")
    writers = [spawn.Process(target=_append_from_process, args=(settings, 25)) for _ in range(4)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join(120)
    assert [writer.exitcode for writer in writers] == [0] * 4
    chain = _read(app)
    assert len(chain) == 100
    assert verify(chain) is None


def test_the_command_says_what_it_checked(app: Flask, run: object, tmp_path: Path) -> None:
    _append(app, 3)
    done = run("ledger", "verify")  # type: ignore[operator]
    assert done.exit_code == 0
    assert "3 rows" in done.output
    wrong = run("ledger", "verify", "--head", "f" * 64)  # type: ignore[operator]
    assert wrong.exit_code == 1
    assert "row 4" in wrong.output


def test_public_rows_hold_the_hashed_facts(app: Flask) -> None:
    _append(app, 1)
    row = json.loads(json.dumps(_read(app)[0].public()))
    assert row["prev_hash"] == GENESIS
    facts = ledger.canonical(row["facts"])
    assert row["hash"] == ledger.row_hash(GENESIS, 1, row["at"], row["act"], row["role"], row["subject"], facts)
