"""Circles on the sphere as a few contiguous slices of rows sorted by (latitude band, longitude)."""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from directory.places.distance import EARTH_KM

BANDS_PER_DEGREE = 10
BANDS = 180 * BANDS_PER_DEGREE
# Slices may be a little too wide, never too narrow: the distance itself decides. About 6 m.
_MARGIN = 1e-6


@dataclass(frozen=True, slots=True)
class Circle:
    """Centre in degrees WGS84, radius in kilometres on the sphere of `EARTH_KM`."""

    lat: float
    lon: float
    radius_km: float

    @property
    def vector(self) -> tuple[float, float, float]:
        phi, lam = math.radians(self.lat), math.radians(self.lon)
        return math.cos(phi) * math.cos(lam), math.cos(phi) * math.sin(lam), math.sin(phi)

    @property
    def chord2(self) -> float:
        """The square of the chord that spans the radius on the unit sphere."""
        return chord2_of(self.radius_km)


def chord2_of(km: float) -> float:
    """A length on the sphere as the squared chord on the unit sphere: (2 sin(d / 2R))²."""
    return (2 * math.sin(min(km / EARTH_KM, math.pi) / 2)) ** 2


def km_of(chord2: float) -> float:
    """A squared chord as kilometres on the sphere: 2 R asin(chord / 2)."""
    return 2 * EARTH_KM * math.asin(min(1.0, math.sqrt(chord2) / 2))


def band_of(lat: NDArray[np.float64]) -> NDArray[np.int64]:
    """Bands of 0.1° from the south pole."""
    return np.clip(np.floor((lat + 90.0) * BANDS_PER_DEGREE), 0, BANDS - 1).astype(np.int64)


def normal_lon(lon: NDArray[np.float64]) -> NDArray[np.float64]:
    """Longitudes in [-180, 180), so that one meridian has one number."""
    return np.where(lon >= 180.0, lon - 360.0, lon)


def _half_widths(circle: Circle, bands: NDArray[np.int64]) -> NDArray[np.float64]:
    """Degrees of longitude by which the circle reaches east and west inside each band; -1 where it does not."""
    reach = min(circle.radius_km / EARTH_KM + _MARGIN, math.pi)
    phi = math.radians(circle.lat)
    south = np.radians(bands / BANDS_PER_DEGREE - 90.0) - _MARGIN
    north = np.radians((bands + 1) / BANDS_PER_DEGREE - 90.0) + _MARGIN
    half_pi = math.pi / 2
    # The circle is widest at sin(lat) = sin(centre) / cos(reach): the nearest latitude of the band decides.
    ratio = math.sin(phi) / math.cos(reach) if reach < half_pi else 2.0
    widest = math.asin(ratio) if abs(ratio) <= 1.0 else math.copysign(half_pi, phi)
    at = np.stack([south, north, np.clip(widest, south, north)]).clip(-half_pi, half_pi)
    across = np.maximum(np.cos(at) * max(math.cos(phi), 0.0), 1e-15)
    cosine = (math.cos(reach) - math.sin(phi) * np.sin(at)) / across
    widths = np.where(cosine > 1.0, -1.0, np.degrees(np.arccos(np.clip(cosine, -1.0, 1.0))))
    return widths.max(axis=0)  # type: ignore[no-any-return]


def slices(
    circle: Circle, lon: NDArray[np.float64], band_starts: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Begins and ends of the row ranges that may hold rows of the circle.

    `lon` is sorted inside each band; `band_starts` has BANDS + 1 entries.
    """
    reach = math.degrees(circle.radius_km / EARTH_KM) + _MARGIN
    edges = band_of(np.array([circle.lat - reach, circle.lat + reach]))
    bands = np.arange(edges[0], edges[1] + 1)
    margin = math.degrees(_MARGIN)
    widths = _half_widths(circle, bands)
    lows = band_starts[bands].tolist()
    highs = band_starts[bands + 1].tolist()
    begins, ends = [], []
    for low, high, width in zip(lows, highs, (widths + margin).tolist(), strict=True):
        if low == high or width < 0:
            continue
        here = lon[low:high]
        for west, east in _ranges(circle.lon, width):
            a, b = here.searchsorted(west), here.searchsorted(east, "right")
            if a < b:
                begins.append(low + int(a))
                ends.append(low + int(b))
    return np.array(begins, np.int64), np.array(ends, np.int64)


def _ranges(lon: float, width: float) -> list[tuple[float, float]]:
    west, east = lon - width, lon + width
    if east - west >= 360.0:
        return [(-180.0, 180.0)]
    if west < -180.0:
        return [(west + 360.0, 180.0), (-180.0, east)]
    if east >= 180.0:
        return [(west, 180.0), (-180.0, east - 360.0)]
    return [(west, east)]
