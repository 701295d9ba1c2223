"""A site of its own on an empty database: its data folder, its server, and what stands in its tables."""

import contextlib
import http.client
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from flask import Flask
from flask_migrate import upgrade

from directory.config import read_settings
from directory.db import db
from directory.factory import create_app
from directory.places.gazetteer import Gazetteer
from faults.engines import cluster

ROOT = Path(__file__).parent.parent
SPARE = ROOT / ".data" / "faults"  # the gazetteer unpacked once, linked into each site's folder
WORKERS = 2
RATES = {f"RATE_{name}": "100000000 per minute" for name in ("SEARCH", "SUGGEST", "API")}


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Site:
    """`environment` is what its processes are started with."""

    def __init__(self, data: Path, database_url: str) -> None:
        self.data, self.port = data, free_port()
        self.environment = {
            **{name: text for name, text in os.environ.items() if not name.endswith("_URL")},
            **RATES,
            "MODE": "local",
            "DATA": str(data),
            "PORT": str(self.port),
            "WEB_WORKERS": str(WORKERS),
            "PROXY_HOPS": "1",  # each sender comes from an address of its own
        }
        if database_url:
            self.environment["DATABASE_URL"] = database_url
        self.server: subprocess.Popen[bytes] | None = None

    def app(self) -> Flask:
        """The application on this site's database, in this process; no connection is open yet."""
        return create_app(read_settings(self.environment), purpose="command")

    def serve(self, *, preload: bool = True) -> None:
        """gunicorn. `preload` loads the application before it forks, so that a killed worker is replaced at once."""
        words = [sys.executable, "-m", "gunicorn", *(["--preload"] if preload else []), "wsgi:app"]
        self.server = subprocess.Popen(words, cwd=ROOT, env=self.environment, stderr=subprocess.DEVNULL)
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            with contextlib.suppress(OSError, http.client.HTTPException):
                link = http.client.HTTPConnection("127.0.0.1", self.port, timeout=2)
                link.request("GET", "/healthz", headers={"Host": f"localhost:{self.port}"})
                if link.getresponse().status == 200:
                    return
            time.sleep(0.1)
        raise SystemExit("the server did not answer within a minute")

    def workers(self) -> list[int]:
        """The process ids of the workers that live now."""
        if self.server is None:
            return []
        master = self.server.pid
        with contextlib.suppress(OSError):
            return [int(pid) for pid in Path(f"/proc/{master}/task/{master}/children").read_text().split()]
        return []

    def stop(self) -> None:
        if self.server is not None:
            self.server.send_signal(signal.SIGTERM)
            try:
                self.server.wait(20)
            except subprocess.TimeoutExpired:
                self.server.kill()
                self.server.wait()


def close(app: Flask) -> None:
    """Leave no connection behind: one may not outlive a fork."""
    with app.app_context():
        db.session.remove()
        for engine in db.engines.values():
            engine.dispose()


@contextlib.contextmanager
def a_site(database: str) -> Iterator[tuple[Site, Any]]:
    """A migrated, empty site on `sqlite` or `postgresql`, and the cluster behind it (None on SQLite)."""
    assert Gazetteer.open(SPARE).edition  # asking unpacks it
    data = Path(tempfile.mkdtemp(prefix="hairline-faults-"))
    shutil.copytree(SPARE, data, dirs_exist_ok=True, copy_function=os.link)
    with contextlib.ExitStack() as held:
        held.callback(shutil.rmtree, data, ignore_errors=True)
        engine = held.enter_context(cluster(free_port())) if database == "postgresql" else None
        site = Site(data, f"{engine.url}/site" if engine else "")
        app = site.app()
        with app.app_context():
            upgrade()
        close(app)
        held.callback(site.stop)
        yield site, engine
