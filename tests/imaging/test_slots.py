"""A crowd of uploads neither takes all memory nor all threads: the third waits, the next are asked to come back."""

import signal
import subprocess
import sys
import threading
import time
from contextlib import ExitStack
from pathlib import Path

import pytest
from werkzeug.exceptions import ServiceUnavailable

from directory.imaging.slots import AT_ONCE, WAITING_TOO, Slots

HOLD = """
import sys, time
from pathlib import Path
from directory.imaging.slots import Slots
with Slots(Path(sys.argv[1])).taken():
    print("held", flush=True)
    time.sleep(60)
"""


def test_two_are_taken_over_all_processes(tmp_path: Path) -> None:
    """Two processes hold both places; a third is asked to come back, and is let in when one of them is killed."""
    holders = [
        subprocess.Popen([sys.executable, "-c", HOLD, str(tmp_path)], stdout=subprocess.PIPE) for _ in range(AT_ONCE)
    ]
    try:
        for holder in holders:
            assert holder.stdout is not None
            assert holder.stdout.readline() == b"held\n"
        with pytest.raises(ServiceUnavailable) as refused, Slots(tmp_path, wait_seconds=0.2).taken():
            pass
        assert dict(refused.value.get_headers())["Retry-After"]
        holders[0].send_signal(signal.SIGKILL)
        holders[0].wait()
        with Slots(tmp_path, wait_seconds=5).taken():
            pass
    finally:
        for holder in holders:
            holder.kill()
            holder.communicate()


def test_a_waiting_thread_is_let_in_when_a_place_is_free(tmp_path: Path) -> None:
    slots, let_in = Slots(tmp_path), threading.Event()

    def wait() -> None:
        with slots.taken():
            let_in.set()

    with ExitStack() as held:
        for _place in range(AT_ONCE):
            held.enter_context(slots.taken())
        third = threading.Thread(target=wait)
        third.start()
        assert not let_in.wait(0.3)
    third.join(5)
    assert let_in.is_set()


def test_one_thread_of_a_worker_stays_free_for_readers(tmp_path: Path) -> None:
    """With one process all its threads could wait here; the last one is sent away at once instead."""
    slots = Slots(tmp_path, wait_seconds=2)
    with ExitStack() as held:
        for _place in range(AT_ONCE):
            held.enter_context(slots.taken())
        waiting = [threading.Thread(target=_try, args=(slots,)) for _ in range(WAITING_TOO - AT_ONCE)]
        for thread in waiting:
            thread.start()
        time.sleep(0.2)
        started = time.monotonic()
        with pytest.raises(ServiceUnavailable), slots.taken():
            pass
        assert time.monotonic() - started < 0.5
    for thread in waiting:
        thread.join()


def _try(slots: Slots) -> None:
    with slots.taken():
        pass
