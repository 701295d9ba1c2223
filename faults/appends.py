"""Many processes append to the record at once: `python -m faults.appends sqlite 16 500`."""

import multiprocessing
import sys

from flask import Flask

from directory.ledger import verify
from faults.outcome import Outcome
from faults.site import a_site, close
from tests import chains


def _append(app: Flask, count: int) -> None:
    chains.append(app, count)


def main(database: str, processes: int, count: int) -> None:
    outcome = Outcome(f"{processes} processes append to the record", database)
    fork = multiprocessing.get_context("fork")
    with a_site(database) as (site, _cluster):
        app = site.app()
        writers = [fork.Process(target=_append, args=(app, count)) for _number in range(processes)]
        for writer in writers:
            writer.start()
        for writer in writers:
            writer.join()
        chain = chains.read(app)
        close(app)
    failed = [writer.exitcode for writer in writers if writer.exitcode]
    if failed:
        outcome.faults.append(f"writers ended with {failed}")
    if len(chain) != processes * count:
        outcome.faults.append(f"{len(chain)} rows, not {processes * count}")
    if (fault := verify(chain)) is not None:
        outcome.faults.append(f"row {fault.seq}: {fault.reason}")
    outcome.counts = {"rows": len(chain), "forks": len(chain) - len({row.prev_hash for row in chain})}
    outcome.end()


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))
