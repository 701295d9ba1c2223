"""Every night: the countries' means drawn anew, every score a month older when the month turned."""

from collections import defaultdict

from sqlalchemy import select

from directory.clinics.changes import note_change
from directory.clinics.models import Clinic
from directory.db import db, now, writing
from directory.reviews.counting import age_of, newest_shown
from directory.reviews.models import Review
from directory.reviews.rating import Voice
from directory.reviews.scores import ClinicScore, CountryMean, mean_from, month_of, rerate, weighed

BATCH = 200
READ_AT_ONCE = 20_000
# A mean that moved less than this is left as it is: it would change no score by a tenth, and every page by an ETag.
SMALLEST_MOVE = 0.02


def _sums() -> dict[str, tuple[float, float]]:
    """By country: weight times stars, and weights. Rows are read in portions."""
    moment, last = now(), 0
    sums: dict[str, tuple[float, float]] = defaultdict(lambda: (0.0, 0.0))
    while True:
        query = (
            newest_shown()
            .add_columns(Clinic.country, Review.id)
            .join(Clinic, Clinic.id == Review.clinic_id)
            .where(Review.id > last, Review.counted, Review.verification != "none")
            .order_by(Review.id)
            .limit(READ_AT_ONCE)
        )
        rows = db.session.execute(query).all()
        if not rows:
            return sums
        for _clinic, verification, month, stage, stars, counted, country, number in rows:
            total, mass = weighed([Voice(stars, verification, stage, age_of(month, stage, moment), counted)])
            sums[country] = (sums[country][0] + total, sums[country][1] + mass)
            last = number


def _draw_means() -> list[str]:
    """Keep each country's mean; returns the countries whose mean moved."""
    sums = _sums()
    db.session.rollback()
    moved = []
    with writing():
        for country, (total, mass) in sorted(sums.items()):
            mean = mean_from(total, mass)
            held = db.session.get(CountryMean, country)
            if held is None:
                db.session.add(CountryMean(country=country, mean=mean, weight=mass))
                moved.append(country)
            elif abs(held.mean - mean) >= SMALLEST_MOVE:
                held.mean, held.weight, held.version, held.counted_at = mean, mass, held.version + 1, now()
                moved.append(country)
        db.session.commit()
    return moved


def age_scores() -> str:
    """Draw the means and age the scores; a run that was killed is finished by the next."""
    moved = _draw_means()
    month, last, aged = month_of(now()), 0, 0
    while True:
        due = select(ClinicScore.clinic_id).join(Clinic, Clinic.id == ClinicScore.clinic_id)
        due = due.where(ClinicScore.clinic_id > last, (ClinicScore.month < month) | Clinic.country.in_(moved or ["--"]))
        ids = list(db.session.scalars(due.order_by(ClinicScore.clinic_id).limit(BATCH)))
        db.session.rollback()
        if not ids:
            return f"means of {len(moved)} countries moved, {aged} scores aged"
        with writing():
            changed = [clinic_id for clinic_id in ids if rerate(db.session(), clinic_id)]
            note_change(db.session(), *changed)
            db.session.commit()
        last, aged = ids[-1], aged + len(ids)
