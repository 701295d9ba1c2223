"""Somebody who saved clinics and wants letters; and the night that finds what changed."""

import re
from datetime import timedelta
from email.message import EmailMessage

import time_machine
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from directory.db import now
from directory.following.jobs import tell_followers
from directory.jobs import drain
from directory.strangers import opened
from tests.accounts.people import form_token, letters
from tests.reviews.authors import once_of

READER = "reader@quiet.example"
TOPICS = ["papers", "reviews", "place"]
_LINK = re.compile(r"http://localhost:\d+(/following/\S+)")


def links(letter: EmailMessage) -> list[str]:
    return _LINK.findall(letter.get_content())


def ask(browser: FlaskClient, *slugs: str, email: str = READER, topics: list[str] | None = None) -> TestResponse:
    """Fill in the form as somebody does who saved these clinics; a person takes a few seconds."""
    browser.set_cookie("saved", ".".join(slugs))
    page = browser.get("/following/new")
    with browser.application.app_context():
        a_moment_ago = opened(now() - timedelta(seconds=9))
    told = {"csrf_token": form_token(page), "once": once_of(page), "opened": a_moment_ago, "email": email}
    chosen = {"clinics": list(slugs), "topics": TOPICS if topics is None else topics}
    return browser.post("/following/new", data={**told, **chosen})


def say_yes(app: Flask, browser: FlaskClient, email: str = READER) -> str:
    """Open the link of the newest letter and press; the address of the follower's page."""
    link = links(letters(app, email)[-1])[0]
    page = browser.get(link)
    answer = browser.post(link, data={"csrf_token": form_token(page)})
    assert answer.status_code == 303, answer.text
    return answer.location or ""


def look(app: Flask, days: float = 0) -> str:
    """The job so many days from now, and the letters on their way; what it says it wrote."""
    with time_machine.travel(now().timestamp() + days * 86_400), app.app_context():
        told = tell_followers()
        drain()
        return told.partition(", ")[2]
