"""A made-up world of clinics for measuring search: towns of very unlike size, some on the seams of the globe."""

import random
from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from directory.search.part import JOINT, NO_PRICE, Listing

TOWNS = 3_000

_STEMS = ("scalp", "hair", "micro", "pigment", "studio", "clinic", "noor", "ink", "crown", "shade", "line")
COMMON = [stem + end for stem in _STEMS for end in ("", "ist", "ology", "lab", "house")]
_HOURS = ["", "24/7", "Mo-Fr 09:00-12:00,14:00-18:00; Sa 10:00-14:00; PH off", "Tu-Sa 10:00-19:00"] + [
    f"Mo-Fr {hour:02}:{minute:02}-{hour + 8}:00" for hour in range(7, 12) for minute in (0, 15, 30, 45)
]
_LANDS = (
    ("GB", "Europe/London", "GBP"),
    ("US", "America/New_York", "USD"),
    ("JP", "Asia/Tokyo", "JPY"),
    ("DE", "Europe/Berlin", "EUR"),
)
_LANGUAGES = ["", "en", "en;fr", "de;en", "en;ja", "en;es", "ar;en"]


def listings(count: int, seed: int = 7) -> Iterator[Listing]:
    """Clinics around TOWNS towns whose sizes follow a power law, a few over the antimeridian and the poles."""
    world, dice = np.random.default_rng(seed), random.Random(seed)
    judged = np.random.default_rng(seed + 2)
    lats, lons = towns(seed)
    sizes = 1 / (np.arange(TOWNS) + 8.0)
    at = world.choice(TOWNS, count, p=sizes / sizes.sum())
    lat = np.clip(lats[at] + world.normal(0, 0.22, count), -90, 90)
    lon = (lons[at] + world.normal(0, 0.3, count) + 180) % 360 - 180
    rare = ["".join(dice.choices("abcdefghijklmnopqrstuvwxyz", k=7)) for _number in range(count // 20 + 100)]
    for number in range(count):
        country, zone, currency = _LANDS[int(at[number]) % 4]
        hours = dice.choice(_HOURS)
        price = dice.choice((NO_PRICE, 50_000, 100_000, 150_000, 220_000))
        counted = int(judged.geometric(0.12)) - 1 if judged.random() < 0.6 else 0
        score = float(judged.uniform(2.5, 5.0)) if counted else 4.0
        yield Listing(
            id=number + 1,
            version=1,
            created=1_700_000_000 + 37 * number,
            lat=float(lat[number]),
            lon=float(lon[number]),
            goals=dice.getrandbits(13) & dice.getrandbits(13),
            genders=dice.getrandbits(4) & dice.getrandbits(4),
            languages=dice.choice(_LANGUAGES),
            price=price,
            currency="" if price == NO_PRICE else currency,
            schedule=JOINT.join((hours, zone, country)) if hours else JOINT * 2,
            country=country,
            town=JOINT.join((country, f"t{at[number]}", f"T{at[number]}")),
            flags=2,
            lower=score - 1 / (8 + counted) ** 0.5,
            tenths=round(score * 10) if counted >= 3 else 0,
            counted=counted,
            healed=int(judged.integers(0, counted + 1)),
            names=" ".join((*dice.choices(COMMON, k=2), *dice.choices(rare, k=2))),
        )


def towns(seed: int = 7) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Degrees of the towns; the first of each hundred lie on the seams of the globe."""
    world = np.random.default_rng(seed + 1)
    lats, lons = world.uniform(-55, 68, TOWNS), world.uniform(-180, 180, TOWNS)
    lats[50::100], lons[50::100] = world.uniform(-60, 60, len(lats[50::100])), 179.95
    lats[51::100], lons[51::100] = 89.9, world.uniform(-180, 180, len(lats[51::100]))
    return lats, lons
