"""What is wrong with this installation, one line each: settings, database, folders."""

import os
import stat
from pathlib import Path

from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import text

from directory.config import Settings, unsafe_settings
from directory.db import MIGRATIONS, db, is_sqlite, now
from directory.imaging.redraw import studio

CLOCK_TOLERANCE_SECONDS = 60
STATIC = Path(__file__).parent.parent / "static"
IMAGING_OPEN = (
    "photos would be opened with the network in reach: this system offers neither seccomp filters nor network "
    "namespaces to this user"
)
WANTED_PRAGMAS = {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "secure_delete": 1}


def migration_lag() -> str:
    """Empty when the schema is at head, else what to do."""
    head = ScriptDirectory(str(MIGRATIONS)).get_current_head()
    with db.engine.connect() as connection:
        current = MigrationContext.configure(connection).get_current_revision()
    return "" if current == head else f"the database is at migration {current}, the code at {head}: flask db upgrade"


def _database_faults(settings: Settings) -> list[str]:
    found = [lag] if (lag := migration_lag()) else []
    if is_sqlite():
        for pragma, wanted in WANTED_PRAGMAS.items():
            value = db.session.connection().exec_driver_sql(f"PRAGMA {pragma}").scalar()
            if value != wanted:
                found.append(f"SQLite runs with {pragma}={value}, not {wanted}")
        return found
    clock = db.session.execute(text("SELECT now()")).scalar_one()
    drift = abs((clock - now()).total_seconds())
    if drift > CLOCK_TOLERANCE_SECONDS:
        found.append(f"this machine's clock and the database's differ by {drift:.0f} seconds")
    owned = text("SELECT count(*) FROM pg_tables WHERE tableowner = current_user AND schemaname = current_schema()")
    if settings.is_production and db.session.execute(owned).scalar_one():
        found.append("DATABASE_URL's role owns the tables: let MIGRATE_URL own them and give this role use only")
    return found


def _folder_faults(settings: Settings) -> list[str]:
    found = _files_faults(settings)
    if not os.access(settings.data, os.W_OK):
        found.append(f"the data folder {settings.data} cannot be written")
    elif settings.is_production and stat.S_IMODE(settings.data.stat().st_mode) & stat.S_IRWXO:
        found.append(f"the data folder {settings.data} is open to every user of this machine: chmod o-rwx")
    return found


def _files_faults(settings: Settings) -> list[str]:
    folder = settings.files_folder
    if folder is None or not folder.exists():
        return []
    found = []
    if not (folder.is_dir() and os.access(folder, os.W_OK)):
        found.append(f"FILES_URL: {folder} is no folder that can be written")
    if settings.is_production and stat.S_IMODE(folder.stat().st_mode) & stat.S_IRWXO:
        found.append(f"the folder of photos and proofs {folder} is open to every user of this machine: chmod o-rwx")
    if folder.resolve().is_relative_to(STATIC):
        found.append("FILES_URL: photos and proofs may not be kept among the static files, which anybody may read")
    return found


def _imaging_faults() -> list[str]:
    """Tried for real: decoders of strangers' pictures must not be able to call out."""
    try:
        isolated = studio().is_isolated()
    except OSError:
        isolated = False
    return [] if isolated else [IMAGING_OPEN]


def find_faults(settings: Settings) -> list[str]:
    """Everything that would make production refuse to start; in local mode what is simply broken."""
    found = unsafe_settings(settings) if settings.is_production else list(settings.problems)
    found += _folder_faults(settings)
    found += _imaging_faults()
    try:
        found += _database_faults(settings)
    except Exception as error:  # any fault of the driver is one line here
        found.append(f"the database cannot be used: {type(error).__name__}: {str(error).splitlines()[0][:200]}")
    return found
