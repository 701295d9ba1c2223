"""Remembers an import while it runs, so that one that was killed midway is not left behind unseen."""

import hashlib
import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from directory.db import now

FOLDER = "imports"


@contextmanager
def remembered(run_folder: Path, source: str, file_name: str) -> Iterator[None]:
    """While the block runs, and for ever if it does not end well, the import stands in the run folder.

    The next complete import of the same source removes the note.
    """
    folder = run_folder / FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    note = folder / f"{hashlib.sha256(source.encode()).hexdigest()[:16]}.json"
    note.write_text(
        json.dumps({"source": source, "file": file_name, "begun": f"{now():%Y-%m-%d %H:%M} UTC"}), encoding="utf-8"
    )
    yield
    note.unlink(missing_ok=True)


def unfinished(run_folder: Path) -> list[str]:
    """One line for each import that was begun and has not ended."""
    lines = []
    for note in sorted((run_folder / FOLDER).glob("*.json")):
        try:
            facts = json.loads(note.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            continue  # it ended or began this very moment
        lines.append(
            f"The import of {facts['file']} (source {facts['source']}), begun {facts['begun']}, has not "
            "finished: run it again, it goes on where it stopped."
        )
    return lines
