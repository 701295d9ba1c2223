"""Geocoding: how often and how exactly the offline gazetteer finds what is asked, and how fast.

    python benchmarks/geocode.py [--truth FOLDER] [--data FOLDER]

FOLDER of `--truth` holds address_truth.csv, germany_cities.csv, usa_cities.csv and distance_truth.csv. `--data` is a
data folder in which `places build` has made the full gazetteer; without it only the lite one is measured.
"""

import argparse
import csv
import math
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from directory.places.countries import code_of
from directory.places.distance import great_circle
from directory.places.fold import fold
from directory.places.gazetteer import Gazetteer
from directory.places.rows import COMMITTED, load_lite

NOT_GIVEN = "not given"
SEED = 20261122
Row = tuple[str, str, str]


def addresses(gazetteer: Gazetteer, folder: Path) -> list[Row]:
    """Rows of real addresses against their true points."""
    rows = list(csv.DictReader((folder / "address_truth.csv").open(encoding="utf-8-sig")))
    asked = found = wrong = 0
    coded, all_errors, misses = [], [], []
    for row in rows:
        country = code_of(row["country"]) or row["country"]
        code, city = row["postcode"], row["city"]
        # Some registers write the name of a region where the town belongs; those rows name no town.
        area = gazetteer.resolve(city, country=country).place if city else None
        no_town = not city or (area is not None and area.area and area.country == country)
        if not code and no_town:
            continue
        asked += 1
        point = gazetteer.locate(postal_code=code, city=city, country=row["country"])
        if point is None:
            misses.append(f"{row['country']} {code} {city}")
            continue
        found += 1
        wrong += point.country != country
        error = great_circle(point.lat, point.lon, float(row["lat"]), float(row["lon"]))
        all_errors.append(error)
        if code and point.precision != "town":
            coded.append(error)
    return [
        ("addresses with a code or a town: found", f"{found / asked:.1%} of {asked}", ">= 98 %"),
        ("addresses: found, of all rows whatever they hold", f"{found / len(rows):.1%} of {len(rows)}", ""),
        ("addresses: in the wrong country", str(wrong), "0"),
        ("addresses: median error, code known", f"{statistics.median(coded):.2f} km of {len(coded)}", "<= 1.5 km"),
        ("addresses: median error, all", f"{statistics.median(all_errors):.2f} km", "<= 2 km"),
        ("addresses: error p90, all", f"{_percentile(all_errors, 0.9):.1f} km", ""),
    ]


def cities(gazetteer: Gazetteer, folder: Path, name: str, country: str) -> list[Row]:
    """Names of cities: the right one within 10 km among the first five, with and without knowing the country."""
    rows = list(csv.DictReader((folder / name).open(encoding="utf-8-sig"), delimiter=";"))
    output = []
    for bias in (country, None):
        hits = asked = 0
        for row in rows:
            lat, lon, metres = (float(part) for part in row["expected_coordinate"].split(","))
            reach = max(10.0, metres / 1000)
            readings = gazetteer.resolve(row["query"], country=bias).readings[:5]
            asked += 1
            hits += any(great_circle(lat, lon, place.lat, place.lon) <= reach for place in readings)
        told = f"asked from {bias}" if bias else "asked from nowhere"
        output.append(
            (f"{name.removesuffix('.csv')}: among first five, {told}", f"{hits / asked:.1%} of {asked}", ">= 97 %")
        )
    return output


def distances(folder: Path) -> list[Row]:
    """The sphere against geodesics on the ellipsoid."""
    worst = 0.0
    for row in csv.DictReader((folder / "distance_truth.csv").open(encoding="utf-8-sig")):
        km = great_circle(*(float(row[column]) for column in ("lat1", "lon1", "lat2", "lon2")))
        true = float(row["geodesic_m"]) / 1000
        if true > 0.1:
            worst = max(worst, abs(km - true) / true)
    return [("distances: worst deviation from the geodesic", f"{worst:.2%}", "<= 0.6 %")]


def with_one_edit(name: str, dice: random.Random) -> str:
    """The name with one letter wrong, missing, doubled by another, or swapped with its neighbour."""
    at = dice.randrange(len(name))
    letter = dice.choice("abcdefghijklmnopqrstuvwxyz")
    kind = dice.choice(("wrong", "missing", "extra", "swapped"))
    if kind == "wrong":
        return name[:at] + letter + name[at + 1 :]
    if kind == "missing":
        return name[:at] + name[at + 1 :]
    if kind == "extra":
        return name[:at] + letter + name[at:]
    at = min(at, len(name) - 2)
    return name[:at] + name[at + 1] + name[at] + name[at + 2 :]


