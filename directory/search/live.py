"""The live index of one process: the newest snapshot, or one read from the database, patched as the version moves.

The version is looked at when somebody searches, at most once per LOOK_SECONDS; what changed is read and laid over the
index before the search goes on, so a removal is seen in every process well within a second of its commit.
"""

import threading
import time
from contextvars import Context
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Literal

import numpy as np
from flask import Flask
from sqlalchemy import Connection
from sqlalchemy.exc import SQLAlchemyError

from directory.clinics.changes import Present
from directory.config import Settings
from directory.db import db
from directory.log import log
from directory.search import reading, snapshot
from directory.search.index import Index, Segment
from directory.search.part import Part, build, merge

LOOK_SECONDS = 0.25
# A dead database is not asked again for each page.
REST_SECONDS = 5.0
# Rows laid over the largest part before it is made anew in the background: a fixed number and a share of its rows.
OVERLAY_ROWS, OVERLAY_SHARE = 2_000, 0.05
# Below this many clinics a snapshot costs nothing worth saving; above it, small changes wait for the hour.
SMALL = 20_000
SNAPSHOT_SECONDS = 3_600.0
# How often a process that had to read the database itself looks whether it may share a snapshot instead.
SHARING_SECONDS = 30.0


@dataclass(frozen=True, eq=False)
class State:
    """An index and what it stands for. `base_version` is the version its largest part was made at."""

    index: Index
    database_id: str
    version: int
    floor: int
    day: date
    base_version: int
    is_mapped: bool

    @property
    def stamp(self) -> str:
        """Names everything that a page of results is made from, beside the question and the minute."""
        return f"{self.database_id}:{self.version}:{self.day}"

    @property
    def overlay(self) -> int:
        """Rows dead in the base or alive outside it."""
        base, *rest = self.index.segments
        return len(base.part) - base.alive + sum(segment.alive for segment in rest)

    @property
    def is_overgrown(self) -> bool:
        return self.overlay > OVERLAY_ROWS + OVERLAY_SHARE * len(self.index.segments[0].part)


def _today() -> date:
    return datetime.now(UTC).date()


def _compact(segments: tuple[Segment, ...]) -> tuple[Segment, ...]:
    """Merge small parts of like size, so that there are only a few; the first is the base and stays as it is."""
    base, *rest = segments
    rest = [segment for segment in rest if segment.alive]
    while len(rest) > 1 and 2 * rest[-1].alive >= rest[-2].alive:
        last = rest.pop()
        rest[-1] = Segment.of(merge([(rest[-1].part, rest[-1].dead), (last.part, last.dead)]))
    return (base, *rest)


