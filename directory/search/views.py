"""Home, results, the map's pins and place suggestions. The query itself is never logged."""

from functools import lru_cache
from typing import Any

from flask import Blueprint, Response, current_app, jsonify, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import get_locale

from directory.access import public
from directory.clinics import sightings
from directory.clinics.cover import crown_svg
from directory.conditional import unchanged
from directory.config import Settings
from directory.db import now
from directory.errors import Unprocessable
from directory.limits import limiter
from directory.places.gazetteer import Gazetteer
from directory.search.forms import LONGEST_PLACE, read_query
from directory.search.home import MOST_DOTS, home_view
from directory.search.kept import Kept, kept_here
from directory.search.live import LiveIndex
from directory.search.page import page_of
from directory.search.pins import pins_of
from directory.search.run import run

bp = Blueprint("search", __name__)

SUGGESTIONS = 6
# Whole pages of results, kept while nothing they are made from changes: at most some 20 MB.
PAGES_KEPT = 256


def _live() -> LiveIndex:
    live: LiveIndex = current_app.extensions["live"]
    return live


def _rate(name: str) -> Any:
    return lambda: current_app.config[name]


@bp.get("/")
@public(cache="checked")
def home() -> ResponseReturnValue:
    """The promise, the search field, and numbers from the index."""
    state = _live().current()
    if (answer := unchanged(state.stamp)) is not None:
        return answer
    return render_template("search/home.html", home=home_view(state))


@lru_cache(4)
def _crown(dots: int) -> str:
    return crown_svg(dots, "crown")


@bp.get("/crown.svg")
@public(cache="checked")
def crown() -> Response:
    """The picture on the home page: exactly one dot for each clinic listed, up to MOST_DOTS."""
    dots = min(_live().current().index.total, MOST_DOTS)
    return unchanged(dots) or Response(_crown(dots), mimetype="image/svg+xml")


@bp.get("/search")
@limiter.limit(_rate("RATE_SEARCH"))
@public(cache="checked")
def results() -> ResponseReturnValue:
    """Clinics that meet what was asked. Opening states hold for a minute, which is therefore part of the tag."""
    moment, locale = now(), str(get_locale())
    stamp, minute = _live().current().stamp, int(moment.timestamp()) // 60
    key = (request.full_path, stamp, minute, locale)
    pages: Kept[tuple[str, tuple[int, ...]]] = kept_here("pages", PAGES_KEPT)
    kept = pages.get(key)
    if (answer := unchanged(stamp, minute, locale)) is not None:
        sightings.note("appearances", kept[1] if kept else ())
        return answer
    if kept is None:
        outcome = run(read_query(request.args, whole_pages=True), now=moment, with_counts=True)
        hits = outcome.found.hits if outcome.found else []
        kept = render_template("search/results.html", page=page_of(outcome)), tuple(hit.id for hit in hits)
        # A change that came between the look above and the search belongs to the next tag.
        if outcome.state.stamp == stamp:
            pages.put(key, kept)
    sightings.note("appearances", kept[1])
    return kept[0]


@bp.get("/search/pins.json")
@limiter.limit(_rate("RATE_SEARCH"))
@public(cache="checked")
def pins() -> ResponseReturnValue:
    """The same results for the map."""
    moment = now()
    minute = int(moment.timestamp()) // 60
    if (answer := unchanged(_live().current().stamp, minute)) is not None:
        return answer
    return jsonify(pins_of(read_query(request.args, whole_pages=True), moment))


@bp.get("/places/suggest")
@limiter.limit(_rate("RATE_SUGGEST"))
@public(cache="asset")
def suggest() -> ResponseReturnValue:
    """Places that what is being typed may become."""
    typed = request.args.get("q", "")
    if len(typed) > LONGEST_PLACE:
        raise Unprocessable({"q": f"A place has at most {LONGEST_PLACE} letters."})
    settings: Settings = current_app.config["SETTINGS"]
    gazetteer: Gazetteer = current_app.extensions["gazetteer"]
    places = gazetteer.suggest(typed, country=settings.site_country or None, limit=SUGGESTIONS)
    rows = [
        {
            "label": place.label,
            "name": place.name,
            "region": place.region,
            "country": place.country,
            "lat": place.lat,
            "lon": place.lon,
            "kind": place.kind,
            "matched": place.matched,
        }
        for place in places
    ]
    answer: Response = jsonify(results=rows)
    return answer
