"""The schema that migrations make is the one the models describe, on both databases."""

from collections.abc import Callable
from typing import Any

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from flask import Flask
from flask_migrate import downgrade, upgrade
from sqlalchemy import func, inspect, select

from directory.cases.models import KINDS, Case, Note
from directory.clinics.changes import present_version
from directory.clinics.models import Clinic
from directory.db import Base, db, writing
from tests.manage.staff import staff
from tests.moderation.reporting import a_review


def test_migrations_match_the_models(app: Flask) -> None:
    with app.app_context(), db.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, db.metadata) == []


def test_migrations_run_down_to_nothing_and_up_again(app: Flask) -> None:
    with app.app_context():
        db.session.remove()
        downgrade(revision="base")
        assert set(inspect(db.engine).get_table_names()) <= {"alembic_version"}
        upgrade()
        before = present_version()
        assert before.version == 0
        assert len(before.database_id) == 32


def _rows(app: Flask) -> dict[str, int]:
    """How many rows each table holds."""
    with app.app_context():
        tables = [table for table in Base.metadata.sorted_tables if table.name not in {"ledger", "job"}]
        found = {table.name: db.session.scalar(select(func.count()).select_from(table)) or 0 for table in tables}
        db.session.remove()
    return {name: number for name, number in found.items() if number}


def test_a_migration_loses_nothing_of_what_is_there(app: Flask, run: Callable[..., Any]) -> None:
    """SQLite makes some tables anew: what hangs on their rows must not go with the old ones."""
    a_review(app)
    staff(app, run, "owner@example.org", "one")
    with app.app_context(), writing():
        clinic = db.session.scalars(select(Clinic)).one()
        facts = {"clock": "review", "priority": "low", "reason": "new", "clinic_id": clinic.id}
        case = Case.open("suspicion", subject="review:x", subject_id=1, **facts)
        case.notes.append(Note(text="Seen."))
        db.session.add(case)
        db.session.commit()
    before = _rows(app)
    assert {"membership", "case_note", "review_stage"} <= set(before)
    with app.app_context():
        db.session.remove()
        downgrade(revision="0013")
        old = set(inspect(db.engine).get_table_names())
        upgrade()
    assert _rows(app) == {name: number for name, number in before.items() if name in old}


def test_the_database_takes_every_kind_of_case(app: Flask) -> None:
    """Each migration that adds a kind writes the whole list: one that came later must not forget the others."""
    with app.app_context(), writing():
        for kind in KINDS:
            facts = {"clock": "review", "priority": "low", "reason": "new"}
            db.session.add(Case.open(kind, subject=f"{kind}:x", subject_id=1, **facts))
        db.session.commit()
