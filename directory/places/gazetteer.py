"""Gazetteer: the one door to places. Opens the offline file and answers in places, never over the network."""

import fcntl
import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from typing import Literal

from directory.places import locate as locating
from directory.places import resolver, rows, suggestions, writer
from directory.places.judgement import as_place
from directory.places.locate import Located
from directory.places.packages import Progress
from directory.places.place import Place
from directory.places.resolver import Resolution
from directory.places.rows import COMMITTED
from directory.places.store import Store

FOLDER, FULL = "places", "full.sqlite"


class Gazetteer:
    """Answers "where?" from one read-only file. Safe for several threads and processes."""

    def __init__(self, data_folder: Path) -> None:
        self._folder = data_folder / FOLDER

    @classmethod
    def open(cls, data_folder: Path) -> "Gazetteer":
        """The gazetteer under `data_folder`/places: the full one if it was built, else the lite one.

        Nothing is read before the first question. The very first unpacks the lite one, which takes some ten seconds;
        other processes wait for it.
        """
        return cls(data_folder)

    @cached_property
    def _store(self) -> Store:
        full = self._folder / FULL
        if full.is_file():
            store = Store(full)
            if store.meta.get("format") == str(writer.FORMAT):
                return store
        return Store(_lite(self._folder))

    @property
    def edition(self) -> Literal["lite", "full"]:
        """Which of the two sets answers."""
        return "full" if self._store.meta["edition"] == "full" else "lite"

    @property
    def source_line(self) -> str:
        """The credit that the licence of the data asks for."""
        return writer.SOURCE_LINE

    def resolve(self, text: str, *, country: str | None = None) -> Resolution:
        """What the text means. `country` (ISO alpha-2, where the person or site is) is a bias. Never raises."""
        return resolver.resolve(self._store, text, country.upper() if country else None)

    def suggest(self, text: str, *, country: str | None = None, limit: int = 8) -> list[Place]:
        """Up to `limit` places the text may become, likeliest first. Never raises on any text."""
        return suggestions.suggest(self._store, text, country.upper() if country else None, limit)

    def locate(self, *, postal_code: str = "", city: str = "", region: str = "", country: str = "") -> Located | None:
        """The point of an address whose parts are known one by one, None when nothing is certain enough."""
        return locating.locate(self._store, postal_code, city, region, country)

    def towns_around(self, lat: float, lon: float, radius_km: float, limit: int = 50) -> list[Place]:
        """Towns in a circle, the most populous first: labels of a map, names for a point."""
        return [as_place(self._store, town) for town in self._store.around(lat, lon, radius_km, limit)]


def _lite(folder: Path) -> Path:
    digest = hashlib.sha256(str(writer.FORMAT).encode())
    for path in sorted(COMMITTED.glob("lite-*.xz")):
        digest.update(path.read_bytes())
    file = folder / f"lite-{digest.hexdigest()[:12]}.sqlite"
    if file.is_file():
        return file
    folder.mkdir(parents=True, exist_ok=True)
    with locked(folder):
        if not file.is_file():
            for left_over in folder.glob("lite-*"):
                left_over.unlink()
            replace(file, rows.load_lite(COMMITTED))
    return file


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """One process at a time writes in the folder; the lock falls with the process that holds it."""
    with (folder / ".lock").open("w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def replace(file: Path, content: rows.Rows, progress: Progress = lambda step, share: None) -> None:
    """Write a gazetteer beside `file` and put it in its place when it is whole and on disk."""
    draft = file.with_name(f"{file.stem}.{os.getpid()}.part")
    draft.unlink(missing_ok=True)
    try:
        writer.write(content, draft, progress)
        with draft.open("rb") as written:
            os.fsync(written.fileno())
        draft.replace(file)
    finally:
        draft.unlink(missing_ok=True)
