"""Official lists at the desk: one that waits, and a credential that a list contradicts."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from directory.accounts.models import User
from directory.credentials.handing_in import hand_in
from directory.credentials.models import Credential
from directory.credentials.registers import load_in_force
from directory.db import db, now, writing
from directory.jobs import drain
from tests.credentials.holding import KEY, found_in_register, kind, user
from tests.credentials.lists import PERSONS, mapping, person, persons
from tests.factories import clinic, practitioner
from tests.moderation.cast import decide, open_cases, press, with_role
from tests.reading import text_of

Run = Callable[..., Any]
WHY = "Compared with the official page of the issuer today."
MANY = [person(n) for n in range(2, 42)]


@pytest.fixture
def load(run: Run, tmp_path: Path) -> Run:
    def go(*rows: str, by: str = "") -> Any:
        words = ["registers", "load", KEY, persons(tmp_path, *rows), "--map", mapping(tmp_path, PERSONS)]
        return run(*words, *(["--as", by] if by else []))

    return go


def _ada(app: Flask) -> None:
    with app.app_context(), writing():
        place = clinic("Crown Graz", city="Graz", country="AT", postal_code="8010")
        found_in_register(practitioner("Ada Müller", at=place), "SP-00001")
        db.session.add(User(email="loader@example.org"))
        db.session.query(User).filter_by(email="loader@example.org").one().give_role("operator")
        db.session.commit()


def _level(app: Flask) -> int:
    with app.app_context():
        return db.session.query(Credential).one().level(now())


def _entries(app: Flask) -> int:
    with app.app_context():
        found = load_in_force(KEY)
        return found.entries if found else 0


def test_a_checker_puts_a_waiting_list_in_force(app: Flask, load: Run) -> None:
    _ada(app)
    load(person(1, "Müller Ada"), *MANY)
    assert load(person(1, "Müller Ada"), *MANY[:30], by="loader@example.org").exit_code == 3
    checker = with_role(app, "checker@desk.example", "checker")
    (case,) = open_cases(app, "register_load")
    shown = checker.get(f"/desk/items/{case}").text
    assert "10 of 41 active entries are not in it any more" in shown
    assert "vanished SP-00041 active" in shown
    assert decide(checker, case, "accept", "finding", WHY).status_code == 303
    assert _entries(app) == 31
    with app.app_context():
        drain()
    assert _level(app) == 4


def test_a_checker_drops_a_waiting_list(app: Flask, load: Run) -> None:
    _ada(app)
    load(*MANY)
    load(*MANY[:30], by="loader@example.org")
    checker = with_role(app, "checker@desk.example", "checker")
    (case,) = open_cases(app, "register_load")
    assert decide(checker, case, "refuse", "finding", WHY).status_code == 303
    assert _entries(app) == 40


def test_whoever_loaded_it_cannot_accept_it_at_the_desk(app: Flask, load: Run) -> None:
    checker = with_role(app, "checker@desk.example", "checker")
    load(*MANY)
    load(*MANY[:30], by="checker@desk.example")
    (case,) = open_cases(app, "register_load")
    assert "You are part of this yourself" in text_of(checker.get(f"/desk/items/{case}"))
    assert _entries(app) == 40


def test_the_word_revoked_waits_for_two_people(app: Flask, load: Run) -> None:
    _ada(app)
    load(person(1, "Müller Ada"), *MANY)
    load(person(1, "Müller Ada", status="widerrufen"), *MANY)
    assert _level(app) == 0
    first = with_role(app, "checker@desk.example", "checker")
    (case,) = open_cases(app, "register_change")
    assert "The register says the licence was revoked." in first.get(f"/desk/items/{case}").text
    assert decide(first, case, "revoke", "finding", WHY).status_code == 303
    with app.app_context():
        assert db.session.query(Credential).one().status == "verified_primary"
    second = with_role(app, "second@desk.example", "checker")
    item = f"/desk/items/{case}"
    assert press(second, item, f"{item}/second", agrees="yes").status_code == 303
    with app.app_context():
        assert db.session.query(Credential).one().status == "revoked"


def test_saying_nothing_more_leaves_it_without_a_level(app: Flask, load: Run) -> None:
    _ada(app)
    load(person(1, "Müller Ada", status="ruht"), *MANY)
    checker = with_role(app, "checker@desk.example", "checker")
    (case,) = open_cases(app, "register_change")
    assert decide(checker, case, "keep", "finding", WHY).status_code == 303
    assert _level(app) == 0


@pytest.mark.parametrize(
    ("number", "words"),
    [
        ("SP-00002", "The number belongs to somebody of the same name in another place."),
        ("SP-00003", "The register has this number under another name."),
        ("SP-00004", "The register says the licence was revoked."),
    ],
)
def test_somebody_elses_number_is_refused_with_the_reason_whatever_is_ticked(
    app: Flask, load: Run, number: str, words: str
) -> None:
    load(
        person(1, "Müller Ada"),
        person(2, "Müller Ada", town="Linz").replace("8010 Graz", "4020 Linz"),
        person(3, "Berger Eva"),
        person(4, "Müller Ada", status="widerrufen"),
        *MANY[3:],
    )
    with app.app_context(), writing():
        ada = practitioner("Ada Müller", at=clinic("Crown Graz", city="Graz", country="AT", postal_code="8010"))
        db.session.flush()
        one = Credential.of(kind(), holder=ada, number=number)
        db.session.add(one)
        db.session.flush()
        hand_in(one, user("ada@example.org"))
        db.session.commit()
    checker = with_role(app, "checker@desk.example", "checker")
    (case,) = open_cases(app, "credential")
    answer = decide(
        checker,
        case,
        "register",
        "finding",
        WHY,
        matched=["name", "number", "status", "place"],
        source="https://register.example.org/",
    )
    assert answer.status_code == 422
    assert words in text_of(answer)
    item = f"/desk/items/{case}"
    assert press(checker, item, f"{item}/decide", act="refuse", rule="finding", statement=words).status_code == 303
    with app.app_context():
        assert db.session.query(Credential).one().status == "rejected"
