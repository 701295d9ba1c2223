"""Snapshots: a part written to disk by the jobs process and memory-mapped by the web workers, who so share it.

A snapshot is a folder of .npy files under `<run folder>/index`, stamped with the database it was read from, the
version, the day and a format number. It is written beside and renamed, so a half-written one has no name that anyone
reads. A damaged or foreign one is passed over.
"""

import json
import secrets
import shutil
import time
import zlib
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from directory.log import log
from directory.search.names import NameIndex
from directory.search.part import ARRAYS, Part
from directory.search.strings import StringTable
from directory.vocabulary import GENDERS, GOALS

FORMAT = 4
KEPT = 2
_PREFIX, _BUILDING = "snapshot-", "building-"
_ABANDONED_SECONDS = 3600


class Snapshot(NamedTuple):
    """A mapped part and what it was read from; `day` decides whose engagements count as current."""

    part: Part
    version: int
    day: date


class Stamp(NamedTuple):
    """`at` in seconds since 1970."""

    database_id: str
    version: int
    at: float


def folder_of(run_folder: Path) -> Path:
    return run_folder / "index"


def _arrays(part: Part) -> dict[str, NDArray[Any]]:
    arrays: dict[str, NDArray[Any]] = {name: getattr(part, name) for name in ARRAYS}
    for name, table in (*part.tables.items(), ("words", part.names.words)):
        arrays[f"{name}.blob"], arrays[f"{name}.ends"] = table.blob, table.ends
    arrays["names.starts"], arrays["names.rows"] = part.names.starts, part.names.rows
    return arrays


def _table(arrays: dict[str, NDArray[Any]], name: str) -> StringTable:
    return StringTable(arrays[f"{name}.blob"], arrays[f"{name}.ends"])


def _checksum(path: Path) -> int:
    checksum = 0
    with path.open("rb") as file:
        while chunk := file.read(1 << 22):
            checksum = zlib.crc32(chunk, checksum)
    return checksum


def _vocabulary() -> list[list[str]]:
    """Bits of the masks have the meaning they had when the snapshot was written."""
    return [list(GOALS), list(GENDERS)]


def write(folder: Path, part: Part, *, database_id: str, version: int, day: date) -> Path:
    """Write a snapshot and remove all but the newest KEPT; returns its folder."""
    folder.mkdir(parents=True, exist_ok=True)
    building = folder / f"{_BUILDING}{secrets.token_hex(8)}"
    building.mkdir()
    sums = {}
    for name, column in _arrays(part).items():
        path = building / f"{name}.npy"
        np.save(path, column)
        path.chmod(0o444)  # other processes map it: a change in place would change what they search
        sums[path.name] = _checksum(path)
    meta = {
        "format": FORMAT,
        "database_id": database_id,
        "version": version,
        "day": day.isoformat(),
        "tables": list(part.tables),
        "price_steps": dict(part.price_steps),
        "vocabulary": _vocabulary(),
        "sums": sums,
    }
    (building / "meta.json").write_text(json.dumps(meta), encoding="utf-8")
    done = folder / f"{_PREFIX}{version:015d}-{secrets.token_hex(4)}"
    building.rename(done)
    _remove_old(folder, done)
    return done


def _remove_old(folder: Path, newest: Path) -> None:
    """Workers that have an old one mapped keep it: the files live until the last of them lets go."""
    written = sorted((path for path in folder.glob(f"{_PREFIX}*") if path != newest), key=_written_at)
    for path in written[: max(0, len(written) - KEPT + 1)]:
        shutil.rmtree(path, ignore_errors=True)
    for path in folder.glob(f"{_BUILDING}*"):
        if time.time() - _written_at(path) > _ABANDONED_SECONDS:
            shutil.rmtree(path, ignore_errors=True)


def _written_at(path: Path) -> float:
    try:
        return path.stat().st_mtime
    except OSError:  # removed by another process meanwhile
        return 0.0


def latest_stamp(folder: Path) -> Stamp | None:
    """What the newest snapshot says of itself; its columns are not looked at. None when there is none."""
    for path in _newest_first(folder):
        try:
            meta = json.loads((path / "meta.json").read_text(encoding="utf-8"))
            return Stamp(str(meta["database_id"]), int(meta["version"]), _written_at(path))
        except (OSError, ValueError, KeyError, TypeError):
            continue
    return None


def _newest_first(folder: Path) -> list[Path]:
    return sorted((p for p in folder.glob(f"{_PREFIX}*-*") if p.name.split("-")[1].isdigit()), reverse=True)


def newest(folder: Path, *, database_id: str, at_most: int, above: int = -1) -> Snapshot | None:
    """The newest whole snapshot of this database with a version in (above, at_most]; None when there is none."""
    for path in _newest_first(folder):
        if not above < int(path.name.split("-")[1]) <= at_most:
            continue
        try:
            snapshot = _open(path, database_id)
        except (OSError, ValueError, KeyError, TypeError, EOFError) as error:
            log.warning("snapshot_unusable", name=path.name, reason=f"{type(error).__name__}: {error}"[:200])
            continue
        if snapshot is not None and above < snapshot.version <= at_most:
            return snapshot
    return None


def _open(path: Path, database_id: str) -> Snapshot | None:
    """A snapshot mapped read-only; None when it is of another database, format or vocabulary.

    Raises OSError, ValueError, KeyError, TypeError or EOFError when it is damaged.
    """
    meta = json.loads((path / "meta.json").read_text(encoding="utf-8"))
    if (meta["format"], meta["database_id"], meta["vocabulary"]) != (FORMAT, database_id, _vocabulary()):
        return None
    arrays = {}
    for name, checksum in meta["sums"].items():
        if _checksum(path / name) != checksum:
            raise ValueError(f"{name} is not as written")
        # Plain views of the mapping: numpy's memmap class makes every slice slower.
        arrays[name.removesuffix(".npy")] = np.asarray(np.load(path / name, mmap_mode="r", allow_pickle=False))
    part = Part(
        **{name: arrays[name] for name in ARRAYS},
        tables={name: _table(arrays, name) for name in meta["tables"]},
        names=NameIndex(_table(arrays, "words"), arrays["names.starts"], arrays["names.rows"]),
        price_steps={currency: list(steps) for currency, steps in meta["price_steps"].items()},
    )
    return Snapshot(part, int(meta["version"]), date.fromisoformat(meta["day"]))
