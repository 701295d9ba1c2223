"""How much there is of what: the database, the files, the disk, and the oldest evidence that is still kept."""

import os
import shutil
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from sqlalchemy import func, select, text

from directory.config import Settings
from directory.credentials.evidence import Evidence as Paper
from directory.db import db, is_sqlite
from directory.moderation.evidence import Evidence
from directory.reviews.proofs import Proof

MOST_FILES = 200_000  # counting stops here: a page must answer


class Stored(NamedTuple):
    """Bytes and counts; `files` is None where they are in a bucket. `counted_all` is False past MOST_FILES."""

    database: int
    files: int | None
    file_bytes: int
    counted_all: bool
    disk_free: int
    disk_total: int
    oldest: dict[str, datetime | None]


def stored(settings: Settings) -> Stored:
    files, size, counted_all = _files(settings.files_folder)
    disk = shutil.disk_usage(settings.data)
    oldest = {
        "credentials": select(func.min(Paper.created_at)).where(Paper.destroyed_at.is_(None)),
        "disputes": select(func.min(Evidence.created_at)).where(Evidence.destroyed_at.is_(None)),
        "visits": select(func.min(Proof.created_at)).where(Proof.destroyed_at.is_(None)),
    }
    kept = {kind: db.session.scalar(query) for kind, query in oldest.items()}
    return Stored(_database(settings), files, size, counted_all, disk.free, disk.total, kept)


def _database(settings: Settings) -> int:
    if not is_sqlite():
        return int(db.session.scalar(text("SELECT pg_database_size(current_database())")) or 0)
    path = Path(db.engine.url.database or "")
    parts = (path, path.with_name(path.name + "-wal"))
    return sum(part.stat().st_size for part in parts if part.exists())


def _files(folder: Path | None) -> tuple[int | None, int, bool]:
    if folder is None:
        return None, 0, True
    number = size = 0
    waiting = [folder] if folder.is_dir() else []
    while waiting:
        with os.scandir(waiting.pop()) as entries:
            for entry in entries:
                if entry.is_dir(follow_symlinks=False):
                    waiting.append(Path(entry.path))
                elif entry.is_file(follow_symlinks=False):
                    number, size = number + 1, size + entry.stat(follow_symlinks=False).st_size
        if number >= MOST_FILES:
            return number, size, False
    return number, size, True
