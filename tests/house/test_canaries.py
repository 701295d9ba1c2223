"""Nobody outside learns who wrote a review: every page, picture, file, feed, answer of the API, header and letter is
searched for what was planted, as a visitor, a stranger with an account, the clinic's owner and another clinic's.

The crawl begins at every route there is, filled in with whatever the database holds, and follows every link it meets:
a new page is searched from the day it exists.
"""

import html
import re
from collections import Counter
from collections.abc import Iterator
from email.message import EmailMessage
from typing import Any
from urllib.parse import urlsplit

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.routing import Rule

from directory.accounts.queries import user_by_email
from directory.accounts.registry import export_person
from directory.api.export import write_files
from directory.db import Base, db, now, writing
from directory.following.jobs import tell_followers
from directory.manage.digests import send_digests
from tests.accounts.people import letters, member
from tests.house.canaries import CLINICS, plant
from tests.house.conftest import House
from tests.manage.staff import staff

# Of one page so many spellings of its query: filters of a search would lead on for ever.
MOST_QUERIES = 3
# Of each table so many things by public id: enough to stand for the others.
OF_EACH = 2
FIXED: dict[str, list[Any]] = {
    "page": ["ranking", "reviews", "privacy"],
    "topic": ["what-it-is"],
    "size": ["400.webp", "1600.jpg"],
    "number": [1],
    "part": [1],
    "seq": [1, 2, 3],
    "quarter": [f"{now().year}-q{(now().month + 2) // 3}"],
}
_LINK = re.compile(r"""(?:href|src|action)="([^"]+)"|<loc>([^<]+)</loc>|"(?:url|next|photo|image)": ?"([^"]+)\"""")
_SKIPPED = re.compile(r"^/(assets|static)/|^/account/(sign-out|erase)|^/guide/|\.(css|js|woff2|mjs)(\?|$)")


@pytest.fixture(scope="module")
def app(house: House) -> Flask:
    return house.app


@pytest.fixture(scope="module")
def planted(house: House) -> list[str]:
    found = plant(house.app)
    with house.app.app_context(), writing():
        write_files()
    return found


@pytest.fixture(scope="module")
def visitors(house: House, planted: list[str]) -> dict[str, FlaskClient]:
    """Whoever is outside: none of them wrote anything."""
    return {
        "visitor": house.app.test_client(),
        "stranger": member(house.app, "stranger@elsewhere.example"),
        "owner": staff(house.app, house.run, "owner@rooms.example", CLINICS[0]),
        "other owner": staff(house.app, house.run, "other@rooms.example", CLINICS[1]),
    }


def _held(app: Flask) -> dict[str, list[str]]:
    """What may stand in an address: slugs and public ids of every table that has them."""
    slugs: list[str] = []
    numbers: list[str] = []
    with app.app_context():
        for table in Base.metadata.sorted_tables:
            for column, kept in (("slug", slugs), ("public_id", numbers)):
                if column in table.c:
                    found = db.session.scalars(select(table.c[column]).order_by(table.c[column]))
                    kept += [value for value in found if value][:OF_EACH]
    return {"slug": slugs, "public": numbers}


def _values(rule: Rule, name: str, held: dict[str, list[str]]) -> list[Any]:
    listed = getattr(rule._converters[name], "items", None)
    if listed and not callable(listed):
        return sorted(listed)
    if name in FIXED:
        return FIXED[name]
    return held["slug"] if name == "slug" else held["public"]


def _seeds(app: Flask) -> Iterator[str]:
    """Every route that can be looked at; each part of its address filled in with everything that may stand there."""
    held = _held(app)
    for rule in app.url_map.iter_rules():
        if "GET" not in (rule.methods or set()):
            continue
        choices: list[dict[str, Any]] = [dict(rule.defaults or {})]
        for name in sorted(rule.arguments - set(rule.defaults or {})):
            values = _values(rule, name, held)
            choices = [{**chosen, name: value} for chosen in choices for value in values]
            if name == "slug":  # of a clinic's things the clinic's own are enough
                choices = [chosen for chosen in choices if chosen["slug"] in CLINICS] or choices
        for chosen in choices:
            built = rule.build(chosen, append_unknown=False)
            if built is not None:
                yield built[1]


