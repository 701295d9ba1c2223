"""A load killed midway and run again ends as one clean run would; meanwhile the list in force is the old one."""

import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from directory.config import Settings
from directory.credentials.registers import RegisterChange, RegisterEntry, RegisterLoad, load_in_force
from directory.db import db
from directory.factory import create_app
from tests.conftest import settings_for
from tests.credentials.lists import PERSONS, mapping, person, persons

ROOT = Path(__file__).parent.parent.parent
KEY, ROWS = "xx-somewhere", 2_500
PATIENCE_SECONDS = 120


def _start(file: Path, data: Path, database_url: str) -> subprocess.Popen[bytes]:
    environ = {**os.environ, "MODE": "local", "DATA": str(data), "DATABASE_URL": database_url}
    words = [sys.executable, "-m", "flask", "--app", "wsgi", "registers", "load", KEY, str(file)]
    words += ["--map", str(mapping(file.parent, PERSONS)), "--dated", "2026-11-28"]
    return subprocess.Popen(words, cwd=ROOT, env=environ, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)


def _entries(app: Flask) -> int:
    with app.app_context():
        found = db.session.execute(select(func.count()).select_from(RegisterEntry)).scalar_one()
        db.session.rollback()
        return int(found)


def _kill_at(process: subprocess.Popen[bytes], app: Flask, entries: int) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    try:
        while _entries(app) < entries:
            assert process.poll() is None, "the load ended before it could be killed"
            assert time.monotonic() < deadline
            time.sleep(0.005)
    finally:
        process.send_signal(signal.SIGKILL)
        process.wait()


def _to_the_end(process: subprocess.Popen[bytes]) -> None:
    try:
        output, _ = process.communicate(timeout=PATIENCE_SECONDS)
    finally:
        process.kill()
    assert process.returncode == 0, output.decode()


def _state() -> dict[str, list[Any]]:
    """Everything but ids and times."""
    entry = [column for column in RegisterEntry.__table__.columns if column.name not in {"id", "load_id"}]
    load = (RegisterLoad.state, RegisterLoad.rows, RegisterLoad.entries, RegisterLoad.added, RegisterLoad.vanished)
    return {
        "entries": [tuple(row) for row in db.session.execute(select(*entry).order_by(RegisterEntry.number_key))],
        "loads": [tuple(row) for row in db.session.execute(select(*load).order_by(RegisterLoad.id))],
        "changes": [
            (change.kind, change.number, change.after)
            for change in db.session.scalars(select(RegisterChange).order_by(RegisterChange.id))
        ],
    }


@pytest.mark.faults
def test_killed_and_run_again_it_ends_as_a_clean_run(
    app: Flask, settings: Settings, database_url: str, tmp_path: Path, template_data: Path
) -> None:
    first = persons(tmp_path, *[person(n) for n in range(ROWS)], name="first.csv")
    second = persons(tmp_path, *[person(n) for n in range(100, ROWS + 200)], name="second.csv")
    clean = tmp_path / "clean"
    shutil.copytree(template_data, clean)
    for file in (first, second):
        _to_the_end(_start(file, clean, f"sqlite:///{clean / 'hairline.sqlite'}"))

    _kill_at(_start(first, settings.data, database_url), app, 1)
    with app.app_context():
        assert load_in_force(KEY) is None
    _to_the_end(_start(first, settings.data, database_url))
    _kill_at(_start(second, settings.data, database_url), app, ROWS + 1)
    with app.app_context():
        force = load_in_force(KEY)
        assert force is not None
        assert force.entries == ROWS
    _to_the_end(_start(second, settings.data, database_url))

    with create_app(settings_for(clean), purpose="command").app_context():
        expected = _state()
    with app.app_context():
        assert _state() == expected
    assert len(expected["entries"]) == ROWS + 100
    assert len(expected["changes"]) == 300
