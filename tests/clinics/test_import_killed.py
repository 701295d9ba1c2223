"""An import killed midway and run again ends as one clean run would, row for row."""

import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select

from directory.clinics.models import Clinic
from directory.config import Settings
from directory.db import db
from directory.factory import create_app
from tests.clinics.files import LEEDS, dump, row, write_csv
from tests.conftest import settings_for

ROOT = Path(__file__).parent.parent.parent
ROWS = 1_700
_WORDS = ("Noor", "Halden", "Kestrel", "Vero", "Quill", "Ravn", "Ibarra")
PATIENCE_SECONDS = 120


def _file(folder: Path) -> Path:
    """Rows of which many share a name and town, some stand twice, some are refused."""
    rows = [
        row(
            LEEDS,
            name=f"{_WORDS[n % 7]} {_WORDS[n // 7 % 7]} {n % 11}",
            source_id=f"n{n - 1 if n % 97 == 1 else n}",
            lat=f"{53.7 + n / 20_000:.5f}",
            postal_code="" if n % 20 else "LS1 4AP",
            city="Leeds" if n % 50 else "Nowhereton",
        )
        for n in range(ROWS)
    ]
    return write_csv(folder / "list.csv", *rows)


def _start(file: Path, data: Path, database_url: str) -> subprocess.Popen[bytes]:
    environ = {**os.environ, "MODE": "local", "DATA": str(data), "DATABASE_URL": database_url}
    words = [sys.executable, "-m", "flask", "--app", "wsgi", "clinics", "import", str(file), "--source", "list"]
    return subprocess.Popen(words, cwd=ROOT, env=environ, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)


def _count(app: Flask) -> int:
    with app.app_context():
        found = db.session.execute(select(func.count()).select_from(Clinic)).scalar_one()
        db.session.rollback()
        return int(found)


def _kill_at(process: subprocess.Popen[bytes], app: Flask, rows: int) -> None:
    """Kill as soon as so many listings are in; the next batch is under way then."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    try:
        while _count(app) < rows:
            assert process.poll() is None, "the import ended before it could be killed"
            assert time.monotonic() < deadline
            time.sleep(0.01)
    finally:
        process.send_signal(signal.SIGKILL)
        process.wait()


def _run_to_the_end(process: subprocess.Popen[bytes]) -> str:
    """What it printed; some rows of the file are refused, so it ends with 1."""
    try:
        output, _ = process.communicate(timeout=PATIENCE_SECONDS)
    finally:
        process.kill()
    assert process.returncode == 1, output.decode()
    return output.decode()


@pytest.mark.faults
def test_killed_and_run_again_it_ends_as_a_clean_run(
    app: Flask, settings: Settings, database_url: str, tmp_path: Path, template_data: Path
) -> None:
    file = _file(tmp_path)
    clean_data = tmp_path / "clean"
    shutil.copytree(template_data, clean_data)
    _run_to_the_end(_start(file, clean_data, f"sqlite:///{clean_data / 'hairline.sqlite'}"))

    for rows in (1, 900):
        _kill_at(_start(file, settings.data, database_url), app, rows)
    assert 0 < _count(app) < 1_600
    output = _run_to_the_end(_start(file, settings.data, database_url))
    assert "has not finished: run it again" in output

    with create_app(settings_for(clean_data), purpose="command").app_context():
        expected = dump()
    with app.app_context():
        found = dump()
    assert len(found["clinic"]) > 1_600
    assert found["clinic"] == expected["clinic"]
    assert found["clinic_source"] == expected["clinic_source"]
    assert found["pairs"] == expected["pairs"]
    assert found["pairs"]
