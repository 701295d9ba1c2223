"""Cells of an imported row: phones, prices, points and lists as people write them."""

from decimal import Decimal
from pathlib import Path

import pytest

from directory.clinics.importing.contacts import read_email, read_phone, read_website
from directory.clinics.importing.money import currency_of, major_units, minor_units, read_range
from directory.clinics.importing.points import Placing, read_degrees, read_pair
from directory.clinics.importing.rows import Checked, Picked, RowCheck
from directory.clinics.importing.vocabularies import goal_of, language_of
from directory.places.gazetteer import Gazetteer


@pytest.fixture(scope="module")
def gazetteer(template_data: Path) -> Gazetteer:
    return Gazetteer.open(template_data)


@pytest.fixture(scope="module")
def check(gazetteer: Gazetteer):
    """Check one row given as cells by column; the default country is Britain."""
    checker = RowCheck(Placing(gazetteer), "GB")

    def one(**texts: str) -> Checked:
        texts = {"name": "A", **texts}
        return checker.check(Picked(2, texts, "x", "", True))

    return one


@pytest.mark.parametrize(
    ("text", "country", "number"),
    [
        ("0115 966 1500", "GB", "+441159661500"),
        ("+44 (0)115 966 1500", "US", "+441159661500"),
        ("0044 115 966 1500", "GB", "+441159661500"),
        ("02682 601 0", "AT", "+4326826010"),
        ("064 66 31076, 064 66 31018", "IE", "+353646631076"),
        ("(212) 736-5000", "US", "+12127365000"),
        ("12", "GB", None),
        ("call us", "GB", None),
        ("0000 000000", "GB", None),
    ],
)
def test_phones_are_read_as_dialled_in_the_country(text: str, country: str, number: str | None) -> None:
    assert read_phone(text, country) == number


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("Hello@Example.ORG", "Hello@example.org"),
        ("mailto:a@b.co", "a@b.co"),
        ("a@b", None),
        ("a@@b.co", None),
        ("a b@c.co", None),
        (".a@b.co", None),
        ("a@b.co\nBcc: x@y.co", None),
    ],
)
def test_mail_addresses(text: str, address: str | None) -> None:
    assert read_email(text) == address


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("www.noor.example.org", ("https://www.noor.example.org", "noor.example.org")),
        ("HTTP://Noor.Example.ORG/a?b=c", ("http://noor.example.org/a?b=c", "noor.example.org")),
        ("https://münchen.example", ("https://xn--mnchen-3ya.example", "xn--mnchen-3ya.example")),
        ("javascript:alert(1)", None),
        ("data:text/html,x", None),
        ("ftp://a.example.org", None),
        ("https://user:pass@a.example.org", None),
        ("https://192.0.2.1/", None),
        ("http//www.a.at", None),
        ("http://a b.at", None),
        ('https://a.example.org/"><script>', None),
        ("none", None),
    ],
)
def test_web_addresses(text: str, found: tuple[str, str] | None) -> None:
    assert read_website(text) == found


@pytest.mark.parametrize(
    ("text", "country", "amounts", "currency"),
    [
        ("1250", "GB", ["1250"], None),
        ("1,250", "GB", ["1250"], None),
        ("1.250,00", "DE", ["1250.00"], None),
        ("1,250.50", "GB", ["1250.50"], None),
        ("12,50", "DE", ["12.50"], None),
        ("£1,250", "GB", ["1250"], "GBP"),
        ("$900", "CA", ["900"], "CAD"),
        ("US$ 900", "CA", ["900"], "USD"),
        ("900 €", "DE", ["900"], "EUR"),
        ("EUR 1 250", "FR", ["1250"], "EUR"),
        ("1'250 CHF", "CH", ["1250"], "CHF"),
        ("12 000 kr", "SE", ["12000"], "SEK"),
        ("1200-2400", "GB", ["1200", "2400"], None),
        ("from £1200 to £2400", "GB", ["1200", "2400"], "GBP"),
        ("1.250", "KW", ["1.250"], None),
        ("1.250.000", "ID", ["1250000"], None),
    ],
)
def test_prices(text: str, country: str, amounts: list[str], currency: str | None) -> None:
    assert read_range(text, country, "") == ([Decimal(amount) for amount in amounts], currency)


