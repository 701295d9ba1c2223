"""Heads of the record: published when something is new, signed, kept; a chain that leaves them is caught."""

import json
from dataclasses import replace

import pytest
import sqlalchemy as sa
from flask import Flask

from directory import heads
from directory.config import Settings
from directory.db import db, writing
from directory.factory import create_app
from directory.heads import LedgerHead
from directory.ledger import LedgerRow
from directory.queue import QueuedJob
from tests import chains


def _publish(run: object) -> str:
    done = run("jobs", "once", "ledger-head")  # type: ignore[operator]
    assert done.exit_code == 0, done.output
    return str(done.stdout).strip()


def test_an_hour_without_a_row_publishes_nothing(app: Flask, run: object) -> None:
    assert _publish(run) == "no new row"
    chains.append(app, 3)
    assert _publish(run) == "published row 3"
    assert _publish(run) == "no new row"
    chains.append(app, 2)
    assert _publish(run) == "published row 5"
    with app.app_context():
        assert [head.seq for head in heads.published()] == [3, 5]
        assert [head.seq for head in heads.published(batch=1)] == [3, 5]


def test_a_head_is_signed_by_the_published_key_and_by_nothing_else(app: Flask, run: object) -> None:
    chains.append(app, 2)
    _publish(run)
    with app.app_context():
        head = heads.newest()
        assert head is not None
        assert head.key == heads.public_key()
        facts = head.public()
    assert LedgerHead(**facts).is_signed()
    for name, other in (
        ("seq", 3),
        ("at", facts["at"] + 1),
        ("hash", "0" * 64),
        ("key", "0" * 64),
        ("key", "no hex"),
        ("signature", "0" * 128),
    ):
        assert not LedgerHead(**{**facts, name: other}).is_signed(), name


def test_a_new_key_signs_from_then_on_and_old_heads_stand(app: Flask, run: object, settings: Settings) -> None:
    chains.append(app, 1)
    _publish(run)
    rekeyed = create_app(replace(settings, ledger_key="another key of thirty-two bytes!!"), purpose="command")
    chains.append(rekeyed, 1)
    done = rekeyed.test_cli_runner().invoke(args=["jobs", "once", "ledger-head"])
    assert "published row 2" in done.output
    with rekeyed.app_context():
        first, second = heads.published()
        assert first.key != second.key
        assert heads.verify() == (None, 2)


def test_the_database_refuses_to_change_a_head(app: Flask, run: object) -> None:
    chains.append(app, 1)
    _publish(run)
    statements = ["UPDATE ledger_head SET hash = 'x'", "DELETE FROM ledger_head"]
    with app.app_context():
        if db.engine.dialect.name == "postgresql":
            statements.append("TRUNCATE ledger_head")
    for statement in statements:
        with app.app_context(), writing():
            with pytest.raises(sa.exc.DBAPIError, match="append-only"):
                db.session.execute(sa.text(statement))
            db.session.rollback()


def _unguarded(app: Flask, *statements: str) -> None:
    """What somebody who owns the database can do: take the guards away first."""
    with app.app_context(), writing():
        if db.engine.dialect.name == "postgresql":
            db.session.execute(sa.text("ALTER TABLE ledger DISABLE TRIGGER ALL"))
        else:
            for verb in ("update", "delete"):
                db.session.execute(sa.text(f"DROP TRIGGER ledger_no_{verb}"))
        for statement in statements:
            db.session.execute(sa.text(statement))
        db.session.commit()


def test_the_command_names_a_tail_that_was_cut_off_after_it_was_published(app: Flask, run: object) -> None:
    chains.append(app, 5)
    _publish(run)
    assert "5 rows, unbroken; 1 published heads lie in it" in run("ledger", "verify").output  # type: ignore[operator]
    _unguarded(app, "DELETE FROM ledger WHERE seq > 3")
    done = run("ledger", "verify")  # type: ignore[operator]
    assert done.exit_code == 1
    assert "row 4: the head published earlier is not in the chain" in done.output


def test_the_command_names_a_chain_made_anew(app: Flask, run: object) -> None:
    chains.append(app, 4)
    _publish(run)
    other = chains.remade(chains.read(app), 1)
    _unguarded(app, "DELETE FROM ledger")
    with app.app_context(), writing():
        db.session.add_all(chains.copy(row) for row in other)
        db.session.commit()
        assert db.session.scalar(sa.select(LedgerRow.act).where(LedgerRow.seq == 2)) == "review.kept"
    done = run("ledger", "verify")  # type: ignore[operator]
    assert done.exit_code == 1
    assert "row 4" in done.output
    assert "made anew" in done.output


def test_a_head_goes_to_somebody_outside_when_one_is_named(app: Flask, settings: Settings) -> None:
    chains.append(app, 1)
    anchored = create_app(replace(settings, anchor_email="keeper@elsewhere.example"), purpose="command")
    anchored.test_cli_runner().invoke(args=["jobs", "once", "ledger-head"])
    with anchored.app_context():
        waiting = db.session.scalars(sa.select(QueuedJob)).all()
        assert [row.payload["to"] for row in waiting] == ["keeper@elsewhere.example"]
        head = heads.newest()
        assert head is not None
        assert json.loads(json.dumps(waiting[0].payload["facts"]))["signature"] == head.signature
    anchored.test_cli_runner().invoke(args=["jobs", "once", "queue"])
    letter = next((settings.data / "outbox").iterdir()).read_text(encoding="utf-8")
    assert head.hash in letter
    assert "/transparency/log" in letter
