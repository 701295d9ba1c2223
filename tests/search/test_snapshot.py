"""Snapshots spare the next process the reading, and a bad one never stops it."""

import json
import os
from pathlib import Path

import pytest

from directory.db import db
from directory.search import snapshot
from directory.search.live import LiveIndex
from tests import factories
from tests.search.held import clinic_called, content, fresh


def test_a_snapshot_is_mapped_by_the_next_process_and_patched(app, settings, write):
    write(lambda: [factories.clinic(f"Clinic {number}") for number in range(30)])
    live: LiveIndex = app.extensions["live"]
    assert live.write_snapshot().startswith("30 clinics")
    assert live.write_snapshot() == "0 rows behind, kept"
    write(lambda: clinic_called("Clinic 7").suspend())
    write(lambda: factories.clinic("Later"))
    second = fresh(app, settings, folder="")
    assert second.current().is_mapped
    assert content(second) == content(fresh(app, settings))
    assert len(second.current().index.segments) == 2


def test_the_last_two_snapshots_are_kept(app, settings, write):
    live: LiveIndex = app.extensions["live"]
    folder = snapshot.folder_of(settings.run_folder)
    for number in range(4):
        write(lambda number=number: factories.clinic(f"Clinic {number}"))
        live.write_snapshot()
    assert len(list(folder.iterdir())) == 2


def _cut(folder: Path) -> None:
    (folder / "lat.npy").chmod(0o644)
    os.truncate(folder / "lat.npy", 100)


def _flip(folder: Path) -> None:
    data = bytearray((folder / "id.npy").read_bytes())
    data[-1] ^= 0xFF
    (folder / "id.npy").chmod(0o644)
    (folder / "id.npy").write_bytes(data)


def _lose(folder: Path) -> None:
    (folder / "names.rows.npy").unlink()


def _garble(folder: Path) -> None:
    (folder / "meta.json").write_text("{")


def _foreign(folder: Path) -> None:
    meta = json.loads((folder / "meta.json").read_text())
    (folder / "meta.json").write_text(json.dumps({**meta, "database_id": "another"}))


def _other_format(folder: Path) -> None:
    meta = json.loads((folder / "meta.json").read_text())
    (folder / "meta.json").write_text(json.dumps({**meta, "format": 0}))


def _from_the_future(folder: Path) -> None:
    meta = json.loads((folder / "meta.json").read_text())
    (folder / "meta.json").write_text(json.dumps({**meta, "version": 10**9}))


@pytest.mark.parametrize("harm", [_cut, _flip, _lose, _garble, _foreign, _other_format, _from_the_future])
def test_a_damaged_or_foreign_snapshot_is_passed_over(app, settings, write, harm):
    write(lambda: [factories.clinic(f"Clinic {number}") for number in range(5)])
    live: LiveIndex = app.extensions["live"]
    live.write_snapshot()
    folder = snapshot.folder_of(settings.run_folder)
    (folder / "building-left-behind").mkdir()
    (folder / "snapshot-x-y").mkdir()
    (folder / "snapshot-000000000009999-empty").mkdir()
    harm(next(path for path in folder.iterdir() if (path / "meta.json").exists()))
    second = fresh(app, settings, folder="")
    assert not second.current().is_mapped
    assert content(second) == content(fresh(app, settings))


def test_another_database_in_the_same_place_is_read_anew(app, settings, write):
    write(lambda: factories.clinic("Ada"))
    live: LiveIndex = app.extensions["live"]
    live.write_snapshot()
    write(lambda: db.session.execute(db.text("UPDATE search_version SET database_id = 'restored', version = 1")))
    write(lambda: factories.clinic("Bea"))
    assert [row[0] for row in content(live)] == [row[0] for row in content(fresh(app, settings))]
    assert not live.current().is_mapped
