"""Mixed load on loopback for many minutes: times, failures, and whether memory grows.

`python -m faults.soak --minutes 30 [--rate 150] [--database sqlite]`. Requests are due at fixed moments, whether or not
earlier ones were answered, and a time runs from the moment a request was due: a server that stalls cannot hide it.
92 of 100 are searches and pages, 6 the API, 2 are writes. Driver and server share the machine.
"""

import argparse
import datetime
import http.client
import itertools
import json
import os
import random
import statistics
import subprocess
import sys
import threading
import time
from collections import Counter
from pathlib import Path
from urllib.parse import urlencode

from faults.sending import Book, Sending, over_wire
from faults.site import ROOT, Site, a_site
from faults.submission import SENDER

CLINICS = 2_000
THREADS = 24
SAMPLE_SECONDS = 5
PLACES = ("Leeds", "London", "Austin", "Berlin", "Lyon", "75001 Paris", "Madrid", "Toronto", "Osaka", "Sydney")
GOALS = ("", "hairline", "density", "scar-fut", "crown")
RESULTS = Path(__file__).parent / "results"


def memory_of(pids: list[int]) -> int:
    """Kilobytes that these processes hold together; what they share is counted once (PSS)."""
    total = 0
    for pid in pids:
        try:
            lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
        except OSError:
            continue
        total += sum(int(line.split()[1]) for line in lines if line.startswith("Pss:"))
    return total