@pytest.mark.parametrize("text", ["ask", "-5", "1 / 2 / 3", ""])
def test_no_prices(text: str) -> None:
    with pytest.raises(ValueError, match="price"):
        read_range(text, "GB", "")


def test_minor_units_follow_the_currency() -> None:
    assert minor_units(Decimal("1250.5"), "GBP") == 125050
    assert minor_units(Decimal("1250"), "JPY") == 1250
    assert minor_units(Decimal("1.25"), "KWD") == 1250
    assert [major_units(125050, "GBP"), major_units(125000, "GBP"), major_units(1250, "JPY")] == [
        "1250.50",
        "1250",
        "1250",
    ]
    with pytest.raises(ValueError, match="no such small unit"):
        minor_units(Decimal("0.5"), "JPY")
    with pytest.raises(ValueError, match="too large"):
        minor_units(Decimal(10**9), "GBP")
    assert (currency_of("$", "AU"), currency_of("$", "GB"), currency_of("xx", "GB")) == ("AUD", "USD", None)


def test_a_price_without_currency_is_in_the_countrys_and_said_so(check) -> None:
    found = check(postal_code="LS1 4AP", price_min="1200", price_max="900")
    assert (found.facts["price_min"], found.facts["price_max"], found.facts["currency"]) == (90000, 120000, "GBP")
    assert found.remarks == ["no currency is given: prices are taken as GBP"]
    two = check(postal_code="LS1 4AP", price_min="£1200", currency="EUR")
    assert "price_min" not in two.facts
    assert two.remarks == ["price '£1200' left out: GBP and EUR are both named"]


@pytest.mark.parametrize(
    ("text", "degrees"),
    [
        ("53.8", 53.8),
        ("53,8", 53.8),
        ("-1.55", -1.55),
        ("−1.55", -1.55),
        ("-3.79E-03", -0.00379),
        ("53°48'N", 53.8),
        ("1°33'00\"W", -1.55),
        ("33.8 S", -33.8),
        ("", None),
        ("north", None),
        ("5.1.2", None),
        ("nan", None),
    ],
)
def test_degrees(text: str, degrees: float | None) -> None:
    found = read_degrees(text)
    assert found == (degrees if degrees is None else pytest.approx(degrees))


def test_points_in_one_cell() -> None:
    assert read_pair("53.8,-1.55") == ("53.8", "-1.55")
    assert read_pair("POINT(-1.55 53.8)") == ("53.8", "-1.55")
    assert read_pair("Leeds") is None


LEEDS = {"postal_code": "LS1 4AP", "city": "Leeds"}


