"""A handful of each fault that `make faults` runs in full: nothing acknowledged is lost, nothing stands twice."""

import json
import shutil
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from faults.__main__ import ALL
from faults.sending import Book, Stored
from tests.engines import missing

ROOT = Path(__file__).parent.parent.parent
PATIENCE_SECONDS = 240


@pytest.mark.faults
@pytest.mark.parametrize("name", ALL)
def test_nothing_is_lost_and_nothing_doubled(name: str) -> None:
    words = ALL[name][1]
    on_postgresql = "postgresql" in words or words[0] == "clusters"
    if on_postgresql and not (shutil.which("postgres") or list(Path("/usr/lib/postgresql").glob("*/bin/postgres"))):
        missing("PostgreSQL")
    done = subprocess.run(
        [sys.executable, "-m", f"faults.{words[0]}", *words[1:]],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=PATIENCE_SECONDS,
        check=False,
    )
    lines = [line for line in done.stdout.splitlines() if line.startswith('{"name"')]
    assert lines, done.stderr[-2000:]
    found = json.loads(lines[-1])
    assert found["faults"] == []
    assert done.returncode == 0
    if "kills" in found:
        assert found["kills"] == int(words[-1])
        assert found["acknowledged"] > 0


def test_the_book_tells_what_is_missing_twice_or_there_in_part() -> None:
    book = Book()
    for name in ("a", "b", "c"):
        book.answered(name, 303)
    book.answered("d", 500)
    stored = Stored(Counter({"a": 1, "b": 2, "d": 1}), ["d"])
    assert book.faults(stored) == ["lost: c", "doubled: b", "torn: d"]


@pytest.mark.faults
def test_a_short_soak_fails_nothing_and_keeps_what_it_wrote() -> None:
    words = [sys.executable, "-m", "faults.soak", "--minutes", "0.1", "--rate", "20"]
    done = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, timeout=PATIENCE_SECONDS, check=False)
    assert done.returncode == 0, done.stdout + done.stderr[-2000:]
    assert "requests: 120" in done.stdout
    assert "failed (5xx or no answer): 0" in done.stdout