def mistyped(gazetteer: Gazetteer, *, people: int, bias: bool) -> Row:
    """Five hundred seeded names of towns with one edit: the right town among the first three."""
    dice = random.Random(SEED)
    names: dict[str, tuple[float, float, str]] = {}
    for town in load_lite(COMMITTED).towns:
        if town.population >= people and len(fold(town.name)) >= 5:
            names.setdefault(town.name, (town.lat, town.lon, town.country))
    hits = 0
    chosen = dice.sample(sorted(names), 500)
    for name in chosen:
        lat, lon, country = names[name]
        typed = with_one_edit(name, dice)
        while fold(typed) == fold(name):
            typed = with_one_edit(name, dice)
        readings = gazetteer.resolve(typed, country=country if bias else None).readings[:3]
        hits += any(great_circle(lat, lon, place.lat, place.lon) <= 10 for place in readings)
    told = "from its country" if bias else "from nowhere"
    return (
        f"one edit in a town of {people:,} people, asked {told}: among first three",
        f"{hits / 5:.1f} % of 500",
        ">= 90 %",
    )


def speed(gazetteer: Gazetteer) -> list[Row]:
    """Warm latency of each question, p50 and p99 in milliseconds."""
    dice = random.Random(SEED)
    rows = load_lite(COMMITTED)
    towns, codes = dice.sample(rows.towns, 400), dice.sample(rows.codes, 400)
    typed = [town.name[: dice.randint(2, len(town.name))] for town in towns if len(town.name) > 2]
    typed += [with_one_edit(town.name, dice) for town in towns]
    named = [town.name for town in towns] + [code.key for code in codes]
    questions: list[tuple[str, str, Callable[[], list[Callable[[], object]]]]] = [
        ("suggest", "p99 <= 5 ms", lambda: [lambda q=q: gazetteer.suggest(q, country="GB") for q in typed]),  # type: ignore[misc]
        (
            "resolve a town or postal code",
            "<= 2 ms",
            lambda: [lambda q=q: gazetteer.resolve(q, country="GB") for q in named],
        ),  # type: ignore[misc]
        (
            "resolve a mistyped town",
            "",
            lambda: [lambda t=t: gazetteer.resolve(with_one_edit(t.name, dice)) for t in towns],  # type: ignore[misc]
        ),
        (
            "locate by postal code",
            "<= 0.1 ms",
            lambda: [lambda c=c: gazetteer.locate(postal_code=c.key, country=c.country) for c in codes],  # type: ignore[misc]
        ),
        (
            "locate by code and town",
            "",
            lambda: [lambda c=c: gazetteer.locate(postal_code=c.key, city=c.name, country=c.country) for c in codes],  # type: ignore[misc]
        ),
    ]
    output = []
    for name, reach, make in questions:
        calls = make()
        for call in calls:
            call()
        # The best of three rounds of each question: what the machine's other work adds is not the gazetteer's.
        times = [math.inf] * len(calls)
        for _ in range(3):
            for number, call in enumerate(calls):
                started = time.perf_counter()
                call()
                times[number] = min(times[number], (time.perf_counter() - started) * 1000)
        output.append(
            (f"{name}, p50 / p99", f"{statistics.median(times):.3f} / {_percentile(times, 0.99):.3f} ms", reach)
        )
    return output


def _percentile(values: list[float], share: float) -> float:
    return sorted(values)[min(len(values) - 1, int(share * len(values)))]


def measure(gazetteer: Gazetteer, truth: Path | None) -> list[Row]:
    """All rows of the table for one edition."""
    output: list[Row] = []
    if truth:
        output += addresses(gazetteer, truth)
        output += cities(gazetteer, truth, "germany_cities.csv", "DE")
        output += cities(gazetteer, truth, "usa_cities.csv", "US")
        output += distances(truth)
    else:
        output += [(name, NOT_GIVEN, "") for name in ("addresses", "germany_cities", "usa_cities", "distances")]
    output += [mistyped(gazetteer, people=people, bias=bias) for people in (15_000, 100_000) for bias in (False, True)]
    return output + speed(gazetteer)


def main() -> None:
    """Measure the lite gazetteer, and the full one where it has been built."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--truth", type=Path)
    parser.add_argument("--data", type=Path)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        editions = [Gazetteer.open(Path(folder))]
        if given.data and (full := Gazetteer.open(given.data)).edition == "full":
            editions.append(full)
        for gazetteer in editions:
            print(f"\n## Gazetteer, {gazetteer.edition} set\n\n| measure | value | reach |\n|---|---|---|")
            for row in measure(gazetteer, given.truth):
                print("| " + " | ".join(row) + " |", flush=True)


if __name__ == "__main__":
    main()
