"""The index: time of one search at 10,000, 100,000 and 1,000,000 clinics, exactness, growth, and start.

    python -m benchmarks.search [--largest N] [--no-start]
    DATABASE_URL=… python -m benchmarks.search --db

Clinics are seeded and crowd around towns as people do. Rounds over all sizes and question sets are interleaved; every
set is checked against a search over all rows without an index in the same run. `--db` reads the index from a database.
"""

import argparse
import gc
import json
import random
import subprocess
import sys
import tempfile
import time
from datetime import UTC, date, datetime
from pathlib import Path
from statistics import mean, median
from typing import NamedTuple

import numpy as np
from flask_migrate import upgrade

from benchmarks.crowd import COMMON, TOWNS, listings, towns
from directory.config import read_settings
from directory.db import db
from directory.factory import create_app
from directory.search import reading, snapshot
from directory.search.circle import Circle, chord2_of
from directory.search.index import Index, Segment
from directory.search.matching import Criteria
from directory.search.names import query_terms
from directory.search.part import Part, build
from directory.search.ranking import DISTANCE_BANDS_KM, SORTS, Order

SIZES = (10_000, 100_000, 1_000_000)
ROUNDS, QUESTIONS, CHECKED = 3, 120, 12
NOW = datetime(2026, 11, 23, 11, 0, tzinfo=UTC)
REACH_MS, REACH_COUNTS_MS, REACH_GROWTH = 2.0, 4.0, 4.0
REACH_START_S, REACH_START_MB = 8.0, 400


Asked = tuple[Criteria, Order]


def question_sets(dense: list[int]) -> dict[str, list[Asked]]:
    """QUESTIONS of each kind; `dense` are towns with some ten to twenty thousand clinics within 100 km at 1M."""
    dice = random.Random(11)
    lats, lons = towns()

    def circle(town: int, km: float) -> Circle:
        return Circle(
            max(-90.0, min(90.0, float(lats[town]) + dice.gauss(0, 0.05))),
            (float(lons[town]) + dice.gauss(0, 0.05) + 180) % 360 - 180,
            km,
        )

    def order(criteria: Criteria) -> Asked:
        return criteria, Order(dice.choice(SORTS), dice.randrange(10**6), criteria.goals.bit_count())

    def word() -> str:
        return dice.choice(COMMON)

    def mixed() -> Criteria:
        return Criteria(
            circle=circle(int(TOWNS * dice.random() ** 3), dice.choice((5.0, 10.0, 25.0, 50.0, 100.0))),
            terms=query_terms(word()) if dice.random() < 0.4 else (),
            goals=dice.choice((0, 0, 1, 2, 68)),
            language=dice.choice(("", "", "en", "ar")),
            gender=dice.choice((0, 0, 1)),
            price_max=dice.choice((None, None, 100_000)),
            currency="GBP",
            open_now=dice.random() < 0.2,
            min_tenths=dice.choice((0, 0, 0, 40)),
            healed=dice.random() < 0.2,
        )

    seams = [town for town in range(TOWNS) if town % 100 in (50, 51)]
    kinds = {
        "mixed": mixed,
        "sparse": lambda: Criteria(circle=Circle(dice.uniform(-90, 90), dice.uniform(-180, 180), 100.0)),
        "dense": lambda: Criteria(circle=circle(dice.choice(dense), 100.0)),
        "dense + word": lambda: Criteria(circle=circle(dice.choice(dense), 100.0), terms=query_terms(word())),
        "antimeridian, poles": lambda: Criteria(circle=circle(dice.choice(seams), 100.0), goals=dice.choice((0, 1))),
    }
    return {name: [order(make()) for _number in range(QUESTIONS)] for name, make in kinds.items()}


def dense_towns(part: Part) -> list[int]:
    """Towns with 10,000 to 23,000 of a million clinics within 100 km; those nearest to that in a smaller part."""
    lats, lons = towns()
    scale = len(part) / 1_000_000
    counts = []
    for town in range(400):
        found = Index((Segment.of(part),)).search(
            Criteria(circle=Circle(float(lats[town]), float(lons[town]), 100.0)), Order("best", 1), now=NOW, size=1
        )
        counts.append(found.total)
    fitting = [town for town, count in enumerate(counts) if 10_000 * scale <= count <= 23_000 * scale]
    return fitting or [int(np.argmax(counts))]


