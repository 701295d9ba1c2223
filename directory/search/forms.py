"""What a search asks for, read from an address: every bad value gets a message on its field, the rest is kept."""

import math
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import Any

from babel import Locale
from babel.numbers import list_currencies
from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from directory.places.distance import Unit
from directory.search.names import query_terms
from directory.search.ranking import SORTS, Sort
from directory.vocabulary import GENDERS, GOALS
from directory.words import visible

LONGEST_PLACE = 200
LONGEST_WORDS, MOST_WORDS = 100, 8
MOST_PARAMETERS = 30
LAST_PAGE = 40
PAGE_SIZE, LARGEST_PAGE = 20, 50
LONGEST_CURSOR = 400
HIGHEST_PRICE = Decimal(10) ** 9
_NUMBER = re.compile(r"[+-]?\d{1,12}(\.\d{1,15})?", re.ASCII)
_LANGUAGES = frozenset(code for code in Locale("en").languages if code.isalpha() and len(code) <= 3)
_CURRENCIES = frozenset(list_currencies())


@dataclass(slots=True)
class Query:
    """A search as asked. None or empty: not asked for, or not understood (then `messages` says so by field).

    `radius` is in `unit` (None: as the country does); `price_max` in whole units of the currency, as typed.
    """

    near: str = ""
    point: tuple[float, float] | None = None
    radius: float | None = None
    unit: Unit | None = None
    q: str = ""
    goals: tuple[str, ...] = ()
    price_max: Decimal | None = None
    currency: str = ""
    language: str = ""
    gender: str = ""
    open_now: bool = False
    min_score: float | None = None
    healed: bool = False
    credential: str = ""
    requirement: str = ""
    consultation: str = ""
    sort: Sort = "best"
    page: int = 1
    per_page: int = PAGE_SIZE
    cursor: str = ""
    messages: dict[str, str] = field(default_factory=dict)
    typed: dict[str, str] = field(default_factory=dict)

    def parameters(self) -> list[tuple[str, str]]:
        """The address of this search, in one fixed order; page and cursor are left out."""
        found: list[tuple[str, str]] = []
        if self.near:
            found.append(("near", self.near))
        elif self.point:
            found += [("lat", _plain(self.point[0])), ("lon", _plain(self.point[1]))]
        if self.radius is not None:
            found.append(("radius", _plain(self.radius)))
        found += [(name, value) for name in ("unit", "q") if (value := getattr(self, name))]
        found += [("goal", goal) for goal in self.goals]
        if self.price_max is not None:
            found.append(("price_max", f"{self.price_max:f}"))
        found += [(name, value) for name in ("currency", "language", "gender") if (value := getattr(self, name))]
        if self.min_score is not None:
            found.append(("min_score", f"{self.min_score:g}"))
        if self.healed:
            found.append(("stage", "healed"))
        chosen = ("credential", "requirement", "consultation")
        found += [(name, value) for name in chosen if (value := getattr(self, name))]
        if self.open_now:
            found.append(("open_now", "1"))
        if self.sort != "best":
            found.append(("sort", self.sort))
        return found


def _plain(number: float) -> str:
    """A number in few digits; six decimals of a degree are 11 cm."""
    return f"{number:.6f}".rstrip("0").rstrip(".")


def read_query(values: MultiDict[str, str], *, whole_pages: bool = False) -> Query:
    """Read a query string. Never raises; names it does not know are left alone.

    With `whole_pages` the results come as numbered pages of one size: `per_page` and `cursor` are no parameters then.
    """
    query = _Reader(values).read()
    if whole_pages:
        query.per_page, query.cursor = PAGE_SIZE, ""
        for name in ("per_page", "cursor"):
            query.messages.pop(name, None)
    return query


