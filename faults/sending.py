"""Sending things and keeping book: what was acknowledged, against what is stored.

A `Sender` says what is sent (see `faults.submission`). Whoever gets no answer sends the same thing again, as a person
would who presses the button once more; what must never happen is that something acknowledged is missing, or that
something stands twice.
"""

import http.client
import threading
import time
from collections import Counter
from collections.abc import Callable, Mapping
from typing import NamedTuple, Protocol

from flask import Flask
from flask.testing import FlaskClient

Answer = tuple[int, str]
Post = Callable[[str, Mapping[str, str], str], Answer]
PATIENCE_SECONDS = 30


class Sending(NamedTuple):
    """One thing as it is sent over the wire; `name` finds it again in the database."""

    name: str
    path: str
    headers: dict[str, str]
    body: str


class Stored(NamedTuple):
    """How often each name stands in the database, and which stand there only in part."""

    counts: Counter[str]
    torn: list[str]


class Sender(Protocol):
    """What is sent."""

    what: str

    def prepare(self, app: Flask, count: int) -> list[Sending]:
        """So many different things, ready to be sent again and again; leaves no connection open."""

    def stored(self, app: Flask) -> Stored:
        """What of it is in the database."""


class Book:
    """What happened to what was sent, from many threads."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.tried: set[str] = set()
        self.acknowledged: set[str] = set()
        self.unanswered = 0
        self.statuses: Counter[int] = Counter()

    def answered(self, name: str, status: int) -> bool:
        with self.lock:
            self.statuses[status] += 1
            if status == 303:
                self.acknowledged.add(name)
            return status == 303

    def lost_answer(self) -> None:
        with self.lock:
            self.unanswered += 1

    def faults(self, stored: Stored) -> list[str]:
        """What must not be: acknowledged and missing, there twice, or there in part."""
        lost = sorted(self.acknowledged - stored.counts.keys())
        doubled = sorted(name for name, count in stored.counts.items() if count > 1)
        named = {"lost": lost, "doubled": doubled, "torn": sorted(stored.torn)}
        return [f"{what}: {name}" for what, names in named.items() for name in names]


def over_wire(port: int) -> Post:
    """Each call on a connection of its own, as from different people."""

    def post(path: str, headers: Mapping[str, str], body: str) -> Answer:
        link = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE_SECONDS)
        try:
            link.request("POST", path, body, dict(headers))
            answer = link.getresponse()
            answer.read()
            return answer.status, answer.headers.get("Location", "")
        finally:
            link.close()

    return post


def in_process(client: FlaskClient) -> Post:
    """Through the whole stack, without a server."""

    def post(path: str, headers: Mapping[str, str], body: str) -> Answer:
        kept = {name: text for name, text in headers.items() if name != "X-Forwarded-For"}
        address = headers.get("X-Forwarded-For", "127.0.0.1")
        environ = {"REMOTE_ADDR": address, "HTTP_X_FORWARDED_FOR": address}
        answer = client.post(path, data=body, headers=kept, environ_overrides=environ)
        return answer.status_code, answer.headers.get("Location", "")

    return post


class Crowd:
    """Threads that send one thing after the other, each until it is acknowledged, until told to stop."""

    def __init__(self, post: Post, things: list[Sending], book: Book, threads: int) -> None:
        self.post, self.things, self.book = post, iter(things), book
        self.next = threading.Lock()
        self.ending = threading.Event()
        self.threads = [threading.Thread(target=self._send_on, daemon=True) for _number in range(threads)]

    def __enter__(self) -> "Crowd":
        for thread in self.threads:
            thread.start()
        return self

    def __exit__(self, *fault: object) -> None:
        self.ending.set()
        for thread in self.threads:
            thread.join(PATIENCE_SECONDS * 2)

    @property
    def is_busy(self) -> bool:
        return any(thread.is_alive() for thread in self.threads)

    def _send_on(self) -> None:
        while not self.ending.is_set():
            with self.next:
                thing = next(self.things, None)
            if thing is None:
                return
            self.book.tried.add(thing.name)
            while not self.ending.is_set() and not self._send(thing):
                time.sleep(0.01)

    def _send(self, thing: Sending) -> bool:
        try:
            status, _where = self.post(thing.path, thing.headers, thing.body)
        except (OSError, http.client.HTTPException):
            self.book.lost_answer()
            return False
        return self.book.answered(thing.name, status)
