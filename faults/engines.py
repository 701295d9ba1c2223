"""A PostgreSQL cluster that writes through to the disk, and whose whole tree of processes can be killed."""

import contextlib
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg

PATIENCE_SECONDS = 60


class Cluster:
    """One server on a loopback port; `url` names no database."""

    def __init__(self, folder: Path, port: int) -> None:
        tools = sorted(Path("/usr/lib/postgresql").glob("*/bin")) or [Path(shutil.which("initdb") or "").parent]
        self.tools, self.folder, self.port = tools[-1], folder, port
        self.url = f"postgresql+psycopg://owner@127.0.0.1:{port}"
        self.as_user: dict[str, Any] = {}
        if os.geteuid() == 0:  # PostgreSQL refuses to run as root
            who = pwd.getpwnam("postgres")
            shutil.chown(folder, who.pw_uid, who.pw_gid)
            self.as_user = {"user": who.pw_uid, "group": who.pw_gid, "extra_groups": []}
        self.quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "cwd": folder}
        made = [self.tools / "initdb", "-D", folder / "data", "-U", "owner", "--auth=trust", "-E", "UTF8"]
        subprocess.run([*made, "--locale=C.UTF-8"], check=True, **self.quiet, **self.as_user)
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start, and wait until it answers: after a kill it first replays its log."""
        words = [self.tools / "postgres", "-D", self.folder / "data", "-p", str(self.port), "-k", self.folder]
        words += ["-c", "listen_addresses=127.0.0.1", "-c", "max_connections=100"]
        self.process = subprocess.Popen(words, start_new_session=True, **self.quiet, **self.as_user)
        deadline = time.monotonic() + PATIENCE_SECONDS
        while True:
            try:
                psycopg.connect(f"postgresql://owner@127.0.0.1:{self.port}/postgres", connect_timeout=2).close()
                return
            except psycopg.OperationalError:
                if self.process.poll() is not None or time.monotonic() > deadline:
                    raise
                time.sleep(0.05)

    def kill(self) -> None:
        """SIGKILL to the server and to every process it made, as when a machine stops."""
        if self.process is not None:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()

    def run(self, statement: str) -> None:
        with psycopg.connect(f"postgresql://owner@127.0.0.1:{self.port}/postgres", autocommit=True) as connection:
            connection.execute(statement)  # type: ignore[call-overload]


@contextlib.contextmanager
def cluster(port: int) -> Iterator[Cluster]:
    """Started, with an empty database `site`; its tree is gone at the end."""
    folder = Path(tempfile.mkdtemp(prefix="hairline-faults-"))
    made = Cluster(folder, port)
    try:
        made.start()
        made.run("CREATE DATABASE site")
        yield made
    finally:
        made.kill()
        shutil.rmtree(folder, ignore_errors=True)
