"""Real engines for the tests: a throwaway PostgreSQL cluster, Chromium, Redis, nginx.

A missing engine skips with one line saying so; with CI=true it fails.
"""

import contextlib
import os
import pwd
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import NoReturn

import psycopg
import pytest

STARTUP_SECONDS = 30
# A cluster that lives for one run writes thousands of databases and loses none that anybody needs.
QUICK = (
    "listen_addresses=127.0.0.1",
    "max_connections=200",
    "fsync=off",
    "full_page_writes=off",
    "wal_level=minimal",
    "max_wal_senders=0",
)


def missing(engine: str) -> NoReturn:
    line = f"{engine} is not installed: `make test-engines` as root installs it"
    if os.environ.get("CI") == "true":
        pytest.fail(line)
    pytest.skip(line)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_for_port(port: int, process: subprocess.Popen[bytes] | None = None, seconds: float = STARTUP_SECONDS) -> None:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=0.5):
            return
        if process is not None and process.poll() is not None:
            raise RuntimeError(f"{process.args!r} ended with {process.returncode}")
        time.sleep(0.05)
    raise RuntimeError(f"nothing answers on port {port}")


def _server_tool(name: str) -> str | None:
    found = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}")) or [Path(p) for p in [shutil.which(name)] if p]
    return str(found[-1]) if found else None


@contextlib.contextmanager
def postgresql_cluster() -> Iterator[str]:
    """A cluster of our own on a free loopback port; yields its URL without a database name."""
    initdb, server = _server_tool("initdb"), _server_tool("postgres")
    if not initdb or not server:
        missing("PostgreSQL")
    folder = Path(tempfile.mkdtemp(prefix="hairline-pg-"))
    as_user: dict[str, object] = {}
    if os.geteuid() == 0:  # PostgreSQL refuses to run as root
        who = pwd.getpwnam("postgres" if _has_user("postgres") else "nobody")
        shutil.chown(folder, who.pw_uid, who.pw_gid)
        as_user = {"user": who.pw_uid, "group": who.pw_gid, "extra_groups": []}
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "cwd": folder}
    port = free_port()
    subprocess.run(
        [initdb, "-D", folder / "data", "-U", "owner", "--auth=trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync"],
        check=True,
        **quiet,
        **as_user,  # type: ignore[call-overload]
    )
    process = subprocess.Popen(
        [
            server,
            "-D",
            folder / "data",
            "-p",
            str(port),
            "-k",
            folder,
            *(word for setting in QUICK for word in ("-c", setting)),
        ],
        **quiet,
        **as_user,  # type: ignore[call-overload]
    )
    try:
        wait_for_port(port, process)
        deadline = time.monotonic() + STARTUP_SECONDS
        while True:
            try:
                psycopg.connect(f"postgresql://owner@127.0.0.1:{port}/postgres").close()
                break
            except psycopg.OperationalError:
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.05)
        yield f"postgresql+psycopg://owner@127.0.0.1:{port}"
    finally:
        process.send_signal(2)
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        shutil.rmtree(folder, ignore_errors=True)


def _has_user(name: str) -> bool:
    with contextlib.suppress(KeyError):
        pwd.getpwnam(name)
        return True
    return False


def chromium_path() -> str:
    found = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    return found or missing("Chromium")


@contextlib.contextmanager
def redis_server() -> Iterator[tuple[str, subprocess.Popen[bytes]]]:
    """A Redis of our own on a free loopback port, without a disk: (its URL, its process)."""
    server = shutil.which("redis-server") or missing("Redis")
    port = free_port()
    words = [server, "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"]
    process = subprocess.Popen(words, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        wait_for_port(port, process)
        yield f"redis://127.0.0.1:{port}/0", process
    finally:
        process.terminate()
        process.wait(10)
