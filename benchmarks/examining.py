"""What one look at a new review costs with all signals, among many reviews.

    python -m benchmarks.examining [--reviews N]

A fresh SQLite database: a clinic for each twenty reviews, texts from the simulator's grammar, one network in fifty
shared. Then reviews are sent in and examined one by one.
"""

import argparse
import os
import random
import sys
import tempfile
import time
from datetime import timedelta
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from flask_migrate import upgrade

from benchmarks.rings import texts
from directory.accounts.models import User
from directory.clinics.models import Clinic
from directory.config import read_settings
from directory.db import db, now, writing
from directory.factory import create_app
from directory.moderation import suspicion
from directory.moderation.signals import near_copies, traces
from directory.moderation.signals.models import Sketch, Trace
from directory.reviews.models import Review, Stage

SEED = 20261128
PER_CLINIC, BATCH, LOOKS = 20, 5_000, 300


def _rows(chance: random.Random, first: int, last: int) -> dict[type, list[dict[str, Any]]]:
    """Accounts, reviews, stages, traces and sketches numbered from `first` to `last`, each a day's share apart."""
    rows: dict[type, list[dict[str, Any]]] = {User: [], Review: [], Stage: [], Trace: [], Sketch: []}
    begin, period = now() - timedelta(days=400), traces.period_of(now())
    for number in range(first, last):
        at = begin + timedelta(days=399 * number / last)
        text, clinic = texts.own_words(chance, 5), number // PER_CLINIC + 1
        network = traces.digest("network", f"n{number // 50 if number % 50 == 0 else number}", period)
        rows[User].append({"id": number, "email": f"u{number}@gmail.com", "created_at": at})
        rows[Review].append(
            {"id": number, "clinic_id": clinic, "author_id": number, "pseudonym": "x", "treated_month": "2026-01",
             "verification": "contact", "created_at": at}
        )  # fmt: skip
        rows[Stage].append(
            {"id": number, "review_id": number, "stage": "fresh", "overall": chance.choice([3, 4, 5, 5]), "text": text,
             "state": "published", "submitted_at": at}
        )  # fmt: skip
        rows[Trace].append(
            {"stage_id": number, "review_id": number, "period": period, "network": network, "submitted_at": at,
             "expires_at": at + timedelta(days=180)}
        )  # fmt: skip
        values = enumerate(near_copies.sketch(text))
        rows[Sketch] += [{"stage_id": number, "band": band, "value": value} for band, value in values]
    return rows


def fill(reviews: int) -> None:
    chance = random.Random(SEED)
    with writing():
        places = [
            {"id": n, "slug": f"c{n}", "name": f"C {n}", "name_key": f"c {n}", "country": "GB", "city_key": "",
             "lat": chance.uniform(50, 57), "lon": chance.uniform(-5, 1), "created_at": now() - timedelta(days=500)}
            for n in range(1, reviews // PER_CLINIC + 3)
        ]  # fmt: skip
        db.session.execute(sa.insert(Clinic), places)
        for first in range(1, reviews + 1, BATCH):
            for table, some in _rows(chance, first, min(first + BATCH, reviews + 1)).items():
                db.session.execute(sa.insert(table), some)
            db.session.commit()


def look(reviews: int) -> list[float]:
    """Milliseconds of LOOKS examinations of reviews spread over all."""
    chance, taken = random.Random(SEED + 1), []
    for _look in range(LOOKS):
        db.session.expunge_all()
        number = chance.randrange(reviews // 2, reviews) + 1
        with writing():
            begun = time.perf_counter()
            suspicion.examine(number)
            db.session.flush()
            taken.append((time.perf_counter() - begun) * 1000)
            db.session.rollback()
    return sorted(taken)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--reviews", type=int, nargs="*", default=[10_000, 100_000])
    given = parser.parse_args()
    for reviews in given.reviews:
        with tempfile.TemporaryDirectory(prefix="hairline-examining-") as folder:
            app = create_app(
                read_settings({**os.environ, "MODE": "local", "DATA": str(Path(folder))}), purpose="command"
            )
            with app.app_context():
                upgrade()
                begun = time.perf_counter()
                fill(reviews)
                filled = time.perf_counter() - begun
                taken = look(reviews)
                print(f"{reviews:9,} reviews (filled in {filled:.0f} s): one look p50 {taken[len(taken) // 2]:.1f} ms, "
                      f"p99 {taken[int(len(taken) * 0.99)]:.1f} ms")  # fmt: skip
                db.session.remove()
                db.engine.dispose()
    return 0


if __name__ == "__main__":
    sys.exit(main())
