"""Whole pages under load, as ratios to a "hello" of the same application behind the same middleware and server.

Starts gunicorn on loopback with a seeded database of its own, drives it with wrk (Debian package), three interleaved
rounds, and prints the medians of the ratios.
"""

import argparse
import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

from flask import Flask

from directory.access import public
from directory.factory import create_app

ROUNDS = 3
SECONDS = 4
CONNECTIONS = 8
CLINICS = 20_000
REACH = {"search page": 0.50, "clinic page": 0.40, "API search": 0.60}
HELLO = "hello"


def make_app() -> Flask:
    """The application with the baseline route; what the benchmark's gunicorn loads."""
    app = create_app()

    @public(cache="checked")
    def hello() -> str:
        return "hello"

    app.add_url_rule("/hello", "hello", hello)
    return app


def _serve(data: Path, port: int) -> subprocess.Popen[bytes]:
    environment = {
        **os.environ,
        "DATA": str(data),
        "PORT": str(port),
        "RATE_SEARCH": "1000000 per minute",
        "RATE_API": "1000000 per minute",
    }
    flask = [sys.executable, "-m", "flask", "--app", "wsgi"]
    for words in (["prepare"], ["demo", "load", "--clinics", str(CLINICS)], ["jobs", "once", "search-snapshot"]):
        subprocess.run([*flask, *words], env=environment, check=True, capture_output=True)
    server = subprocess.Popen(
        [sys.executable, "-m", "gunicorn", "benchmarks.pages:make_app()"], env=environment, stderr=subprocess.DEVNULL
    )
    for _ in range(300):
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz", timeout=1).close()
            return server
        except OSError:
            time.sleep(0.2)
    server.terminate()
    raise SystemExit("the server did not become ready within a minute")


def _rate(url: str) -> float:
    """Requests a second for SECONDS."""
    words = ["wrk", "-t1", f"-c{CONNECTIONS}", f"-d{SECONDS}s", "-H", "Accept-Encoding: br", url]
    said = subprocess.run(words, capture_output=True, text=True, check=True).stdout
    if "Non-2xx" in said:
        raise SystemExit(f"{url} failed under load:\n{said}")
    found = re.search(r"Requests/sec:\s+([\d.]+)", said)
    return float(found.group(1)) if found else 0.0


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, default=8190)
    given = parser.parse_args()
    if not shutil.which("wrk"):
        print("wrk is not installed (Debian package wrk): pages were not measured")
        return
    with tempfile.TemporaryDirectory(prefix="hairline-bench-") as folder:
        server = _serve(Path(folder), given.port)
        base = f"http://127.0.0.1:{given.port}"
        try:
            listed = urllib.request.urlopen(f"{base}/api/v1/clinics?near=London&per_page=1").read().decode()
            slug = re.search(r'"slug": ?"([^"]+)"', listed)
            pages = {
                HELLO: "/hello",
                "search page": "/search?near=London&goal=hairline",
                "clinic page": f"/clinics/{slug.group(1) if slug else ''}",
                "API search": "/api/v1/clinics?near=London&goal=hairline&per_page=20",
            }
            rates: dict[str, list[float]] = {name: [] for name in pages}
            for path in pages.values():  # warm
                urllib.request.urlopen(base + path).read()
            for _ in range(ROUNDS):
                for name, path in pages.items():
                    rates[name].append(_rate(base + path))
        finally:
            server.terminate()
            server.wait(20)
    print(f"{'page':24} {'req/s':>8} {'ratio to hello':>15} {'reach':>6}")
    for name, found in rates.items():
        ratio = statistics.median(a / b for a, b in zip(found, rates[HELLO], strict=True))
        print(f"{name:24} {statistics.median(found):8.0f} {ratio:15.2f} {REACH.get(name, ''):>6}")


if __name__ == "__main__":
    main()
