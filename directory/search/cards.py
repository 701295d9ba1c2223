"""Cards as HTML: what a clinic's version decides is rendered once and kept; distance, number, opening state and "why
here" are filled in for each request."""

import re
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from functools import lru_cache
from typing import Any, NamedTuple

from babel.dates import format_datetime, format_time
from flask import current_app, render_template, url_for
from flask_babel import get_locale, ngettext
from flask_babel import gettext as _
from markupsafe import Markup, escape

from directory.clinics import filters
from directory.clinics.hours import OpenState, flips, zone
from directory.credentials.showing import Summary
from directory.places.distance import Unit, to_unit
from directory.reviews.scores import Shown
from directory.search import queries
from directory.search.index import Hit
from directory.search.kept import Kept, kept_here
from directory.search.queries import Card
from directory.search.run import Outcome
from directory.search.standing import standings

_SLOTS = ("number", "distance", "state", "why", "credential")
_MARK = re.compile("\x02(\\w+)\x03")

Fragments = tuple[str, ...]


class Result(NamedTuple):
    """One row of the list: its number, and the card ready to print."""

    number: int
    html: Markup


class CardView(NamedTuple):
    """What the card's template prints; nothing of it depends on the request but the language."""

    id: int
    slug: str
    url: str
    name: str
    name_lang: str
    is_example: bool
    claimed: bool
    is_home: bool
    approximate: bool
    street: str
    city: str
    region: str
    postal_code: str
    country: str
    place_line: str
    goals: list[tuple[str, str]]
    price: tuple[str, str] | None
    price_text: str
    languages: list[str]
    people: int
    healed_shown: int
    rating: Shown
    hours_stated: bool
    cover_url: str
    pin_id: str


class StateView(NamedTuple):
    open: bool
    text: str


class FactorView(NamedTuple):
    factor: str
    name: str
    value: str
    weight: str


CARDS_KEPT, SKELETONS_KEPT = 4096, 512


def card_view(card: Card) -> CardView:
    """A card in words of the reader's language."""
    shared = {name: getattr(card, name) for name in CardView._fields if name in Card._fields}
    shared["goals"] = [(key, filters.goal_words(key)) for key in card.goals]
    shared["languages"] = [filters.language_name(code) for code in card.languages]
    price = None
    if card.price_min is not None and card.currency:
        high = card.price_min if card.price_max is None else card.price_max
        price = (filters.money(card.price_min, card.currency), filters.money(high, card.currency))
    return CardView(
        **shared,
        url=url_for("clinics.show", slug=card.slug),
        place_line=filters.place_line(card),
        price=price,
        price_text=filters.price(card.price_min, card.price_max, card.currency),
        cover_url=url_for("clinics.cover", slug=card.slug),
        pin_id=f"clinic-{card.slug}",
    )


def results(outcome: Outcome) -> list[Result]:
    """The cards of a page; two statements for those not kept, none when all are."""
    hits = outcome.found.hits if outcome.found else []
    fragments = _fragments(hits, outcome.state.database_id, outcome.state.day)
    words = Words(outcome)
    held = standings(hits, outcome.state.database_id, outcome.state.day, outcome.now)
    shown = []
    for number, hit in enumerate(hits, outcome.skip + 1):
        if hit.id in fragments:
            credential = words.credential(hit, held.get(hit.id))
            html = _filled(fragments[hit.id], {**words.slots(hit, number), "credential": credential})
            shown.append(Result(number, Markup(html)))  # noqa: S704 (both halves come out of autoescaped templates)
    return shown


def _filled(fragments: Fragments, values: Mapping[str, str]) -> str:
    return "".join(values[piece] if at % 2 else piece for at, piece in enumerate(fragments))


def _fragments(hits: Sequence[Hit], database_id: str, day: date) -> dict[int, Fragments]:
    locale = str(get_locale() or "en")
    kept: Kept[Fragments] = kept_here("cards", CARDS_KEPT)
    found, missing = {}, []
    for hit in hits:
        key = (database_id, hit.id, hit.version, day, locale)
        held = kept.get(key)
        if held is None:
            missing.append(hit.id)
        else:
            found[hit.id] = held
    slot = {name: f"\x02{name}\x03" for name in _SLOTS}
    for card in queries.cards(missing, today=day).values():
        html = render_template("search/_card.html", card=card_view(card), slot=slot)
        found[card.id] = tuple(_MARK.split(html))
        # Kept under the version that was read, which may be newer than the index knows.
        kept.put((database_id, card.id, card.version, day, locale), found[card.id])
    return found


