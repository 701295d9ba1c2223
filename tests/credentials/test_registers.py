"""`registers load`: what is in force afterwards, what waits for a second person, and what changed."""

import csv
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from directory.accounts.models import User
from directory.cases.models import Case
from directory.credentials.registers import RegisterChange, RegisterEntry, RegisterLoad, find, load_in_force
from directory.db import db
from directory.ledger import LedgerRow
from tests.credentials.lists import PERSONS, chicago, mapping, person, persons

Run = Callable[..., Any]
KEY = "xx-somewhere"


@pytest.fixture
def load(run: Run, tmp_path: Path) -> Run:
    """Load an invented list: load(row, row, …, "--option")."""

    def go(*rows: str, options: tuple[str, ...] = (), expected: int = 0) -> Any:
        file = persons(tmp_path, *rows)
        done = run("registers", "load", KEY, file, "--map", mapping(tmp_path, PERSONS), *options)
        assert done.exit_code == expected, done.output
        return done

    return go


def entries(app: Flask) -> dict[str, str]:
    """Number and status of what is in force."""
    with app.app_context():
        found = load_in_force(KEY)
        if found is None:
            return {}
        query = select(RegisterEntry).where(RegisterEntry.load_id == found.id).order_by(RegisterEntry.id)
        return {entry.number_key: entry.status for entry in db.session.scalars(query)}


def state_of_loads(app: Flask) -> list[str]:
    with app.app_context():
        return [load.state for load in db.session.scalars(select(RegisterLoad).order_by(RegisterLoad.id))]


def test_chicago_needs_no_code_and_no_mapping(run: Run, app: Flask, tmp_path: Path) -> None:
    done = run("registers", "load", "us-il-chicago", chicago(tmp_path, {}, {}, {"LICENSE STATUS": "REV"}))
    assert done.exit_code == 0, done.output
    shown = run("registers", "list").output
    assert "us-il-chicago" in shown
    assert "3 entries" in shown
    assert "2 active" in shown
    looked = run("registers", "find", "us-il-chicago", "--number", "7000001.0").output
    assert "INVENTED STUDIO 1 LLC" in looked
    assert "license_number=7000001" in looked


def test_the_next_list_says_what_changed(load: Run, run: Run, app: Flask) -> None:
    load(*[person(n) for n in range(1, 41)])
    rows = [person(n) for n in range(1, 39)] + [person(39, status="widerrufen"), person(41)]
    done = load(*rows)
    assert "vanished SP-00040: active" in done.output
    assert "changed SP-00039: active → revoked" in done.output
    assert "added SP-00041: active" in done.output
    assert state_of_loads(app) == ["superseded", "applied"]
    assert entries(app)["39"] == "revoked"
    assert "40" not in entries(app)
    assert "vanished SP-00040" in run("registers", "show", KEY).output


def test_an_entry_whose_date_passed_is_told_as_expired(load: Run) -> None:
    load(person(1), *[person(n) for n in range(2, 41)])
    done = load(person(1, until="01.01.2021"), *[person(n) for n in range(2, 41)])
    assert "expired SP-00001: active → expired" in done.output


def test_the_same_file_twice_changes_nothing(load: Run, app: Flask) -> None:
    load(person(1), person(2))
    with app.app_context():
        before = db.session.scalar(select(func.count()).select_from(LedgerRow))
    done = load(person(1), person(2))
    assert "nothing was changed" in done.output
    assert state_of_loads(app) == ["applied"]
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(LedgerRow)) == before


def test_only_the_list_in_force_keeps_entries(load: Run, app: Flask) -> None:
    load(person(1), person(2))
    load(person(1), person(2), person(3))
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(RegisterEntry)) == 3


OFF = [
    # more than 5 % of the active entries are gone
    ([person(n) for n in range(1, 38)], "3 of 40 active entries are not in it any more"),
    # half the rows
    ([person(n) for n in range(1, 19)], "it has 18 rows where the list in force has 40"),
    # words that nobody knows
    ([person(n, status="lebt" if n < 3 else "gültig") for n in range(1, 41)], "2 of 40 rows could not be used"),
    # dates in another form
    ([person(n, until="2027-01-01" if n < 3 else "") for n in range(1, 41)], "2 of 40 rows could not be used"),
]


@pytest.mark.parametrize(("rows", "why"), OFF)
def test_a_list_that_is_off_waits_and_applies_nothing(load: Run, app: Flask, rows: list[str], why: str) -> None:
    load(*[person(n) for n in range(1, 41)])
    done = load(*rows, expected=3)
    assert why in done.output
    assert len(entries(app)) == 40
    with app.app_context():
        case = db.session.scalars(select(Case).where(Case.kind == "register_load")).one()
        assert (case.state, case.priority) == ("open", "high")
        assert any(why in reason for reason in case.facts["reasons"])


def test_a_column_that_is_gone_waits(run: Run, load: Run, app: Flask, tmp_path: Path) -> None:
    load(*[person(n) for n in range(1, 41)])
    file = persons(tmp_path)
    file.write_text("Registernummer;Inhaber;Status\n" + "".join(f"{n};M{n} A;gültig\n" for n in range(1, 41)))
    done = run("registers", "load", KEY, file, "--map", mapping(tmp_path, PERSONS))
    assert done.exit_code == 3
    assert "lacks columns that the mapping names: Seit, Bis, Ort, PLZ" in done.output


def test_an_older_list_waits(load: Run) -> None:
    load(person(1))
    done = load(person(1), person(2), options=("--dated", "2020-01-01"), expected=3)
    assert "older than the list in force" in done.output


