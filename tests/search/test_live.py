"""What changes in the database is what the next visitor finds, in every process."""

import json
import os
import random
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from directory.clinics.changes import mark_changed, raise_floor
from directory.clinics.models import Clinic
from directory.config import Settings
from directory.db import db
from directory.practitioners.models import Engagement, Practitioner
from directory.search import live as live_module
from directory.search.live import LiveIndex
from tests import factories
from tests.search.held import clinic_called, content, fresh

ROOT = Path(__file__).parents[2]


def names(client: FlaskClient, search: str = "near=53.8,-1.55&radius=50") -> list[str]:
    return sorted(pin["name"] for pin in client.get(f"/search/pins.json?{search}").get_json()["pins"])


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
    assert "1 clinic within" in client.get("/search?near=53.8,-1.55&radius=50").text
    write(lambda: factories.clinic("Dana"))
    assert names(client) == ["Bea", "Dana"]
    write(lambda: db.session.delete(clinic_called("Bea")))
    assert "1 clinic within" in client.get("/search?near=53.8,-1.55&radius=50").text


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
        one.facts = {"consultation_ways": dice.sample(["in_person", "video"], dice.randrange(3))}
    elif act == 5:
        one.put_prices([factories.price("crown", 10_000 + step)])
    elif act == 6 and len(clinics) > 3:
        db.session.execute(db.delete(Clinic).where(Clinic.id == one.id))
        raise_floor()
    elif act == 7:
        mark_changed([clinic.id for clinic in clinics[:5]])
    else:
        one.erase()


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
    environ = {
        **os.environ,
        "DATA": str(settings.data),
        "DATABASE_URL": settings.database_url,
        "RATE_SEARCH": "100000 per minute",
    }
    started = [
        subprocess.Popen(
            [sys.executable, "-m", "tests.search.worker"],
            cwd=ROOT,
            env=environ,
            text=True,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
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
