"""The watch: what the next list does to credentials that rest on a register, to their holders and to the desk."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from directory.cases.models import Case
from directory.clinics.changes import present_version
from directory.clinics.models import Clinic
from directory.credentials import watch
from directory.credentials.models import Credential
from directory.credentials.register_jobs import look_again, remind_holders
from directory.db import db, now, writing
from directory.jobs import drain
from directory.ledger import LedgerRow
from tests.accounts.people import letters
from tests.credentials.holding import KEY, found_in_register
from tests.credentials.lists import PERSONS, PREMISES, mapping, person, persons, text_file
from tests.factories import clinic, practitioner

Run = Callable[..., Any]
OTHERS = [person(n) for n in range(100, 140)]
ADA = "ada@example.org"


@pytest.fixture
def load(run: Run, tmp_path: Path) -> Run:
    def go(*rows: str, expected: int = 0) -> Any:
        file = persons(tmp_path, *rows, *OTHERS)
        done = run("registers", "load", KEY, file, "--map", mapping(tmp_path, PERSONS))
        assert done.exit_code == expected, done.output
        return done

    return go


@pytest.fixture
def ada(app: Flask) -> str:
    """The public id of Ada's licence, found in the register by a person; she works in Graz."""
    with app.app_context(), writing():
        place = clinic("Crown Graz", city="Graz", country="AT", postal_code="8010")
        holder = practitioner("Ada Müller", at=place)
        made = found_in_register(holder, "SP-00001", email=ADA)
        db.session.commit()
        return made.public_id


def level(app: Flask, public_id: str) -> int:
    with app.app_context():
        found = db.session.scalars(select(Credential).where(Credential.public_id == public_id)).one()
        return found.level(now())


def state(app: Flask, public_id: str) -> str:
    with app.app_context():
        found = db.session.scalars(select(Credential).where(Credential.public_id == public_id)).one()
        return found.standing(now()).state


def cases(app: Flask) -> list[tuple[str, str, str]]:
    with app.app_context():
        query = select(Case).where(Case.kind == "register_change").order_by(Case.id)
        return [(case.state, case.priority, case.facts["finding"]) for case in db.session.scalars(query)]


def mailed(app: Flask, to: str = ADA) -> list[str]:
    with app.app_context():
        drain()
    return [str(letter["Subject"]) for letter in letters(app, to)]


def test_an_entry_that_is_found_again_is_watched(load: Run, app: Flask, ada: str) -> None:
    assert level(app, ada) == 3
    load(person(1, "Müller Ada"))
    assert level(app, ada) == 4
    with app.app_context():
        check = db.session.scalars(select(Credential)).one().checks[-1]
        assert (check.method, check.matched) == ("register_watched", ["name", "number", "place", "status"])
        assert check.source == "https://register.example.org/holder?no=SP-00001"
    assert mailed(app) == []


FALLS = [
    (person(1, "Müller Ada", status="widerrufen"), "status_revoked", "high", "not_found"),
    (person(1, "Müller Ada", status="ruht"), "status_suspended", "high", "not_found"),
    (person(1, "Müller Ada", until="01.10.2026"), "status_expired", "medium", "expired"),
    (person(1, "Anders Bea"), "number_of_another", "high", "not_found"),
    (person(2, "Müller Ada"), "vanished", "medium", "not_found"),
]


@pytest.mark.parametrize(("row", "finding", "priority", "shown"), FALLS)
def test_what_the_list_contradicts_falls(
    load: Run, app: Flask, ada: str, row: str, finding: str, priority: str, shown: str
) -> None:
    load(person(1, "Müller Ada"))
    with app.app_context():
        version = present_version().version
    load(row)
    assert level(app, ada) == 0
    assert state(app, ada) == shown
    assert cases(app) == [("open", priority, finding)]
    assert mailed(app) == ["The official register no longer confirms a credential"]
    with app.app_context():
        assert db.session.scalars(select(Clinic)).one().changed_at_version > version
        acts = db.session.scalars(select(LedgerRow.act).order_by(LedgerRow.seq)).all()
        assert "credential.contradicted" in acts
        assert "credential.revoked" not in acts
        found = db.session.scalars(select(Credential)).one()
        assert found.status == "verified_primary"  # the word waits for two people


def test_a_second_list_of_the_same_tenor_tells_nobody_twice(load: Run, app: Flask, ada: str) -> None:
    load(person(1, "Müller Ada", status="ruht"))
    load(person(1, "Müller Ada", status="widerrufen"))
    assert len(cases(app)) == len(mailed(app)) == 1


def test_an_entry_that_comes_back_counts_again_and_settles_the_case(load: Run, app: Flask, ada: str) -> None:
    load(person(1, "Müller Ada"))
    load()
    assert level(app, ada) == 0
    load(person(1, "MUELLER, ADA"))
    assert level(app, ada) == 4
    assert cases(app) == [("withdrawn", "medium", "vanished")]


def test_a_renewal_in_the_register_moves_the_last_day(load: Run, app: Flask, ada: str) -> None:
    load(person(1, "Müller Ada", until="01.12.2027"))
    load(person(1, "Müller Ada", until="01.12.2029"))
    with app.app_context():
        assert str(db.session.scalars(select(Credential)).one().expires_on) == "2029-12-01"


