"""Accounts nobody uses: warned twice, then erased; unconfirmed ones go after a week."""

from datetime import timedelta

import time_machine
from flask import Flask
from flask.testing import FlaskClient

from directory.accounts.jobs import drop_old, erase_unconfirmed, tend_idle
from directory.accounts.queries import user_by_email
from directory.db import now
from tests.accounts.people import empty_outbox, letters, member, sign_in, submit

EMAIL = "noor@example.org"


def exists(app: Flask, email: str = EMAIL) -> bool:
    with app.app_context():
        return user_by_email(email) is not None


def run(app: Flask, job: object) -> str:
    with app.app_context():
        return job()  # type: ignore[operator, no-any-return]


def test_an_address_nobody_confirmed_is_forgotten_after_a_week(app: Flask, client: FlaskClient) -> None:
    submit(client, "/account/sign-up", email="else@example.org")
    member(app, EMAIL)
    letters(app)
    with time_machine.travel(now() + timedelta(days=6, hours=23)):
        assert run(app, erase_unconfirmed) == "erased 0 unconfirmed accounts"
    with time_machine.travel(now() + timedelta(days=7, hours=1)):
        assert run(app, erase_unconfirmed) == "erased 1 unconfirmed accounts"
    assert not exists(app, "else@example.org")
    assert exists(app)


def test_an_idle_account_is_warned_twice_and_erased(app: Flask) -> None:
    member(app, EMAIL)
    empty_outbox(app)
    said = []
    with time_machine.travel(now(), tick=False) as clock:
        for days in (3 * 365 - 61, 2, 45, 2, 13, 2):
            clock.shift(timedelta(days=days))
            said.append(run(app, tend_idle))
            run(app, tend_idle)  # a second run on the same day changes nothing
            letters(app)
    assert [line.split(", ")[0] for line in said] == [
        "warned 0",
        "warned 1",
        "warned 0",
        "warned 1",
        "warned 0",
        "warned 0",
    ]
    assert not exists(app)
    assert said[-1] == "warned 0, erased 1 idle accounts"
    subjects = [str(letter["Subject"]) for letter in letters(app, EMAIL)]
    for part, subject in zip(("60 days", "14 days", "is erased"), subjects, strict=True):
        assert part in subject


def test_signing_in_stops_the_clock(app: Flask) -> None:
    member(app, EMAIL)
    with time_machine.travel(now() + timedelta(days=3 * 365 - 30), tick=False) as clock:
        run(app, tend_idle)
        sign_in(app, EMAIL)
        clock.shift(timedelta(days=60))
        assert run(app, tend_idle) == "warned 0, erased 0 idle accounts"
    assert exists(app)


def test_what_has_served_is_deleted(app: Flask) -> None:
    device = member(app, EMAIL)
    submit(device, "/account/sign-out", page="/account/")
    assert run(app, drop_old).startswith("deleted 0 sessions")
    with time_machine.travel(now() + timedelta(days=31)):
        assert run(app, drop_old).startswith("deleted 1 sessions")
