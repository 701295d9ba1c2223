"""Where a row's clinic is: its coordinates, judged by its postal code and town, or the place these name."""

import math
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Protocol

from babel.core import get_global

from directory.places import countries
from directory.places.distance import great_circle
from directory.places.zones import zone_at

# Kilometres within which a point and the middle of what the address names can both be right.
TOLERANCE_KM = {"postal_code": 25.0, "outcode": 25.0, "town": 50.0}
# The first part of a postal code can stand for a county (Ireland): believed so far when the town agrees.
WIDE_OUTCODE_KM = 60.0
_DMS = re.compile(
    r"""([NSEW])?\s*([-−+]?\d{1,9}(?:[.,]\d+)?)\s*[°º]?\s*(?:(\d{1,2}(?:[.,]\d+)?)\s*['′’])?\s*
        (?:(\d{1,2}(?:[.,]\d+)?)\s*(?:"|″|”|''))?\s*([NSEW])?""",
    re.VERBOSE | re.IGNORECASE,
)
_SCIENTIFIC = re.compile(r"[-+]?\d{1,20}(?:[.,]\d{1,20})?[eE][-+]?\d{1,2}")
_PAIR = re.compile(r"([-+]?\d{1,3}(?:\.\d+)?)\s*[,;\s]\s*([-+]?\d{1,3}(?:\.\d+)?)")
_WKT = re.compile(r"POINT\s*\(\s*([-+]?\d+(?:\.\d+)?)\s+([-+]?\d+(?:\.\d+)?)\s*\)", re.IGNORECASE)


class Located(Protocol):
    """What the gazetteer answers: a point in degrees and how exact it is ("postal_code", "outcode", "town")."""

    @property
    def lat(self) -> float: ...
    @property
    def lon(self) -> float: ...
    @property
    def precision(self) -> str: ...


class Locator(Protocol):
    """The part of the gazetteer that import needs."""

    def locate(self, *, postal_code: str, city: str, region: str, country: str) -> Located | None: ...


@dataclass
class Placed:
    """A point in degrees, how it was found, and what is to be said of it; `refused` when there is none."""

    lat: float = 0.0
    lon: float = 0.0
    precision: str = "given"
    remarks: list[str] = field(default_factory=list)
    refused: str = ""


def read_degrees(text: str) -> float | None:
    """Degrees from "53.8", "53,8", "-3.79E-03", "53°48'N"; None when it is no such number."""
    if _SCIENTIFIC.fullmatch(text.strip()):
        return float(text.replace(",", "."))
    found = _DMS.fullmatch(text.strip())
    if not found:
        return None
    before, degrees, minutes, seconds, after = found.groups()
    whole = float(degrees.replace("−", "-").replace(",", "."))
    size = abs(whole) + _part(minutes) / 60 + _part(seconds) / 3600
    letter = (before or after or "").upper()
    negative = degrees[0] in "-−" or letter in {"S", "W"}
    return -size if negative else size


def _part(text: str | None) -> float:
    return float(text.replace(",", ".")) if text else 0.0


def read_pair(text: str) -> tuple[str, str] | None:
    """(lat, lon) texts out of one cell: "53.8,-1.55" or WKT's POINT(-1.55 53.8)."""
    if wkt := _WKT.search(text):
        return wkt[2], wkt[1]
    pair = _PAIR.fullmatch(text.strip(" ()[]"))
    return (pair[1], pair[2]) if pair else None


@lru_cache(maxsize=4096)
def country_of_zone(zone: str) -> str:
    """ISO alpha-2 code of the country an IANA zone belongs to, "" for the open sea."""
    return str(get_global("zone_territories").get(zone, ""))


def country_at(lat: float, lon: float) -> str:
    """ISO alpha-2 code of the country that holds a point, by its time zone; "" when not known."""
    return country_of_zone(zone_at(lat, lon))


def same_land(one: str, other: str) -> bool:
    """Whether two codes may stand for one address: equal, unknown, or a territory and its country (RE, FR)."""
    return (
        not one
        or not other
        or one == other
        or other in countries.TERRITORIES.get(one, ())
        or one in countries.TERRITORIES.get(other, ())
    )


