"""The database: one declarative base, two engines (SQLite, PostgreSQL), one way to write.

On SQLite one transaction writes at a time, and one that has read cannot begin to write once somebody else has: it fails
with "database is locked" at once, however long the time-out. So a transaction that writes takes its turn (see
`directory.turnstile`): where a door lets a form in, or, of a view that reads first, at the first statement that writes
or asks for a row FOR UPDATE. From there on all it reads is true until it ends.
"""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from flask import Flask, request
from flask_migrate import Migrate
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import Connection, DateTime, Dialect, Engine, MetaData, Text, TypeDecorator, event
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import DeclarativeBase, Session

from directory.config import Settings
from directory.turnstile import Turnstile

BUSY_TIMEOUT_MS = 5_000
CHECKPOINT_PAGES = 4_000  # 16 MB: a page that many transactions write goes into the database once
MIGRATIONS = Path(__file__).parent.parent / "migrations"
WEB_LIMITS = (
    "-c timezone=UTC -c statement_timeout=2000 -c lock_timeout=1000 -c idle_in_transaction_session_timeout=10000"
)
SAFE_METHODS = {"GET", "HEAD", "OPTIONS"}
READING = ("SELECT", "WITH", "PRAGMA", "EXPLAIN")

_writing: ContextVar[bool] = ContextVar("writing", default=False)


class Base(DeclarativeBase):
    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )


class UTCDateTime(TypeDecorator[datetime]):
    """An aware datetime in UTC; SQLite alone would drop the zone."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a datetime without a zone cannot be stored")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class WordList(TypeDecorator[list[str]]):
    """A short ordered list of keys kept as `a;b;c`, the same form that list cells have in CSV."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: list[str] | None, dialect: Dialect) -> str:
        return ";".join(value or [])

    def process_result_value(self, value: str | None, dialect: Dialect) -> list[str]:
        return value.split(";") if value else []


# What closes a writing transaction, in this order and after everything else: both take a lock that is held until the
# commit, and two transactions that took them in different orders would wait for each other.
CLOSE_SCORES, CLOSE_COUNTER, CLOSE_LEDGER = 0, 1, 2
_closers: dict[int, Callable[[Session], None]] = {}


def closes(order: int) -> Callable[[Callable[[Session], None]], Callable[[Session], None]]:
    """Run the function just before each commit, at its place in the order."""

    def keep(close: Callable[[Session], None]) -> Callable[[Session], None]:
        _closers[order] = close
        return close

    return keep


@event.listens_for(Session, "before_commit")
def _close(session: Session) -> None:
    if session.in_nested_transaction():
        return  # a savepoint ends, the transaction goes on: taken now, the locks would be held long and out of order
    session.flush()
    for order in sorted(_closers):
        _closers[order](session)


db = SQLAlchemy(model_class=Base)
migrate = Migrate()


def one_of(column: str, words: Iterable[str]) -> str:
    """An SQL condition: the column holds one of the words, which are keys of our own and never typed by anybody."""
    return f"{column} IN ({', '.join(repr(word) for word in words)})"


def insert_unless_there(table: type[Base]) -> Any:
    """An INSERT that does nothing where a UNIQUE constraint refuses the row: it returns no row then."""
    dialect = sqlite if is_sqlite() else postgresql
    return dialect.insert(table).on_conflict_do_nothing()


def now() -> datetime:
    """The present moment, aware, in UTC."""
    return datetime.now(UTC)


@contextmanager
def writing() -> Iterator[None]:
    """Transactions begun inside this block take their turn at once: all they read is true until they end."""
    token = _writing.set(True)
    try:
        yield
    finally:
        _writing.reset(token)


def write_from_here() -> None:
    """The rest of this request takes its turn: what it reads is true until it ends. Nothing when it only looks.

    What was read before may be old by now, as on PostgreSQL (READ COMMITTED).
    """
    if request.method not in SAFE_METHODS:
        _writing.set(True)
        if db.session.registry.has() and db.session().in_transaction():
            take_turn(db.session())


