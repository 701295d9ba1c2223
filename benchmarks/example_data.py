"""Example data: seconds to load and to clear up to a million clinics, on SQLite and on PostgreSQL.

    python -m benchmarks.example_data [--clinics N] [--sqlite-only]

Wall seconds and this process's own CPU seconds stand side by side: on a machine with other work only the second says
what the load costs. PostgreSQL's own work is not in that number.
"""

import argparse
import resource
import tempfile
import time
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path

from flask_migrate import upgrade
from sqlalchemy import func, select

from directory.clinics.models import Clinic
from directory.config import read_settings
from directory.db import db
from directory.factory import create_app
from directory.practitioners.models import Practitioner
from tests.engines import _server_tool, postgresql_cluster

REACH_SECONDS = 180.0


def _timed(act: Callable[[], object]) -> tuple[float, float]:
    wall, cpu = time.monotonic(), time.process_time()
    act()
    return time.monotonic() - wall, time.process_time() - cpu


def measure(data: Path, database_url: str, clinics: int) -> None:
    """Migrate an empty database, load, count, clear; print one line for each."""
    environ = {"MODE": "local", "DATA": str(data)}
    settings = read_settings({**environ, "DATABASE_URL": database_url} if database_url else environ)
    app = create_app(settings, purpose="command")
    with app.app_context():
        upgrade()
    app.extensions["gazetteer"].towns_around(0.0, 0.0, 1.0, 1)  # unpacked on first use, which is not ours to count

    def command(*words: str) -> None:
        done = app.test_cli_runner().invoke(args=words)
        assert done.exit_code == 0, done.output

    name = "SQLite" if settings.is_sqlite else "PostgreSQL"
    wall, cpu = _timed(lambda: command("demo", "load", "--clinics", str(clinics)))
    with app.app_context():
        there = db.session.execute(select(func.count()).select_from(Clinic)).scalar_one()
        people = db.session.execute(select(func.count()).select_from(Practitioner)).scalar_one()
        assert there == clinics
    rate = clinics / wall
    print(f"{name:10} load  {there:>9,} clinics {people:>9,} people  {wall:7.1f} s  {cpu:7.1f} s CPU  {rate:8,.0f}/s")
    wall, cpu = _timed(lambda: command("demo", "clear"))
    print(f"{name:10} clear {there:>9,} clinics {'':16}  {wall:7.1f} s  {cpu:7.1f} s CPU  {clinics / wall:8,.0f}/s")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--clinics", type=int, default=1_000_000)
    parser.add_argument("--sqlite-only", action="store_true")
    given = parser.parse_args()
    with ExitStack() as stack:
        data = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="hairline-bench-")))
        measure(data, "", given.clinics)
        if given.sqlite_only:
            pass
        elif _server_tool("initdb"):
            measure(data, f"{stack.enter_context(postgresql_cluster())}/postgres", given.clinics)
        else:
            print("PostgreSQL not installed: not measured")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"reach for 1,000,000: {REACH_SECONDS:.0f} s to load; peak memory of this process {peak:,.0f} MiB")


if __name__ == "__main__":
    main()
