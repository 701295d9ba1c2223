"""One row of a file to the facts of one listing: every cell checked, and what was wrong with it in words."""

import hashlib
import json
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from directory.clinics.hours import valid_hours
from directory.clinics.importing.columns import Layout
from directory.clinics.importing.contacts import read_email, read_phone, read_website
from directory.clinics.importing.delimited import MAX_CELL
from directory.clinics.importing.money import currency_of, minor_units, read_range
from directory.clinics.importing.points import Placing, country_at, read_degrees, read_pair
from directory.clinics.importing.vocabularies import goal_of, language_of, read_list
from directory.places import countries
from directory.places.zones import zone_at
from directory.words import name_key, visible

# Raised when a rule below changes, so that rows taken by an older rule are looked at again.
RULES = "1"
NAME_LIMIT = 200
TEXT_LIMITS = {"address": 200, "address2": 200, "city": 120, "region": 120, "postal_code": 16}
DESCRIPTION_LIMIT = 5_000
SOURCE_ID_LIMIT = 200
SOURCE_URL_LIMIT = 500

_FORMULA = re.compile(r"^'+[=+\-@\t\r＝＋－＠]")

Facts = dict[str, Any]
"""Columns of Clinic by name; absent means blank."""


@dataclass(slots=True)
class Picked:
    """A row before its facts are checked: its texts by column, its identity and its digest."""

    line: int
    texts: dict[str, str]
    source_id: str
    digest: str
    has_own_id: bool


@dataclass(slots=True)
class Checked:
    """A row after the checks. `refused` says why it cannot be listed; `remarks` what was left out or looks odd."""

    picked: Picked
    facts: Facts = field(default_factory=dict)
    source_url: str = ""
    remarks: list[str] = field(default_factory=list)
    refused: str = ""


def pick(line: int, cells: Sequence[str], layout: Layout, *, spreadsheet: bool, salt: str) -> Picked:
    """Take the columns of ours out of a row. `salt` is what else decides the facts (the default country).

    Without an id of its own, a row is known by its name, address and postal code.
    """
    texts = layout.pick(cells)
    if spreadsheet:
        texts = {
            column: text[1:] if text[0] == "'" and _FORMULA.match(text) else text for column, text in texts.items()
        }
    digest = hashlib.sha256(json.dumps([RULES, salt, texts], ensure_ascii=False).encode("utf-8", "replace")).hexdigest()
    own = visible(texts.get("source_id", ""), limit=SOURCE_ID_LIMIT + 1)
    if len(own) > SOURCE_ID_LIMIT:
        own = "long-" + hashlib.sha256(own.encode()).hexdigest()[:32]
    return Picked(line, texts, own or _identity(texts), digest, bool(own))


def _identity(texts: dict[str, str]) -> str:
    parts = [name_key(texts.get(column, "")) for column in ("name", "address", "address2")]
    code = "".join(name_key(texts.get("postal_code", "") or texts.get("city", "")).split())
    return "row-" + hashlib.sha256("\n".join([*parts, code]).encode()).hexdigest()[:32]


@lru_cache(maxsize=20_000)
def _hours(text: str) -> str | None:
    return valid_hours(text)


