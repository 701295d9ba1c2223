"""How a clinic's values are written for the eye: sums, languages, countries, addresses, phones, dates.

Plain functions, registered as template filters by the clinic's views and called by search for its cards.
"""

import re
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from typing import Protocol

import phonenumbers
from babel import Locale
from babel.core import UnknownLocaleError
from babel.dates import format_date
from babel.numbers import format_currency, get_currency_precision, get_decimal_symbol
from flask_babel import get_locale
from flask_babel import gettext as _

from directory.vocabulary import GOALS, words_for

# Where the postal code stands behind the town, as in "Leeds LS6 2AD"; elsewhere it stands before it.
_CODE_AFTER_TOWN = {
    "GB",
    "IE",
    "US",
    "CA",
    "AU",
    "NZ",
    "ZA",
    "IN",
    "JE",
    "GG",
    "IM",
    "SG",
    "HK",
    "AE",
    "SA",
    "KW",
    "QA",
    "BH",
    "OM",
    "PK",
    "BD",
    "LK",
    "MT",
}

# A code written as letters keeps a space before the sum, as CLDR asks: "PLN 1,200".
_LETTER_BEFORE_SUM = re.compile(r"([A-Za-z])(\d)")


class Addressed(Protocol):
    """What has a public address; `street` is empty for a home studio."""

    @property
    def street(self) -> str: ...
    @property
    def city(self) -> str: ...
    @property
    def postal_code(self) -> str: ...
    @property
    def country(self) -> str: ...
    @property
    def is_home(self) -> bool: ...


def _locale() -> str:
    return str(get_locale() or "en")


@lru_cache(4096)
def _money(minor: int, currency: str, locale: str) -> str:
    digits = get_currency_precision(currency)
    value = Decimal(minor).scaleb(-digits)
    text = format_currency(value, currency, locale=locale)
    if digits and value == value.to_integral_value():
        text = text.replace(get_decimal_symbol(locale) + "0" * digits, "", 1)
    return str(_LETTER_BEFORE_SUM.sub("\\1\N{NO-BREAK SPACE}\\2", text))


def money(minor: int, currency: str) -> str:
    """A sum of minor units in the reader's language: 125000 GBP is "£1,250"; pence show if there are any."""
    return _money(minor, currency, _locale())


def price(low: int | None, high: int | None, currency: str | None) -> str:
    """A range of minor units: "£1,250 to £2,400", one sum when both are equal, "" when nothing is stated."""
    if low is None or currency is None:
        return ""
    if high is None or high == low:
        return money(low, currency)
    return str(_("%(low)s to %(high)s", low=money(low, currency), high=money(high, currency)))


@lru_cache(512)
def _language(code: str, locale: str) -> str:
    return str(Locale.parse(locale).languages.get(code.replace("-", "_"), code))


def language_name(code: str) -> str:
    """The name of a BCP 47 language in the reader's language; the code itself when it has none."""
    return _language(code, _locale())


@lru_cache(512)
def _country(code: str, locale: str) -> str:
    return str(Locale.parse(locale).territories.get(code, code))


def country_name(code: str) -> str:
    return _country(code, _locale())


@lru_cache(512)
def text_direction(tag: str) -> str:
    """`rtl` or `ltr` for a BCP 47 tag; `auto` when it is unknown."""
    try:
        return str(Locale.parse(tag, sep="-").text_direction)
    except (UnknownLocaleError, ValueError):
        return "auto"


def town_line(clinic: Addressed) -> str:
    """ "Leeds LS6 2AD" or "10115 Berlin", as the country writes it.

    A home studio shows no postal code: in some countries it names a dozen doors.
    """
    parts = [clinic.city, "" if clinic.is_home else clinic.postal_code]
    if clinic.country not in _CODE_AFTER_TOWN:
        parts.reverse()
    return " ".join(part for part in parts if part)


def place_line(clinic: Addressed) -> str:
    """Street and town in one line; a home studio has its town only."""
    return ", ".join(part for part in (clinic.street, town_line(clinic)) if part)


def goal_words(key: str) -> str:
    return words_for(GOALS, key)


@lru_cache(4096)
def phone_words(number: str) -> str:
    """An E.164 number in groups, "+44 113 496 0417"; unchanged when it is none."""
    try:
        parsed = phonenumbers.parse(number)
    except phonenumbers.NumberParseException:
        return number
    return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.INTERNATIONAL)


def day(moment: date | datetime) -> str:
    """ "2 Nov 2026"."""
    return str(format_date(moment, "d MMM y", locale=_locale()))


def month(moment: date) -> str:
    """ "March 2021"."""
    return str(format_date(moment, "MMMM y", locale=_locale()))


def month_words(text: str) -> str:
    """A month written YYYY-MM as "March 2021"."""
    year, _dash, number = text.partition("-")
    return month(date(int(year), int(number), 1))


def sessions(low: int | None, high: int | None) -> str:
    """ "2 to 3", "3", or "" when not stated."""
    if low is None or high is None or low == high:
        return str(low or high or "")
    return str(_("%(low)s to %(high)s", low=low, high=high))


FILTERS: Mapping[str, object] = {
    f.__name__: f
    for f in (
        money,
        price,
        sessions,
        language_name,
        country_name,
        text_direction,
        town_line,
        place_line,
        goal_words,
        phone_words,
        day,
        month,
        month_words,
    )
}
