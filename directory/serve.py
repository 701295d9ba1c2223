"""`make run`: brings the data folder up to date, then keeps web and jobs running as one thing.

When either ends, or a signal asks for it, both are stopped.
"""

import os
import signal
import subprocess
import sys
import time
from types import FrameType

from directory.config import read_settings

STOP_SECONDS = 15


def _run(*words: str) -> None:
    done = subprocess.run([sys.executable, "-m", "flask", "--app", "wsgi", *words], check=False)
    if done.returncode:
        sys.exit(done.returncode)


def main() -> None:
    """Prepare, start both processes, wait for the first to end."""
    _run("prepare")
    _run("demo", "load", "--if-empty")
    settings = read_settings()
    environment = {**os.environ, "PROMETHEUS_MULTIPROC_DIR": str(settings.run_folder / "metrics")}
    children = [
        subprocess.Popen([sys.executable, "-m", "flask", "--app", "wsgi", "jobs", "run"]),
        subprocess.Popen([sys.executable, "-m", "gunicorn", "wsgi:app"], env=environment),
    ]

    def stop(number: int, frame: FrameType | None) -> None:
        for child in children:
            if child.poll() is None:
                child.send_signal(signal.SIGTERM)

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    sys.stderr.write(f"{settings.site_name} is on {settings.base_url} (Ctrl-C stops it)\n")
    while all(child.poll() is None for child in children):
        time.sleep(0.2)
    stop(signal.SIGTERM, None)
    deadline = time.monotonic() + STOP_SECONDS
    for child in children:
        try:
            child.wait(max(0.1, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            child.kill()
    sys.exit(max((abs(c.returncode) for c in children if c.returncode not in (0, -signal.SIGTERM)), default=0))


if __name__ == "__main__":
    main()
