"""What a row changes in the listing it came from: only facts that are still as the file once gave them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from directory.clinics.importing.rows import Facts
from directory.clinics.models import PUBLISHED
from directory.words import name_key

# Columns that only make sense together change together.
GROUPS = (
    ("name",),
    ("address",),
    ("address2",),
    ("city",),
    ("region",),
    ("postal_code",),
    ("country",),
    ("lat", "lon", "point_precision", "timezone"),
    ("phone",),
    ("email",),
    ("website", "website_host"),
    ("opening_hours",),
    ("goals",),
    ("languages",),
    ("price_min", "price_max", "currency"),
    ("description",),
)
FACTS = tuple(column for group in GROUPS for column in group)
_OF_THE_HOUSE = {"address", "address2", "lat"}  # first columns of the groups a home studio keeps to itself
_SHOWN = {"lat": "coordinates", "postal_code": "postal code", "price_min": "prices", "opening_hours": "opening hours"}


@dataclass
class Change:
    """New values by column of Clinic, and what is to be said about them."""

    values: dict[str, Any] = field(default_factory=dict)
    reasons: list[str] = field(default_factory=list)
    row_differs: bool = False


def change_of(facts: Facts, before: Facts, clinic: Mapping[str, Any]) -> Change:
    """Compare a row's facts with those it gave before and with what stands in the listing now."""
    change = Change()
    closed = _why_closed(clinic)
    moved: list[str] = []
    for group in GROUPS:
        new, old, present = (_values(group, side) for side in (facts, before, clinic))
        if new == old or _same_point(group, new, old):
            continue
        change.row_differs = True
        if new == present or _same_point(group, new, present):
            continue
        shown = _SHOWN.get(group[0], group[0])
        if closed:
            moved.append(shown)
        elif clinic["is_home"] and group[0] in _OF_THE_HOUSE:
            change.reasons.append(f"{shown} of a home studio is kept")
        elif present != old:
            change.reasons.append(f"{shown} was changed on this site and is kept")
        else:
            change.values.update({column: facts.get(column, blank(column)) for column in group})
            change.reasons.append(f"{shown} changed")
    if moved:
        change.reasons.append(f"{closed}, so not taken from the file: {', '.join(moved)}")
    elif closed and clinic["status"] != PUBLISHED:
        change.reasons.append(closed)
    _add_keys(change.values)
    return change


def _why_closed(clinic: Mapping[str, Any]) -> str:
    """Why the file may not change this listing, "" when it may."""
    if clinic["status"] != PUBLISHED:
        return f"the listing is {clinic['status']}"
    return "the clinic keeps its own listing" if clinic["claimed_at"] else ""


def _values(group: tuple[str, ...], side: Mapping[str, Any]) -> tuple[Any, ...]:
    return tuple(side.get(column) or None for column in group)


def _same_point(group: tuple[str, ...], new: tuple[Any, ...], old: tuple[Any, ...]) -> bool:
    """A point we worked out ourselves and exported comes back as a given one: that is no news."""
    return group[0] == "lat" and old[2] not in {None, "given"} and new[:2] == old[:2]


def blank(column: str) -> Any:
    """What stands in a column of Clinic when the fact is not known."""
    if column in {"goals", "languages"}:
        return []
    return None if column in {"price_min", "price_max", "currency"} else ""


def _add_keys(values: dict[str, Any]) -> None:
    if "name" in values:
        values["name_key"] = name_key(values["name"])[:200]
    if "city" in values:
        values["city_key"] = name_key(values["city"])[:120]