@pytest.mark.parametrize(
    ("texts", "point", "precision", "remark"),
    [
        # The address alone: as exact as the gazetteer knows it.
        ({**LEEDS}, (53.8, -1.55), "outcode", ""),
        ({"city": "Leeds"}, (53.8, -1.55), "town", ""),
        ({"postal_code": "10115", "country": "DE"}, (52.53, 13.38), "postal_code", ""),
        # Coordinates that agree.
        ({**LEEDS, "lat": "53.7986", "lon": "-1.5471"}, (53.7986, -1.5471), "given", ""),
        ({**LEEDS, "lat": "53,7986", "lon": "-1,5471"}, (53.7986, -1.5471), "given", ""),
        # Slips that the postal code confirms.
        ({**LEEDS, "lat": "-1.5471", "lon": "53.7986"}, (53.7986, -1.5471), "given", "looked swapped"),
        ({**LEEDS, "lat": "53.7986", "lon": "1.5471"}, (53.7986, -1.5471), "given", "looked to lack a minus sign"),
        # No point at all.
        ({**LEEDS, "lat": "0", "lon": "0"}, (53.8, -1.55), "outcode", "0, 0 are no address"),
        ({**LEEDS, "lat": "953", "lon": "-1000"}, (53.8, -1.55), "outcode", "are not on Earth"),
        ({**LEEDS, "lat": "x", "lon": "y"}, (53.8, -1.55), "outcode", "are no numbers"),
        ({**LEEDS, "lat": "53.8"}, (53.8, -1.55), "outcode", "only one of lat and lon"),
        # Far away: postal code and town together outvote the coordinates; one alone does not.
        ({**LEEDS, "lat": "51.5074", "lon": "-0.1278"}, (53.8, -1.55), "outcode", "km from postal code LS1 4AP"),
        (
            {"postal_code": "LS1 4AP", "lat": "51.5074", "lon": "-0.1278"},
            (51.5074, -0.1278),
            "given",
            "km from postal code",
        ),
        (
            {"postal_code": "LS1 4AP", "city": "London", "lat": "51.5074", "lon": "-0.1278"},
            (51.5074, -0.1278),
            "given",
            "km from postal code LS1 4AP",
        ),
    ],
)
def test_points(check, texts: dict[str, str], point: tuple[float, float], precision: str, remark: str) -> None:
    found = check(**texts)
    assert not found.refused
    assert (found.facts["lat"], found.facts["lon"]) == pytest.approx(point, abs=0.05)
    assert found.facts["point_precision"] == precision
    assert remark in " ".join(found.remarks)
    assert bool(remark) == bool(found.remarks)


@pytest.mark.parametrize(
    ("texts", "reason"),
    [
        ({}, "cannot be placed: no coordinates, no postal code and no town"),
        (
            {"postal_code": "QQ99 9ZZ", "city": "Nowhereville-on-Nothing"},
            "cannot be placed: postal code 'QQ99 9ZZ' and",
        ),
        ({"lat": "-1.5471", "lon": "53.7986"}, "look swapped, and no postal code confirms it"),
        ({"city": "Leeds", "lat": "-1.5471", "lon": "53.7986"}, "look swapped, and no postal code confirms it"),
        ({"name": "", "city": "Leeds"}, "the name is empty"),
        ({"city": "Leeds", "country": "Atlantis"}, "country 'Atlantis' is not known"),
    ],
)
def test_rows_that_cannot_be_listed(check, texts: dict[str, str], reason: str) -> None:
    assert reason in check(**texts).refused


def test_what_is_left_out_is_said_with_the_text_as_it_stood(check) -> None:
    found = check(
        **LEEDS,
        phone="12",
        email="a@",
        website="javascript:x",
        opening_hours="whenever",
        goals="hairline;moustache",
        languages="English;Klingonish",
    )
    assert not found.refused
    assert found.remarks == [
        "phone '12' not understood: left out",
        "e-mail 'a@' not understood: left out",
        "website 'javascript:x' is no http address: left out",
        "goal 'moustache' is not known: left out",
        "language 'Klingonish' is not known: left out",
        "opening hours 'whenever' not understood: left out",
    ]
    assert found.facts["goals"] == ["hairline"]
    assert "phone" not in found.facts


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("scar-fut", "scar-fut"),
        ("FUT scar", "scar-fut"),
        ("scar fut", "scar-fut"),
        ("Hairline", "hairline"),
        ("After a transplant", "post-transplant"),
        ("Women's part line", "women-part-line"),
        ("Full scalp", "shaved-look"),
        ("moustache", None),
    ],
)
def test_goals_in_words(text: str, key: str | None) -> None:
    assert goal_of(text) == key


@pytest.mark.parametrize(
    ("text", "tag"),
    [
        ("en", "en"),
        ("GER", "de"),
        ("Deutsch", "de"),
        ("français", "fr"),
        ("pt-BR", "pt-BR"),
        ("Mandarin", "zh"),
        ("polski", "pl"),
        ("العربية", "ar"),
        ("Elvish!", None),
    ],
)
def test_languages_by_code_and_name(text: str, tag: str | None) -> None:
    assert language_of(text) == tag