class _Reader:
    def __init__(self, values: MultiDict[str, str]) -> None:
        self.values = values
        self.query = Query()
        self.messages = self.query.messages

    def read(self) -> Query:
        query = self.query
        if sum(1 for _pair in self.values.items(multi=True)) > MOST_PARAMETERS:
            self.messages[""] = _("At most %(count)s parameters are read.", count=MOST_PARAMETERS)
            return query
        query.goals = tuple(self._goals())
        self._take("near", self._near)
        self._point()
        self._take("unit", self._one_of("unit", ("km", "mi")))
        self._take("radius", self._radius)
        self._take("q", self._words)
        self._take("currency", self._currency)
        self._take("price_max", self._price)
        self._take("language", self._language)
        self._take("gender", self._one_of("gender", tuple(GENDERS)))
        self._take("open_now", self._open_now)
        self._take("min_score", self._min_score)
        query.healed = self._healed()
        self._take("credential", self._one_of("credential", ("1", "2", "3", "4")))
        self._take("requirement", self._one_of("requirement", ("met",)))
        self._take("consultation", self._one_of("consultation", ("video",)))
        self._take("sort", self._sort)
        self._take("page", self._whole("page", LAST_PAGE))
        self._take("per_page", self._whole("per_page", LARGEST_PAGE))
        self._take("cursor", self._cursor)
        return query

    def _typed(self, name: str) -> str:
        """The value as typed, cut to what could be valid at most; "" when absent or blank."""
        given = [value for value in self.values.getlist(name) if value.strip()]
        if len(given) > 1 and len(set(given)) > 1:
            self.messages[name] = _("Give this only once. The first is used.")
        return given[0] if given else ""

    def _take(self, name: str, read: Callable[[str], Any]) -> None:
        typed = self._typed(name)
        if not typed:
            return
        self.query.typed[name] = visible(typed, limit=LONGEST_PLACE)
        value = read(typed)
        if value is not None:
            setattr(self.query, name, value)

    def _refuse(self, name: str, message: str) -> None:
        self.messages[name] = message

    def _near(self, typed: str) -> str | None:
        if len(typed) > LONGEST_PLACE:
            self._refuse("near", _("A place has at most %(count)s letters.", count=LONGEST_PLACE))
            return None
        place = visible(typed, limit=LONGEST_PLACE)
        if not place:
            self._refuse("near", _("This holds no letters that can be read."))
        return place or None

    def _number(self, typed: str) -> float | None:
        return float(typed) if _NUMBER.fullmatch(typed.strip()) else None

    def _point(self) -> None:
        typed = {name: self._typed(name) for name in ("lat", "lon")}
        if not any(typed.values()):
            return
        if self.query.near:
            self._refuse("lat", _("Give a place or coordinates, not both. The place is used."))
            return
        found = {}
        for name, limit in (("lat", 90), ("lon", 180)):
            self.query.typed[name] = visible(typed[name], limit=LONGEST_PLACE)
            number = self._number(typed[name]) if typed[name] else None
            if not typed[name]:
                self._refuse(name, _("Give both lat and lon."))
            elif number is None or abs(number) > limit:
                self._refuse(name, _("This must be a number from -%(limit)s to %(limit)s.", limit=limit))
            else:
                found[name] = number
        if len(found) == 2:
            self.query.point = (found["lat"], found["lon"])

    def _radius(self, typed: str) -> float | None:
        """Whether it is within bounds is judged later: that depends on the unit, and that on the place."""
        number = self._number(typed)
        if number is None or number <= 0:
            self._refuse("radius", _("A radius is a number above 0, such as 15."))
            return None
        return number

    def _words(self, typed: str) -> str | None:
        if len(typed) > LONGEST_WORDS:
            self._refuse("q", _("At most %(count)s letters can be searched for.", count=LONGEST_WORDS))
            return None
        words = visible(typed, limit=LONGEST_WORDS)
        terms = query_terms(words)
        if not terms:
            self._refuse("q", _("This holds no word that a name could hold."))
        elif len(terms) > MOST_WORDS:
            self._refuse("q", _("At most %(count)s words can be searched for.", count=MOST_WORDS))
        else:
            return words
        return None

    def _goals(self) -> Iterator[str]:
        for key in dict.fromkeys(value.strip() for value in self.values.getlist("goal")):
            if key in GOALS:
                yield key
            elif key:
                name = visible(key, limit=40)
                self._refuse("goal", _("“%(name)s” is not one of the goals on offer.", name=name))

    def _one_of(self, name: str, keys: tuple[str, ...]) -> Callable[[str], str | None]:
        def read(typed: str) -> str | None:
            if typed.strip() in keys:
                return typed.strip()
            self._refuse(name, _("This must be one of: %(keys)s.", keys=", ".join(keys)))
            return None

        return read

    def _currency(self, typed: str) -> str | None:
        code = typed.strip().upper()
        if code in _CURRENCIES:
            return code
        self._refuse("currency", _("A currency is a code of three letters, such as EUR."))
        return None

    def _price(self, typed: str) -> Decimal | None:
        try:
            price = Decimal(typed.strip()) if _NUMBER.fullmatch(typed.strip()) else None
        except InvalidOperation:
            price = None
        if price is None or not 0 <= price <= HIGHEST_PRICE:
            self._refuse("price_max", _("A price is a plain number, such as 2000."))
            return None
        return price

    def _language(self, typed: str) -> str | None:
        code = typed.strip().lower().replace("_", "-").split("-")[0]
        if code in _LANGUAGES:
            return code
        self._refuse("language", _("A language is a code such as en, de or ar."))
        return None

    def _open_now(self, typed: str) -> bool | None:
        if typed.strip() in {"1", "0"}:
            return typed.strip() == "1"
        self._refuse("open_now", _("This must be 1, or left out."))
        return None

    def _min_score(self, typed: str) -> float | None:
        number = self._number(typed)
        if number is not None and 1 <= number <= 5:
            return round(number, 1)
        self._refuse("min_score", _("A score is a number from 1 to 5, such as 4.5."))
        return None

    def _healed(self) -> bool:
        typed = self._typed("stage")
        self.query.typed.update({"stage": visible(typed, limit=LONGEST_PLACE)} if typed else {})
        if typed and typed.strip() != "healed":
            self._refuse("stage", _("This must be “healed”, or left out."))
        return typed.strip() == "healed"

    def _sort(self, typed: str) -> Sort | None:
        key = typed.strip()
        for sort in SORTS:
            if key == sort:
                return sort
        self._refuse("sort", _("This must be one of: %(keys)s.", keys=", ".join(SORTS)))
        return None

    def _whole(self, name: str, highest: int) -> Callable[[str], int | None]:
        def read(typed: str) -> int | None:
            number = self._number(typed) if "." not in typed else None
            if number is not None and math.isfinite(number) and 1 <= number <= highest:
                return int(number)
            self._refuse(name, _("This must be a whole number from 1 to %(highest)s.", highest=highest))
            return None

        return read

    def _cursor(self, typed: str) -> str | None:
        if len(typed) <= LONGEST_CURSOR and typed.isascii():
            return typed
        self._refuse("cursor", _("This cursor was not given out here."))
        return None