def test_a_list_that_waits_lets_nothing_fall(run: Run, load: Run, app: Flask, ada: str, tmp_path: Path) -> None:
    load(person(1, "Müller Ada"))
    file = persons(tmp_path, *OTHERS[:10])
    assert run("registers", "load", KEY, file, "--map", mapping(tmp_path, PERSONS)).exit_code == 3
    assert level(app, ada) == 4
    assert cases(app) == []


def test_a_list_that_waits_raises_nothing(run: Run, load: Run, app: Flask, ada: str, tmp_path: Path) -> None:
    """What the list in force does not hold is not borne out by one that nobody accepted yet."""
    load()
    assert level(app, ada) == 0
    file = persons(tmp_path, person(1, "Müller Ada"), *OTHERS[:10])
    assert run("registers", "load", KEY, file, "--map", mapping(tmp_path, PERSONS)).exit_code == 3
    assert level(app, ada) == 0


def test_what_nobody_found_in_a_register_is_not_watched(load: Run, app: Flask) -> None:
    with app.app_context(), writing():
        made = found_in_register(practitioner("Ada Müller"), "SP-1", method="issuer")
        db.session.commit()
        name = made.public_id
    load(person(2, "Anders Bea"))
    assert level(app, name) == 2
    load(person(1, "Müller Ada"))
    assert level(app, name) == 2


def test_a_person_elsewhere_keeps_what_a_checker_found_and_is_not_raised(load: Run, app: Flask) -> None:
    with app.app_context(), writing():
        place = clinic("Crown Wien", city="Wien", country="AT", postal_code="1010")
        name = found_in_register(practitioner("Ada Müller", at=place), "SP-1").public_id
        db.session.commit()
    load(person(1, "Müller Ada"))
    assert level(app, name) == 3


def test_premises_that_moved_fall(run: Run, app: Flask, tmp_path: Path) -> None:
    key = "xx-premises"

    def listed(town: str, code: str) -> None:
        rows = ["Ref|Premises|Trading as|Formerly|State|Street|Unit|Town|Postcode|Kind"]
        rows += [f"P/{n}|Other {n} Ltd|||current|{n} Street||Leeds|LS1 1AA|skin piercing" for n in range(100, 130)]
        rows += [f"P/7|Example Ltd|Crown Leeds||current|1 Example Street||{town}|{code}|skin piercing"]
        file = text_file(tmp_path / "list.csv", rows)
        done = run("registers", "load", key, file, "--map", mapping(tmp_path, PREMISES))
        assert done.exit_code == 0, done.output

    with app.app_context(), writing():
        made = found_in_register(clinic("Crown Leeds"), "P/7", email="owner@example.org")
        made.issuer.key = key
        db.session.commit()
        name = made.public_id
    listed("Leeds", "LS1 4AP")
    assert level(app, name) == 4
    listed("York", "YO1 7AA")
    assert level(app, name) == 0
    assert mailed(app, "owner@example.org") == ["The official register no longer confirms a credential"]


def test_the_watch_catches_up_with_what_was_verified_against_an_older_list(load: Run, app: Flask) -> None:
    load(person(1, "Müller Ada", status="widerrufen"))
    with app.app_context(), writing():
        name = found_in_register(practitioner("Ada Müller"), "1").public_id
        db.session.commit()
    with app.app_context():
        assert look_again() == "watched 1, fallen 1"
        assert look_again() == "watched 1, fallen 0"
    assert level(app, name) == 0


def test_noting_again_notes_nothing_twice(load: Run, app: Flask, ada: str) -> None:
    load(person(1, "Müller Ada"))
    with app.app_context():
        look_again()
        assert len(db.session.scalars(select(Credential)).one().checks) == 2


def test_more_than_one_batch_is_watched(load: Run, app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watch, "BATCH", 2)
    with app.app_context(), writing():
        names = [found_in_register(practitioner(f"Muster{n} Ada"), f"SP-{n}").public_id for n in range(1, 6)]
        db.session.commit()
    load(*[person(n, f"Ada Muster{n}") for n in range(1, 5)])
    assert [level(app, name) for name in names] == [3, 3, 3, 3, 0]


REMINDERS = [
    (61, []),
    (60, [60]),
    (31, [60]),
    (30, [30]),
    (8, [30]),
    (7, [7]),
    (0, [7]),
    (-1, []),
]


@pytest.mark.parametrize(("days", "told"), REMINDERS)
def test_reminders(app: Flask, days: int, told: list[int]) -> None:
    with app.app_context(), writing():
        found_in_register(practitioner("Ada Müller"), "SP-1", email=ADA, expires_on=now().date() + timedelta(days=days))
        db.session.commit()
    with app.app_context():
        assert remind_holders() == f"reminded of {len(told)}"
        assert remind_holders() == "reminded of 0"
    assert len(mailed(app)) == len(told)


def test_one_reminder_for_each_mark_as_the_day_comes_near(app: Flask) -> None:
    with app.app_context(), writing():
        made = found_in_register(practitioner("Ada Müller"), "SP-1", email=ADA)
        db.session.commit()
        for days in (65, 59, 40, 29, 20, 6, 3):
            made.expires_on = now().date() + timedelta(days=days)
            db.session.commit()
            remind_holders()
    assert len(mailed(app)) >= 3
