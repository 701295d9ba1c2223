"""The small map on a clinic's page, drawn here: the pin, the towns around as stipple, one ring of distance."""

import math
from collections.abc import Iterable
from random import Random
from typing import NamedTuple
from xml.sax.saxutils import escape

from directory.clinics.models import Clinic
from directory.places.distance import EARTH_KM, default_unit, to_km
from directory.places.place import Place

WIDTH, HEIGHT = 320, 152
REACH_KM = 11.0  # from the pin to the upper edge
TOWNS_KM = 26.0  # how far from the pin a town may lie and still show
MOST_TOWNS = 40
MOST_LABELS = 5
RING = 5  # miles or kilometres, by the country's signs
AREA_KM = {"home": 1.0, "outcode": 2.0, "postal_code": 0.7, "town": 3.0}

# Light and dark of the tokens --map-land, --dot, --ink, --ink-soft and --accent: an image cannot read the page's.
_STYLE = (
    "<style>text{font:500 12px system-ui,sans-serif;text-anchor:middle;paint-order:stroke;stroke-width:3}"
    "@media (prefers-color-scheme:dark){.land{fill:#23292b}.town{stroke:#545d60}.ring{stroke:#aeaca3}"
    "text{fill:#aeaca3;stroke:#23292b}.pin{fill:#7dd3d0;stroke:#23292b}.area{stroke:#7dd3d0;fill:#7dd3d0}}</style>"
)


class _Spot(NamedTuple):
    x: float
    y: float
    name: str
    population: int


def locator_svg(clinic: Clinic, towns: Iterable[Place]) -> str:
    """An SVG document, WIDTH by HEIGHT pixels, the clinic in the middle and north up; REACH_KM to the upper edge."""
    spots = [_spot(clinic, town) for town in towns]
    chance = Random(clinic.slug)  # noqa: S311
    dots = "".join(_stipple(spot, chance) for spot in spots)
    labels = "".join(_labels(spots))
    unit = default_unit(clinic.country)
    ring = to_km(RING, unit) * _pixels_per_km()
    middle = f'cx="{WIDTH / 2:.0f}" cy="{HEIGHT / 2:.0f}"'
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{HEIGHT}" viewBox="0 0 {WIDTH} {HEIGHT}">'
        f'{_STYLE}<rect class="land" width="{WIDTH}" height="{HEIGHT}" fill="#f5f2eb"/>'
        f'<path class="town" d="{dots}" fill="none" stroke="#a5a68f" stroke-width="1.8" stroke-linecap="round"/>'
        f'<circle class="ring" {middle} r="{ring:.1f}" fill="none" stroke="#4d5a5c" stroke-dasharray="0 5" '
        f'stroke-width="1.6" stroke-linecap="round"/>'
        f'<g fill="#4d5a5c" stroke="#f5f2eb">{labels}'
        f'<text x="{WIDTH / 2 + ring * 0.71:.0f}" y="{HEIGHT / 2 + ring * 0.71 + 4:.0f}">{RING} {unit}</text></g>'
        f"{_area(clinic, middle)}"
        f'<circle class="pin" {middle} r="7" fill="#0b5559" stroke="#f5f2eb" stroke-width="2"/></svg>\n'
    )


def _pixels_per_km() -> float:
    return HEIGHT / 2 / REACH_KM


def _spot(clinic: Clinic, town: Place) -> _Spot:
    per_degree = math.radians(EARTH_KM) * _pixels_per_km()
    across = (town.lon - clinic.lon + 540) % 360 - 180
    return _Spot(
        WIDTH / 2 + across * math.cos(math.radians(clinic.lat)) * per_degree,
        HEIGHT / 2 - (town.lat - clinic.lat) * per_degree,
        town.name,
        town.population or 0,
    )


def _stipple(spot: _Spot, chance: Random) -> str:
    """Dots about a town, more and wider for a larger one: 4 for a village, 60 for a million people."""
    count = max(4, min(60, int(math.sqrt(spot.population) / 16)))
    spread = 3 + count * 0.32
    drawn = ((chance.gauss(spot.x, spread), chance.gauss(spot.y, spread)) for _ in range(count))
    return "".join(f"M{x:.1f} {y:.1f}h0" for x, y in drawn if -2 < x < WIDTH + 2 and -2 < y < HEIGHT + 2)


def _labels(spots: list[_Spot]) -> Iterable[str]:
    """Names of the largest towns that fit in the picture without touching each other or the pin."""
    taken = [(WIDTH / 2, HEIGHT / 2, 26.0)]
    for spot in sorted(spots, key=lambda spot: (-spot.population, spot.name)):
        half = 3.4 * len(spot.name) + 4
        y = spot.y + (20 if abs(spot.y - HEIGHT / 2) < 14 and abs(spot.x - WIDTH / 2) < half else 4)
        fits = half < spot.x < WIDTH - half and 12 < y < HEIGHT - 4
        if fits and all(abs(y - b) > 15 or abs(spot.x - a) > half + c for a, b, c in taken):
            taken.append((spot.x, y, half))
            yield f'<text x="{spot.x:.0f}" y="{y:.0f}">{escape(spot.name)}</text>'
        if len(taken) > MOST_LABELS:
            return


def _area(clinic: Clinic, middle: str) -> str:
    """The dashed circle inside which the clinic lies, when its door is not told."""
    if not clinic.is_approximate:
        return ""
    kind = "home" if clinic.is_home else clinic.point_precision
    radius = max(15.0, AREA_KM.get(kind, 1.0) * _pixels_per_km())
    return (
        f'<circle class="area" {middle} r="{radius:.0f}" fill="#0b5559" fill-opacity=".12" stroke="#0b5559" '
        f'stroke-width="1.5" stroke-dasharray="4 3"/>'
    )
