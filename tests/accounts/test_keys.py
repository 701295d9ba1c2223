"""Passwords and addresses change hands only with the right letter, once, and the other side is told."""

import threading
from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient

from directory.accounts import tokens
from directory.accounts.queries import user_by_email
from directory.accounts.tokens import LIFE, RESET
from directory.db import db, now, writing
from tests.accounts.people import (
    OTHER_PASSWORD,
    PASSWORD,
    empty_outbox,
    form_token,
    is_in,
    letters,
    links,
    member,
    set_up_app,
    sign_in,
    submit,
)

EMAIL, NEW_EMAIL = "noor@example.org", "noor@elsewhere.example"


def reset_link(app: Flask, client: FlaskClient) -> str:
    empty_outbox(app)
    submit(client, "/account/reset", email=EMAIL)
    (letter,) = letters(app, EMAIL)
    return links(letter)[0]


def test_a_forgotten_password_is_replaced_and_all_devices_are_out(app: Flask, client: FlaskClient) -> None:
    device = member(app, EMAIL)
    path = reset_link(app, client)
    assert client.get(path).headers["Referrer-Policy"] == "no-referrer"
    assert submit(client, path, password=OTHER_PASSWORD).location == "/account/sign-in"
    assert not is_in(device)
    assert is_in(sign_in(app, EMAIL, OTHER_PASSWORD))
    assert submit(app.test_client(), "/account/sign-in", email=EMAIL, password=PASSWORD).status_code == 422
    assert client.get(path).status_code == 410
    assert "password was changed" in letters(app, EMAIL)[-1].get_content()


def test_a_reset_link_is_good_for_fifteen_minutes(app: Flask, client: FlaskClient) -> None:
    member(app, EMAIL)
    path = reset_link(app, client)
    with time_machine.travel(now() + LIFE[RESET] - timedelta(seconds=5)):
        assert client.get(path).status_code == 200
    with time_machine.travel(now() + LIFE[RESET] + timedelta(seconds=5)):
        assert client.get(path).status_code == 410


def test_a_newer_reset_link_and_a_changed_password_kill_the_old_one(app: Flask, client: FlaskClient) -> None:
    device = member(app, EMAIL)
    first = reset_link(app, client)
    second = reset_link(app, client)
    assert client.get(first).status_code == 410
    submit(device, "/account/password", password=OTHER_PASSWORD)
    assert client.get(second).status_code == 410


def test_of_twenty_who_use_one_reset_token_one_succeeds(app: Flask) -> None:
    member(app, EMAIL)
    with app.app_context(), writing():
        user = user_by_email(EMAIL)
        assert user is not None
        token = tokens.issue(RESET, user.id)
        db.session.commit()
    browsers = []
    for _ in range(20):
        browser = app.test_client()
        browsers.append((browser, form_token(browser.get(f"/account/reset/{token}"))))
    statuses: list[int] = []

    def use(browser: FlaskClient, csrf: str) -> None:
        data = {"csrf_token": csrf, "password": OTHER_PASSWORD}
        statuses.append(browser.post(f"/account/reset/{token}", data=data).status_code)

    threads = [threading.Thread(target=use, args=pair) for pair in browsers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert statuses.count(303) == 1, statuses
    assert set(statuses) <= {303, 410, 503}  # 503: too many hashes at once, come back


def test_changing_the_password_puts_all_other_devices_out(app: Flask) -> None:
    device = member(app, EMAIL)
    others = [sign_in(app, EMAIL) for _ in range(3)]
    before = device.get_cookie("sid").value
    assert submit(device, "/account/password", password=OTHER_PASSWORD).location == "/account/"
    assert is_in(device)
    assert device.get_cookie("sid").value.split(".")[0] != before.split(".")[0]  # a new id here, too
    assert not any(is_in(other) for other in others)


@pytest.mark.parametrize("address", ["/account/password", "/account/email", "/account/erase", "/account/data.json"])
def test_what_matters_asks_again_who_one_is_after_ten_minutes(app: Flask, address: str) -> None:
    device = member(app, EMAIL)
    assert device.get(address).status_code == 200
    with time_machine.travel(now() + timedelta(minutes=11)):
        asked = device.get(address)
        assert asked.location == f"/account/again?next={address}"
        assert submit(device, "/account/again", page=asked.location, password="not this one at all").status_code == 422
        answer = submit(device, "/account/again", page=asked.location, password=PASSWORD, next=address)
        assert answer.location == address
        assert device.get(address).status_code == 200


def test_the_address_moves_once_the_new_one_answers_and_the_old_one_is_told(app: Flask, client: FlaskClient) -> None:
    device = member(app, EMAIL)
    empty_outbox(app)
    submit(device, "/account/email", email=NEW_EMAIL)
    (letter,) = letters(app)
    assert letter["To"] == NEW_EMAIL
    assert EMAIL in device.get("/account/").get_data(as_text=True)
    assert submit(client, links(letter)[0]).location == "/account/sign-in"
    assert is_in(sign_in(app, NEW_EMAIL))
    told = letters(app, EMAIL)[-1]
    assert NEW_EMAIL not in told.get_content()
    assert "/email/undo/" in links(told)[0]


def test_the_old_address_takes_a_stolen_account_back(app: Flask, client: FlaskClient) -> None:
    """A thief with an open device moves the account and adds an app; the letter to the old address undoes it all."""
    thief = member(app, EMAIL)
    submit(thief, "/account/email", email=NEW_EMAIL)
    submit(client, links(letters(app, NEW_EMAIL)[0])[0])
    undo = links(letters(app, EMAIL)[-1])[0]
    set_up_app(thief, now().timestamp())
    with time_machine.travel(now() + timedelta(hours=71)):
        assert submit(client, undo).location == "/account/sign-in"
        assert not is_in(thief)
        assert submit(app.test_client(), "/account/sign-in", email=NEW_EMAIL, password=PASSWORD).status_code == 422
        path = next(path for letter in reversed(letters(app, EMAIL)) for path in links(letter) if "/reset/" in path)
        submit(client, path, password=OTHER_PASSWORD)
        assert is_in(sign_in(app, EMAIL, OTHER_PASSWORD))  # no code is asked for: the thief's app is gone
        assert client.get(undo).status_code == 410


def test_an_undo_comes_too_late_after_three_days(app: Flask, client: FlaskClient) -> None:
    device = member(app, EMAIL)
    submit(device, "/account/email", email=NEW_EMAIL)
    submit(client, links(letters(app, NEW_EMAIL)[0])[0])
    undo = links(letters(app, EMAIL)[-1])[0]
    with time_machine.travel(now() + timedelta(hours=73)):
        assert client.get(undo).status_code == 410


def test_moving_to_somebody_elses_address_tells_only_them(app: Flask) -> None:
    member(app, NEW_EMAIL)
    device = member(app, EMAIL)
    empty_outbox(app)
    assert submit(device, "/account/email", email=NEW_EMAIL).location == "/account/sent"
    (letter,) = letters(app)
    assert letter["To"] == NEW_EMAIL
    assert "There is one already" in letter.get_content()


def test_a_token_is_kept_as_a_digest_only(app: Flask, client: FlaskClient) -> None:
    member(app, EMAIL)
    token = reset_link(app, client).rpartition("/")[2]
    with app.app_context():
        for table in db.metadata.sorted_tables:
            for row in db.session.execute(table.select()):
                assert token not in repr(tuple(row)), table.name
