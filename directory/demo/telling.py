"""Invented reviews of the small set: an honest spread from none to some eighty, in stages, with what becomes of some.

Drawn beside the clinics from lots of their own, so that a change here leaves the clinics as they were.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from typing import Any

from directory.demo.listing import DRAWN_ON, Listing
from directory.demo.wordbook import table
from directory.reviews.episodes import ASKED_AFTER
from directory.reviews.pseudonyms import invented_by
from directory.reviews.stages import STAGES, SUB_RATINGS

# Clinics that have many, and some of which show everything that can become of a review.
FULL = {"Headingley Scalp & Hairline Studio": 43, "The Kirkgate Micropigmentation Rooms": 78}
FATES = ("removed", "withdrawn", "under_review", "disputed", "redacted", "incentive", "suspicious")
_GOOD, _POOR = (2, 4, 9, 28, 57), (24, 24, 22, 18, 12)
_LANGUAGE = {"DE": "de", "AT": "de", "CH": "de", "FR": "fr", "ES": "es", "MX": "es", "AR": "es", "PL": "pl"}
_MONTH = timedelta(days=30)


@dataclass(slots=True)
class Said:
    """One stage of an invented review."""

    stage: str
    stars: int
    text: str
    published_at: datetime
    sub_ratings: dict[str, int] = field(default_factory=dict)


@dataclass(slots=True)
class Told:
    """One invented review; `fate` is what became of it, one of FATES or nothing."""

    pseudonym: str
    language: str
    goal: str
    treated_month: str
    sessions: int
    verification: str
    stages: list[Said]
    reply: str = ""
    fate: str = ""


def draw_reviews(listing: Listing, is_bare: bool, rng: Random) -> list[Told]:
    """The reviews of one clinic, oldest first."""
    number = FULL.get(listing.name) or _how_many(is_bare, rng)
    liking = rng.uniform(0.7, 0.95) if listing.name in FULL else rng.uniform(0.25, 1.0)
    told = sorted((_told(listing, liking, rng) for _ in range(number)), key=lambda one: one.stages[-1].published_at)
    if listing.name in FULL:
        for one, fate in zip(rng.sample(told[-20:], len(FATES)), FATES, strict=True):
            one.fate = fate
    elif number > 5 and rng.random() < 0.4:
        rng.choice(told).fate = rng.choice(FATES)
    return told


def _how_many(is_bare: bool, rng: Random) -> int:
    lot = rng.random()
    if is_bare:
        return 0 if lot < 0.7 else rng.randint(1, 2)
    if lot < 0.2:
        return 0
    if lot < 0.45:
        return rng.randint(1, 3)
    return rng.randint(4, 18) if lot < 0.9 else rng.randint(20, 38)


def _told(listing: Listing, liking: float, rng: Random) -> Told:
    months = rng.choices((rng.randint(1, 5), rng.randint(6, 13), rng.randint(14, 44)), (3, 4, 4))[0]
    language = _LANGUAGE.get(listing.country, "en") if rng.random() < 0.7 else "en"
    weights = [liking * good + (1 - liking) * poor for good, poor in zip(_GOOD, _POOR, strict=True)]
    stars = rng.choices(range(1, 6), weights)[0]
    stages = []
    for stage in _stages(months, rng):
        stages.append(_said(stage, stars, months, language, rng))
        stars = min(5, max(1, stars + rng.choice((-1, 0, 0, 0, 1))))
    told = Told(
        pseudonym=invented_by(rng.choice),
        language=language,
        goal=rng.choice(listing.goals) if listing.goals else "",
        treated_month=_month_before(months),
        sessions=rng.randint(1, 4),
        verification="visit" if rng.random() < 0.65 else "contact",
        stages=stages,
    )
    if listing.claimed_at is not None and rng.random() < 0.15:
        told.reply = rng.choice(table("voices")["replies"]["good" if stages[-1].stars > 3 else "poor"])
    return told


def _stages(months: int, rng: Random) -> list[str]:
    """One stage, or the first and a later one, of those that the months allow."""
    open_to = [stage for stage in STAGES if ASKED_AFTER.get(stage, 0) <= months]
    last = rng.choice(open_to[-2:])
    return ["fresh", last] if last != "fresh" and rng.random() < 0.3 else [last]


def _said(stage: str, stars: int, months: int, language: str, rng: Random) -> Said:
    mood = "good" if stars > 3 else "mixed" if stars == 3 else "poor"
    bank: dict[str, Any] = table("voices")[language][mood]
    choices: list[str] = bank["fresh" if stage == "fresh" else "healed"]
    text = " ".join(rng.sample(choices, min(len(choices), rng.randint(1, 3))))
    marks = rng.sample(SUB_RATINGS, rng.randint(0, 5))
    age = max(0, months - ASKED_AFTER.get(stage, 0))
    # A fresh one is told soon; a healed one at any time since, but never before the fresh one.
    since = max(0, age - rng.randint(0, 1)) if stage == "fresh" else rng.randint(0, max(0, age - 1))
    at = DRAWN_ON - _MONTH * since - timedelta(days=rng.randint(1, 20), minutes=rng.randrange(600))
    return Said(stage, stars, text, at, {key: min(5, max(1, stars + rng.choice((-1, 0, 0, 1)))) for key in marks})


def _month_before(months: int) -> str:
    count = DRAWN_ON.year * 12 + DRAWN_ON.month - 1 - months
    return f"{count // 12:04d}-{count % 12 + 1:02d}"


def draw_all(listings: list[Listing], rows: list[dict[str, str]], seed: int) -> list[list[Told]]:
    """The reviews of all clinics of the small set, each clinic from a lot of its own."""
    pairs = zip(listings, rows, strict=True)
    return [draw_reviews(one, row["style"] == "bare", Random(f"{seed} reviews {one.name}")) for one, row in pairs]