def exact(part: Part, index: Index, asked: list[Asked]) -> None:
    """Compare with a look at every row: total and the first twenty."""
    texts, (codes, owners) = part.names.words.texts(), part.names.pairs()
    for criteria, order in asked[:CHECKED]:
        assert criteria.circle is not None
        ox, oy, oz = criteria.circle.vector
        chord2 = (part.x - ox) ** 2 + (part.y - oy) ** 2 + (part.z - oz) ** 2
        keep = (chord2 <= chord2_of(criteria.circle.radius_km)) & ((part.goals & criteria.goals) == criteria.goals)
        if criteria.gender:
            keep &= (part.genders & criteria.gender) > 0
        if criteria.price_max is not None:
            code = part.tables["currency"].texts().index(criteria.currency)
            keep &= (part.currency == code) & (part.price >= 0) & (part.price <= criteria.price_max)
        keep &= part.tenths >= criteria.min_tenths
        if criteria.healed:
            keep &= part.healed > 0
        rows = np.flatnonzero(keep)
        if criteria.language:
            spoken = part.tables["languages"]
            rows = rows[[criteria.language in spoken[code].split(";") for code in part.languages[rows].tolist()]]
        if criteria.open_now:
            rows = rows[index.segments[0].schedules.open_now(part.schedule[rows], NOW)]
        for term in criteria.terms:
            meant = [
                code
                for code, word in enumerate(texts)
                if word == term.text or (term.is_beginning and word.startswith(term.text))
            ]
            held = np.zeros(len(part), np.bool_)
            held[owners[np.isin(codes, meant)]] = True
            rows = rows[held[rows]]
        if order.sort == "newest":
            primary, ties = -part.created[rows].astype(float), part.id[rows]
        elif order.sort == "distance":
            primary, ties = chord2[rows], part.id[rows]
        elif order.sort == "score":
            primary, ties = -part.lower[rows].astype(float), order.tie(part.id[rows])
        else:
            passed = sum((chord2[rows] > chord2_of(km)).astype(float) for km in DISTANCE_BANDS_KM)
            steps = np.floor((part.lower[rows].astype(float) - 1) * 10 + 1e-6)
            primary, ties = np.round(10 * passed - 9 * np.clip(steps / 40, 0, 1), 6), order.tie(part.id[rows])
        expected = part.id[rows[np.lexsort((ties, primary))]][:20].tolist()
        found = index.search(criteria, order, now=NOW, size=20)
        assert (found.total, [hit.id for hit in found.hits]) == (len(rows), expected), criteria


class Taken(NamedTuple):
    """Milliseconds by the clock, and of this thread's own processor time: on a busy machine only the second counts."""

    wall: float
    cpu: float


def measure(index: Index, asked: list[Asked], *, with_counts: bool) -> list[Taken]:
    """Time of each search: first page of twenty with the exact total."""
    times = []
    gc.disable()  # a collection of the benchmark's own garbage is no part of a search
    for criteria, order in asked:
        wall, cpu = time.perf_counter(), time.thread_time()
        index.search(criteria, order, now=NOW, size=20, with_counts=with_counts)
        times.append(Taken((time.perf_counter() - wall) * 1e3, (time.thread_time() - cpu) * 1e3))
    gc.enable()
    return times


def searches(sizes: list[int]) -> dict[int, Part]:
    parts = {}
    for size in sizes:
        began = time.perf_counter()
        parts[size] = build(listings(size))
        print(f"{size:>9,} clinics made and indexed in {time.perf_counter() - began:.1f} s")
    indexes = {size: Index((Segment.of(part),)) for size, part in parts.items()}
    for index in indexes.values():
        index.segments[0].schedules.warm(NOW)
    sets = question_sets(dense_towns(parts[max(sizes)]))
    times: dict[tuple[int, str, bool], list[Taken]] = {}
    for _round in range(ROUNDS):
        for size, index in indexes.items():
            for name, asked in sets.items():
                for with_counts in (False, True):
                    times.setdefault((size, name, with_counts), []).extend(
                        measure(index, asked, with_counts=with_counts)
                    )
    _print_table(indexes, sets, times)
    for size, index in indexes.items():
        for asked in sets.values():
            exact(parts[size], index, asked)
    print(f"exact: {CHECKED} questions of each set at each size equal a look at every row")
    return parts


def _print_table(
    indexes: dict[int, Index], sets: dict[str, list[Asked]], times: dict[tuple[int, str, bool], list[Taken]]
) -> None:
    print(f"\n{'':<30} {'':>7}     page and total, ms     and all counts, ms")
    heads = "".join(f"{head:>8}" for head in ("p50", "p99", "p99cpu") * 2)
    print(f"{'clinics':>9}  {'questions':<20} {'found':>6}{heads}")
    for size, index in indexes.items():
        for name, asked in sets.items():
            found = mean(index.search(criteria, order, now=NOW, size=1).total for criteria, order in asked[:40])
            cells = []
            for with_counts in (False, True):
                taken = times[size, name, with_counts]
                cells += [median(one.wall for one in taken), _p99(taken, "wall"), _p99(taken, "cpu")]
            print(
                f"{size:>9,}  {name:<20} {found:>6,.0f} {cells[0]:>7.2f} {cells[1]:>7.2f} {cells[2]:>7.2f}"
                f" {cells[3]:>8.2f} {cells[4]:>7.2f} {cells[5]:>7.2f}"
            )
    largest, smallest = max(indexes), min(indexes)
    worst = {clock: max(_p99(times[largest, name, False], clock) for name in sets) for clock in Taken._fields}
    counted = {clock: max(_p99(times[largest, name, True], clock) for name in sets) for clock in Taken._fields}
    dense = [median(one.wall for one in times[size, "dense", False]) for size in (largest, smallest)]
    print(
        f"\nat {largest:,}: worst p99 {worst['wall']:.2f} ms, cpu {worst['cpu']:.2f} (reach {REACH_MS});"
        f" with counts {counted['wall']:.2f} ms, cpu {counted['cpu']:.2f} (reach {REACH_COUNTS_MS});"
        f" dense growth from {smallest:,}: {dense[0] / dense[1]:.1f}x (reach {REACH_GROWTH})"
    )


