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
from tests import chains, factories


def test_an_act_and_its_record_are_one_transaction(app: Flask) -> None:
    with app.app_context(), writing():
        factories.clinic(slug="one")
        record("clinic.listed", role="operator", subject="clinic:one")
        db.session.rollback()
        db.session.commit()
    assert chains.read(app) == []
    with app.app_context(), writing():
        factories.clinic(slug="one")
        record("clinic.listed", role="operator", subject="clinic:one")
        db.session.commit()
    assert [row.act for row in chains.read(app)] == ["clinic.listed"]


def _in_vain() -> None:
    with db.session.begin_nested():
        record("clinic.listed", role="operator", subject="clinic:two")
        with db.session.begin_nested():
            record("clinic.closed", role="operator", subject="clinic:two")
        factories.clinic(slug="one")


def test_the_row_is_written_when_the_transaction_ends_and_not_with_a_savepoint(app: Flask) -> None:
    """Its lock is taken last: two transactions that took it and the counter in other orders would wait for ever."""
    with app.app_context(), writing():
        record("clinic.listed", role="operator", subject="clinic:one")
        with db.session.begin_nested():
            factories.clinic(slug="one")
        assert db.session.scalar(sa.select(sa.func.count()).select_from(LedgerRow)) == 0
        record("clinic.claimed", role="operator", subject="clinic:one")
        with pytest.raises(sa.exc.IntegrityError):
            _in_vain()
        record("clinic.opened", role="operator", subject="clinic:one")
        db.session.commit()
    # What was noted within the savepoint that failed went with it; what was noted before it and after it stays.
    assert [row.act for row in chains.read(app)] == ["clinic.listed", "clinic.claimed", "clinic.opened"]


def test_an_honest_chain_verifies_to_its_head(app: Flask) -> None:
    chains.append(app, 20)
    with app.app_context():
        seq, newest = ledger.head()
        assert seq == 20
        assert verify(ledger.rows()) is None
        assert verify(ledger.rows(), expected_head=newest) is None
        assert verify(ledger.rows(batch=7)) is None


def test_the_database_refuses_update_delete_and_truncate(app: Flask) -> None:
    chains.append(app, 2)
    statements = ["UPDATE ledger SET act = 'x'", "DELETE FROM ledger WHERE seq = 2"]
    with app.app_context():
        if db.engine.dialect.name == "postgresql":
            statements.append("TRUNCATE ledger")
    for statement in statements:
        with app.app_context(), writing():
            with pytest.raises(sa.exc.DBAPIError, match="append-only"):
                db.session.execute(sa.text(statement))
            db.session.rollback()
    assert len(chains.read(app)) == 2


@pytest.mark.parametrize("kind", chains.SIX_KINDS)
def test_each_kind_of_tampering_is_named_on_each_row(app: Flask, kind: str) -> None:
    """The row named is the one that was touched, or the first that no longer fits it: its neighbour."""
    chains.append(app, 48, each=8)
    chain = chains.read(app)
    newest = chain[-1].hash
    for at in range(len(chain)):
        fault = verify(chains.SIX_KINDS[kind](chain, at), expected_head=newest)
        assert fault is not None, at
        assert abs(fault.seq - chain[at].seq) <= 1, (at, fault)


def test_a_chain_made_anew_is_caught_by_a_published_head(app: Flask) -> None:
    chains.append(app, 12, each=4)
    chain = chains.read(app)
    heads = {4: chain[3].hash, 8: chain[7].hash, 12: chain[11].hash}
    assert verify(chain, published=heads) is None
    for at in range(len(chain)):
        other = chains.remade(chain, at)
        assert verify(other) is None  # by itself it is as good as the true one
        fault = verify(other, published=heads)
        assert fault is not None
        assert fault.seq == next(seq for seq in heads if seq > at)


def test_a_cut_tail_is_caught_by_the_published_head(app: Flask) -> None:
    chains.append(app, 5)
    chain = chains.read(app)
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
    chains.append(create_app(settings, purpose="command"), count)


def test_parallel_processes_never_fork_the_chain(app: Flask, settings: Settings) -> None:
    spawn = multiprocessing.get_context("spawn")
    writers = [spawn.Process(target=_append_from_process, args=(settings, 25)) for _ in range(4)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join(120)
    assert [writer.exitcode for writer in writers] == [0] * 4
    chain = chains.read(app)
    assert len(chain) == 100
    assert verify(chain) is None


def test_the_command_says_what_it_checked(app: Flask, run: object, tmp_path: Path) -> None:
    chains.append(app, 3)
    done = run("ledger", "verify")  # type: ignore[operator]
    assert done.exit_code == 0
    assert "3 rows" in done.output
    wrong = run("ledger", "verify", "--head", "f" * 64)  # type: ignore[operator]
    assert wrong.exit_code == 1
    assert "row 4" in wrong.output


def test_public_rows_hold_the_hashed_facts(app: Flask) -> None:
    chains.append(app, 1)
    row = json.loads(json.dumps(chains.read(app)[0].public()))
    assert row["prev_hash"] == GENESIS
    facts = ledger.canonical(row["facts"])
    assert row["hash"] == ledger.row_hash(GENESIS, 1, row["at"], row["act"], row["role"], row["subject"], facts)
