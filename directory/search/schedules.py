"""Which rows of a part are open now: one state per distinct schedule, worked out once and read by the minute."""

import threading
from datetime import UTC, datetime

import numpy as np
from numpy.typing import NDArray

from directory.clinics.hours import DAYS_AHEAD, flips
from directory.search.part import JOINT, Part

FLIPS_KEPT = 32
_NEVER = np.iinfo(np.int32).max
_DAY_MINUTES = 24 * 60


class Schedules:
    """Opening states of a part's schedules. Times are whole minutes since 1970 UTC, which is how fine hours are.

    A schedule is evaluated when first asked for and again when its known changes run out. Thread-safe.
    """

    def __init__(self, part: Part) -> None:
        self._table = part.tables["schedule"]
        count = len(self._table)
        self._opened = np.zeros(count, np.bool_)
        self._flips = np.full((count, FLIPS_KEPT), _NEVER, np.int32)
        self._good_from = np.zeros(count, np.int32)
        self._good_until = np.zeros(count, np.int32)
        self._minute = -1
        self._now = np.zeros(count, np.bool_)
        self._lock = threading.Lock()

    def open_now(self, codes: NDArray[np.int32], now: datetime) -> NDArray[np.bool_]:
        """For each code of a schedule: whether it is open at `now`; hours not stated are not open."""
        minute = int(now.timestamp()) // 60
        if not self._known(codes, minute).all():
            self._evaluate(np.unique(codes), minute)
        with self._lock:
            if self._minute != minute:
                passed = (self._flips <= minute).sum(axis=1)
                self._now, self._minute = self._opened ^ (passed % 2 == 1), minute
            states = self._now
        return states[codes]

    def _known(self, codes: NDArray[np.integer], minute: int) -> NDArray[np.bool_]:
        known: NDArray[np.bool_] = (self._good_from[codes] <= minute) & (self._good_until[codes] > minute)
        return known

    def warm(self, now: datetime) -> None:
        """Evaluate all schedules, so that no visitor waits for it."""
        self._evaluate(np.arange(len(self._table)), int(now.timestamp()) // 60)

    def _evaluate(self, codes: NDArray[np.integer], minute: int) -> None:
        begin = datetime.fromtimestamp(minute * 60, UTC)
        for code in codes[~self._known(codes, minute)].tolist():
            hours, timezone, country = self._table[code].split(JOINT)
            opened, changes = flips(hours, timezone, country, begin)
            minutes = [int(change.timestamp()) // 60 for change in changes[:FLIPS_KEPT]]
            # Not all at once: what was worked out together runs out over two days.
            good_until = minute + (DAYS_AHEAD - 2) * _DAY_MINUTES + code * 61 % (2 * _DAY_MINUTES)
            if len(changes) > FLIPS_KEPT:
                good_until = minutes[-1]
            with self._lock:
                self._opened[code] = bool(opened)
                self._flips[code] = _NEVER
                self._flips[code, : len(minutes)] = minutes
                self._good_from[code] = minute if opened is not None else 0
                self._good_until[code] = good_until if opened is not None else _NEVER
                self._minute = -1
