"""How many pictures are opened at once, over all processes of one installation: memory and cores are shared."""

import fcntl
import os
import random
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from werkzeug.exceptions import ServiceUnavailable

AT_ONCE = 2
# Of a web worker's four threads one always stays free for those who only read.
WAITING_TOO = 3
WAIT_SECONDS = 8.0
RETRY_SECONDS = 10
POLL_SECONDS = 0.05


class Slots:
    """Locks of files in a folder: the system opens them again when their holder dies."""

    def __init__(self, folder: Path, *, wait_seconds: float = WAIT_SECONDS) -> None:
        self.folder, self.wait_seconds = folder, wait_seconds
        self._threads = threading.BoundedSemaphore(WAITING_TOO)

    @contextmanager
    def taken(self) -> Iterator[None]:
        """Hold a slot. Raises ServiceUnavailable (503 with Retry-After) when too many hold or wait for one."""
        if not self._threads.acquire(blocking=False):
            raise ServiceUnavailable(retry_after=RETRY_SECONDS)
        try:
            handle = self._lock()
            try:
                yield
            finally:
                os.close(handle)
        finally:
            self._threads.release()

    def _lock(self) -> int:
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        deadline = time.monotonic() + self.wait_seconds
        while True:
            for number in range(AT_ONCE):
                # Each attempt opens the file anew: a lock belongs to the open file, so it also holds between threads.
                handle = os.open(self.folder / f"imaging-{number}.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
                try:
                    fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
                except BlockingIOError:
                    os.close(handle)
                else:
                    return handle
            if time.monotonic() >= deadline:
                raise ServiceUnavailable(retry_after=RETRY_SECONDS)
            time.sleep(POLL_SECONDS * (0.5 + random.random()))  # noqa: S311 - only spreads the waiters