def is_sqlite() -> bool:
    return db.engine.dialect.name == "sqlite"


def _prepare_sqlite(engine: Engine) -> None:
    @event.listens_for(engine, "connect")
    def set_pragmas(connection: Any, record: Any) -> None:
        connection.isolation_level = None  # we say BEGIN ourselves, below
        for pragma in (
            f"busy_timeout={BUSY_TIMEOUT_MS}",
            "journal_mode=WAL",
            "synchronous=FULL",
            f"wal_autocheckpoint={CHECKPOINT_PAGES}",
            "foreign_keys=ON",
            "secure_delete=ON",
            "temp_store=MEMORY",
        ):
            connection.execute(f"PRAGMA {pragma}")
        record.info["turnstile"] = Turnstile(Path(engine.url.database or ""), BUSY_TIMEOUT_MS)

    @event.listens_for(engine, "close")
    def close(connection: Any, record: Any) -> None:
        turnstile = record.info.pop("turnstile", None)
        if turnstile is not None:
            turnstile.close()

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        connection.info["only_reads"] = True
        if _writing.get():
            _take_turn(connection)
        else:
            _driver(connection).execute("BEGIN")

    @event.listens_for(engine, "before_cursor_execute")
    def before(connection: Connection, _cursor: Any, statement: str, _with: Any, context: Any, _many: bool) -> None:
        if connection.info.get("only_reads") and _needs_turn(statement, context):
            _take_turn(connection)

    @event.listens_for(engine, "savepoint")
    def savepoint(connection: Connection, _name: str) -> None:
        if connection.info.get("only_reads"):
            _take_turn(connection)


def _driver(connection: Connection) -> Any:
    return connection.connection.driver_connection


def _needs_turn(statement: str, context: Any) -> bool:
    """Whether it writes, or locks what it reads: SQLite knows no FOR UPDATE, so who asks for it has all to himself."""
    if not statement.lstrip().startswith(READING) or context.isinsert or context.isupdate or context.isdelete:
        return True
    return getattr(context.invoked_statement, "_for_update_arg", None) is not None


def _take_turn(connection: Connection) -> None:
    """End what only read and begin to write, as soon as those who came first have ended."""
    if _driver(connection).in_transaction:
        _driver(connection).execute("COMMIT")
    connection.info["only_reads"] = False
    connection.info["turnstile"].begin(connection)


def take_turn(session: Session) -> None:
    """For what reads without locking a row, and writes what follows from it; PostgreSQL needs a lock of its own."""
    if session.get_bind().dialect.name == "sqlite":
        connection = session.connection()
        if connection.info.get("only_reads"):
            _take_turn(connection)


def engine_options(settings: Settings, *, patient: bool) -> dict[str, Any]:
    """Options for create_engine. `patient` is for commands and jobs, which may run long statements."""
    if settings.is_sqlite:
        return {"hide_parameters": True, "connect_args": {"timeout": BUSY_TIMEOUT_MS / 1000}}
    limits = "-c timezone=UTC" if patient else WEB_LIMITS
    return {
        "hide_parameters": True,  # a fault is logged, and with it would go what people wrote
        "pool_size": 4,
        "max_overflow": 2,
        "pool_pre_ping": True,
        "connect_args": {"connect_timeout": 2, "tcp_user_timeout": 3000, "options": limits},
    }


def init_app(app: Flask, settings: Settings, *, patient: bool) -> None:
    app.config["SQLALCHEMY_DATABASE_URI"] = settings.database_url
    app.config["SQLALCHEMY_ENGINE_OPTIONS"] = engine_options(settings, patient=patient)
    db.init_app(app)
    migrate.init_app(app, db, directory=str(MIGRATIONS), render_as_batch=True)
    with app.app_context():
        if settings.is_sqlite:
            settings.data.mkdir(parents=True, exist_ok=True)
            _prepare_sqlite(db.engine)

    @app.before_request
    def read_first() -> None:
        _writing.set(False)