def _links(text: str) -> Iterator[str]:
    for groups in _LINK.findall(text):
        parts = urlsplit(html.unescape(next(part for part in groups if part)))
        if parts.path.startswith("/"):
            yield parts.path + (f"?{parts.query}" if parts.query else "")


class Finder:
    """Looks for all that was planted at once: cuts out what could be one of the strings, then asks a set."""

    SHAPES = re.compile(
        rb"zqx[a-z0-9]+|\d{4}-\d\d-\d\d[T ]\d\d:\d\d|198\.\d+\.\d+|(?<!\d)\d{10}|(?=([A-Za-z0-9_-]{22}))[A-Za-z0-9_-]"
    )

    def __init__(self, planted: list[str]) -> None:
        self.planted = {mark.encode() for mark in planted}
        self.words = tuple(mark for mark in self.planted if mark.startswith(b"zqx"))

    def findall(self, content: bytes) -> list[bytes]:
        cut = {match[1] or match[0] for match in self.SHAPES.finditer(content)}
        return sorted(piece for piece in cut if piece in self.planted or piece.startswith(self.words))


def _crawl(app: Flask, browser: FlaskClient, found: Finder) -> tuple[list[tuple[str, bytes]], int]:
    """(what was found and where, pages that opened)."""
    waiting = list(dict.fromkeys(_seeds(app)))
    seen, leaks, opened, spellings = set(waiting), [], 0, Counter[str]()
    while waiting:
        address = waiting.pop()
        spellings[address.partition("?")[0]] += 1
        if _SKIPPED.search(address) or spellings[address.partition("?")[0]] > MOST_QUERIES:
            continue
        answer = browser.get(address, buffered=True)
        opened += answer.status_code == 200
        heads = "\n".join(f"{name}: {value}" for name, value in answer.headers if name != "Set-Cookie")
        # Whoever asks for an address may see it again: it tells them nothing.
        told = found.findall(answer.data + b"\n" + heads.encode())
        leaks += [(address, mark) for mark in told if mark.decode() not in address]
        if answer.mimetype.startswith(("text/", "application/json", "application/xml")):
            fresh = [link for link in _links(answer.text + f' href="{answer.location or "#"}"') if link not in seen]
            seen.update(fresh)
            waiting += fresh
    return leaks, opened


def test_enough_was_planted_and_it_is_found_where_it_may_stand(app: Flask, planted: list[str]) -> None:
    """Without this the search below could pass by being blind."""
    assert len(set(planted)) >= 500
    with app.app_context():
        author = user_by_email("zqx07mail@quiet.example")
        assert author is not None
        told = repr(export_person(author))
    kinds = {mark[5:] for mark in re.findall(r"zqx07[a-z]+", told)}
    assert kinds >= {"mail", "device", "draft"}
    assert Finder(planted).findall(told.encode())


@pytest.mark.parametrize("who", ["visitor", "stranger", "owner", "other owner"])
def test_nothing_planted_is_seen_from_outside(
    app: Flask, planted: list[str], visitors: dict[str, FlaskClient], who: str, capfd: pytest.CaptureFixture[str]
) -> None:
    pattern = Finder(planted)
    leaks, opened = _crawl(app, visitors[who], pattern)
    assert leaks == []
    assert opened > 60, "the crawl did not get far"
    assert pattern.findall(capfd.readouterr().err.encode()) == []


def test_the_reviews_themselves_are_seen(visitors: dict[str, FlaskClient]) -> None:
    """What is meant to be read is there: the crawl passed pages with reviews on them."""
    page = visitors["owner"].get(f"/manage/{CLINICS[0]}/reviews").text
    assert "The line sat well" in page
    assert "Calm owl" in page


def test_no_letter_tells_of_anybody_else(app: Flask, planted: list[str], visitors: dict[str, FlaskClient]) -> None:
    """Each letter to somebody, theirs excepted; also the weekly ones to clinics and the daily ones to followers."""
    with app.app_context(), writing():
        send_digests(now())
        db.session.commit()
        tell_followers()
    pattern, leaks = Finder(planted), []
    posted: list[EmailMessage] = letters(app)
    for letter in posted:
        to = str(letter["To"])
        found = pattern.findall(bytes(letter))
        leaks += [(to, mark) for mark in found if not to.startswith(mark.decode())]
    assert posted
    assert leaks == []