class Load:
    """What is asked when, and what came of it."""

    def __init__(self, site: Site, slugs: list[str], writes: list[Sending], rate: int, seconds: float) -> None:
        self.site, self.slugs, self.rate = site, slugs, rate
        self.count = int(rate * seconds)
        self.writes, self.book = itertools.cycle(writes), Book()
        self.numbers = itertools.count()
        self.lock = threading.Lock()
        self.times: dict[str, list[float]] = {"page": [], "api": [], "write": []}
        self.statuses: Counter[str] = Counter()
        self.begun = time.monotonic() + 0.5

    def run(self) -> None:
        threads = [threading.Thread(target=self._ask_on, args=(number,)) for number in range(THREADS)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    def _ask_on(self, seed: int) -> None:
        dice = random.Random(seed)
        link = http.client.HTTPConnection("127.0.0.1", self.site.port, timeout=30)
        while True:
            with self.lock:
                number = next(self.numbers)
            if number >= self.count:
                return
            due = self.begun + number / self.rate
            time.sleep(max(0.0, due - time.monotonic()))
            kind = dice.choices(("page", "api", "write"), (92, 6, 2))[0]
            try:
                status = self._write() if kind == "write" else self._read(link, kind, dice)
            except (OSError, http.client.HTTPException):
                link.close()
                status = 0
            with self.lock:
                self.times[kind].append(time.monotonic() - due)
                self.statuses[f"{kind} {status}"] += 1

    def _read(self, link: http.client.HTTPConnection, kind: str, dice: random.Random) -> int:
        where = {"near": dice.choice(PLACES), "goal": dice.choice(GOALS)}
        if kind == "api":
            path = "/api/v1/clinics?" + urlencode({name: text for name, text in where.items() if text})
        else:
            search = "/search?" + urlencode({name: text for name, text in where.items() if text})
            clinic = f"/clinics/{dice.choice(self.slugs)}"
            path = dice.choice((search, search, clinic, clinic, clinic, "/", "/guide/", "/transparency/log"))
        link.request("GET", path, headers={"Host": f"localhost:{self.site.port}", "Accept-Encoding": "br"})
        answer = link.getresponse()
        answer.read()
        return answer.status

    def _write(self) -> int:
        with self.lock:
            thing = next(self.writes)
        status, _where = over_wire(self.site.port)(thing.path, thing.headers, thing.body)
        self.book.answered(thing.name, status)
        return status


def _watch(site: Site, samples: list[int], ending: threading.Event) -> None:
    while not ending.wait(SAMPLE_SECONDS):
        master = site.server.pid if site.server else 0
        samples.append(memory_of([master, *site.workers()]))


def _growth(samples: list[int]) -> float:
    """The last tenth of the run against the tenth after a warm-up of a fifth, as a share."""
    tenth = max(1, len(samples) // 10)
    early, late = samples[2 * tenth : 3 * tenth] or samples[:1], samples[-tenth:]
    return statistics.median(late) / statistics.median(early) - 1


def _quantile(times: list[float], share: float) -> float:
    ordered = sorted(times)
    return 1000 * ordered[min(len(ordered) - 1, int(share * len(ordered)))] if ordered else 0.0


def _furnish(site: Site) -> None:
    """Example clinics and a search snapshot."""
    flask = [sys.executable, "-m", "flask", "--app", "wsgi"]
    for words in (["prepare"], ["demo", "load", "--clinics", str(CLINICS)], ["jobs", "once", "search-snapshot"]):
        subprocess.run([*flask, *words], cwd=ROOT, env=site.environment, check=True, capture_output=True)


def _slugs(site: Site) -> list[str]:
    found: list[str] = []
    for place in PLACES:
        link = http.client.HTTPConnection("127.0.0.1", site.port, timeout=30)
        query = urlencode({"near": place, "radius": 100, "unit": "km", "per_page": 50})
        link.request("GET", f"/api/v1/clinics?{query}", headers={"Host": f"localhost:{site.port}"})
        found += [one["slug"] for one in json.loads(link.getresponse().read())["results"]]
    return sorted(set(found))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--minutes", type=float, default=30)
    parser.add_argument("--rate", type=int, default=150)
    parser.add_argument("--database", choices=("sqlite", "postgresql"), default="sqlite")
    given = parser.parse_args()
    seconds = given.minutes * 60
    with a_site(given.database) as (site, _cluster):
        _furnish(site)
        writes = SENDER.prepare(site.app(), int(given.rate * seconds * 0.03) + 50)
        site.serve(preload=False)
        load = Load(site, _slugs(site), writes, given.rate, seconds)
        samples: list[int] = []
        ending = threading.Event()
        watcher = threading.Thread(target=_watch, args=(site, samples, ending))
        watcher.start()
        load.run()
        ending.set()
        watcher.join()
        stored = SENDER.stored(site.app())
    _report(load, samples, given, load.book.faults(stored))


def _report(load: Load, samples: list[int], given: argparse.Namespace, faults: list[str]) -> None:
    every = [moment for times in load.times.values() for moment in times]
    failed = sum(count for name, count in load.statuses.items() if name.endswith(" 0") or name.split()[1] >= "500")
    told = {
        "date": datetime.datetime.now(datetime.UTC).strftime("%Y-%m-%d"),
        "cores": os.cpu_count(),
        "minutes": given.minutes,
        "database": given.database,
        "requests": len(every),
        "a second": round(len(every) / (given.minutes * 60), 1),
        "failed (5xx or no answer)": failed,
        "memory at the end, MB": round(samples[-1] / 1024) if samples else 0,
        "memory growth, %": round(100 * _growth(samples), 1) if samples else 0.0,
        "answers": dict(sorted(load.statuses.items())),
        "what is written": SENDER.what,
        "written and missing or doubled": len(faults),
    }
    print(f"{'':8} {'requests':>9} {'p50 ms':>8} {'p95 ms':>8} {'p99 ms':>8}")
    for name, times in {**load.times, "all": every}.items():
        marks = [round(_quantile(times, share), 1) for share in (0.5, 0.95, 0.99)]
        told[f"{name} p50, p95, p99 ms"] = marks
        print(f"{name:8} {len(times):9} {marks[0]:8} {marks[1]:8} {marks[2]:8}")
    for name, value in told.items():
        print(f"{name}: {value}")
    if given.minutes >= 30:
        RESULTS.mkdir(exist_ok=True)
        (RESULTS / f"{told['date']}-soak.json").write_text(json.dumps(told, indent=2) + "\n", encoding="utf-8")
    sys.exit(1 if failed or faults else 0)


if __name__ == "__main__":
    main()
