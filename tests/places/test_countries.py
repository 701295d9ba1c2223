"""Countries as files and people write them."""

import pytest

from directory.places import countries
from directory.places.zones import zone_at


@pytest.mark.parametrize(("text", "code"), [
    ("GB", "GB"), ("uk", "GB"), ("U.K.", "GB"), ("England", "GB"), ("Scotland", "GB"), ("GBR", "GB"),
    ("United States of America", "US"), ("U.S.A.", "US"), ("usa", "US"), ("America", "US"),
    ("Deutschland", "DE"), ("Allemagne", "DE"), ("Alemania", "DE"), ("Niemcy", "DE"), ("ドイツ", "DE"),
    ("España", "ES"), ("ESPANA", "ES"), ("Österreich", "AT"), ("The Netherlands", "NL"), ("Holland", "NL"),
    ("EL", "GR"), ("Ελλάδα", "GR"), ("Россия", "RU"), ("日本", "JP"), ("Türkiye", "TR"), ("Turkey", "TR"),
    ("Czech Republic", "CZ"), ("Czechia", "CZ"), ("Éire", "IE"), ("Hong Kong", "HK"),
    ("", None), ("Atlantis", None), ("ZZ", None), ("🙂", None),
])  # fmt: skip
def test_code_of(text: str, code: str | None) -> None:
    assert countries.code_of(text) == code


def test_names_and_facts() -> None:
    assert countries.name("DE") == "Germany"
    assert countries.name("DE", "de") == "Deutschland"
    assert countries.name("DE", "xx") == "Germany"
    assert countries.name("QQ") == "QQ"
    assert (countries.currency("gb"), countries.calling_code("GB"), countries.iso3("GB")) == ("GBP", "44", "GBR")
    assert (countries.currency("QQ"), countries.calling_code("QQ"), countries.iso3("QQ")) == ("", "", "")
    assert (countries.phone_region("fr"), countries.phone_region("QQ"), countries.phone_region("")) == (
        "FR",
        None,
        None,
    )


def test_shape_of_postal_codes() -> None:
    assert countries.postal_code_fits("GB", "sw1a 1aa")
    assert not countries.postal_code_fits("GB", "75001")
    assert countries.postal_code_fits("FR", "75001")
    assert countries.postal_code_fits("IE", "anything") or countries.table()["IE"].postal_pattern
    assert countries.postal_code_fits("QQ", "anything")


@pytest.mark.parametrize(("lat", "lon", "zone"), [
    (53.8, -1.55, "Europe/London"), (52.5, 13.4, "Europe/Berlin"), (40.7, -74.0, "America/New_York"),
    (-33.9, 151.2, "Australia/Sydney"), (-16.8, 179.99, "Pacific/Fiji"),
])  # fmt: skip
def test_zone_at(lat: float, lon: float, zone: str) -> None:
    assert zone_at(lat, lon) == zone


@pytest.mark.parametrize(("lat", "lon"), [(0, 0), (90, 0), (-90, 0), (0, 180), (0, -180), (51, -180)])
def test_every_point_has_a_zone(lat: float, lon: float) -> None:
    assert zone_at(lat, lon)
