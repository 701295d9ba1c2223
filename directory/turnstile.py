"""Writers of one SQLite file stand in line, in all processes of a machine.

SQLite lets whoever asks at the right moment in first, and lets those who waited long ask more and more rarely: with
sixteen writers at work, half of them gave up after five seconds with "database is locked". Here whoever came first
begins first; only the one at the head of the line asks SQLite, and asks often: SQLite's own way of waiting sleeps ever
longer, for many times what a short transaction takes. The kernel keeps the line, and lets go of a process that was
killed in it.
"""

import fcntl
import os
import sqlite3
import time
from pathlib import Path

from sqlalchemy import Connection

SHORTEST_PAUSE, LONGEST_PAUSE = 0.0003, 0.002  # seconds; on a crowded machine, asking takes time from whoever writes


class Turnstile:
    """The end of the line for one connection; each needs its own, also within a process."""

    def __init__(self, database: Path, patience_ms: int) -> None:
        path = database.with_name(database.name + "-turn")
        self.file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        self.patience_ms = patience_ms

    def begin(self, connection: Connection) -> None:
        """Wait for one's turn and begin to write; the next in line may then ask.

        Raises OperationalError when at the head of the line nothing came free within the patience.
        """
        fcntl.flock(self.file, fcntl.LOCK_EX)
        try:
            driver = connection.connection.driver_connection
            if not isinstance(driver, sqlite3.Connection) or not self._try(driver):
                connection.exec_driver_sql("BEGIN IMMEDIATE")
        finally:
            fcntl.flock(self.file, fcntl.LOCK_UN)

    def _try(self, driver: sqlite3.Connection) -> bool:
        """Ask until it is granted or the patience is over."""
        begun = time.monotonic()
        driver.execute("PRAGMA busy_timeout=0")
        try:
            while (waited := time.monotonic() - begun) < self.patience_ms / 1000:
                try:
                    driver.execute("BEGIN IMMEDIATE")
                except sqlite3.OperationalError:
                    time.sleep(min(LONGEST_PAUSE, max(SHORTEST_PAUSE, waited / 8)))
                else:
                    return True
            return False
        finally:
            driver.execute(f"PRAGMA busy_timeout={self.patience_ms}")

    def close(self) -> None:
        os.close(self.file)
