"""How far away a clinic is said to be."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from directory.places.distance import EARTH_KM, box, default_unit, great_circle, great_circle_many, to_km, to_unit

LAT, LON = st.floats(-90, 90), st.floats(-180, 180)


@pytest.mark.parametrize(("start", "end", "km"), [
    ((51.5074, -0.1278), (48.8566, 2.3522), 343.6),  # London to Paris
    ((53.8, -1.55), (53.8, -1.55), 0.0),
    ((0, 0), (0, 0), 0.0),
    ((0, 179.9), (0, -179.9), 22.24),  # across the antimeridian
    ((-17.0, 180.0), (-17.0, -180.0), 0.0),  # the antimeridian is one line
    ((90, 0), (90, 123), 0.0),  # a pole is one point whatever its longitude
    ((90, 0), (-90, 0), math.pi * EARTH_KM),
    ((89.9, 0), (89.9, 180), 22.24),  # over the pole
    ((0, 0), (0, 180), math.pi * EARTH_KM),
])  # fmt: skip
def test_known_distances(start: tuple[float, float], end: tuple[float, float], km: float) -> None:
    assert great_circle(*start, *end) == pytest.approx(km, abs=0.1)
    assert float(great_circle_many(*start, [end[0]], [end[1]])[0]) == pytest.approx(km, abs=0.1)


@given(LAT, LON, LAT, LON)
def test_scalar_and_array_agree_and_are_symmetric(lat1: float, lon1: float, lat2: float, lon2: float) -> None:
    there = great_circle(lat1, lon1, lat2, lon2)
    assert 0 <= there <= math.pi * EARTH_KM + 1e-6
    assert there == pytest.approx(great_circle(lat2, lon2, lat1, lon1), abs=1e-6)
    assert float(great_circle_many(lat1, lon1, np.array([lat2]), np.array([lon2]))[0]) == pytest.approx(there, abs=1e-3)


@given(LAT, LON, st.floats(0.1, 500), st.floats(0, 2 * math.pi), st.floats(0, 0.999))
def test_box_holds_its_circle(lat: float, lon: float, radius: float, bearing: float, share: float) -> None:
    arc, phi = radius * share / EARTH_KM, math.radians(lat)
    sine = math.sin(phi) * math.cos(arc) + math.cos(phi) * math.sin(arc) * math.cos(bearing)
    end = math.asin(max(-1.0, min(1.0, sine)))
    turn = math.atan2(math.sin(bearing) * math.sin(arc) * math.cos(phi), math.cos(arc) - math.sin(phi) * math.sin(end))
    lat2, lon2 = math.degrees(end), (lon + math.degrees(turn) + 540) % 360 - 180
    grace = 1e-6
    inside = [
        south - grace <= lat2 <= north + grace and west - grace <= lon2 <= east + grace
        for south, north, west, east in box(lat, lon, radius)
    ]
    assert any(inside) or abs(abs(lon2) - 180) < grace


def test_units_follow_the_road_signs() -> None:
    assert [default_unit(code) for code in ("GB", "us", "DE", "IE", None, "")] == ["mi", "mi", "km", "km", "km", "km"]
    assert to_unit(1.609344, "mi") == pytest.approx(1)
    assert to_km(to_unit(25, "mi"), "mi") == pytest.approx(25)
    assert to_unit(25, "km") == to_km(25, "km") == 25


@pytest.mark.parametrize(("lat", "lon", "other"), [(0, -179.9, 179.95), (0, 179.9, -179.95), (60, -179.9, 179.9)])
def test_box_reaches_over_the_antimeridian(lat: float, lon: float, other: float) -> None:
    boxes = box(lat, lon, 50)
    assert len(boxes) == 2
    assert any(west <= other <= east for _, _, west, east in boxes)
    assert all(-180 <= west <= east <= 180 for _, _, west, east in boxes)
