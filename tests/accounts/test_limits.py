"""The bold doors close after so many tries, for everybody alike, and open again by themselves."""

import threading
from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient

from directory.accounts import allowances
from directory.allowance import Allowance, RateEvent, drop_old, spend
from directory.db import db, now, writing
from tests.accounts.people import PASSWORD, form_token, is_in, letters, member, set_up_app, sign_in, submit

EMAIL = "noor@example.org"
WRONG = "wrong horse battery nine"


def send(browser: FlaskClient, address: str, caller: str, token: str, **fields: str) -> int:
    data = {"csrf_token": token, **fields}
    return browser.post(address, data=data, environ_overrides={"REMOTE_ADDR": caller}).status_code


# The door, what is typed, whether each try comes from another address, how many pass, after how long one more does.
DOORS = [
    ("/account/sign-in", {"email": EMAIL, "password": WRONG}, True, 10, 300),
    ("/account/sign-in", {"email": "other{n}@example.org", "password": WRONG}, False, 10, 300),
    ("/account/sign-up", {"email": "other{n}@example.org"}, False, 5, 1800),
    ("/account/reset", {"email": "other{n}@example.org"}, False, 25, 300),
]


@pytest.mark.parametrize(("address", "fields", "many_callers", "allowed", "seconds"), DOORS)
def test_a_door_closes_and_opens_again(
    app: Flask, address: str, fields: dict[str, str], many_callers: bool, allowed: int, seconds: int
) -> None:
    with time_machine.travel(now(), tick=False) as clock:
        browser = app.test_client()
        token = form_token(browser.get(address))
        found = []
        for number in range(allowed + 2):
            typed = {name: value.format(n=number) for name, value in fields.items()}
            caller = f"198.51.{number}.7" if many_callers else "198.51.100.7"
            found.append(send(browser, address, caller, token, **typed))
        assert 429 not in found[:allowed]
        assert found[allowed:] == [429, 429]
        clock.shift(timedelta(seconds=seconds + 1))
        assert send(browser, address, "198.51.100.7", token, email="x@example.org", password=WRONG) != 429


def test_whoever_tries_passwords_elsewhere_does_not_lock_the_owner_out(app: Flask) -> None:
    known = member(app, EMAIL)
    submit(known, "/account/sign-in", email=EMAIL, password=PASSWORD)
    attacker = app.test_client()
    token = form_token(attacker.get("/account/sign-in"))
    for number in range(12):
        send(attacker, "/account/sign-in", f"203.0.{number}.7", token, email=EMAIL, password=WRONG)
    assert send(attacker, "/account/sign-in", "203.0.113.9", token, email=EMAIL, password=PASSWORD) == 429
    assert submit(known, "/account/sign-in", email=EMAIL, password=PASSWORD).status_code == 303


def test_codes_are_tried_five_times(app: Flask) -> None:
    with time_machine.travel(now(), tick=False) as clock:
        _, codes = set_up_app(member(app, EMAIL), now().timestamp())
        clock.shift(timedelta(minutes=6))
        device = sign_in(app, EMAIL)
        found = [submit(device, "/account/sign-in/code", code="000000").status_code for _ in range(5)]
        assert set(found) == {422}
        assert submit(device, "/account/sign-in/code", code=codes[0]).status_code == 429
        clock.shift(timedelta(minutes=6))
        assert submit(device, "/account/sign-in/code", code=codes[0]).status_code == 303
        assert is_in(device)


def test_one_mailbox_gets_three_letters_in_six_hours_and_the_page_does_not_tell(
    app: Flask, client: FlaskClient
) -> None:
    answers = [submit(client, "/account/sign-up", email=EMAIL).location for _ in range(5)]
    assert answers == ["/account/sent"] * 5
    assert len(letters(app, EMAIL)) == 3


def test_a_mailbox_gets_five_resets_a_day(app: Flask, client: FlaskClient) -> None:
    with time_machine.travel(now(), tick=False) as clock:
        member(app, EMAIL)
        for _ in range(8):
            clock.shift(timedelta(hours=2))
            submit(client, "/account/reset", email=EMAIL)
        assert sum("15 minutes" in letter.get_content() for letter in letters(app, EMAIL)) == 5


def test_of_thirty_at_once_ten_pass(app: Flask) -> None:
    """Counting and noting are one act: no crowd slips through between them."""
    allowance, passed = Allowance("test", 10, 60), []

    def take() -> None:
        with app.app_context(), writing():
            passed.append(spend(allowance, "key"))
            db.session.commit()

    threads = [threading.Thread(target=take) for _ in range(30)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(passed) == 10
    assert len(passed) == 30


def test_the_window_moves(app: Flask) -> None:
    """Never more than the allowance within any span, also across the edge of a minute."""
    allowance = Allowance("test", 2, 60)
    with app.app_context(), writing(), time_machine.travel(now(), tick=False) as clock:
        used = []
        for _ in range(6):
            used.append(spend(allowance, "key"))
            db.session.commit()
            clock.shift(timedelta(seconds=25))
        assert used == [True, True, False, True, True, False]


def test_counts_are_kept_under_pseudonyms_and_dropped(app: Flask) -> None:
    with app.app_context(), writing():
        spend(allowances.SIGN_IN_ACCOUNT, EMAIL)
        db.session.commit()
        assert EMAIL not in repr([row.bucket for row in db.session.query(RateEvent).order_by(RateEvent.id)])
        with time_machine.travel(now() + timedelta(days=9)):
            assert drop_old() == 1
        db.session.commit()
