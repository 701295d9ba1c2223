"""The next list revokes a licence: within a second of its commit no page of any process shows it, caches included."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from directory.config import Settings
from directory.db import writing
from tests import factories
from tests.accounts.people import letters
from tests.credentials.holding import KEY, found_in_register
from tests.credentials.lists import PERSONS, mapping, person, persons
from tests.credentials.worker import SURFACES

ROOT = Path(__file__).parents[2]
Run = Callable[..., Any]
Ask = Callable[[str], list[list[str]]]


@pytest.fixture
def ask(settings: Settings) -> Iterator[Ask]:
    """Two web processes on the same database: which of their pages still show the credential."""
    data = {"DATA": str(settings.data), "DATABASE_URL": settings.database_url, "MODE": "local"}
    rates = {f"RATE_{name}": "100000 per minute" for name in ("SEARCH", "API")}
    started = [
        subprocess.Popen(
            [sys.executable, "-m", "tests.credentials.worker"],
            cwd=ROOT,
            env={**os.environ, **data, **rates},
            text=True,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        for _number in range(2)
    ]

    def both(line: str) -> list[list[str]]:
        for process in started:
            assert process.stdin is not None
            process.stdin.write(f"{line}\n")
            process.stdin.flush()
        return [json.loads(process.stdout.readline()) for process in started if process.stdout]

    yield both
    for process in started:
        process.kill()
        process.wait()


def test_a_list_that_revokes_is_seen_by_every_process_within_a_second(
    app: Flask, ask: Ask, run: Run, tmp_path: Path
) -> None:
    def load(word: str) -> None:
        rows = [person(1, "Müller Ada", status=word, town="Leeds"), *(person(n) for n in range(2, 42))]
        done = run("registers", "load", KEY, persons(tmp_path, *rows), "--map", mapping(tmp_path, PERSONS))
        assert done.exit_code == 0, done.output

    with app.app_context(), writing():
        place = factories.clinic("Dot House", slug="dot-house")
        made = found_in_register(factories.practitioner("Ada Müller", at=place), "SP-00001", email="ada@example.org")
        line = f"dot-house {made.public_id}"
        factories.commit()
    load("gültig")
    assert ask(line) == [list(SURFACES)] * 2
    load("widerrufen")
    committed = time.monotonic()
    while any(ask(line)) and time.monotonic() - committed < 1.0:
        pass
    assert ask(line) == [[], []]
    assert "register no longer confirms" in letters(app, "ada@example.org")[-1]["Subject"]
