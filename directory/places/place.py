"""Place: a named point, the answer to "where?"."""

from dataclasses import dataclass
from typing import Literal

from directory.places import countries

Kind = Literal["town", "postal_code", "coordinates", "region", "country"]
Precision = Literal["postal_code", "outcode", "town", "area", "point"]


@dataclass(frozen=True, slots=True)
class Place:
    """One reading of what was typed. Degrees WGS84; `radius_km` is a search radius that suits the kind of place.

    An area (region or country) has `area=True`: its point is a centre of its towns, `radius_km` is capped at
    100 and `cover_km` is the distance from the centre within which 95 % of its towns lie. `matched` is another name
    of it, without accents, under which it was suggested.
    """

    name: str
    region: str
    country: str
    lat: float
    lon: float
    kind: Kind
    population: int | None
    radius_km: float
    area: bool = False
    cover_km: float = 0.0
    county: str = ""
    precision: Precision = "town"
    matched: str = ""

    @property
    def label(self) -> str:
        """Name, region and country in English, each once: "Leeds, England, United Kingdom"."""
        parts = [self.name]
        for part in (self.county, self.region, countries.name(self.country)):
            if part and part not in parts:
                parts.append(part)
        return ", ".join(parts)

    @property
    def approximate(self) -> str:
        """The part of the postal code that was really found ("SW1A"), or "" when the point is as exact as asked."""
        return self.name.split(" ")[0] if self.precision == "outcode" else ""


def town_radius(population: int) -> float:
    """Kilometres that a person of such a town would travel as a matter of course."""
    if population >= 2_000_000:
        return 40.0
    return 30.0 if population >= 500_000 else 25.0
