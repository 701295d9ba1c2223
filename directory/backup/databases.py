"""The database as one file and back: SQLite by its backup API, PostgreSQL by pg_dump from one snapshot.

A live SQLite file is never copied as a file: rows that were acknowledged stand in its log.
"""

import os
import shutil
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import NamedTuple

from alembic.migration import MigrationContext
from sqlalchemy import Connection, create_engine, func, inspect, select
from sqlalchemy.engine import make_url

from directory.config import Settings
from directory.db import Base, db, is_sqlite
from directory.errors import Refused
from directory.ledger import GENESIS, LedgerRow

TOOL_SECONDS = 3_600


class Census(NamedTuple):
    """What stood in the database when it was copied."""

    migration: str
    seq: int
    head: str
    rows: dict[str, int]


def census(connection: Connection) -> Census:
    """Count it. The tables are those the code knows; one that the schema lacks is left out."""
    there = set(inspect(connection).get_table_names())
    rows = {
        table.name: int(connection.execute(select(func.count()).select_from(table)).scalar_one())
        for table in Base.metadata.sorted_tables
        if table.name in there
    }
    newest = connection.execute(
        select(LedgerRow.seq, LedgerRow.hash).order_by(LedgerRow.seq.desc()).limit(1)
    ).one_or_none()
    migration = MigrationContext.configure(connection).get_current_revision() or ""
    return Census(migration, newest.seq if newest else 0, newest.hash if newest else GENESIS, rows)


def kind() -> str:
    return "sqlite" if is_sqlite() else "postgresql"


def file_name() -> str:
    return "database.sqlite" if is_sqlite() else "database.dump"


def dump(settings: Settings, target: Path) -> Census:
    """Copy the database into the file while others write; returns what the copy holds."""
    return _copy_sqlite(target) if is_sqlite() else _dump_postgresql(settings, target)


def _copy_sqlite(target: Path) -> Census:
    source = Path(db.engine.url.database or "")
    with closing(sqlite3.connect(source)) as live, closing(sqlite3.connect(target)) as copy:
        live.backup(copy)
        copy.execute("PRAGMA journal_mode=DELETE")
    with closing(sqlite3.connect(target)) as copy:
        _insist_sound(copy)
    engine = create_engine(f"sqlite:///{target}")
    with engine.connect() as connection:
        found = census(connection)
    engine.dispose()
    return found


def _insist_sound(connection: sqlite3.Connection) -> None:
    said = connection.execute("PRAGMA integrity_check").fetchone()[0]
    dangling = connection.execute("PRAGMA foreign_key_check").fetchone()
    if said != "ok" or dangling:
        raise Refused(f"The database is damaged: {said if said != 'ok' else f'dangling row in {dangling[0]}'}.")


def _dump_postgresql(settings: Settings, target: Path) -> Census:
    with db.engine.connect().execution_options(isolation_level="REPEATABLE READ") as connection:
        connection.exec_driver_sql("SET LOCAL idle_in_transaction_session_timeout = 0")
        found = census(connection)
        snapshot = connection.exec_driver_sql("SELECT pg_export_snapshot()").scalar_one()
        _tool("pg_dump", settings.migrate_url, "-Fc", "--no-owner", "--no-acl", f"--snapshot={snapshot}", "-f", target)
    return found


def _tool(name: str, url: str, *words: object) -> None:
    """Run one of PostgreSQL's own tools; the password travels in the environment, not in the list of processes."""
    installed = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"), key=lambda path: int(path.parts[-3]))
    path = str(installed[-1]) if installed else shutil.which(name)
    if path is None:
        raise Refused(f"{name} is not installed: it comes with the client package of PostgreSQL.")
    parts = make_url(url)
    facts = {
        "PGHOST": parts.host or str(parts.query.get("host", "")),
        "PGPORT": str(parts.port or ""),
        "PGUSER": parts.username or "",
        "PGPASSWORD": parts.password or "",
        "PGDATABASE": parts.database or "",
        **({"PGSSLMODE": str(parts.query["sslmode"])} if "sslmode" in parts.query else {}),
    }
    environment = {**os.environ, **{key: value for key, value in facts.items() if value}}
    done = subprocess.run(
        [path, *(str(word) for word in words)], env=environment, capture_output=True, text=True, timeout=TOOL_SECONDS
    )
    if done.returncode:
        raise Refused(f"{name} failed: {done.stderr.strip().splitlines()[-1] if done.stderr.strip() else 'no reason'}")


def insist_empty() -> None:
    """Raise Refused unless the database set has no table yet: nothing is ever overwritten."""
    if inspect(db.engine).get_table_names():
        raise Refused("The database is not empty: a backup is restored beside what there is, into an empty place.")


def load(settings: Settings, source: Path) -> None:
    """Fill the empty database from the file. Raises Refused when it is damaged or of the other kind."""
    insist_empty()
    db.session.remove()
    db.engine.dispose()
    if not is_sqlite():
        _tool(
            "pg_restore",
            settings.migrate_url,
            "--no-owner",
            "--no-acl",
            "--exit-on-error",
            "-d",
            _name(settings),
            source,
        )
        return
    target = Path(db.engine.url.database or "")
    target.parent.mkdir(parents=True, exist_ok=True)
    with closing(sqlite3.connect(source)) as copy, closing(sqlite3.connect(target)) as live:
        _insist_sound(copy)
        copy.backup(live)
    target.chmod(0o600)


def _name(settings: Settings) -> str:
    return make_url(settings.migrate_url).database or ""


@contextmanager
def scratch(settings: Settings, name: str, folder: Path) -> Iterator[str]:
    """The address of an empty database for a while; gone afterwards."""
    if settings.is_sqlite:
        yield f"sqlite:///{folder / 'hairline.sqlite'}"
        return
    url = make_url(settings.migrate_url)
    engine = create_engine(url, isolation_level="AUTOCOMMIT")
    try:
        with engine.connect() as connection:
            connection.exec_driver_sql(f"CREATE DATABASE {name}")
        try:
            yield url.set(database=name).render_as_string(hide_password=False)
        finally:
            with engine.connect() as connection:
                connection.exec_driver_sql(f"DROP DATABASE {name} WITH (FORCE)")
    finally:
        engine.dispose()
