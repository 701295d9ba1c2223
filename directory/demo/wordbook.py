"""The word lists that example data are drawn from, read once from `words/`."""

import csv
import tomllib
from functools import lru_cache
from pathlib import Path
from random import Random
from typing import Any

from babel.numbers import get_currency_precision

from directory.places import countries

WORDS = Path(__file__).parent / "words"
OTHER = "other"


@lru_cache
def table(name: str) -> dict[str, Any]:
    """One of the TOML tables: people, countries, styles, facts, about, told, crowd."""
    return tomllib.loads((WORDS / f"{name}.toml").read_text(encoding="utf-8"))


@lru_cache
def listings() -> list[dict[str, str]]:
    """The clinics of the small set, one a line: where, under what name, which kind of place."""
    with (WORDS / "listings.tsv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))


def country_words(country: str) -> dict[str, Any]:
    """What example clinics of a country share; a country without an entry has that of `other`."""
    found: dict[str, Any] = table("countries").get(country) or table("countries")[OTHER]
    return found


@lru_cache
def minor_units(currency: str) -> int:
    """How many minor units make one: 100 pence, 1 yen."""
    return int(10 ** get_currency_precision(currency))


@lru_cache
def currency_of(country: str) -> str:
    """The country's money, US dollars where the table of countries names none."""
    return countries.currency(country) or "USD"


def draw_name(rng: Random, country: str) -> tuple[str, str, list[str]]:
    """A full name, the gender of the given name, and the languages of its community beside the country's own."""
    weights: dict[str, int] = country_words(country)["people"]
    community = table("people")[rng.choices(list(weights), list(weights.values()))[0]]
    gender = rng.choice(("female", "male"))
    name = f"{rng.choice(community[gender])} {rng.choice(community['family'])}"
    languages: list[str] = community["languages"]
    return name, gender, rng.sample(languages, min(len(languages), rng.randint(0, 2)))


def draw_phone(rng: Random, country: str, city: str) -> str:
    """A number that the country's regulator keeps for fiction, E.164; "" where none is known."""
    patterns: dict[str, str] = country_words(country).get("phones", {})
    pattern = patterns.get(city, patterns.get("", ""))
    return "".join(str(rng.randrange(10)) if sign == "#" else sign for sign in pattern)
