"""A backup that was never restored does not count: bring one back in an empty place, look at it, throw it away."""

import json
import os
import subprocess
import sys
import time
from dataclasses import fields
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

import pyrage

from directory.backup import databases
from directory.backup.making import create
from directory.backup.manifest import KEYS
from directory.config import Settings
from directory.db import now
from directory.errors import Refused

ROOT = Path(__file__).parent.parent.parent
LATEST = "drill.json"
STEP_SECONDS = 3_600


class Drill(NamedTuple):
    """How long it took to make and to bring back, in seconds; `steps` are the last lines of what was run."""

    at: str
    made_in: float
    back_in: float
    steps: list[str]


def drill(settings: Settings, folder: Path) -> Drill:
    """Make a backup with a key of its own, restore it beside the site, check it, and remove both.

    Raises Refused with the words of the step that failed. The result is kept in the run folder as drill.json.
    """
    identity = pyrage.x25519.Identity.generate()
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    with TemporaryDirectory(dir=folder, prefix=".drill-") as working:
        place = Path(working)
        secret = place / "key.txt"
        secret.touch(mode=0o600)
        secret.write_text(f"{identity}\n", "utf-8")
        began = time.monotonic()
        backup = create(settings, place / "backups", [identity.to_public()])
        made_in = time.monotonic() - began
        (place / "data").mkdir(mode=0o700)
        name = f"hairline_drill_{os.getpid()}"
        with databases.scratch(settings, name, place / "data") as address:
            surroundings = _surroundings(settings, place / "data", address)
            began = time.monotonic()
            steps = [
                _run(surroundings, "backup", "restore", backup, "--identity", secret),
                _run(surroundings, "ledger", "verify"),
                _run(surroundings, "backup", "look"),
            ]
            back_in = time.monotonic() - began
    done = Drill(now().isoformat(timespec="seconds"), round(made_in, 1), round(back_in, 1), steps)
    settings.run_folder.mkdir(parents=True, exist_ok=True)
    (settings.run_folder / LATEST).write_text(json.dumps(done._asdict()), "utf-8")
    return done


def _surroundings(settings: Settings, data: Path, address: str) -> dict[str, str]:
    """The same keys, another place; nothing of the site itself is in reach."""
    names = {field.name for field in fields(settings)}
    secrets = {name.upper(): getattr(settings, name) for name in (*KEYS, "secret_key") if name in names}
    kept = {name: value for name, value in os.environ.items() if name in {"PATH", "HOME", "LANG", "LD_LIBRARY_PATH"}}
    return {**kept, **secrets, "MODE": "local", "DATA": str(data), "DATABASE_URL": address}


def _run(surroundings: dict[str, str], *words: object) -> str:
    command = [sys.executable, "-m", "flask", "--app", "wsgi", *(str(word) for word in words)]
    done = subprocess.run(command, env=surroundings, cwd=ROOT, capture_output=True, text=True, timeout=STEP_SECONDS)
    said = (done.stdout or done.stderr).strip().splitlines()
    last = next((line for line in reversed(said) if not line.startswith("{")), "no word")
    if done.returncode:
        raise Refused(f"{words[0]} {words[1]}: {last}")
    return f"{words[0]} {words[1]}: {last}"
