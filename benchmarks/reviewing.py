"""Reviews sent in through the whole stack: the last step, durable, by 16 writers at once.

Each is one POST over loopback to gunicorn: session, form, one review in its transaction with stage, case, record and
letter, flushed to the disk. Client and server share the machine. Every answer is checked against the tables. The last
two columns are processor time, which does not grow with what else the machine does: how much of it each review takes
in the server's processes, and in the client that sends it.
"""

import argparse
import http.client
import os
import statistics
import threading
import time
from pathlib import Path

from faults.sending import Book, Sending, over_wire
from faults.site import Site, a_site
from faults.submission import SENDER

WRITERS = 16
REACH = "reach 300/s, p99 250 ms"


def _server_seconds(site: Site) -> float:
    """Processor time that the server's processes took so far."""
    assert site.server is not None
    ticks = 0
    for process in (site.server.pid, *site.workers()):
        fields = Path(f"/proc/{process}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
        ticks += int(fields[11]) + int(fields[12])  # utime and stime, proc(5)
    return ticks / os.sysconf("SC_CLK_TCK")


def _write(site: Site, things: list[Sending], book: Book) -> list[float]:
    """Milliseconds that each took."""
    post, times, next_one, turn = over_wire(site.port), [], iter(things), threading.Lock()

    def write_on() -> None:
        while True:
            with turn:
                thing = next(next_one, None)
            if thing is None:
                return
            begun = time.perf_counter()
            try:
                status, _where = post(thing.path, thing.headers, thing.body)
            except (OSError, http.client.HTTPException):
                book.lost_answer()
                continue
            book.answered(thing.name, status)
            times.append(1000 * (time.perf_counter() - begun))

    threads = [threading.Thread(target=write_on) for _number in range(WRITERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return times


def measure(database: str, count: int) -> None:
    book = Book()
    with a_site(database) as (site, _cluster):
        things = SENDER.prepare(site.app(), count + WRITERS * 4)
        site.environment["WEB_WORKERS"] = "4"  # of four threads each: 16 writers inside the server too
        site.serve()
        _write(site, things[count:], Book())  # warm
        begun, server, client = time.perf_counter(), _server_seconds(site), time.process_time()
        times = sorted(_write(site, things[:count], book))
        seconds = time.perf_counter() - begun
        took = [1000 * (_server_seconds(site) - server) / count, 1000 * (time.process_time() - client) / count]
        stored = SENDER.stored(site.app())
    wrong = len(book.faults(stored)) + count - len(book.acknowledged)
    marks = [statistics.median(times), times[int(0.99 * len(times))]]
    times_told = f"{count / seconds:9.0f}/s {marks[0]:8.0f} {marks[1]:8.0f}"
    print(f"{database:11} {times_told} {wrong:21} {took[0]:9.1f} {took[1]:9.1f}")
    if set(book.statuses) != {303}:
        print(f"            answers: {dict(book.statuses)}, none: {book.unanswered}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=2_000)
    given = parser.parse_args()
    print(f"{WRITERS} writers; {REACH}; the last two are of processor time, each review")
    print(f"{'reviews':>23} {'p50 ms':>8} {'p99 ms':>8} lost, doubled, failed server ms client ms")
    for database in ("sqlite", "postgresql"):
        measure(database, given.count)


if __name__ == "__main__":
    main()
