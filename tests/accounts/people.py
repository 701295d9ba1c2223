"""People who come in by the front door: their browser, their mailbox, their authenticator app."""

import base64
import re
import zlib
from email import message_from_bytes, policy
from email.message import EmailMessage
from functools import cache
from pathlib import Path

from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor.totp import TOTP
from flask import Flask, Response
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from directory import jobs
from directory.accounts import passwords, sessions
from directory.accounts.models import User
from directory.config import Settings
from directory.db import db, writing

PASSWORD = "violet harbour tractor seven"
OTHER_PASSWORD = "lantern gravel ostrich nine"
_TOKEN = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"')
_LINK = re.compile(r"http://localhost:\d+(/account/\S+)")


def letters(app: Flask, to: str = "") -> list[EmailMessage]:
    """Let the jobs process work, then read the mailbox: all letters to this address, oldest first."""
    with app.app_context():
        jobs.drain()
    settings: Settings = app.config["SETTINGS"]
    found = []
    for path in sorted((settings.data / "outbox").glob("*.eml"), key=lambda file: file.stat().st_mtime_ns):
        letter = message_from_bytes(path.read_bytes(), policy=policy.default)
        assert isinstance(letter, EmailMessage)
        if not to or letter["To"] == to:
            found.append(letter)
    return found


def links(letter: EmailMessage) -> list[str]:
    """The paths of our pages that a letter leads to."""
    return _LINK.findall(letter.get_content())


def empty_outbox(app: Flask) -> None:
    settings: Settings = app.config["SETTINGS"]
    for path in Path(settings.data / "outbox").glob("*.eml"):
        path.unlink()


def form_token(page: TestResponse) -> str:
    """The token that the first form of a page carries."""
    found = _TOKEN.search(page.get_data(as_text=True))
    assert found, f"no form on {page.request.path}: {page.status_code}"
    return found.group(1)


def submit(browser: FlaskClient, address: str, *, page: str = "", **fields: str | list[str]) -> TestResponse:
    """Open the page that holds the form, then send it filled in."""
    token = form_token(browser.get(page or address))
    return browser.post(address, data={"csrf_token": token, **fields})


def a_browser(app: Flask, email: str) -> FlaskClient:
    """A browser at a network of the person's own, so that a cast of many does not use up one caller's allowance."""
    browser = app.test_client()
    network = zlib.crc32(email.encode())
    browser.environ_base["REMOTE_ADDR"] = f"10.{network >> 16 & 255}.{network >> 8 & 255}.{network & 255}"
    return browser


@cache
def _hash(pepper: str, password: str) -> str:
    return passwords.hash_password(password)


def member(app: Flask, email: str, password: str = PASSWORD) -> FlaskClient:
    """What `sign_up` ends in, without its letters: for the tests that are about something else."""
    settings: Settings = app.config["SETTINGS"]
    with app.test_request_context("/account/", method="POST"), writing():
        user = User(email=email)
        db.session.add(user)
        db.session.flush()
        user.confirm(_hash(settings.pseudonym_key, password))
        sessions.begin(user)
        db.session.commit()
        cookies = app.process_response(Response()).headers.getlist("Set-Cookie")
    value = next(line.partition("=")[2].partition(";")[0] for line in cookies if line.startswith("sid="))
    browser = a_browser(app, email)
    browser.set_cookie("sid", value)
    return browser


def sign_up(app: Flask, email: str, password: str = PASSWORD) -> FlaskClient:
    """A person with a confirmed account, signed in on a browser of their own."""
    browser = a_browser(app, email)
    assert submit(browser, "/account/sign-up", email=email).location == "/account/sent"
    path = links(letters(app, email)[-1])[0]
    assert submit(browser, path, password=password).location == "/account/"
    return browser


def sign_in(app: Flask, email: str, password: str = PASSWORD) -> FlaskClient:
    """The same person on another device."""
    browser = a_browser(app, email)
    answer = submit(browser, "/account/sign-in", email=email, password=password)
    assert answer.status_code == 303, answer.get_data(as_text=True)
    return browser


def is_in(browser: FlaskClient) -> bool:
    """Whether this browser is let into the account."""
    return browser.get("/account/").status_code == 200


def app_code(secret_words: str, moment: float) -> str:
    """What an authenticator app shows at that moment (seconds since 1970)."""
    secret = base64.b32decode(secret_words.replace(" ", ""))
    return TOTP(secret, 6, SHA1(), 30, enforce_key_length=False).generate(int(moment)).decode()  # noqa: S303


def set_up_app(browser: FlaskClient, moment: float) -> tuple[str, list[str]]:
    """Set up an authenticator app; (its secret, the recovery codes shown)."""
    submit(browser, "/account/second-factor/app/begin", page="/account/second-factor")
    page = browser.get("/account/second-factor/app").get_data(as_text=True)
    found = re.search(r'class="code">([A-Z2-7 ]+)<', page)
    assert found
    answer = submit(browser, "/account/second-factor/app", code=app_code(found.group(1), moment))
    codes = re.findall(r"<li>([a-z2-9]{4}(?:-[a-z2-9]{4}){3})</li>", answer.get_data(as_text=True))
    return found.group(1), codes
