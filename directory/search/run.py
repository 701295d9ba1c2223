"""One search from question to answer: the same for the page, the map and the API."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from typing import Any

from babel.numbers import get_currency_precision
from flask import current_app
from flask_babel import gettext as _

from directory.config import Settings
from directory.places import countries
from directory.places.distance import Unit, default_unit, to_km, to_unit
from directory.places.gazetteer import Gazetteer
from directory.places.geocoders import OnlineGeocoder
from directory.places.place import Place
from directory.places.resolver import Resolution
from directory.search import cursor as cursors
from directory.search.circle import Circle
from directory.search.forms import LAST_PAGE, Query
from directory.search.index import Found
from directory.search.live import LiveIndex, State
from directory.search.matching import Criteria
from directory.search.names import query_terms
from directory.search.ranking import Order, seed_of
from directory.search.reading import gender_bit, goal_mask

RADII: dict[Unit, tuple[float, ...]] = {"km": (2, 5, 10, 25, 50, 100), "mi": (1, 3, 5, 10, 15, 25, 50)}
RADIUS_KM = (0.1, 100.0)
AROUND_A_POINT_KM = 25.0


@dataclass(slots=True)
class Outcome:
    """What was asked, how it was understood, and what was found. `problem` in words: nothing could be searched.

    `radius` is in `unit`; None without a circle. `now` is the moment that opening hours were compared with.
    """

    query: Query
    state: State
    now: datetime
    criteria: Criteria
    order: Order
    unit: Unit
    resolution: Resolution | None = None
    radius: float | None = None
    found: Found | None = None
    skip: int = 0
    problem: str | None = None
    next_cursor: str | None = None

    @property
    def place(self) -> Place | None:
        return self.resolution.place if self.resolution else None

    @property
    def is_place_unknown(self) -> bool:
        return self.resolution is not None and self.resolution.problem == "not_found"

    @property
    def total(self) -> int:
        return self.found.total if self.found else 0

    @property
    def origin_name(self) -> str:
        return self.place.name if self.place else ""


def run(query: Query, *, now: datetime, with_counts: bool = False, size: int | None = None) -> Outcome:
    """Search. Bad values add to `query.messages`; with `size` the first `size` results are given, whatever the page."""
    settings: Settings = current_app.config["SETTINGS"]
    live: LiveIndex = current_app.extensions["live"]
    state = live.current()
    resolution = _where_clinics_are(_resolve(query, settings), state, now)
    place = resolution.place if resolution else None
    country = place.country if place else settings.site_country
    unit = query.unit or default_unit(country)
    circle, radius = _circle(query, place, unit)
    criteria = _criteria(query, place, circle, country)
    if query.sort == "distance" and circle is None:
        query.messages.setdefault("sort", _("Say where, to see the nearest first."))
        query.sort = "best"
    order = Order(query.sort, seed_of(now.date()), len(query.goals))
    outcome = Outcome(query, state, now, criteria, order, unit, resolution, radius)
    if resolution is not None and place is None:
        query.messages.setdefault("near", _place_problem(resolution, query.near))
    if place is None:
        # Without the place that was meant, the rest of the question would be answered for the whole world.
        said = (query.messages.get(name) for name in ("near", "lat", "lon", ""))
        outcome.problem = next(filter(None, said), None)
    if outcome.problem is None:
        _find(outcome, with_counts=with_counts, size=size)
    return outcome


def _resolve(query: Query, settings: Settings) -> Resolution | None:
    """Where: None when no place was asked for."""
    gazetteer: Gazetteer = current_app.extensions["gazetteer"]
    if query.near:
        country = settings.site_country or None
        resolution = gazetteer.resolve(query.near, country=country)
        geocoder: OnlineGeocoder | None = current_app.extensions["geocoder"]
        if resolution.problem == "not_found" and geocoder is not None:
            place = geocoder.find(query.near, country=country)
            return Resolution(place) if place else resolution
        return resolution
    if query.point:
        return gazetteer.resolve("{:.7f},{:.7f}".format(*query.point))
    return None


def _where_clinics_are(resolution: Resolution | None, state: State, now: datetime) -> Resolution | None:
    """A mended spelling read as the likeliest place that has a clinic; the places before it are offered beside it."""
    if resolution is None or resolution.place is None or resolution.corrected_from is None:
        return resolution
    chosen = next((place for place in resolution.readings if _has_clinics(place, state, now)), resolution.place)
    if chosen is resolution.place:
        return resolution
    others = (resolution.place, *(place for place in resolution.others if place is not chosen))
    suggestions = tuple(place for place in resolution.suggestions if place is not chosen)
    return replace(resolution, place=chosen, others=others, suggestions=suggestions)


def _has_clinics(place: Place, state: State, now: datetime) -> bool:
    circle = Circle(place.lat, place.lon, max(place.radius_km, place.cover_km))
    return state.index.search(Criteria(circle=circle), Order("distance", 0, 0), now=now, size=1).total > 0


def _place_problem(resolution: Resolution, typed: str) -> str:
    match resolution.problem:
        case "bad_coordinates":
            return str(_("These coordinates are not on the globe: latitude is -90 to 90, longitude -180 to 180."))
        case "too_long":
            return str(_("This is too long for a place."))
        case _:
            return str(_("We do not know a place called “%(typed)s”.", typed=typed))


def _circle(query: Query, place: Place | None, unit: Unit) -> tuple[Circle | None, float | None]:
    """The circle to search and its radius in the unit shown; none for a whole country, or without a place."""
    if query.radius is not None and not RADIUS_KM[0] <= to_km(query.radius, unit) <= RADIUS_KM[1]:
        low, high = (f"{to_unit(limit, unit):.3g}" for limit in RADIUS_KM)
        query.messages["radius"] = _("A radius is from %(low)s to %(high)s %(unit)s.", low=low, high=high, unit=unit)
        query.radius = None
    if place is None or (place.kind == "country" and query.radius is None):
        return None, None
    reach = max(place.cover_km, place.radius_km) if place.area else place.radius_km
    radius = query.radius or usual_radius(reach or AROUND_A_POINT_KM, unit)
    lat, lon = query.point if query.point and not query.near else (place.lat, place.lon)
    return Circle(lat, lon, to_km(radius, unit)), radius


def usual_radius(km: float, unit: Unit) -> float:
    """The one of RADII nearest to a length."""
    return min(RADII[unit], key=lambda radius: abs(radius - to_unit(km, unit)))


def _criteria(query: Query, place: Place | None, circle: Circle | None, country: str) -> Criteria:
    currency = query.currency or countries.currency(country)
    price_max = None
    if query.price_max is not None:
        if currency:
            price_max = minor_units(query.price_max, currency)
        else:
            query.messages.setdefault("currency", _("Say in which currency."))
    return Criteria(
        circle=circle,
        country=place.country if place and place.kind == "country" and circle is None else "",
        terms=query_terms(query.q),
        goals=goal_mask(";".join(query.goals)),
        language=query.language,
        gender=gender_bit(query.gender),
        price_max=price_max,
        currency=currency,
        open_now=query.open_now,
        min_tenths=0 if query.min_score is None else round(query.min_score * 10),
        healed=query.healed,
        strength=int(query.credential or 0),
        met=query.requirement == "met",
        by_video=query.consultation == "video",
    )


def minor_units(amount: Decimal, currency: str) -> int:
    """2000 GBP is 200000 pence; 2000 JPY is 2000 yen."""
    return int(amount.scaleb(get_currency_precision(currency)))


def _find(outcome: Outcome, *, with_counts: bool, size: int | None) -> None:
    query, order = outcome.query, outcome.order
    count = size or query.per_page
    seen, after = (0 if size else (query.page - 1) * count), None
    question = [*query.parameters(), ("per_page", str(query.per_page))]
    if query.cursor:
        cursor = cursors.read(query.cursor, question)
        if cursor is None:
            query.messages["cursor"] = _("This cursor was not given out for this search.")
            return
        order = Order(order.sort, cursor.seed, order.goals)
        seen, after = cursor.seen, cursor.after
    index = outcome.state.index
    search: Callable[..., Found] = index.search
    wanted: dict[str, Any] = {"now": outcome.now, "size": count, "after": after, "with_counts": with_counts}
    found = search(outcome.criteria, order, skip=0 if after else seen, **wanted)
    if seen >= found.total > 0 and not after:
        last = -(-found.total // count)
        query.messages["page"] = _("There are only %(last)s pages. This is the last.", last=last)
        query.page, seen = last, (last - 1) * count
        found = search(outcome.criteria, order, skip=seen, **wanted)
    outcome.found, outcome.order, outcome.skip = found, order, seen
    seen += len(found.hits)
    if found.hits and seen < min(found.total, LAST_PAGE * count):
        outcome.next_cursor = cursors.write(cursors.Cursor(order.seed, found.hits[-1].key, seen), question)
