"""Price cells: "£1,250", "1.250,00", "1200-2400 EUR" to whole minor units of one ISO 4217 currency."""

import re
from decimal import Decimal, InvalidOperation
from functools import lru_cache

from babel import Locale
from babel.numbers import get_currency_precision

from directory.places import countries

MAX_MINOR = 2**31 - 1
# What a sign means where the country does not say. Signs shared by many currencies follow the country first.
_SIGNS = {
    "£": "GBP",
    "€": "EUR",
    "$": "USD",
    "¥": "JPY",
    "₺": "TRY",
    "₹": "INR",
    "₩": "KRW",
    "₪": "ILS",
    "zł": "PLN",
    "kč": "CZK",
    "₴": "UAH",
    "₫": "VND",
    "฿": "THB",
    "r$": "BRL",
    "a$": "AUD",
    "c$": "CAD",
    "us$": "USD",
    "nz$": "NZD",
    "s$": "SGD",
    "hk$": "HKD",
    "chf": "CHF",
    "fr.": "CHF",
    "dhs": "AED",
    "aed": "AED",
}
_SHARED = {"$", "¥", "kr", "kr.", "£"}
_NUMBER = re.compile(r"\d[\d.,'’\s\u00a0\u202f]*\d|\d")


@lru_cache(maxsize=1)
def _codes() -> frozenset[str]:
    return frozenset(Locale.parse("en").currencies)


@lru_cache(maxsize=1024)
def currency_of(text: str, country: str) -> str | None:
    """ISO 4217 code for a code, a sign or a sign that the country settles ("$" in CA is CAD); None when unknown."""
    word = text.strip().lower()
    if len(word) == 3 and word.upper() in _codes():
        return word.upper()
    home = countries.currency(country) if country else ""
    if word in _SHARED and home and (_symbol(home).lower() in {word, word.rstrip(".")} or word.startswith("kr")):
        return home
    return _SIGNS.get(word)


@lru_cache(maxsize=256)
def _symbol(code: str) -> str:
    """The narrow sign of a currency: `$` for CAD."""
    sign = {
        "CAD": "$",
        "AUD": "$",
        "NZD": "$",
        "SGD": "$",
        "HKD": "$",
        "MXN": "$",
        "CNY": "¥",
        "CLP": "$",
        "COP": "$",
        "ARS": "$",
        "TWD": "$",
        "EGP": "£",
    }.get(code)
    return sign or str(Locale.parse("en").currency_symbols.get(code, code))


def read_range(text: str, country: str, currency: str) -> tuple[list[Decimal], str | None]:
    """The one or two amounts in a cell, and the currency named beside them (None when none is).

    Raises ValueError when there is no amount, more than two, or a negative one. `currency` is what the row says in
    its own column; it decides whether "1.250" may have three decimals.
    """
    numbers = _NUMBER.findall(text)
    rest = _NUMBER.sub(" ", text)
    if not numbers or len(numbers) > 2:
        raise ValueError("no price")
    if re.match(r"\s*[-−]\s*\W*\d", text):
        raise ValueError("a price cannot be negative")
    named = None
    for word in re.findall(r"[^\W\d]+\$|[^\W\d]{2,}\.?|[^\w\s.,'’–—/()+-]+", rest):
        named = named or currency_of(word, country)
    decimals = get_currency_precision(named or currency or countries.currency(country) or "EUR")
    return [_amount(number, decimals) for number in numbers], named


def _amount(text: str, decimals: int) -> Decimal:
    """A number as people write it: the last mark is the decimal one when at most two digits (or `decimals`) follow."""
    plain = re.sub(r"['’\s\u00a0\u202f]", "", text)
    marks = [mark for mark in plain if mark in ".,"]
    if marks:
        after = len(plain) - max(plain.rfind("."), plain.rfind(",")) - 1
        is_decimal = after in {1, 2} or (after == 3 and decimals == 3 and len(set(marks)) == len(marks))
        if len(set(marks)) == 2 and marks[-1] != marks[0] and after != 3:
            is_decimal = True
        if marks.count(marks[-1]) > 1:
            is_decimal = False
        whole, _, part = plain.rpartition(marks[-1])
        plain = re.sub(r"[.,]", "", whole) + (f".{part}" if is_decimal else part)
    try:
        return Decimal(plain)
    except InvalidOperation as error:
        raise ValueError("no price") from error


def minor_units(amount: Decimal, currency: str) -> int:
    """Whole minor units. Raises ValueError when the amount is too large or finer than the currency's smallest unit."""
    units = amount.scaleb(get_currency_precision(currency))
    if units != units.to_integral_value():
        raise ValueError(f"{currency} has no such small unit")
    if units > MAX_MINOR:
        raise ValueError("the price is too large")
    return int(units)


def major_units(units: int, currency: str) -> str:
    """Minor units as a plain number for a file: 125000 GBP is "1250", 125050 is "1250.50"."""
    decimals = get_currency_precision(currency)
    amount = Decimal(units).scaleb(-decimals)
    return f"{amount:.{decimals}f}" if amount != amount.to_integral_value() else str(int(amount))
