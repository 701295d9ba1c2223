"""Sessions: a list one can act on, and an end for each."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select

from directory.accounts.queries import user_by_email
from directory.accounts.sessions import UserSession
from directory.db import db, now, writing
from tests import factories
from tests.accounts.people import is_in, member, set_up_app, sign_in, submit

EMAIL = "noor@example.org"
PAGE = "/account/sessions"


def test_another_device_is_seen_and_signed_out(app: Flask) -> None:
    device, lost = member(app, EMAIL), sign_in(app, EMAIL)
    page = device.get(PAGE).get_data(as_text=True)
    assert page.count("Signed in") == 2
    end = page.split('action="/account/sessions/')[1].split('"')[0]
    assert submit(device, f"/account/sessions/{end}", page=PAGE).location == PAGE
    assert is_in(device)
    assert not is_in(lost)


def test_all_others_are_signed_out_at_once(app: Flask) -> None:
    device = member(app, EMAIL)
    others = [sign_in(app, EMAIL) for _ in range(3)]
    submit(device, "/account/sessions/end-others", page=PAGE)
    assert is_in(device)
    assert not any(is_in(other) for other in others)


def test_somebody_elses_session_does_not_exist(app: Flask) -> None:
    device = member(app, EMAIL)
    stranger = member(app, "ezra@example.org")
    with app.app_context():
        theirs = db.session.scalars(select(UserSession.public_id).order_by(UserSession.id)).first()
    assert submit(stranger, f"/account/sessions/{theirs}/end", page="/account/").status_code == 404
    assert submit(stranger, "/account/sessions/nothing/end", page="/account/").status_code == 404
    assert is_in(device)


def test_the_eleventh_device_puts_the_oldest_out(app: Flask) -> None:
    start, devices = now(), []
    with time_machine.travel(start, tick=False) as clock:
        devices.append(member(app, EMAIL))
        for _ in range(10):
            clock.shift(timedelta(minutes=2))
            devices.append(sign_in(app, EMAIL))
        assert [is_in(device) for device in devices] == [False] + [True] * 10


# Standing, hours between visits, hours until the last of them, whether the person is still in then.
LIFETIMES = [
    ("", 23, 23, True),
    ("", 25, 25, False),  # idle for more than a day
    ("", 20, 14 * 24 - 1, True),
    ("", 20, 14 * 24 + 20, False),  # signed in more than fourteen days ago
    ("owner", 1.9, 1.9, True),
    ("owner", 2.1, 2.1, False),
    ("owner", 1.5, 25.5, False),
    ("moderator", 0.3, 0.3, True),
    ("moderator", 0.4, 0.4, False),  # twenty minutes
    ("moderator", 0.3, 7.8, True),
    ("moderator", 0.3, 8.1, False),
]


@pytest.mark.parametrize(("role", "step", "until", "still_in"), LIFETIMES)
def test_a_session_lives_as_long_as_its_standing_allows(
    app: Flask, run: Callable[..., Any], role: str, step: float, until: float, still_in: bool
) -> None:
    with time_machine.travel(now(), tick=False) as clock:
        device = member(app, EMAIL)
        if role:
            factories.saved(app, lambda: factories.clinic(slug="soft-lines"))
            set_up_app(device, now().timestamp())
            run("accounts", "create", EMAIL, "--role", role, *(["--clinic", "soft-lines"] if role == "owner" else []))
        passed, alive = 0.0, True
        while passed < until:
            hop = min(step, until - passed)
            clock.shift(timedelta(hours=hop))
            passed += hop
            alive = is_in(device)
        assert alive is still_in


def test_a_session_of_an_earlier_epoch_is_over(app: Flask) -> None:
    """Whoever was being signed in with the old password while it was changed gets a row that opens nothing."""
    device = member(app, EMAIL)
    with app.app_context(), writing():
        user = user_by_email(EMAIL)
        assert user is not None
        user.epoch += 1
        db.session.commit()
    assert not is_in(device)


def test_an_old_copy_of_the_cookie_is_as_idle_as_it_looks(app: Flask) -> None:
    with time_machine.travel(now(), tick=False) as clock:
        device = member(app, EMAIL)
        copied = device.get_cookie("sid").value
        for _ in range(3):
            clock.shift(timedelta(hours=12))
            assert is_in(device)
        thief = app.test_client()
        thief.set_cookie("sid", copied)
        assert not is_in(thief)


def test_the_cookie_says_what_it_must(app: Flask) -> None:
    device = member(app, EMAIL)
    answer = submit(device, "/account/sign-in", email=EMAIL, password="violet harbour tractor seven")
    cookie = next(value for name, value in answer.headers if name == "Set-Cookie" and value.startswith("sid="))
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert "Path=/" in cookie
    assert "Domain" not in cookie
    with app.app_context():
        token = cookie.split("=")[1].split(".")[0]
        assert not [row for row in db.session.scalars(select(UserSession.digest)) if token in row]
