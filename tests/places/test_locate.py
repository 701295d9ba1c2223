"""Where an imported row is put on the map."""

import pytest

from directory.places.distance import great_circle
from directory.places.gazetteer import Gazetteer


@pytest.mark.parametrize(("code", "city", "country", "precision", "lat", "lon", "km"), [
    ("75011", "Paris", "FR", "postal_code", 48.86, 2.38, 3),
    ("75011", "", "France", "postal_code", 48.86, 2.38, 3),
    ("44303 CEDEX 3", "Nantes", "FR", "postal_code", 47.22, -1.55, 8),
    ("SW1A 1AA", "London", "United Kingdom", "outcode", 51.50, -0.14, 2),
    ("HR1 2PH", "Hereford", "GB", "town", 52.06, -2.71, 3),
    ("D02 XY45", "Dublin", "IE", "town", 53.35, -6.26, 6),
    ("V94 AE71", "Shannon", "IE", "town", 52.71, -8.86, 6),
    ("L-3488", "Dudelange", "LU", "postal_code", 49.47, 6.09, 4),
    ("LT-97106", "Kretinga", "LT", "town", 55.88, 21.24, 6),
    ("2144", "Newark", "US", "postal_code", 42.40, -71.12, 8),
    ("", "LEEDS", "GB", "town", 53.80, -1.55, 8),
    ("", "Athína", "EL", "town", 37.98, 23.73, 8),
    ("", "Hospitalet de Llobregat, L'", "ES", "town", 41.36, 2.10, 5),
    ("", "Weißenfels, Saale", "DE", "town", 51.20, 11.97, 5),
    ("97200", "Fort-de-France", "FR", "postal_code", 14.60, -61.07, 8),
    ("22100", "Mariehamn", "FI", "postal_code", 60.10, 19.94, 5),
])  # fmt: skip
def test_address(
    gazetteer: Gazetteer, code: str, city: str, country: str, precision: str, lat: float, lon: float, km: float
) -> None:
    found = gazetteer.locate(postal_code=code, city=city, country=country)
    assert found is not None
    assert found.precision == precision
    assert great_circle(found.lat, found.lon, lat, lon) <= km, found


def test_country_stays_as_the_address_gives_it(gazetteer: Gazetteer) -> None:
    found = gazetteer.locate(postal_code="22100", city="Mariehamn", country="FI")
    assert found is not None
    assert found.country == "FI"


def test_region_tells_towns_of_one_name_apart(gazetteer: Gazetteer) -> None:
    illinois = gazetteer.locate(city="Springfield", region="IL", country="US")
    oregon = gazetteer.locate(city="Springfield", region="Oregon", country="US")
    assert illinois is not None
    assert great_circle(illinois.lat, illinois.lon, 39.80, -89.64) < 10
    assert oregon is not None
    assert great_circle(oregon.lat, oregon.lon, 44.05, -123.02) < 10


@pytest.mark.parametrize("row", [
    {},
    {"country": "GB"},
    {"postal_code": "75001"},
    {"city": "Xyzzyville", "country": "GB"},
    {"city": "Västerbotten", "country": "SE"},
    {"postal_code": "@@@", "city": "🙂", "country": "Atlantis"},
])  # fmt: skip
def test_nothing_certain_enough(gazetteer: Gazetteer, row: dict[str, str]) -> None:
    assert gazetteer.locate(**row) is None


def test_town_and_code_without_a_country_must_agree(gazetteer: Gazetteer) -> None:
    found = gazetteer.locate(postal_code="SW1A 1AA", city="London")
    assert found is not None
    assert found.country == "GB"
