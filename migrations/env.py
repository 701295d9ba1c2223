"""Runs migrations with the application's own engine, or with MIGRATE_URL where the owner of the tables is another role."""

from collections.abc import Iterator
from contextlib import contextmanager

from alembic import context
from flask import current_app
from sqlalchemy import Connection, TypeDecorator, create_engine

from directory.db import db, writing


def render_item(kind: str, thing: object, autogen_context: object) -> str | bool:
    """Write our own column types as what they are in the database: a migration must not import the application."""
    if kind == "type" and isinstance(thing, TypeDecorator):
        return f"sa.{thing.impl_instance!r}"
    return False


settings = current_app.config["SETTINGS"]


@contextmanager
def whole(connection: Connection) -> Iterator[None]:
    """SQLite changes a table by making it anew, and dropping the old one would delete all that hangs on it.

    So foreign keys are off while tables change (the pragma only works between transactions) and looked at afterwards.
    """
    raw = connection.connection.driver_connection
    if connection.dialect.name != "sqlite" or raw is None:
        yield
        return
    raw.execute("PRAGMA foreign_keys=OFF")
    try:
        yield
    finally:
        raw.execute("PRAGMA foreign_keys=ON")
    astray = raw.execute("PRAGMA foreign_key_check").fetchall()
    if astray:
        raise RuntimeError(f"{len(astray)} rows point at rows that are gone: {astray[:3]}")


def run() -> None:
    apart = settings.migrate_url != settings.database_url
    engine = create_engine(settings.migrate_url) if apart else db.engine
    with writing(), engine.connect() as connection, whole(connection):
        context.configure(
            connection=connection,
            target_metadata=db.metadata,
            render_as_batch=True,
            transaction_per_migration=True,
            render_item=render_item,
        )
        with context.begin_transaction():
            context.run_migrations()


run()