def _p99(times: list[Taken], clock: str) -> float:
    return float(np.quantile([getattr(one, clock) for one in times], 0.99))


_WORKER = """
import json, sys, time
began = time.perf_counter()
from directory.factory import create_app
app = create_app()
imported = time.perf_counter()
client = app.test_client()
client.get("/search?near=53.8,-1.55")
ready = time.perf_counter()
sys.stdin.readline()
proportional = next(int(l.split()[1]) for l in open("/proc/self/smaps_rollup") if l.startswith("Pss:"))
own = sum(int(l.split()[1]) for l in open("/proc/self/smaps_rollup") if l.startswith("Private_"))
print(json.dumps([imported - began, ready - imported, proportional // 1024, own // 1024,
                  app.extensions["live"].current().index.total]), flush=True)
sys.stdin.readline()
"""


def start(part: Part) -> None:
    """Two workers on one snapshot: seconds until the first answer, and the memory both take together."""
    with tempfile.TemporaryDirectory() as data:
        environ = {"DATA": data, "MODE": "local", "PATH": "/usr/bin:/bin"}
        settings = read_settings(environ)
        app = create_app(settings, purpose="command")
        with app.app_context():
            upgrade()
            with db.engine.connect() as connection:
                present = reading.present(connection)
            app.extensions["gazetteer"].suggest("Leeds")  # unpacks the places, which is no part of a second start
        began = time.perf_counter()
        folder = snapshot.folder_of(settings.run_folder)
        day = datetime.now(UTC).date()
        written = snapshot.write(folder, part, database_id=present.database_id, version=present.version, day=day)
        size = sum(path.stat().st_size for path in written.iterdir()) / 2**20
        print(f"\nsnapshot of {len(part):,} clinics: {size:.0f} MB, written in {time.perf_counter() - began:.1f} s")
        for label, count in (("one worker", 1), ("two workers", 2)):
            workers = [
                subprocess.Popen(
                    [sys.executable, "-c", _WORKER],
                    env=environ,
                    text=True,
                    stdin=subprocess.PIPE,
                    stdout=subprocess.PIPE,
                    stderr=subprocess.DEVNULL,
                    cwd=Path(__file__).parent.parent,
                )
                for _number in range(count)
            ]
            rows = _together(workers)
            loading = max(row[1] for row in rows)
            total = max(row[0] + row[1] for row in rows)
            memory = sum(row[2] for row in rows)
            assert all(row[4] == len(part) for row in rows)
            print(
                f"{label}: first answer after {total:.1f} s, of which index and search {loading:.2f} s; "
                f"{memory} MB together, of which private {sum(row[3] for row in rows)} MB"
            )
        print(f"(reach: {REACH_START_S} s, {REACH_START_MB} MB for two)")


def _together(workers: list["subprocess.Popen[str]"]) -> list[list[float]]:
    """Memory is read while all of them are alive."""
    rows = []
    time.sleep(0.1)
    for worker in workers:
        assert worker.stdin is not None
        assert worker.stdout is not None
        worker.stdin.write("\n")
        worker.stdin.flush()
    for worker in workers:
        assert worker.stdout is not None
        rows.append(json.loads(worker.stdout.readline()))
    for worker in workers:
        worker.communicate("\n")
    return rows


def from_database() -> None:
    """Seconds to read the index from the database of DATABASE_URL or DATA."""
    app = create_app(purpose="command")
    with app.app_context(), db.engine.connect() as connection:
        began = time.perf_counter()
        part = build(reading.all_listings(connection, date.today()))  # noqa: DTZ011 (which day it is changes nothing)
        print(f"{db.engine.dialect.name}: {len(part):,} clinics read in {time.perf_counter() - began:.1f} s")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--largest", type=int, default=max(SIZES))
    parser.add_argument("--no-start", action="store_true")
    parser.add_argument("--db", action="store_true")
    given = parser.parse_args()
    if given.db:
        from_database()
        return
    parts = searches([size for size in SIZES if size < given.largest] + [given.largest])
    if not given.no_start:
        start(parts[given.largest])


if __name__ == "__main__":
    main()