class LiveIndex:
    """Thread-safe. Reads over connections of its own, so that it never takes part in a visitor's transaction."""

    def __init__(self, app: Flask, settings: Settings) -> None:
        self._app = app
        self._folder: Path = snapshot.folder_of(settings.run_folder)
        self._state: State | None = None
        self._looked = self._failed = -REST_SECONDS
        self._asked_to_share = time.monotonic()
        self._lock = threading.Lock()
        self._renewing = threading.Lock()

    def current(self) -> State:
        """The index as of at most LOOK_SECONDS ago. The first call reads or maps it, and waits for that."""
        state = self._state
        if state is not None and time.monotonic() - self._looked < LOOK_SECONDS:
            return state
        with self._lock:
            if self._state is None or time.monotonic() - self._looked >= LOOK_SECONDS:
                began = time.monotonic()
                # An empty context: a look made during a POST must not begin a writing transaction.
                self._state = Context().run(self._look, self._state)
                self._looked = began
            state, first = self._state, state is None
        if first:
            base = state.index.segments[0].schedules
            threading.Thread(target=base.warm, args=(datetime.now(UTC),), name="index-hours", daemon=True).start()
        if state.is_overgrown or self._might_share(state):
            self._renew_soon()
        return state

    def _might_share(self, state: State) -> bool:
        if state.is_mapped or state.index.total < SMALL or time.monotonic() - self._asked_to_share < SHARING_SECONDS:
            return False
        self._asked_to_share = time.monotonic()
        return True

    @property
    def invented(self) -> Literal["none", "some", "all"]:
        """How many of the clinics listed are invented; asked by every page, so a dead database only makes it stale."""
        if time.monotonic() - self._failed >= REST_SECONDS:
            try:
                self.current()
            except (SQLAlchemyError, OSError):
                self._failed = time.monotonic()
        if self._state is None or not self._state.index.examples:
            return "none"
        return "some" if self._state.index.total > self._state.index.examples else "all"

    def readiness(self) -> str:
        """ "ok", or why the index cannot be searched yet."""
        try:
            self.current()
        except (SQLAlchemyError, OSError) as error:
            return type(error).__name__
        return "ok"

    def write_snapshot(self) -> str:
        """Write what is current for the other processes, unless they have almost that; says what was done."""
        state = self.current()
        written = snapshot.latest_stamp(self._folder)
        if written and written.database_id == state.database_id and written.version <= state.version:
            behind = self._rows_behind(written.version)
            grown = behind > OVERLAY_ROWS + OVERLAY_SHARE * state.index.total
            due = state.index.total < SMALL or time.time() - written.at > SNAPSHOT_SECONDS
            holds_deleted = state.floor > written.version
            if not (grown or (behind and due) or holds_deleted):
                return f"{behind} rows behind, kept"
        part = _whole(state)
        snapshot.write(self._folder, part, database_id=state.database_id, version=state.version, day=state.day)
        self._renew()
        return f"{len(part)} clinics at version {state.version}"

    def _rows_behind(self, version: int) -> int:
        with self._connect() as connection:
            return len(reading.changed_ids(connection, version))

    def _connect(self) -> Connection:
        with self._app.app_context():
            return db.engine.connect()

    def _look(self, state: State | None) -> State:
        with self._connect() as connection:
            present = reading.present(connection)
            if state is None or state.database_id != present.database_id or present.version < state.version:
                state = self._mapped(present) or self._read(connection, present)
            return self._patched(connection, state, present)

    def _mapped(self, present: Present, above: int = -1) -> State | None:
        found = snapshot.newest(self._folder, database_id=present.database_id, at_most=present.version, above=above)
        if found is None:
            return None
        return _state_of(found.part, present, version=found.version, day=found.day, is_mapped=True)

    def _read(self, connection: Connection, present: Present) -> State:
        began, today = time.monotonic(), _today()
        part = build(reading.all_listings(connection, today))
        log.info("index_read", clinics=len(part), seconds=round(time.monotonic() - began, 2))
        return _state_of(part, present, version=present.version, day=today, is_mapped=False)

    def _patched(self, connection: Connection, state: State, present: Present) -> State:
        """The state at the present version and day, sharing every part that did not change."""
        today = _today()
        if (state.version, state.day) == (present.version, today):
            return state
        segments = state.index.segments
        if present.floor > state.floor:
            # Rows deleted outright carry no version: whatever is not published any more goes.
            there = reading.published_ids(connection)
            segments = tuple(segment.without(np.setdiff1d(segment.part.id, there)) for segment in segments)
        ids = reading.changed_ids(connection, state.version)
        if today != state.day:
            ids = np.union1d(ids, reading.ids_at_turn(connection, state.day, today))
        if len(ids):
            fresh = build(reading.listings_of(connection, ids, today))
            segments = (*(segment.without(ids) for segment in segments), Segment.of(fresh))
        return replace(state, index=Index(_compact(segments)), version=present.version, floor=present.floor, day=today)

    def _renew_soon(self) -> None:
        if self._renewing.acquire(blocking=False):
            threading.Thread(target=self._renew_quietly, name="index-renewal", daemon=True).start()

    def _renew_quietly(self) -> None:
        try:
            self._renew()
        except Exception:  # the index that is there goes on; the next look tries again
            log.exception("index_not_renewed")
        finally:
            self._renewing.release()

    def _renew(self) -> None:
        """Put a new base under the index: a newer snapshot when there is one, else all its parts merged."""
        old = self.current_held()
        with self._connect() as connection:
            present = reading.present(connection)
        # One of the same version is worth having too while this process holds its columns for itself.
        fresh = self._mapped(present, above=old.base_version - (not old.is_mapped))
        if fresh is None and old.is_overgrown:
            fresh = replace(old, index=Index((Segment.of(_whole(old)),)), base_version=old.version, is_mapped=False)
        if fresh is None:
            return
        fresh.index.segments[0].schedules.warm(datetime.now(UTC))
        with self._connect() as connection:
            fresh = self._patched(connection, fresh, reading.present(connection))
        with self._lock:
            with self._connect() as connection:
                self._state = self._patched(connection, fresh, reading.present(connection))
            self._looked = time.monotonic()
        log.info("index_renewed", version=fresh.version, mapped=fresh.is_mapped)

    def current_held(self) -> State:
        """The index as last seen, without a look at the version; loaded if it is not there yet."""
        return self._state or self.current()


def _whole(state: State) -> Part:
    """All of the index as one part."""
    segments = state.index.segments
    if len(segments) == 1 and segments[0].dead is None:
        return segments[0].part
    return merge([(segment.part, segment.dead) for segment in segments])


def _state_of(part: Part, present: Present, *, version: int, day: date, is_mapped: bool) -> State:
    """A state of one part; its floor is its version: whatever was deleted before is not in it."""
    return State(Index((Segment.of(part),)), present.database_id, version, version, day, version, is_mapped)