@pytest.fixture
def colleagues(app: Flask) -> None:
    with app.app_context():
        for email, role in (("loader", "operator"), ("second", "checker"), ("reader", "")):
            user = User(email=f"{email}@example.org")
            if role:
                user.give_role(role)
            db.session.add(user)
        db.session.commit()


def waiting(load: Run, app: Flask, *options: str) -> str:
    load(*[person(n) for n in range(1, 41)])
    load(*[person(n) for n in range(1, 31)], options=options, expected=3)
    with app.app_context():
        return db.session.scalars(select(RegisterLoad.public_id).where(RegisterLoad.state == "waiting")).one()


@pytest.mark.usefixtures("colleagues")
def test_a_second_person_accepts(load: Run, run: Run, app: Flask) -> None:
    name = waiting(load, app, "--as", "loader@example.org")
    refused = run("registers", "accept", name, "--as", "loader@example.org")
    assert "somebody else" in refused.output
    assert "needs an account" in run("registers", "accept", name, "--as", "reader@example.org").output
    assert len(entries(app)) == 40
    assert run("registers", "accept", name, "--as", "second@example.org").exit_code == 0
    assert len(entries(app)) == 30
    with app.app_context():
        case = db.session.scalars(select(Case).where(Case.kind == "register_load")).one()
        assert (case.state, case.decisions[0].act) == ("decided", "accept")
        acts = db.session.scalars(select(LedgerRow.act).order_by(LedgerRow.seq)).all()
        assert acts == [
            "register_load.applied",
            "register_load.held",
            "register_load.applied",
            "register_load.accept.decided",
        ]


@pytest.mark.usefixtures("colleagues")
def test_the_second_person_may_bring_the_same_file(load: Run, app: Flask) -> None:
    waiting(load, app, "--as", "loader@example.org")
    rows = [person(n) for n in range(1, 31)]
    load(*rows, options=("--accept", "--as", "loader@example.org"), expected=1)
    load(*rows, options=("--accept", "--as", "second@example.org"))
    assert len(entries(app)) == 30


@pytest.mark.usefixtures("colleagues")
def test_a_load_by_nobody_is_accepted_by_nobody(load: Run, run: Run, app: Flask) -> None:
    name = waiting(load, app)
    assert "Nobody is named" in run("registers", "accept", name, "--as", "second@example.org").output
    load(*[person(n) for n in range(1, 31)], options=("--as", "loader@example.org"), expected=3)
    assert run("registers", "accept", name, "--as", "second@example.org").exit_code == 0


@pytest.mark.usefixtures("colleagues")
def test_a_load_is_dropped(load: Run, run: Run, app: Flask) -> None:
    name = waiting(load, app, "--as", "loader@example.org")
    assert run("registers", "refuse", name, "--as", "second@example.org").exit_code == 0
    assert state_of_loads(app) == ["applied", "refused"]
    assert len(entries(app)) == 40


def test_a_newer_file_takes_the_place_of_one_that_waits(load: Run, app: Flask) -> None:
    waiting(load, app)
    load(*[person(n) for n in range(1, 42)])
    assert state_of_loads(app) == ["superseded", "superseded", "applied"]
    with app.app_context():
        assert [case.state for case in db.session.scalars(select(Case))] == ["withdrawn"]


def test_every_refused_row_stands_in_the_report(load: Run, tmp_path: Path) -> None:
    report = tmp_path / "report.csv"
    rows = [person(n) for n in range(1, 101)] + ["SP-200;=CMD();gültig;;;Graz;8010"]
    done = load(*rows, options=("--report", str(report)), expected=1)
    assert "line 102, column Inhaber: the cell holds a formula" in done.output
    with report.open(encoding="utf-8") as file:
        assert list(csv.reader(file))[1:] == [["102", "Inhaber", "the cell holds a formula"]]


def test_an_unusable_file_writes_nothing(run: Run, app: Flask, tmp_path: Path) -> None:
    file = tmp_path / "list.csv"
    file.write_bytes(b"\x00\x01\x02")
    done = run("registers", "load", KEY, file, "--map", mapping(tmp_path, PERSONS))
    assert done.exit_code == 2
    assert state_of_loads(app) == []


def test_looking_up_says_what_agrees(load: Run, app: Flask) -> None:
    load(person(1, "Müller Ada"), person(2, "Müller Ada", town="Wien"), person(3, "Muster Bea", status="widerrufen"))
    with app.test_request_context():
        one = find(KEY, number="sp 1", name="ada mueller", place="Graz")[0]
        assert (one.entry.number, one.finding.outcome, one.finding.matched) == (
            "SP-00001",
            "confirmed",
            ("name", "number", "place", "status"),
        )
        assert one.link == "https://register.example.org/holder?no=SP-00001"
        by_name = find(KEY, name="Müller, Ada")
        assert {(c.entry.number_key, c.finding.outcome, c.finding.reason) for c in by_name} == {
            ("1", "proposed", "name_alone"),
            ("2", "proposed", "name_alone"),
        }
        stolen = find(KEY, number="2", name="Ada Müller", place="Graz")
        assert next(c for c in stolen if c.entry.number_key == "2").finding.reason == "namesake_elsewhere"
        assert find(KEY, number="3", name="Bea Muster", place="Graz")[0].standing == "revoked"
        assert find("xx-nowhere", number="1") == []


def test_changes_of_a_first_load_are_only_counted(load: Run, app: Flask) -> None:
    load(person(1))
    with app.app_context():
        assert db.session.scalars(select(RegisterChange)).all() == []
