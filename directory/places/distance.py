"""Distance on a sphere of radius 6371.0088 km (the mean radius of the Earth, IUGG 1980), and its two units."""

import math
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

EARTH_KM = 6371.0088
KM_PER_MILE = 1.609344
Unit = Literal["km", "mi"]

# Where road signs are in miles.
_MILES = frozenset(
    [
        "GB",
        "US",
        "IM",
        "JE",
        "GG",
        "GI",
        "LR",
        "MM",
        "PR",
        "VI",
        "GU",
        "AS",
        "MP",
        "VG",
        "KY",
        "BS",
        "BZ",
        "AI",
        "MS",
        "TC",
        "FK",
        "SH",
    ]
)


def vector(lat: ArrayLike, lon: ArrayLike) -> NDArray[np.float64]:
    """Unit vectors of points in degrees; shape (..., 3)."""
    phi, lam = np.radians(np.asarray(lat, dtype=np.float64)), np.radians(np.asarray(lon, dtype=np.float64))
    across = np.cos(phi)
    return np.stack([across * np.cos(lam), across * np.sin(lam), np.sin(phi)], axis=-1)


def great_circle_many(lat: float, lon: float, lats: ArrayLike, lons: ArrayLike) -> NDArray[np.float64]:
    """Kilometres from one point to each of many, all in degrees; shape of `lats`.

    By the chord between unit vectors, 2 R asin(|a - b| / 2): exact for near points, and with no special
    case at the poles or the antimeridian.
    """
    chord = np.linalg.norm(vector(lats, lons) - vector(lat, lon), axis=-1)
    distance: NDArray[np.float64] = 2 * EARTH_KM * np.arcsin(np.minimum(1.0, chord / 2))
    return distance


def great_circle(lat1: float, lon1: float, lat2: float, lon2: float) -> float:
    """Kilometres between two points in degrees, by the same chord without numpy's cost for a single pair."""
    phi1, phi2 = math.radians(lat1), math.radians(lat2)
    lam1, lam2 = math.radians(lon1), math.radians(lon2)
    x = math.cos(phi1) * math.cos(lam1) - math.cos(phi2) * math.cos(lam2)
    y = math.cos(phi1) * math.sin(lam1) - math.cos(phi2) * math.sin(lam2)
    z = math.sin(phi1) - math.sin(phi2)
    return 2 * EARTH_KM * math.asin(min(1.0, math.sqrt(x * x + y * y + z * z) / 2))


def box(lat: float, lon: float, radius_km: float) -> list[tuple[float, float, float, float]]:
    """Boxes (south, north, west, east) in degrees that hold the circle; two when it crosses the antimeridian."""
    reach = math.degrees(min(math.pi, radius_km / EARTH_KM))
    south, north = max(-90.0, lat - reach), min(90.0, lat + reach)
    if south == -90.0 or north == 90.0:
        return [(south, north, -180.0, 180.0)]
    # Widest where the circle's tangent meridian touches it, not at the centre's latitude.
    width = math.degrees(math.asin(min(1.0, math.sin(math.radians(reach)) / math.cos(math.radians(lat)))))
    west, east = lon - width, lon + width
    if west < -180.0:
        return [(south, north, west + 360.0, 180.0), (south, north, -180.0, east)]
    if east > 180.0:
        return [(south, north, west, 180.0), (south, north, -180.0, east - 360.0)]
    return [(south, north, west, east)]


def to_unit(km: float, unit: Unit) -> float:
    """Kilometres as the unit asked for."""
    return km / KM_PER_MILE if unit == "mi" else km


def to_km(value: float, unit: Unit) -> float:
    """A length in the given unit as kilometres."""
    return value * KM_PER_MILE if unit == "mi" else value


def default_unit(country: str | None) -> Unit:
    """The unit on the road signs of a country (ISO 3166-1 alpha-2); kilometres when unknown."""
    return "mi" if country and country.upper() in _MILES else "km"