class Placing:
    """Puts rows on the map with one gazetteer, remembering what it looked up."""

    def __init__(self, gazetteer: Locator) -> None:
        self._locate = lru_cache(maxsize=50_000)(_asking(gazetteer))

    def place(self, row: dict[str, str], country: str) -> Placed:
        """The point of a row. `row` holds the texts lat, lon, postal_code, city, region that it has."""
        remarks: list[str] = []
        given = self._given(row, remarks)
        if given is None:
            return self._from_address(row, country, remarks)
        lat, lon = given
        on_earth = math.isfinite(lat) and math.isfinite(lon) and abs(lat) <= 90 and abs(lon) <= 180
        postal = self._locate(row.get("postal_code", ""), "", "", country)
        if on_earth and postal and _near(lat, lon, postal):
            return Placed(lat, lon, "given", remarks)
        town = self._locate("", row.get("city", ""), row.get("region", ""), country)
        if on_earth and town and _near(lat, lon, town):
            return self._outside_postal(given, postal, row, remarks)
        if on_earth and not postal and not town and same_land(country, country_at(lat, lon)):
            return Placed(lat, lon, "given", remarks)
        return self._mended(given, postal, town, row, country, remarks)

    def _given(self, row: dict[str, str], remarks: list[str]) -> tuple[float, float] | None:
        texts = row.get("lat", ""), row.get("lon", "")
        if not all(texts) and row.get("point"):
            texts = read_pair(row["point"]) or ("", "")
            if not all(texts):
                remarks.append(f"point {row['point'][:40]!r} was not understood")
        if not any(texts):
            return None
        if not all(texts):
            remarks.append("only one of lat and lon is given: left out")
            return None
        lat, lon = read_degrees(texts[0]), read_degrees(texts[1])
        if lat is None or lon is None:
            remarks.append(f"coordinates {texts[0][:20]!r}, {texts[1][:20]!r} are no numbers: left out")
            return None
        if abs(lat) < 1e-6 and abs(lon) < 1e-6:
            remarks.append("coordinates 0, 0 are no address: left out")
            return None
        return lat, lon

    def _from_address(self, row: dict[str, str], country: str, remarks: list[str]) -> Placed:
        found = self._locate(row.get("postal_code", ""), row.get("city", ""), row.get("region", ""), country)
        if found:
            return Placed(found.lat, found.lon, found.precision, remarks)
        named = [
            f"{what} {row[key][:40]!r}"
            for what, key in (("postal code", "postal_code"), ("town", "city"))
            if row.get(key)
        ]
        if named:
            return Placed(refused=f"cannot be placed: {' and '.join(named)} not found in {country}", remarks=remarks)
        return Placed(refused="cannot be placed: no coordinates, no postal code and no town", remarks=remarks)

    def _outside_postal(
        self, given: tuple[float, float], postal: Located | None, row: dict[str, str], remarks: list[str]
    ) -> Placed:
        """The given point agrees with the town; say so where the postal code does not."""
        wide = WIDE_OUTCODE_KM if postal and postal.precision == "outcode" else 0.0
        if postal and not _near(*given, postal, wide):
            remarks.append(_far(*given, postal, f"postal code {row['postal_code'][:20]}"))
        return Placed(*given, "given", remarks)

    def _mended(
        self,
        given: tuple[float, float],
        postal: Located | None,
        town: Located | None,
        row: dict[str, str],
        country: str,
        remarks: list[str],
    ) -> Placed:
        """The given point agrees with nothing: look for the slip that explains it."""
        lat, lon = given
        for slip, point in _slips(lat, lon):
            if postal and _near(*point, postal):
                remarks.append(
                    f"coordinates looked {slip}: read as {point[0]:g}, {point[1]:g}, "
                    f"which postal code {row['postal_code'][:20]} confirms"
                )
                return Placed(*point, "given", remarks)
        for slip, point in _slips(lat, lon):
            fits = _near(*point, town) if town else country_at(*point) == country
            if fits and (town or not same_land(country, country_at(lat, lon))):
                return Placed(
                    refused=f"coordinates {lat:g}, {lon:g} look {slip}, and no postal code confirms it", remarks=remarks
                )
        if not (math.isfinite(lat) and math.isfinite(lon) and abs(lat) <= 90 and abs(lon) <= 180):
            remarks.append(f"coordinates {lat:g}, {lon:g} are not on Earth: left out")
            return self._from_address(row, country, remarks)
        return self._outvoted(given, postal, town, row, country, remarks)

    def _outvoted(
        self,
        given: tuple[float, float],
        postal: Located | None,
        town: Located | None,
        row: dict[str, str],
        country: str,
        remarks: list[str],
    ) -> Placed:
        """No slip explains it: where postal code and town agree with each other, their point is taken."""
        lat, lon = given
        if postal:
            remarks.append(_far(lat, lon, postal, f"postal code {row['postal_code'][:20]}"))
        elif town:
            remarks.append(_far(lat, lon, town, f"town {row['city'][:40]}"))
        if not same_land(country, land := country_at(lat, lon)):
            remarks.append(f"coordinates lie in {countries.name(land)}, the row says {countries.name(country)}")
        if postal and town and _near(postal.lat, postal.lon, town):
            remarks.append("the point of the postal code is shown, because the town agrees with it")
            return Placed(postal.lat, postal.lon, postal.precision, remarks)
        return Placed(lat, lon, "given", remarks)


def _asking(gazetteer: Locator) -> Callable[[str, str, str, str], Located | None]:
    def ask(postal_code: str, city: str, region: str, country: str) -> Located | None:
        if not postal_code and not city:
            return None
        return gazetteer.locate(postal_code=postal_code, city=city, region=region, country=country)

    return ask


def _slips(lat: float, lon: float) -> list[tuple[str, tuple[float, float]]]:
    """What a tired hand makes of a point: the two numbers swapped, a minus sign lost or added."""
    found = [
        ("swapped", (lon, lat)),
        ("to lack a minus sign", (lat, -lon)),
        ("to lack a minus sign", (-lat, lon)),
        ("to lack a minus sign", (-lat, -lon)),
        ("swapped and to lack a minus sign", (-lon, lat)),
        ("swapped and to lack a minus sign", (lon, -lat)),
    ]
    return [(slip, point) for slip, point in found if abs(point[0]) <= 90 and abs(point[1]) <= 180]


def _near(lat: float, lon: float, found: Located, at_least: float = 0.0) -> bool:
    tolerance = max(at_least, TOLERANCE_KM.get(found.precision, 50.0))
    return great_circle(lat, lon, found.lat, found.lon) <= tolerance


def _far(lat: float, lon: float, found: Located, what: str) -> str:
    return f"coordinates lie {great_circle(lat, lon, found.lat, found.lon):,.0f} km from {what}"
