"""One thing sent 64 times at once, again and again: `python -m faults.twins sqlite 50`."""

import http.client
import sys
import threading

from faults.outcome import Outcome
from faults.sending import Book, Post, Sending, over_wire
from faults.site import a_site
from faults.submission import SENDER

AT_ONCE = 64


def _send_at_once(post: Post, thing: Sending, book: Book) -> None:
    ready = threading.Barrier(AT_ONCE)

    def send() -> None:
        ready.wait()
        try:
            status, _where = post(thing.path, thing.headers, thing.body)
        except (OSError, http.client.HTTPException):
            book.lost_answer()
        else:
            book.answered(thing.name, status)

    threads = [threading.Thread(target=send) for _number in range(AT_ONCE)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def main(database: str, rounds: int) -> None:
    outcome, book = Outcome(f"one thing sent {AT_ONCE} times at once", database), Book()
    with a_site(database) as (site, _cluster):
        things = SENDER.prepare(site.app(), rounds)
        site.serve()
        for thing in things:
            _send_at_once(over_wire(site.port), thing, book)
        stored = SENDER.stored(site.app())
    outcome.faults = book.faults(stored)
    outcome.faults += [f"not stored: {thing.name}" for thing in things if thing.name not in stored.counts]
    broken = {status: count for status, count in book.statuses.items() if status >= 500}
    if broken or book.unanswered:
        outcome.faults.append(f"answers that failed: {broken}, without an answer: {book.unanswered}")
    outcome.counts = {
        "rounds": rounds,
        "rows": sum(stored.counts.values()),
        "answers": {str(status): count for status, count in sorted(book.statuses.items())},
    }
    outcome.end()


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
