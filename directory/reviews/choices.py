"""The words of a review's answers, in the order in which they are offered."""

from babel import Locale
from flask_babel import get_locale
from flask_babel import lazy_gettext as _l

from directory.reviews.photos import LENGTHS, LIGHTS
from directory.reviews.stages import STAGES, SUB_RATINGS

STAGE_WORDS = {
    "fresh": _l("Fresh: the first six weeks"),
    "6w": _l("From six weeks"),
    "6m": _l("From six months"),
    "12m": _l("From a year"),
}
STAGE_NAMES = {"fresh": _l("fresh"), "6w": _l("6 weeks"), "6m": _l("6 months"), "12m": _l("12 months")}
STAR_WORDS = {
    5: _l("Very good"),
    4: _l("Good"),
    3: _l("Neither good nor poor"),
    2: _l("Poor"),
    1: _l("Very poor"),
}
SUB_WORDS = {
    "natural_look": _l("Looks natural"),
    "hairline_design": _l("Design of the hairline"),
    "colour_match": _l("Colour"),
    "hygiene": _l("Hygiene"),
    "honesty": _l("Honest consultation"),
    "comfort": _l("Comfort"),
    "aftercare": _l("Aftercare"),
    "value": _l("Worth its price"),
}
PRICE_WORDS = {
    "under_500": _l("Under 500"),
    "500_1000": _l("500 to 1,000"),
    "1000_2000": _l("1,000 to 2,000"),
    "2000_3000": _l("2,000 to 3,000"),
    "3000_5000": _l("3,000 to 5,000"),
    "over_5000": _l("Over 5,000"),
}
LIGHT_WORDS = {
    "daylight": _l("Daylight"),
    "indoor": _l("Indoor light"),
    "flash": _l("Flash"),
    "unstated": _l("Not stated"),
}
LENGTH_WORDS = {
    "bald": _l("Shaved to the skin"),
    "stubble": _l("Stubble"),
    "short": _l("Short"),
    "long": _l("Long"),
    "unstated": _l("Not stated"),
}
STATE_WORDS = {
    "draft": _l("Draft"),
    "pending": _l("Waits to be read"),
    "needs_edit": _l("Needs a change from you"),
    "published": _l("Published"),
    "redacted": _l("Published without one part"),
    "refused": _l("Not published"),
    "removed": _l("Taken down"),
    "withdrawn": _l("Taken back by you"),
}
# Languages that reviews of this field are written in; others can be named by their tag once somebody needs them.
# fmt: off
LANGUAGES = [
    "en", "ar", "bg", "bn", "cs", "da", "de", "el", "es", "et", "fa", "fi", "fr", "he", "hi", "hr", "hu",
    "id", "it", "ja", "ko", "lt", "lv", "ms", "nl", "no", "pl", "pt", "ro", "ru", "sk", "sl", "sr", "sv",
    "th", "tr", "uk", "ur", "vi", "zh",
]
CURRENCIES = [
    "GBP", "EUR", "USD", "AUD", "CAD", "NZD", "CHF", "SEK", "NOK", "DKK", "PLN", "CZK", "HUF", "RON", "BGN",
    "TRY", "AED", "SAR", "QAR", "ILS", "INR", "IDR", "MYR", "SGD", "THB", "PHP", "VND", "HKD", "TWD", "CNY",
    "JPY", "KRW", "ZAR", "NGN", "KES", "EGP", "BRL", "MXN", "ARS", "CLP", "COP", "UAH",
]
# fmt: on

assert set(STAGE_WORDS) == set(STAGES) and set(SUB_WORDS) == set(SUB_RATINGS)  # noqa: S101, PT018
assert set(LIGHT_WORDS) == set(LIGHTS) and set(LENGTH_WORDS) == set(LENGTHS)  # noqa: S101, PT018


def language_choices() -> list[tuple[str, str]]:
    """(tag, name in the reader's language), English first, then by name."""
    here = get_locale() or Locale("en")
    named = [(tag, str(Locale(tag).get_display_name(here)).capitalize()) for tag in LANGUAGES]
    return named[:1] + sorted(named[1:], key=lambda pair: pair[1])
