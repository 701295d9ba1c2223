"""Clinic pages as drawn, kept for the next visitor while nothing they show has changed."""

from collections import OrderedDict
from collections.abc import Hashable
from datetime import datetime
from threading import Lock
from typing import NamedTuple

MOST = 400  # pages of some 20 kB: 8 MB in each process


class Kept(NamedTuple):
    """A page and how long it holds: until the clinic's version moves on, or the clock reaches `until`."""

    version: Hashable
    until: datetime
    html: str


class KeptPages:
    """The pages most recently asked for. Thread-safe."""

    def __init__(self, most: int = MOST) -> None:
        self._most = most
        self._pages: OrderedDict[Hashable, Kept] = OrderedDict()
        self._lock = Lock()

    def find(self, key: Hashable, version: Hashable, moment: datetime) -> Kept | None:
        """The page of that key, if it is of that version and still holds."""
        with self._lock:
            kept = self._pages.get(key)
            if kept is None or kept.version != version or moment >= kept.until:
                return None
            self._pages.move_to_end(key)
            return kept

    def keep(self, key: Hashable, page: Kept) -> Kept:
        with self._lock:
            self._pages[key] = page
            self._pages.move_to_end(key)
            while len(self._pages) > self._most:
                self._pages.popitem(last=False)
        return page
