"""The results as the map takes them: this page's rows with their numbers, others of the same search without."""

from datetime import datetime
from typing import Any

from flask import current_app, url_for

from directory.places.gazetteer import Gazetteer
from directory.search import queries
from directory.search.forms import Query
from directory.search.run import Outcome, run

OTHERS = 200
TOWNS = 40
RINGS = 3


def pins_of(query: Query, now: datetime) -> dict[str, Any]:
    """Origin, radius and rings in the unit shown, pins in order, and towns to label."""
    page = run(query, now=now)
    shown = {hit.id: number for number, hit in enumerate(page.found.hits if page.found else [], page.skip + 1)}
    everything = run(query, now=now, size=OTHERS + len(shown)) if page.total > len(shown) else page
    hits = {hit.id: hit for outcome in (page, everything) if outcome.found for hit in outcome.found.hits}
    facts = queries.pins(list(hits))
    return {
        "origin": _origin(page),
        "radius_km": page.criteria.circle.radius_km if page.criteria.circle else None,
        "unit": page.unit,
        "rings": _rings(page),
        "pins": [
            {
                "n": shown.get(hit.id),
                "slug": pin.slug,
                "name": pin.name,
                "lat": hit.lat,
                "lon": hit.lon,
                "approximate": pin.approximate,
                "url": url_for("clinics.show", slug=pin.slug),
            }
            for hit in hits.values()
            if (pin := facts.get(hit.id)) is not None
        ][: OTHERS + len(shown)],
        "towns": _towns(page),
    }


def _origin(outcome: Outcome) -> dict[str, Any] | None:
    circle = outcome.criteria.circle
    if circle is None:
        return None
    return {"lat": circle.lat, "lon": circle.lon, "name": outcome.origin_name}


def _rings(outcome: Outcome) -> list[float]:
    """Lengths in the unit shown at which a ring is drawn: thirds of the radius."""
    if outcome.radius is None:
        return []
    return [round(outcome.radius * ring / RINGS, 1) for ring in range(1, RINGS + 1)]


def _towns(outcome: Outcome) -> list[dict[str, Any]]:
    circle = outcome.criteria.circle
    if circle is None:
        return []
    gazetteer: Gazetteer = current_app.extensions["gazetteer"]
    towns = gazetteer.towns_around(circle.lat, circle.lon, circle.radius_km * 1.3, TOWNS)
    return [{"name": town.name, "lat": town.lat, "lon": town.lon, "population": town.population} for town in towns]
