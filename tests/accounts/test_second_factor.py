"""The second proof: asked for once it stands, good once, and owed by everybody who could do harm."""

import threading
from collections.abc import Callable
from typing import Any

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient

from directory.db import now
from tests import factories
from tests.accounts.people import PASSWORD, app_code, is_in, letters, member, set_up_app, sign_in, submit

EMAIL = "noor@example.org"
CODE = "/account/sign-in/code"


@pytest.fixture
def moment() -> Any:
    """A moment in the middle of a thirty-second step, standing still."""
    begun = now().replace(second=15, microsecond=0)
    with time_machine.travel(begun, tick=False) as clock:
        yield clock


def later(clock: Any, seconds: int) -> float:
    clock.shift(seconds)
    return now().timestamp()


def test_an_app_is_asked_for_after_the_password(app: Flask, moment: Any) -> None:
    device = member(app, EMAIL)
    secret, codes = set_up_app(device, now().timestamp())
    assert len(codes) == 10
    other = app.test_client()
    answer = submit(other, "/account/sign-in", email=EMAIL, password=PASSWORD, next="/account/sessions")
    assert answer.location == f"{CODE}?next=/account/sessions"
    assert not is_in(other)
    code = app_code(secret, later(moment, 60))
    assert (
        submit(other, CODE, page=answer.location, code=code, next="/account/sessions").location == "/account/sessions"
    )
    assert is_in(other)
    assert "authenticator app was set up" in letters(app, EMAIL)[-1].get_content()


def test_a_code_is_good_once_also_for_two_at_the_same_time(app: Flask, moment: Any) -> None:
    secret, _ = set_up_app(member(app, EMAIL), now().timestamp())
    code = app_code(secret, later(moment, 60))
    devices = [sign_in(app, EMAIL) for _ in range(4)]
    tokens = [device.get(CODE).get_data(as_text=True) for device in devices]
    found: list[int] = []

    def try_it(device: FlaskClient, page: str) -> None:
        token = page.split('name="csrf_token"')[1].split('value="')[1].split('"')[0]
        found.append(device.post(CODE, data={"csrf_token": token, "code": code}).status_code)

    threads = [threading.Thread(target=try_it, args=pair) for pair in zip(devices, tokens, strict=True)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(found) == [303, 422, 422, 422]
    assert sum(is_in(device) for device in devices) == 1


@pytest.mark.parametrize(("seconds", "status"), [(-30, 303), (0, 303), (30, 303), (-90, 422), (90, 422)])
def test_a_clock_may_be_half_a_minute_off(app: Flask, moment: Any, seconds: int, status: int) -> None:
    secret, _ = set_up_app(member(app, EMAIL), now().timestamp())
    later(moment, 300)
    code = app_code(secret, now().timestamp() + seconds)
    assert submit(sign_in(app, EMAIL), CODE, code=code).status_code == status


def test_a_recovery_code_opens_once(app: Flask, moment: Any) -> None:
    _, codes = set_up_app(member(app, EMAIL), now().timestamp())
    device = sign_in(app, EMAIL)
    assert submit(device, CODE, code=codes[3].upper()).status_code == 303
    assert is_in(device)
    assert submit(sign_in(app, EMAIL), CODE, code=codes[3]).status_code == 422
    assert "9 codes are left" in device.get("/account/second-factor").get_data(as_text=True)


def test_new_codes_kill_the_old_ones(app: Flask, moment: Any) -> None:
    device = member(app, EMAIL)
    _, codes = set_up_app(device, now().timestamp())
    submit(device, "/account/second-factor/codes", page="/account/second-factor")
    assert submit(sign_in(app, EMAIL), CODE, code=codes[0]).status_code == 422


def test_the_half_signed_in_reach_nothing_and_not_for_long(app: Flask, moment: Any) -> None:
    secret, _ = set_up_app(member(app, EMAIL), now().timestamp())
    device = sign_in(app, EMAIL)
    for address in ("/account/", "/account/sessions", "/account/second-factor", "/account/data.json"):
        assert "/account/sign-in" in device.get(address).location
    code = app_code(secret, later(moment, 660))
    assert device.get(CODE).location == "/account/sign-in"
    assert device.post(CODE, data={"code": code}).status_code in {303, 400}
    assert not is_in(device)


@pytest.mark.parametrize("role", ["moderator", "checker", "lead", "auditor", "operator", "editor", "owner"])
def test_strong_roles_reach_only_the_set_up_until_it_is_done(
    app: Flask, run: Callable[..., Any], moment: Any, role: str
) -> None:
    factories.saved(app, lambda: factories.clinic(slug="soft-lines"))
    device = member(app, EMAIL)
    where = ["--clinic", "soft-lines"] if role in {"editor", "owner"} else []
    assert run("accounts", "create", EMAIL, "--role", role, *where).exit_code == 0
    assert device.get("/account/data").location == "/account/second-factor"
    told = device.get("/account/second-factor").get_data(as_text=True)
    assert ("is yours to manage here" if where else "Your role needs one") in told
    set_up_app(device, now().timestamp())
    assert device.get("/account/data").status_code == 200


def test_without_the_app_a_password_is_enough_again_but_the_owner_is_told(app: Flask, moment: Any) -> None:
    device = member(app, EMAIL)
    set_up_app(device, now().timestamp())
    submit(device, "/account/second-factor/app/remove", page="/account/second-factor")
    assert is_in(sign_in(app, EMAIL))
    assert "app was removed" in letters(app, EMAIL)[-1].get_content()
