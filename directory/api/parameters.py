"""The parameters of the API: their names, what they mean, and the values they take."""

from dataclasses import dataclass
from typing import Any

from directory.search.forms import (
    LARGEST_PAGE,
    LAST_PAGE,
    LONGEST_CURSOR,
    LONGEST_PLACE,
    LONGEST_WORDS,
    PAGE_SIZE,
)
from directory.search.ranking import SORTS
from directory.vocabulary import GENDERS, GOALS


@dataclass(frozen=True, slots=True)
class Parameter:
    """One parameter of a query string; `schema` is JSON Schema."""

    name: str
    about: str
    schema: dict[str, Any]
    required: bool = False

    def described(self) -> dict[str, Any]:
        """As OpenAPI writes it."""
        found = {"name": self.name, "in": "query", "description": self.about, "schema": self.schema}
        return {**found, "required": True} if self.required else found


def _text(longest: int, **more: Any) -> dict[str, Any]:
    return {"type": "string", "maxLength": longest, **more}


def _key(keys: Any) -> dict[str, Any]:
    return {"type": "string", "enum": list(keys)}


def _number(low: float, high: float) -> dict[str, Any]:
    return {"type": "number", "minimum": low, "maximum": high}


def _whole(high: int, usual: int) -> dict[str, Any]:
    return {"type": "integer", "minimum": 1, "maximum": high, "default": usual}


CLINIC_PARAMETERS = (
    Parameter("near", 'A town, postal code, region, country, or "lat,lon".', _text(LONGEST_PLACE)),
    Parameter("lat", "Degrees north; with `lon`, instead of `near`.", _number(-90, 90)),
    Parameter("lon", "Degrees east.", _number(-180, 180)),
    Parameter(
        "radius",
        "In `unit`; from 0.1 to 100 km. Without it, what suits the place.",
        {"type": "number", "exclusiveMinimum": 0},
    ),
    Parameter("unit", "Without it, as the country counts.", _key(("km", "mi"))),
    Parameter("q", "Words in the name of the clinic or of somebody who works there.", _text(LONGEST_WORDS)),
    Parameter(
        "goal",
        "What the clinic must offer; give it several times for several.",
        {"type": "array", "items": _key(GOALS), "maxItems": len(GOALS)},
    ),
    Parameter(
        "price_max",
        "Something costs at most this, in whole units of `currency` as typed (2000, not pence).",
        {"type": "number", "minimum": 0, "maximum": 1_000_000_000},
    ),
    Parameter(
        "currency",
        "ISO 4217. Prices in other currencies are left out, never converted.",
        _text(3, pattern="^[A-Za-z]{3}$"),
    ),
    Parameter("language", "A language spoken there, such as `pl`.", _text(20)),
    Parameter("gender", "Of somebody who works there.", _key(GENDERS)),
    Parameter("open_now", "1: only clinics open at this minute.", _key(("0", "1"))),
    Parameter("min_score", "The least score, 1 to 5; clinics without a score are left out.", _number(1, 5)),
    Parameter(
        "stage",
        "`healed`: only clinics with a counted review of a healed result; what a clinic shows itself does not count.",
        _key(("healed",)),
    ),
    Parameter("credential", "The least strength of a permission held there now, 1 to 4.", _key(("1", "2", "3", "4"))),
    Parameter("requirement", "`met`: only clinics that show all that the law is known to ask there.", _key(("met",))),
    Parameter("consultation", "`video`: only clinics that say they hold consultations by video.", _key(("video",))),
    Parameter("sort", "`distance` needs a place.", _key(SORTS)),
    Parameter("page", "Instead of `cursor`.", _whole(LAST_PAGE, 1)),
    Parameter("per_page", "Results a page.", _whole(LARGEST_PAGE, PAGE_SIZE)),
    Parameter("cursor", "`next` of the page before.", _text(LONGEST_CURSOR)),
)
REVIEW_PARAMETERS = (
    Parameter("per_page", "Reviews a page.", _whole(50, 20)),
    Parameter("cursor", "`next` of the page before.", _text(22)),
)
PLACE_PARAMETERS = (
    Parameter("q", "What somebody typed.", _text(LONGEST_PLACE, minLength=1), required=True),
    Parameter("country", "ISO 3166-1 alpha-2: places there come first.", _text(2, pattern="^[A-Za-z]{2}$")),
)


def slug_parameter() -> dict[str, Any]:
    """The last part of an address on this site."""
    schema = _text(120, pattern="^[a-z0-9][a-z0-9-]*$")
    return {"name": "slug", "in": "path", "required": True, "schema": schema}


def unknown_names(given: Any, known: tuple[Parameter, ...]) -> dict[str, str]:
    """A message for each parameter name the API does not have; a misspelt filter must not pass for no filter."""
    names = {parameter.name for parameter in known}
    return {name[:60]: "There is no parameter of this name." for name in given if name not in names}
