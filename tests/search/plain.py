"""The search in plain Python, row by row: what the index must agree with."""

import math
import random
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime

import numpy as np

from directory.clinics.hours import OpenState, open_state
from directory.credentials.figures import ALWAYS
from directory.places.distance import great_circle
from directory.search.matching import SCORE_STEPS, Counts, Criteria
from directory.search.part import BY_VIDEO, JOINT, NO_PRICE, Listing
from directory.search.ranking import (
    BAND_POINTS,
    DISTANCE_BANDS_KM,
    GOAL_POINTS,
    LAPSED_POINTS,
    SCORE_POINTS,
    SCORE_STEP,
    Order,
)
from directory.vocabulary import GENDERS, GOALS
from directory.words import fold

NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
WORDS = ["scalp", "scalps", "studio", "noor", "müller", "hair", "hairline", "ink", "o'neil", "头皮纹饰", "الرأس", "x"]
HOURS = ["", "Mo-Fr 09:00-18:00", "Tu-Sa 10:00-14:00", "24/7", "Mo off"]
PLACES = [
    (53.8, -1.55, "GB", "Europe/London", "GBP"),
    (-17.8, 179.99, "FJ", "Pacific/Fiji", "FJD"),
    (-17.8, -179.99, "FJ", "Pacific/Fiji", "FJD"),
    (89.95, 12.0, "NO", "Arctic/Longyearbyen", "NOK"),
    (-90.0, 0.0, "AQ", "UTC", "USD"),
    (0.0, 0.0, "GH", "Africa/Accra", "GHS"),
    (52.52, 13.4, "DE", "Europe/Berlin", "EUR"),
]


def listing(number: int, dice: random.Random, **facts: object) -> Listing:
    """A made-up clinic near one of the PLACES, most of them in tight clusters."""
    lat, lon, country, zone, currency = dice.choice(PLACES)
    lat = lat + dice.gauss(0, 0.4)
    lat = lat - 2 * max(0.0, abs(lat) - 90.0) * (1 if lat > 0 else -1)  # over the pole and down again
    lon = (lon + dice.gauss(0, 0.6) + 180) % 360 - 180
    price = dice.choice([NO_PRICE, 50_000, 90_000, 120_000, 240_000])
    city = dice.choice(["Leeds", "Bradford", "York"])
    made = Listing(
        id=number,
        version=1,
        created=1_700_000_000 + dice.randrange(40) * 86_400,
        lat=round(lat, 4),
        lon=round(lon, 4),
        goals=dice.getrandbits(len(GOALS)),
        genders=dice.getrandbits(4),
        languages=";".join(sorted(dice.sample(["ar", "de", "en", "fr"], dice.randrange(3)))),
        price=price,
        currency="" if price == NO_PRICE else dice.choice([currency, "EUR"]),
        schedule=JOINT.join((hours, zone, country)) if (hours := dice.choice(HOURS)) else JOINT * 2,
        country=country,
        town=JOINT.join((country, city.lower(), city)),
        flags=dice.getrandbits(3),
        names=" ".join(fold(word).replace("'", "") for word in dice.choices(WORDS, k=dice.randrange(5))),
        **_reviews(dice),
        **_credentials(dice),
    )
    return made._replace(**facts)


def _reviews(dice: random.Random) -> dict[str, float]:
    """A third has none; of the others some are scored. The conservative score is kept as the column keeps it."""
    if dice.random() < 0.33:
        return {}
    counted = dice.randrange(1, 60)
    lower = float(np.float32(dice.uniform(2.0, 4.9)))
    scored = dice.random() < 0.7
    return {
        "lower": lower,
        "tenths": dice.randrange(30, 51) if scored else 0,
        "counted": counted,
        "healed": dice.randrange(counted + 1),
    }


def _credentials(dice: random.Random) -> dict[str, int]:
    """Half show something; of these some ran out before NOON and some run out at that very second."""
    noon = int(NOON.timestamp())
    if dice.random() < 0.5:
        return {}
    ends = sorted((dice.choice([0, noon - 1, noon, noon + 1, ALWAYS]) for _ in range(4)), reverse=True)
    held = {f"strength{level}": end for level, end in enumerate(ends, 1)}
    return {**held, "met": dice.choice([0, noon, noon + 1]), "lapses": dice.choice([1, noon, noon + 1, ALWAYS, ALWAYS])}


def km(one: Listing, criteria: Criteria) -> float | None:
    circle = criteria.circle
    return great_circle(circle.lat, circle.lon, one.lat, one.lon) if circle else None


class _Hours:
    def __init__(self, schedule: str) -> None:
        self.opening_hours, self.timezone, self.country = schedule.split(JOINT)


def is_open(one: Listing, now: datetime) -> bool:
    state: OpenState | None = open_state(_Hours(one.schedule), now)
    return state is not None and state.is_open


