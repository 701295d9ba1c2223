"""SIGKILL to PostgreSQL, every process of it, while people send things: `python -m faults.clusters 20`."""

import random
import sys
import time

from faults.outcome import Outcome
from faults.sending import Book, Crowd, over_wire
from faults.site import a_site
from faults.submission import SENDER

THREADS = 8
LIFE = (0.5, 2.5)  # seconds between its first acknowledgement and the next kill
PATIENCE_SECONDS = 60


def _wait_for_more(book: Book, crowd: Crowd) -> bool:
    """Whether something is acknowledged again."""
    before, deadline = len(book.acknowledged), time.monotonic() + PATIENCE_SECONDS
    while len(book.acknowledged) == before and crowd.is_busy:
        if time.monotonic() > deadline:
            return False
        time.sleep(0.005)
    return True


def main(kills: int) -> None:
    outcome, book, dice = Outcome("PostgreSQL killed", "postgresql"), Book(), random.Random(3)
    back = []
    with a_site("postgresql") as (site, cluster):
        things = SENDER.prepare(site.app(), 200 + 300 * kills)
        site.serve()
        with Crowd(over_wire(site.port), things, book, THREADS) as crowd:
            for _kill in range(kills):
                _wait_for_more(book, crowd)
                time.sleep(dice.uniform(*LIFE))
                cluster.kill()
                killed_at = time.monotonic()
                cluster.start()
                if not _wait_for_more(book, crowd):
                    outcome.faults.append("nothing was acknowledged within a minute after a restart")
                    break
                back.append(time.monotonic() - killed_at)
        stored = SENDER.stored(site.app())
    outcome.faults += book.faults(stored)
    if len(back) < kills:
        outcome.faults.append(f"only {len(back)} kills")
    outcome.counts = {
        "kills": len(back),
        "cut off by them": book.unanswered + sum(count for status, count in book.statuses.items() if status >= 500),
        "acknowledged": len(book.acknowledged),
        "stored": len(stored.counts),
        "back after at most": f"{max(back, default=0):.1f} s",
    }
    outcome.end()


if __name__ == "__main__":
    main(int(sys.argv[1]))
