"""What changes in the database is what the next visitor finds, in every process."""

import json
import os
import random
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest
from flask import Flask
from flask.testing import FlaskClient

from directory.clinics.changes import mark_changed, raise_floor
from directory.clinics.models import Clinic
from directory.config import Settings
from directory.db import db, writing
from directory.practitioners.models import Engagement, Practitioner
from directory.search import live as live_module
from directory.search import snapshot
from directory.search.live import LiveIndex
from directory.search.matching import Criteria
from directory.search.ranking import Order
from tests import factories

ROOT = Path(__file__).parents[2]


@pytest.fixture(autouse=True)
def always_looking(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Look at the version for each search, so that tests need not wait."""
    if "workers" not in request.fixturenames:
        monkeypatch.setattr(live_module, "LOOK_SECONDS", 0.0)


@pytest.fixture
def write(app: Flask) -> Callable[[Callable[[], object]], None]:
    """Do something in one writing transaction, as a view would."""

    def transaction(act: Callable[[], object]) -> None:
        with app.app_context(), writing():
            act()
            db.session.commit()

    return transaction


def names(client: FlaskClient, search: str = "near=53.8,-1.55&radius=50") -> list[str]:
    return sorted(pin["name"] for pin in client.get(f"/search/pins.json?{search}").get_json()["pins"])


def clinic_called(name: str) -> Clinic:
    return db.session.scalars(db.select(Clinic).where(Clinic.name == name)).one()


def fresh(app: Flask, settings: Settings, folder: str = "nowhere") -> LiveIndex:
    """An index that knows nothing yet; with a folder of its own unless told to use the installation's."""
    made = LiveIndex(app, settings)
    if folder:
        made._folder = settings.run_folder / folder
    return made


def content(live: LiveIndex) -> list[tuple[object, ...]]:
    """All that an index holds of each clinic, in order of id."""
    rows = []
    for segment in live.current().index.segments:
        part = segment.part
        words: dict[int, set[str]] = {}
        codes, owners = part.names.pairs()
        for code, owner in zip(codes.tolist(), owners.tolist(), strict=True):
            words.setdefault(owner, set()).add(part.names.words[code])
        for row in segment.rows(np.ones(len(part), np.bool_)).tolist():
            facts = tuple(
                getattr(part, name)[row].item() for name in ("id", "version", "created", "lat", "lon", "goals",
                                                             "genders", "price", "flags")
            )
            texts = tuple(part.tables[name][int(getattr(part, name)[row])] for name in part.tables)
            rows.append((*facts, *texts, tuple(sorted(words.get(row, ())))))
    return sorted(rows)


def test_a_new_an_edited_and_a_withdrawn_clinic_show_at_once(client, write):
    write(lambda: factories.clinic("Ada"))
    assert names(client) == ["Ada"]
    write(lambda: factories.clinic("Bea"))
    assert names(client) == ["Ada", "Bea"]
    write(lambda: clinic_called("Ada").rename("Cleo"))
    assert names(client) == ["Bea", "Cleo"]
    assert names(client, "near=53.8,-1.55&radius=50&q=cleo") == ["Cleo"]
    write(lambda: clinic_called("Bea").suspend())
    assert names(client) == ["Cleo"]
    write(lambda: clinic_called("Bea").publish())
    assert names(client) == ["Bea", "Cleo"]
    write(lambda: clinic_called("Cleo").erase())
    assert names(client) == ["Bea"]
    write(lambda: clinic_called("Bea").move_point(40.0, 20.0, precision="given"))
    assert names(client) == []
    assert names(client, "near=40,20") == ["Bea"]


def test_people_are_found_through_the_clinics_they_work_at(client, write):
    write(lambda: factories.practitioner("Zoë Quist", at=factories.clinic("Ada"), gender="female", languages=["sv"]))
    assert names(client, "q=quist") == names(client, "gender=female") == names(client, "language=sv") == ["Ada"]
    write(lambda: setattr(db.session.scalars(db.select(Practitioner)).one(), "gender", "other"))
    assert names(client, "gender=female") == []
    yesterday = datetime.now(UTC).date() - timedelta(days=3)
    write(lambda: setattr(db.session.scalars(db.select(Engagement)).one(), "until", yesterday))
    assert names(client, "q=quist") == []


def test_whoever_leaves_or_begins_at_midnight_is_found_by_the_day(app, settings, client, write, monkeypatch):
    today = datetime.now(UTC).date()

    def staff() -> None:
        leaving = factories.practitioner("Lena Leaving", at=factories.clinic("Ada"))
        coming = factories.practitioner("Cora Coming", at=factories.clinic("Bea"))
        db.session.flush()
        for person, until, since in ((leaving, today, None), (coming, None, today + timedelta(days=1))):
            engagement = db.session.scalars(db.select(Engagement).filter_by(practitioner_id=person.id)).one()
            engagement.until, engagement.since = until, since

    write(staff)
    assert (names(client, "q=lena"), names(client, "q=cora")) == (["Ada"], [])
    monkeypatch.setattr(live_module, "_today", lambda: today + timedelta(days=1))
    assert (names(client, "q=lena"), names(client, "q=cora")) == ([], ["Bea"])


def test_rows_deleted_outright_are_gone_too(app, client, write):
    write(lambda: [factories.clinic(name) for name in ("Ada", "Bea", "Cleo")])
    assert names(client) == ["Ada", "Bea", "Cleo"]

    def clear() -> None:
        db.session.execute(db.delete(Clinic).where(Clinic.name != "Bea"))
        raise_floor()

    write(clear)
    assert names(client) == ["Bea"]
    write(lambda: factories.clinic("Dana"))
    assert names(client) == ["Bea", "Dana"]


@pytest.mark.parametrize("seed", [1, 2])
def test_an_index_patched_by_random_changes_equals_one_read_anew(app, settings, write, monkeypatch, seed):
    monkeypatch.setattr(live_module, "OVERLAY_ROWS", 12)
    monkeypatch.setattr(live_module, "OVERLAY_SHARE", 0.0)
    dice = random.Random(seed)
    write(lambda: [factories.clinic(f"First {number}") for number in range(8)])
    live: LiveIndex = app.extensions["live"]
    for step in range(40):
        write(lambda step=step: _change_something(dice, step))
        live.current()
        if step % 5 == 4:
            assert content(live) == content(fresh(app, settings)), f"after step {step}"
        if step % 17 == 16:
            live.write_snapshot()
    assert content(live) == content(fresh(app, settings))


def _change_something(dice: random.Random, step: int) -> None:
    clinics = list(db.session.scalars(db.select(Clinic).order_by(Clinic.id)))
    one = dice.choice(clinics)
    act = dice.randrange(9)
    if act == 0 or one.status == "erased":
        for number in range(dice.randrange(1, 6)):
            factories.clinic(f"New {step} {number}", lat=dice.uniform(-90, 90), lon=dice.uniform(-180, 180))
    elif act == 1:
        one.rename(f"Renamed {step}")
    elif act == 2:
        one.suspend() if one.status == "published" else one.publish()
    elif act == 3:
        factories.practitioner(f"Person of {step}", at=one, gender="male", languages=["ar", "en-GB"])
    elif act == 4:
        one.goals, one.opening_hours = ["crown"], "Mo-Fr 09:00-17:00"
    elif act == 5:
        one.put_prices([factories.price("crown", 10_000 + step)])
    elif act == 6 and len(clinics) > 3:
        db.session.execute(db.delete(Clinic).where(Clinic.id == one.id))
        raise_floor()
    elif act == 7:
        mark_changed([clinic.id for clinic in clinics[:5]])
    else:
        one.erase()


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


def test_an_overgrown_index_is_renewed_in_the_background(app, settings, write, monkeypatch):
    monkeypatch.setattr(live_module, "OVERLAY_ROWS", 5)
    monkeypatch.setattr(live_module, "OVERLAY_SHARE", 0.0)
    write(lambda: factories.clinic("Ada"))
    live: LiveIndex = app.extensions["live"]
    live.current()
    write(lambda: [factories.clinic(f"Clinic {number}") for number in range(20)])
    assert live.current().index.total == 21
    deadline = time.monotonic() + 20
    while live.current().is_overgrown and time.monotonic() < deadline:
        time.sleep(0.02)
    assert len(live.current().index.segments) == 1
    assert content(live) == content(fresh(app, settings))


@pytest.fixture
def workers(settings: Settings) -> Iterator[list[subprocess.Popen[str]]]:
    """Two web processes on the same database."""
    environ = {**os.environ, "DATA": str(settings.data), "DATABASE_URL": settings.database_url,
               "RATE_SEARCH": "100000 per minute"}
    started = [
        subprocess.Popen(
            [sys.executable, "-m", "tests.search.worker"], cwd=ROOT, env=environ, text=True,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
        )
        for _number in range(2)
    ]
    yield started
    for process in started:
        process.kill()
        process.wait()


def test_within_a_second_every_process_shows_what_was_committed(workers, write):
    def seen() -> list[list[str]]:
        for worker in workers:
            assert worker.stdin is not None
            worker.stdin.write("search\n")
            worker.stdin.flush()
        return [json.loads(worker.stdout.readline()) for worker in workers if worker.stdout]

    write(lambda: [factories.clinic(name) for name in ("Ada", "Bea")])
    assert seen() == [["Ada", "Bea"]] * 2
    steps: list[tuple[Callable[[], object], list[str]]] = [
        (lambda: factories.clinic("Cleo"), ["Ada", "Bea", "Cleo"]),
        (lambda: clinic_called("Ada").rename("Dana"), ["Bea", "Cleo", "Dana"]),
        (lambda: clinic_called("Bea").suspend(), ["Cleo", "Dana"]),
        (lambda: clinic_called("Cleo").erase(), ["Dana"]),
    ]
    for act, expected in steps:
        write(act)
        committed = time.monotonic()
        while seen() != [expected] * 2 and time.monotonic() - committed < 1.0:
            pass
        assert seen() == [expected] * 2


def test_criteria_are_met_on_the_database_the_app_uses(app, write):
    write(lambda: factories.clinic("Ada", price_min=1000, price_max=2000, currency="GBP"))
    index = app.extensions["live"].current().index
    found = index.search(
        Criteria(price_max=1000, currency="GBP"), Order("best", 1), now=datetime.now(UTC), size=5
    )
    assert found.total == 1
    assert isinstance(app.extensions["live"].current().day, date)
