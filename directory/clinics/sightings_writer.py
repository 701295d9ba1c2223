"""Counts of one process, written together about once a minute by a thread that no visitor waits for.

What a process counted and had not written when it was killed is lost; nothing is ever counted twice.
"""

import threading
import time
from collections import Counter
from datetime import date, timedelta

from flask import Flask
from sqlalchemy import delete, select
from sqlalchemy.dialects import postgresql, sqlite

from directory.clinics.models import Clinic
from directory.clinics.sightings import Kind, Sighting
from directory.db import db, is_sqlite, now, writing
from directory.log import log

FLUSH_SECONDS = 60.0
KEPT = timedelta(days=400)
BATCH = 500
MOST_HELD = 20_000


class Counting:
    """The counts of one process, since they were last written. Thread-safe."""

    def __init__(self, app: Flask) -> None:
        self._app = app
        # By what was shown together: one addition a page, taken apart when it is written.
        self._held: Counter[tuple[tuple[int, ...], date, Kind]] = Counter()
        self._lock = threading.Lock()
        self._writing = threading.Lock()
        self._began = time.monotonic()

    def note(self, kind: Kind, clinic_ids: tuple[int, ...]) -> None:
        """One more of each."""
        day = now().date()
        with self._lock:
            self._held[clinic_ids, day, kind] += 1
        due = time.monotonic() - self._began >= FLUSH_SECONDS or len(self._held) >= MOST_HELD
        if due and self._writing.acquire(blocking=False):
            threading.Thread(target=self._write_quietly, name="sightings", daemon=True).start()

    def _write_quietly(self) -> None:
        try:
            self.write()
        except Exception:  # a count is not worth a fault; the next minute goes on
            log.exception("sightings_not_written")
        finally:
            self._began = time.monotonic()
            self._writing.release()

    def write(self) -> int:
        """Add what was counted to the database; returns how many clinics and days were written."""
        with self._lock:
            held, self._held = self._held, Counter()
        rows: dict[tuple[int, date], dict[str, int]] = {}
        for (clinic_ids, day, kind), number in held.items():
            for clinic_id in clinic_ids:
                rows.setdefault((clinic_id, day), {"views": 0, "appearances": 0})[kind] += number
        with self._app.app_context(), writing():
            for start in range(0, len(rows), BATCH):
                _add(sorted(rows.items())[start : start + BATCH])
                db.session.commit()
        return len(rows)


def _add(rows: list[tuple[tuple[int, date], dict[str, int]]]) -> None:
    there = set(db.session.scalars(select(Clinic.id).where(Clinic.id.in_([key[0] for key, _counts in rows]))))
    values = [{"clinic_id": key[0], "day": key[1], **counts} for key, counts in rows if key[0] in there]
    if not values:
        return
    insert = sqlite.insert(Sighting) if is_sqlite() else postgresql.insert(Sighting)
    adding = insert.on_conflict_do_update(
        index_elements=["clinic_id", "day"],
        set_={
            "views": Sighting.views + insert.excluded.views,
            "appearances": Sighting.appearances + insert.excluded.appearances,
        },
    )
    db.session.execute(adding, values)


def drop_old() -> str:
    """Delete days older than KEPT."""
    with writing():
        gone = db.session.execute(delete(Sighting).where(Sighting.day < (now() - KEPT).date()))
        db.session.commit()
    return f"deleted {gone.rowcount} days"  # type: ignore[attr-defined]


def init_app(app: Flask) -> None:
    app.extensions["sightings"] = Counting(app)
