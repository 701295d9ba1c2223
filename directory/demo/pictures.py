"""Invented results into the database, and out again: dots on paper, drawn by a program; nobody is in them.

A handful of drawings is made once and stored for each set anew, since what is withdrawn takes its own files along.
"""

import math
from datetime import timedelta
from functools import lru_cache
from random import Random
from typing import Any, NamedTuple

from PIL import Image, ImageDraw
from sqlalchemy import select
from sqlalchemy.orm import Session

from directory import transit
from directory.clinics.changes import note_change
from directory.clinics.models import Clinic
from directory.demo.listing import DRAWN_ON
from directory.imaging.hashing import hash_of, thumb_of
from directory.imaging.pictures import sizes
from directory.imaging.redraw import Drawn
from directory.portfolio.consent import LINK
from directory.portfolio.models import Picture, ResultSet

WIDE, HIGH = 640, 480
FINER = 2  # drawn larger, then made smaller: round dots
LOOKS = 4
CLINICS = 10


class Ink(NamedTuple):
    """How the dots of one stage look: their share, radius in pixels, colour, and the paper under them."""

    share: float
    radius: float
    colour: tuple[int, int, int]
    paper: tuple[int, int, int]


INKS = {
    "before": Ink(0.0, 1.0, (92, 80, 70), (226, 203, 182)),
    "fresh": Ink(1.0, 1.35, (44, 40, 40), (228, 190, 172)),
    "6w": Ink(0.94, 1.15, (78, 74, 72), (226, 203, 182)),
    "6m": Ink(0.9, 1.2, (88, 84, 82), (224, 202, 182)),
    "12m": Ink(0.88, 1.2, (94, 90, 88), (225, 203, 184)),
    "24m": Ink(0.82, 1.25, (104, 100, 98), (225, 204, 184)),
}
# What the sets show: stages, and months since the last session.
SETS = (
    ("hairline", ("before", "fresh", "6w", "12m"), 14),
    ("crown", ("before", "fresh", "6m", "24m"), 26),
    ("density", ("before", "fresh"), 1),
    ("scar-fut", ("before", "6w", "6m"), 9),
)
MONTHS = {"before": 0, "fresh": 0, "6w": 2, "6m": 6, "12m": 12, "24m": 24}
LIGHTS = {"before": "daylight", "fresh": "indoor", "6w": "daylight", "6m": "harsh", "12m": "harsh", "24m": "daylight"}


def _is_covered(look: int, x: float, y: float) -> bool:
    """Where dots were put in: behind a hairline, on a crown, in a part line, along a scar (x, y in 0..1)."""
    match look:
        case 0:
            return y > 0.34 + 0.12 * math.cos((x - 0.5) * 6.3) ** 2 - 0.1
        case 1:
            return (x - 0.5) ** 2 + (y - 0.52) ** 2 < 0.075
        case 2:
            return abs(x - 0.5 - 0.05 * math.sin(5 * y)) < 0.16
        case _:
            return abs(y - 0.55 - 0.06 * math.sin(4 * x)) < 0.1


@lru_cache(LOOKS * len(INKS))
def _drawn(look: int, stage: str) -> Drawn:
    """The same head of dots at each stage, so that two of them can be laid over each other."""
    ink, chance = INKS[stage], Random(look)
    sheet = Image.new("RGB", (WIDE * FINER, HIGH * FINER), ink.paper)
    pen = ImageDraw.Draw(sheet)
    for _dot in range(10_000):
        x, y, luck, size = chance.random(), chance.random(), chance.random(), chance.uniform(0.8, 1.2)
        inside = _is_covered(look, x, y)
        if luck > (ink.share if inside else 0.9 if y > 0.3 else 0.05):
            continue
        shown = ink if inside else INKS["before"]
        reach = shown.radius * size * FINER
        middle_x, middle_y = x * WIDE * FINER, y * HIGH * FINER
        box = (middle_x - reach, middle_y - reach, middle_x + reach, middle_y + reach)
        pen.ellipse(box, fill=shown.colour)
    picture = sheet.resize((WIDE, HIGH), Image.Resampling.LANCZOS)
    return Drawn(WIDE, HIGH, hash_of(picture), thumb_of(picture), sizes(picture))


def _month_before(months: int) -> str:
    year, month = divmod(DRAWN_ON.year * 12 + DRAWN_ON.month - 1 - months, 12)
    return f"{year:04d}-{month + 1:02d}"


def add_pictures(session: Session, seed: int) -> int:
    """Give some of the claimed example clinics results to show; how many pictures there are. Writes their files."""
    chance, total = Random(seed), 0
    claimed = select(Clinic).where(Clinic.is_example, Clinic.claimed_at.is_not(None)).order_by(Clinic.id)
    for clinic in session.scalars(claimed.limit(CLINICS)).all():
        for look in sorted(chance.sample(range(LOOKS), k=chance.randint(1, 2))):
            total += _add(session, clinic, look)
        note_change(session, clinic.id)
    return total


def _add(session: Session, clinic: Clinic, look: int) -> int:
    goal, stages, since = SETS[look]
    finished = _month_before(since)
    result = ResultSet.begin(clinic, reference="", goal=goal, variant="permanent", finished=finished, sessions=3)
    result.pigment, result.style, result.created_at = "Invented Black 2", "soft", DRAWN_ON
    session.add(result)
    session.flush()
    for stage in stages:
        drawn = _drawn(look, stage)
        picture = Picture.of(drawn)
        picture.clinic_id, picture.result_id, picture.kind, picture.state = clinic.id, result.id, stage, "published"
        picture.taken, picture.light = _month_before(since - MONTHS[stage]), LIGHTS[stage]
        picture.hair_length, picture.unedited = "shaved", True
        picture.allow(LINK)
        picture.consent_at = picture.published_at = picture.created_at = picture.state_at = DRAWN_ON - timedelta(days=1)
        picture.store(drawn)
        session.add(picture)
    return len(stages)


def clear_pictures(session: Session, doomed: Any) -> None:
    """The files of these clinics' pictures go with the commit; the rows go with the clinics."""
    query = select(Picture).where(Picture.clinic_id.in_(doomed), Picture.key != "").order_by(Picture.id)
    for picture in session.scalars(query):
        transit.send_off(picture.keys)
        session.expunge(picture)