class RowCheck:
    """Turns picked rows into checked ones. `country` is the default for rows that name none (ISO alpha-2 or "")."""

    def __init__(self, placing: Placing, country: str) -> None:
        self._placing = placing
        self._country = country

    def check(self, picked: Picked) -> Checked:
        """All facts of a row. Never raises: a row that cannot be listed says so in `refused`."""
        row = Checked(picked)
        texts = picked.texts
        self._name(row, texts.get("name", ""))
        country = "" if row.refused else self._country_of(row, texts)
        if not country:
            return row
        row.facts["country"] = country
        self._address(row, texts)
        self._point(row, texts, country)
        if row.refused:
            return row
        self._contacts(row, texts, country)
        self._lists(row, texts)
        _prices(row, texts, country)
        if "opening_hours" in texts:
            self._put(row, "opening_hours", texts["opening_hours"], _hours, "opening hours", limit=500)
        return row

    def _name(self, row: Checked, text: str) -> None:
        name = visible(text, limit=NAME_LIMIT + 1)
        if not name:
            row.refused = "the name is empty"
        elif len(name) > NAME_LIMIT:
            row.refused = f"the name is longer than {NAME_LIMIT} letters"
        row.facts["name"] = name

    def _country_of(self, row: Checked, texts: dict[str, str]) -> str:
        text = texts.get("country", "")
        if text:
            code = countries.code_of(text[:80])
            if not code:
                row.refused = f"country {text[:40]!r} is not known"
            return code or ""
        if self._country:
            return self._country
        point = plain_point(texts)
        code = country_at(*point) if point else ""
        if not code:
            row.refused = "the row names no country, and no default country is given"
        return code

    def _address(self, row: Checked, texts: dict[str, str]) -> None:
        for column, limit in TEXT_LIMITS.items():
            if column not in texts:
                continue
            text = visible(texts[column], limit=limit + 1)
            if len(text) > limit:
                row.remarks.append(f"{column} is longer than {limit} letters: cut")
                text = text[:limit].rstrip()
            if text:
                row.facts[column] = text
        if "postal_code" in row.facts:
            row.facts["postal_code"] = row.facts["postal_code"].upper()
        description = texts.get("description", "")
        if description:
            shown = "\n".join(filter(None, (visible(part, limit=MAX_CELL) for part in description.splitlines())))
            if len(shown) > DESCRIPTION_LIMIT:
                row.remarks.append(f"description is longer than {DESCRIPTION_LIMIT:,} letters: cut")
            if shown:
                row.facts["description"] = shown[:DESCRIPTION_LIMIT].rstrip()

    def _point(self, row: Checked, texts: dict[str, str], country: str) -> None:
        where: dict[str, str] = {column: texts[column] for column in ("lat", "lon", "point") if column in texts}
        where.update({column: row.facts[column] for column in ("postal_code", "city", "region") if column in row.facts})
        placed = self._placing.place(where, country)
        row.remarks += placed.remarks
        row.refused = placed.refused
        row.facts.update(
            lat=round(placed.lat, 7),
            lon=round(placed.lon, 7),
            point_precision=placed.precision,
            timezone=zone_at(placed.lat, placed.lon),
        )

    def _put(
        self, row: Checked, column: str, text: str, read: Callable[[str], str | None], what: str, limit: int = MAX_CELL
    ) -> None:
        """Keep what `read` makes of a cell, or leave it out and say so with the text as it stood."""
        found = read(text) if len(text) <= limit else None
        if found:
            row.facts[column] = found
        else:
            row.remarks.append(f"{what} {visible(text, limit=60)!r} not understood: left out")

    def _contacts(self, row: Checked, texts: dict[str, str], country: str) -> None:
        if "phone" in texts:
            self._put(row, "phone", texts["phone"], lambda text: read_phone(text, country), "phone")
        if "email" in texts:
            self._put(row, "email", texts["email"], read_email, "e-mail")
        if "website" in texts:
            found = read_website(texts["website"])
            if found:
                row.facts["website"], row.facts["website_host"] = found
            else:
                row.remarks.append(f"website {visible(texts['website'], limit=60)!r} is no http address: left out")
        if "source_url" in texts:
            url = read_website(texts["source_url"])
            row.source_url = url[0][:SOURCE_URL_LIMIT] if url else ""
            if not url:
                row.remarks.append(f"source_url {visible(texts['source_url'], limit=60)!r} is no http address")

    def _lists(self, row: Checked, texts: dict[str, str]) -> None:
        for column, read, what in (("goals", goal_of, "goal"), ("languages", language_of, "language")):
            kept: dict[str, None] = {}
            for part in read_list(texts.get(column, "")):
                key = read(part)
                if key:
                    kept[key] = None
                else:
                    row.remarks.append(f"{what} {visible(part, limit=40)!r} is not known: left out")
            if kept:
                row.facts[column] = list(kept)


def plain_point(texts: dict[str, str]) -> tuple[float, float] | None:
    """The coordinates of a row as they stand, in degrees, when they can be a point at all."""
    pair = read_pair(texts["point"]) if "point" in texts and "lat" not in texts else None
    lat, lon = pair or (texts.get("lat", ""), texts.get("lon", ""))
    point = read_degrees(lat), read_degrees(lon)
    if point[0] is None or point[1] is None or abs(point[0]) > 90 or abs(point[1]) > 180 or point == (0, 0):
        return None
    return point[0], point[1]


def _prices(row: Checked, texts: dict[str, str], country: str) -> None:
    """price_min, price_max and currency together: a price without a currency is in the country's."""
    if "price_min" not in texts and "price_max" not in texts:
        return
    said = currency_of(texts["currency"], country) if "currency" in texts else None
    if "currency" in texts and not said:
        row.remarks.append(f"currency {texts['currency'][:20]!r} is not known: prices left out")
        return
    try:
        amounts, named = [], said
        for column in ("price_min", "price_max"):
            if column in texts:
                found, beside = read_range(texts[column][:100], country, said or "")
                amounts += found
                named = named or beside
                if said and beside and beside != said:
                    raise ValueError(f"{beside} and {said} are both named")
        currency = named or countries.currency(country)
        units = sorted(minor_units(amount, currency) for amount in amounts)
    except ValueError as error:
        shown = " – ".join(texts[column][:30] for column in ("price_min", "price_max") if column in texts)
        row.remarks.append(f"price {shown!r} left out: {error}")
        return
    if not named:
        row.remarks.append(f"no currency is given: prices are taken as {currency}")
    row.facts.update(price_min=units[0], price_max=units[-1], currency=currency)
