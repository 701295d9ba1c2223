"""SIGKILL to a web worker while people send things: `python -m faults.workers sqlite 1000`."""

import contextlib
import os
import random
import signal
import sys
import time

from faults.outcome import Outcome
from faults.sending import Book, Crowd, over_wire
from faults.site import a_site
from faults.submission import SENDER

THREADS = 8
PAUSE = (0.02, 0.25)  # seconds between two kills


def main(database: str, kills: int) -> None:
    outcome, book, dice = Outcome("a web worker killed", database), Book(), random.Random(1)
    with a_site(database) as (site, _cluster):
        things = SENDER.prepare(site.app(), 200 + 15 * kills)
        site.serve()
        killed = 0
        with Crowd(over_wire(site.port), things, book, THREADS) as crowd:
            while killed < kills and crowd.is_busy:
                time.sleep(dice.uniform(*PAUSE))
                workers = site.workers()
                if workers:
                    with contextlib.suppress(ProcessLookupError):
                        os.kill(dice.choice(workers), signal.SIGKILL)
                        killed += 1
        stored = SENDER.stored(site.app())
    outcome.faults = book.faults(stored)
    if killed < kills:
        outcome.faults.append(f"only {killed} kills: there was nothing left to send")
    outcome.counts = {
        "kills": killed,
        "cut off by them": book.unanswered,
        "acknowledged": len(book.acknowledged),
        "stored": len(stored.counts),
    }
    outcome.end()


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
