"""The sections of a clinic's profile: which values each holds, read from the listing and put back into it.

Values are what JSON can carry, so that a revision keeps them as they were. A value that is not stated is "", None or
an empty list; answers of `clinics.asked` that are not given are None.
"""

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _l

from directory.clinics.answers import CURRENCY
from directory.clinics.facts import asked_in
from directory.clinics.importing.contacts import read_website
from directory.clinics.models import Clinic, Service
from directory.words import name_key

SECTIONS = {
    "identity": _l("Name and contact"),
    "address": _l("Address"),
    "treatments": _l("Treatments"),
    "prices": _l("Prices"),
    "hours": _l("Opening hours"),
    "languages": _l("Languages"),
    "policies": _l("Policies"),
    "materials": _l("Pigments and needles"),
}
_COLUMNS: dict[str, tuple[str, ...]] = {
    "identity": ("name", "description", "description_lang", "phone", "email", "website"),
    "address": ("address", "address2", "city", "region", "postal_code", "country", "is_home", "lat", "lon",
                "point_precision", "timezone"),
    "treatments": ("goals",),
    "prices": (),
    "hours": ("opening_hours",),
    "languages": ("languages",),
    "policies": (),
    "materials": (),
}  # fmt: skip
_OF_A_SERVICE = ("goal", "title", "price_min", "price_max", "currency", "sessions_min", "sessions_max", "included")
# What makes it another clinic in a reader's eyes; only an owner changes it, and it is looked at anew.
_MATERIAL = {
    "identity": {"name"},
    "address": set(_COLUMNS["address"]),
}

Values = dict[str, Any]


def material(section: str) -> set[str]:
    """The values of a section that only an owner may change."""
    return _MATERIAL.get(section, set())


def values_of(clinic: Clinic, section: str) -> Values:
    """What stands in the listing now."""
    values: Values = {column: getattr(clinic, column) for column in _COLUMNS[section]}
    for column, value in values.items():
        if isinstance(value, list):
            values[column] = list(value)
    if section == "prices":
        values["services"] = [{name: getattr(one, name) for name in _OF_A_SERVICE} for one in clinic.services]
        values[CURRENCY] = clinic.facts.get(CURRENCY)
    return values | {fact.key: clinic.facts.get(fact.key) for fact in asked_in(section)}


def put(clinic: Clinic, section: str, values: Mapping[str, Any]) -> None:
    """Write a section's values into the listing; a value that is left out stays. Refuses mixed currencies."""
    present = values_of(clinic, section)
    wanted = {key: values.get(key, value) for key, value in present.items()}
    changed = {key: value for key, value in wanted.items() if value != present[key]}
    if section == "address" and changed:
        _put_address(clinic, wanted)
    elif "name" in changed:
        clinic.rename(changed["name"])
    for column in _COLUMNS[section]:
        if column in changed and column != "name" and section != "address":
            setattr(clinic, column, changed[column])
    if "website" in changed:
        found = read_website(changed["website"]) if changed["website"] else None
        clinic.website, clinic.website_host = found or ("", "")
    if "services" in changed:
        lines = [Service(position=place, **line) for place, line in enumerate(changed["services"])]
        clinic.put_prices(lines)
    told = {fact.key for fact in asked_in(section)} | ({CURRENCY} if section == "prices" else set())
    if told & changed.keys():
        kept = {**clinic.facts, **{key: changed[key] for key in told & changed.keys()}}
        clinic.facts = {key: value for key, value in kept.items() if value not in (None, "", [])}


def _put_address(clinic: Clinic, wanted: Values) -> None:
    """The point comes last: a home studio's is snapped, and the exact one is not kept."""
    for column in ("address", "address2", "city", "region", "postal_code", "country", "is_home", "timezone"):
        setattr(clinic, column, wanted[column])
    clinic.city_key = name_key(clinic.city)[:120]
    clinic.move_point(wanted["lat"], wanted["lon"], precision=wanted["point_precision"])
