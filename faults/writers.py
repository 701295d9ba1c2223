"""SIGKILL to the process that writes to SQLite, in the midst of it: `python -m faults.writers 200`.

The writer is the whole application in one process; each thing acknowledged is told through a pipe at once.
"""

import contextlib
import os
import random
import signal
import sqlite3
import sys
import time

from flask import Flask

from faults.outcome import Outcome
from faults.sending import Book, Sending, in_process
from faults.site import a_site
from faults.submission import SENDER

LIFE = (0.01, 0.25)  # seconds between its first acknowledgement and the kill


def _write_on(app: Flask, things: list[Sending], pipe: int) -> None:
    post = in_process(app.test_client(use_cookies=False))
    for thing in things:
        status, _where = post(thing.path, thing.headers, thing.body)
        os.write(pipe, f"{status} {thing.name}\n".encode())


def _one_life(app: Flask, things: list[Sending], seconds: float) -> tuple[list[tuple[int, str]], bool]:
    """A writer from its birth to its kill: what it acknowledged, and whether it was killed at work."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reading)
        with contextlib.suppress(BaseException):
            _write_on(app, things, writing)
        os._exit(0)
    os.close(writing)
    told = os.read(reading, 65_536)
    time.sleep(seconds)
    os.kill(child, signal.SIGKILL)
    _pid, state = os.waitpid(child, 0)
    while piece := os.read(reading, 65_536):
        told += piece
    os.close(reading)
    lines = [line.split() for line in told.decode().splitlines()]
    return [(int(status), name) for status, name in lines], os.WIFSIGNALED(state)


def main(kills: int) -> None:
    outcome, book, dice = Outcome("the SQLite writer killed", "sqlite"), Book(), random.Random(2)
    with a_site("sqlite") as (site, _cluster):
        app = site.app()
        things = SENDER.prepare(app, 400 + 40 * kills)
        at_work, place = 0, 0
        for _kill in range(kills):
            told, was_killed = _one_life(app, things[place : place + 400], dice.uniform(*LIFE))
            at_work += was_killed
            for status, name in told:
                place += book.answered(name, status)
        stored = SENDER.stored(site.app())
        with sqlite3.connect(site.data / "hairline.sqlite") as connection:
            sound = connection.execute("PRAGMA integrity_check").fetchone()[0]
    outcome.faults = book.faults(stored) + ([] if sound == "ok" else [f"the file is not sound: {sound}"])
    if set(book.statuses) - {303}:
        outcome.faults.append(f"answers other than 303: {dict(book.statuses)}")
    outcome.counts = {
        "kills": at_work,
        "acknowledged": len(book.acknowledged),
        "stored": len(stored.counts),
        "integrity_check": sound,
    }
    outcome.end()


if __name__ == "__main__":
    main(int(sys.argv[1]))
