"""People who work for a clinic, signed in with their second factor."""

from collections.abc import Callable
from typing import Any

from flask import Flask
from flask.testing import FlaskClient

from directory.db import now
from tests.accounts.people import member, set_up_app


def staff(app: Flask, run: Callable[..., Any], email: str, slug: str, level: str = "owner") -> FlaskClient:
    """Owner or editor of the clinic with that slug."""
    browser = member(app, email)
    set_up_app(browser, now().timestamp())
    done = run("accounts", "create", email, "--role", level, "--clinic", slug)
    assert done.exit_code == 0, done.output
    return browser