def meets(one: Listing, criteria: Criteria, now: datetime) -> bool:
    distance = km(one, criteria)
    words = one.names.split()
    return (
        (distance is None or (criteria.circle is not None and distance <= criteria.circle.radius_km))
        and criteria.country in ("", one.country)
        and all(_holds(words, term.text, begins=term.is_beginning) for term in criteria.terms)
        and one.goals & criteria.goals == criteria.goals
        and (not criteria.language or criteria.language in one.languages.split(";"))
        and (not criteria.gender or bool(one.genders & criteria.gender))
        and (
            criteria.price_max is None
            or (one.currency == criteria.currency and NO_PRICE < one.price <= criteria.price_max)
        )
        and (not criteria.open_now or is_open(one, now))
        and one.tenths >= criteria.min_tenths
        and (not criteria.healed or one.healed > 0)
        and (not criteria.strength or getattr(one, f"strength{criteria.strength}") > now.timestamp())
        and (not criteria.met or one.met > now.timestamp())
        and (not criteria.by_video or bool(one.flags & BY_VIDEO))
    )


def _holds(words: Sequence[str], text: str, *, begins: bool) -> bool:
    chinese = any("\u4e00" <= letter <= "\u9fff" for letter in text)
    if chinese:
        return any(text in word for word in words)
    return any(word.startswith(text) if begins else word == text for word in words)


def found(listings: Sequence[Listing], criteria: Criteria, order: Order, now: datetime) -> list[int]:
    """Ids of all results, in order."""
    hits = [one for one in listings if meets(one, criteria, now)]
    return [one.id for one in sorted(hits, key=lambda one: _place(one, criteria, order, now))]


def lot(number: int, seed: int) -> int:
    """splitmix64, written with Python's own integers."""
    whole = 2**64
    mixed = (number * 0x9E3779B97F4A7C15 + seed * 0x9E3779B97F4A7C15) % whole
    mixed = (mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9 % whole
    mixed = (mixed ^ (mixed >> 27)) * 0x94D049BB133111EB % whole
    return mixed ^ (mixed >> 31)


def score_part(lower: float) -> float:
    """0 to 9 points for 1 to 5, in steps of a tenth."""
    steps = math.floor((lower - 1) / SCORE_STEP + 1e-6)
    return min(1.0, max(0.0, steps * SCORE_STEP / 4)) * SCORE_POINTS


def points(distance: float | None, goals: int, lower: float | None = None) -> float:
    total = goals * GOAL_POINTS + (0.0 if lower is None else score_part(lower))
    if distance is not None:
        total += BAND_POINTS * sum(distance <= edge for edge in DISTANCE_BANDS_KM)
    return total


def _place(one: Listing, criteria: Criteria, order: Order, now: datetime) -> tuple[float, int]:
    distance = km(one, criteria)
    if order.sort == "newest":
        return -one.created, one.id
    if order.sort == "distance":
        return distance or 0.0, one.id
    if order.sort == "score":
        return -one.lower, one.id
    lost = LAPSED_POINTS if one.lapses <= now.timestamp() else 0.0
    return -round(points(distance, order.goals, one.lower) - lost, 9), lot(one.id, order.seed)


def counted(listings: Sequence[Listing], criteria: Criteria, steps: Sequence[int], now: datetime) -> Counts:
    """What every filter would leave, by asking again for each of its values."""

    def total(**change: object) -> int:
        return sum(meets(one, replace(criteria, **change), now) for one in listings)

    counts = Counts(total=total(), open_now=total(open_now=True), healed=total(healed=True), met=total(met=True))
    counts.by_video = total(by_video=True)
    in_force = {
        "q": {"terms": ()},
        "goal": {"goals": 0},
        "language": {"language": ""},
        "gender": {"gender": 0},
        "price_max": {"price_max": None},
        "open_now": {"open_now": False},
        "min_score": {"min_tenths": 0},
        "stage": {"healed": False},
        "credential": {"strength": 0},
        "requirement": {"met": False},
        "consultation": {"by_video": False},
    }
    for name, none in in_force.items():
        ((attribute, empty),) = none.items()
        if getattr(criteria, attribute) != empty:
            counts.without[name] = total(**none)
    for place, key in enumerate(GOALS):
        counts.goals[key] = total(goals=criteria.goals ^ (1 << place))
    for place, key in enumerate(GENDERS):
        counts.genders[key] = total(gender=1 << place)
    for language in ("ar", "de", "en", "fr"):
        counts.languages[language] = total(language=language)
    for level in range(1, 5):
        counts.strengths[level] = total(strength=level)
    for step in SCORE_STEPS:
        counts.scores[step] = total(min_tenths=step)
    for step in steps:
        counts.prices[step] = total(price_max=step)
    if criteria.price_max is not None:
        rest = [one for one in listings if meets(one, replace(criteria, price_max=None), now)]
        counts.no_price = sum(one.price == NO_PRICE for one in rest)
        counts.other_currency = sum(one.price != NO_PRICE and one.currency != criteria.currency for one in rest)
    return counts


def same(one: Counts, other: Counts) -> bool:
    """Equal, where an absent count is zero."""
    names = ("total", "open_now", "healed", "met", "by_video", "no_price", "other_currency")
    tables = ("goals", "genders", "languages", "prices", "scores", "strengths")
    return (
        all(getattr(one, name) == getattr(other, name) for name in names)
        and all(+Counter(getattr(one, name)) == +Counter(getattr(other, name)) for name in tables)
        and one.without == other.without
    )
