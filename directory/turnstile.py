"""Writers of one SQLite file stand in line, in all processes of a machine.

SQLite lets whoever asks at the right moment in first, and lets those who waited long ask more and more rarely: with
sixteen writers at work, half of them gave up after five seconds with "database is locked". Here whoever came first
begins first; only the one at the head of the line asks SQLite. The kernel keeps the line, and lets go of a process that
was killed in it.
"""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


class Turnstile:
    """The end of the line for one connection; each needs its own, also within a process."""

    def __init__(self, database: Path) -> None:
        path = database.with_name(database.name + "-turn")
        self.file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)

    @contextmanager
    def pass_through(self) -> Iterator[None]:
        """Wait for one's turn; the next may come once the block ends."""
        fcntl.flock(self.file, fcntl.LOCK_EX)
        try:
            yield
        finally:
            fcntl.flock(self.file, fcntl.LOCK_UN)

    def close(self) -> None:
        os.close(self.file)
