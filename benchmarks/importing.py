"""Import: rows a second from a file to listings, geocoded from the offline gazetteer, duplicates looked for.

    python -m benchmarks.importing [--rows N] [--database URL]

The file is seeded: invented clinics at real postal codes of the lite gazetteer in eight countries, half of them
without coordinates, one in fifty twice under a slightly different name. A fresh SQLite database is used unless a URL
of an empty, migrated PostgreSQL database is given.
"""

import argparse
import csv
import os
import random
import sys
import tempfile
import time
from pathlib import Path

from flask_migrate import upgrade

from directory.clinics.importing.duplicates import NewPairs
from directory.clinics.importing.intake import Intake, Wishes
from directory.config import read_settings
from directory.db import db, writing
from directory.factory import create_app
from directory.places.gazetteer import Gazetteer
from directory.places.rows import COMMITTED, load_lite

SEED = 20261122
COUNTRIES = {"GB", "DE", "FR", "NL", "US", "ES", "IT", "AT"}
FIRST = ["Noor", "Halden", "Vero", "Lindt", "Maré", "Østby", "Quill", "Tamsin", "Ibarra", "Kestrel", "Ravn", "Solène"]
SECOND = ["Scalp Studio", "SMP", "Micropigmentation", "Hair Clinic", "Haarpigmentierung", "Scalp Ink", "Hairline"]
COLUMNS = ["source_id", "name", "address", "city", "postal_code", "country", "lat", "lon", "phone", "email", "website",
           "opening_hours", "goals", "price_min", "currency", "languages"]  # fmt: skip


def write_file(path: Path, count: int) -> None:
    """The seeded file; the same for the same count."""
    chance = random.Random(SEED)
    codes = [code for code in load_lite(COMMITTED).codes if code.country in COUNTRIES]
    with path.open("w", encoding="utf-8", newline="") as file:
        out = csv.writer(file)
        out.writerow(COLUMNS)
        row: list[object] = []
        for number in range(count):
            if number % 50 == 49:
                row = [f"n{number}", f"{row[1]} Ltd", *row[2:]]
            else:
                row = _row(chance, number, chance.choice(codes))
            out.writerow(row)


def _row(chance: random.Random, number: int, code: object) -> list[object]:
    country, key, name = code.country, code.key, code.name  # type: ignore[attr-defined]
    placed = number % 2
    lat = round(code.lat + chance.uniform(-0.02, 0.02), 5) if placed else ""  # type: ignore[attr-defined]
    lon = round(code.lon + chance.uniform(-0.02, 0.02), 5) if placed else ""  # type: ignore[attr-defined]
    title = f"{chance.choice(FIRST)} {chance.choice(FIRST)} {chance.choice(SECOND)}"
    phone = f"020 7946 {chance.randrange(10_000):04}" if country == "GB" else ""
    return [f"n{number}", title, f"{chance.randrange(1, 200)} High Street", name, key, country, lat, lon, phone,
            f"hello{number}@example.org", f"https://clinic{number}.example.org",
            chance.choice(["Mo-Fr 09:00-18:00", "Tu-Sa 10:00-19:00", ""]), chance.choice(["hairline;crown", "density"]),
            chance.randrange(400, 3000), "EUR", "en;de"]  # fmt: skip


def take_in(path: Path, gazetteer: Gazetteer) -> tuple[int, float, float, int]:
    """(rows, seconds for rows, seconds for duplicates, new pairs)."""
    begun = time.perf_counter()
    intake = Intake(db.session(), gazetteer, path, Wishes(source="benchmark"))
    rows = 0
    for batch in intake.importer.batches():
        with writing():
            intake.importer.write(batch)
            db.session.commit()
        rows += batch.size
    taken = time.perf_counter()
    pairs = NewPairs(db.session(), intake.pairs())
    for part in pairs.batches():
        with writing():
            pairs.write(part)
            db.session.commit()
    return rows, taken - begun, time.perf_counter() - taken, len(pairs.written)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=30_000)
    parser.add_argument("--database", default="")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder)
        settings = read_settings({**os.environ, "MODE": "local", "DATA": folder, "DATABASE_URL": given.database})
        app = create_app(settings, purpose="command")
        file = data / "clinics.csv"
        write_file(file, given.rows)
        with app.app_context():
            upgrade()
            gazetteer: Gazetteer = app.extensions["gazetteer"]
            engine = db.engine.dialect.name
            print(f"import of {given.rows:,} rows on {engine}, gazetteer {gazetteer.edition}")
            for label in ("first run", "second run, unchanged"):
                rows, seconds, more, pairs = take_in(file, gazetteer)
                print(f"{label:24} {rows / (seconds + more):8,.0f} rows/s   (rows {seconds:.1f} s, duplicates "
                      f"{more:.1f} s, {pairs:,} new pairs; reach 3,000)")  # fmt: skip
            db.session.remove()
            db.engine.dispose()


if __name__ == "__main__":
    sys.exit(main())