class Words:
    """The changing parts of the cards of one page. Their markup is rendered once for each shape and then filled in."""

    def __init__(self, outcome: Outcome) -> None:
        self._outcome = outcome
        self._locale = str(get_locale() or "en")
        self._skeletons: Kept[Fragments] = kept_here("skeletons", SKELETONS_KEPT)
        goals = (filters.goal_words(key).lower() for key in outcome.query.goals)
        self._offers = str(_("offers %(goals)s", goals=", ".join(goals))) if outcome.query.goals else ""
        self._from = str(_("%(length)s from %(place)s", length="\x02", place=outcome.origin_name or _("the point")))

    def slots(self, hit: Hit, number: int) -> dict[str, str]:
        """The four parts of one card, as markup."""
        distance = "" if hit.km is None else distance_text(hit.km, self._outcome.unit)
        state = state_view(hit.hours, self._outcome.now, self._locale)
        open_shape = state and StateView(state.open, "\x02text\x03")
        return {
            "number": self._shaped("number", "\x02n\x03", n=str(number)),
            "distance": self._shaped("distance", "\x02km\x03" if distance else "", km=distance),
            "state": self._shaped("state", open_shape, text=state.text if state else ""),
            "why": self._why(self.factors(hit, distance)),
        }

    def factors(self, hit: Hit, distance: str) -> list[FactorView]:
        """ "Why here" of one result, in words."""
        names = _factor_names(self._locale)
        best = self._outcome.order.sort == "best"
        found = []
        for factor in self._outcome.order.why(hit.km, hit.key, hit.lower, lapsed=hit.lapsed):
            match factor.factor:
                case "goal":
                    value, weight = self._offers, f"{factor.weight:+.0f}"
                case "distance":
                    value, weight = self._from.replace("\x02", distance), f"{factor.weight:+.0f}" if best else ""
                case "score":
                    value, weight = _score_words(hit.lower, hit.counted), f"{factor.weight:+.1f}" if best else ""
                case "lapsed":
                    value, weight = names["run_out"], f"{factor.weight:+.0f}"
                case "newest":
                    value, weight = filters.day(datetime.fromtimestamp(factor.weight, UTC)), ""
                case _:
                    value, weight = names["lots"], f"{factor.weight:+.2f}"
            found.append(FactorView(factor.factor, names[factor.factor], value, weight))
        return found

    def credential(self, hit: Hit, summary: Summary | None) -> str:
        """The strongest credential with its issuer and day, and the law in a word; both as of this moment."""
        if summary is None:
            return ""
        macros: Any = current_app.jinja_env.get_template("search/_slots.html").module
        return str(macros.credential(summary.strength, summary.law, hit.lapsed))

    def _why(self, factors: Sequence[FactorView]) -> str:
        shape = tuple(
            FactorView(one.factor, one.name, f"\x02value{at}\x03", f"\x02weight{at}\x03" if one.weight else "")
            for at, one in enumerate(factors)
        )
        values = {f"value{at}": one.value for at, one in enumerate(factors)}
        values |= {f"weight{at}": one.weight for at, one in enumerate(factors)}
        return self._shaped("why", shape, **values)

    def _shaped(self, macro: str, argument: object, **values: str) -> str:
        """The macro's markup for an argument with marks in it, each mark replaced by its value, escaped."""
        key = (macro, argument, self._locale)
        skeleton = self._skeletons.get(key)
        if skeleton is None:
            macros: Any = current_app.jinja_env.get_template("search/_slots.html").module
            skeleton = tuple(_MARK.split(str(getattr(macros, macro)(argument))))
            self._skeletons.put(key, skeleton)
        return _filled(skeleton, {name: str(escape(value)) for name, value in values.items()})


def _score_words(lower: float, counted: int) -> str:
    """What the order looks at: a score that is cautious where few have spoken."""
    if not counted:
        return str(_("no counted reviews, so the country's mean, less its uncertainty"))
    cautious = f"{lower:.1f}"
    return str(
        ngettext(
            "%(score)s of 5 with caution, from %(num)s counted review",
            "%(score)s of 5 with caution, from %(num)s counted reviews",
            counted,
            score=cautious,
        )
    )


@lru_cache(maxsize=64)
def _factor_names(locale: str) -> dict[str, str]:
    return {
        "goal": str(_("Fit")),
        "distance": str(_("Distance")),
        "score": str(_("Reviews")),
        "draw": str(_("Daily draw")),
        "lapsed": str(_("Licence")),
        "run_out": str(_("a licence that the law asks for has run out")),
        "newest": str(_("Listed")),
        "lots": str(_("lots are drawn among equals each day")),
    }


def distance_text(km: float, unit: Unit) -> str:
    """ "1.9 mi", "12 km": one decimal below ten."""
    length = to_unit(km, unit)
    digits = 1 if length < 9.95 else 0
    return f"{length:.{digits}f}\N{NO-BREAK SPACE}{unit}"


def state_view(hours: tuple[str, str, str], now: datetime, locale: str) -> StateView | None:
    """Open or closed at `now`, in words; None when no hours are stated. `hours` are those of a Hit."""
    return _state_view(hours, int(now.timestamp()) // 60, locale)


@lru_cache(maxsize=8192)
def _state_view(hours: tuple[str, str, str], minute: int, locale: str) -> StateView | None:
    # Hours are no finer than a minute, and many clinics keep the same ones.
    now = datetime.fromtimestamp(minute * 60, UTC)
    opened, changes = flips(*hours, now)
    if opened is None:
        return None
    state = OpenState(opened, changes[0].astimezone(zone(hours[1])) if changes else None)
    return StateView(opened, _state_text(state, now, locale))


def _state_text(state: OpenState, now: datetime, locale: str) -> str:
    if state.at is None:
        return str(_("Open day and night") if state.is_open else _("Closed"))
    clock = str(format_time(state.at, "HH:mm", locale=locale))
    is_today = state.at.date() == now.astimezone(state.at.tzinfo).date()
    if state.is_open:
        return str(_("Open until %(clock)s", clock=clock))
    if is_today:
        return str(_("Closed, opens %(clock)s", clock=clock))
    weekday = str(format_datetime(state.at, "EEE", locale=locale))
    return str(_("Closed, opens %(weekday)s %(clock)s", weekday=weekday, clock=clock))
