"""What to do when nothing was found: which one filter to let go and what that leaves, and the nearest match outside."""

from dataclasses import dataclass, replace
from typing import NamedTuple

from flask import url_for
from flask_babel import gettext as _

from directory.clinics import filters
from directory.places.distance import to_km
from directory.search import queries
from directory.search.addresses import address
from directory.search.cards import distance_text
from directory.search.circle import Circle
from directory.search.index import Hit
from directory.search.ranking import Order
from directory.search.run import RADII, RADIUS_KM, Outcome
from directory.vocabulary import GOALS, words_for

# Kilometres searched for the nearest match, one after the other; what lies further is no help.
REACHES_KM = (300.0, 500.0)


@dataclass(frozen=True, slots=True)
class Loosening:
    """One filter let go: what stays in its place is everything else; `count` is exact."""

    label: str
    count: int
    url: str


class Nearest(NamedTuple):
    name: str
    url: str
    distance: str
    search_url: str


@dataclass(slots=True)
class Advice:
    loosen: list[Loosening]
    nearest: Nearest | None


def advise(outcome: Outcome) -> Advice:
    """Advice on an empty result; reads one row of the database at most."""
    return Advice(_loosenings(outcome), _nearest(outcome))


def _loosenings(outcome: Outcome) -> list[Loosening]:
    query, counts = outcome.query, outcome.found.counts if outcome.found else None
    if counts is None:
        return []
    labels = {
        "q": _("without the words “%(words)s”", words=query.q),
        "open_now": _("without “Open now”"),
        "gender": _("whoever does the work"),
        "language": _("whatever is spoken, not only %(language)s", language=filters.language_name(query.language)),
        "consultation": _("also without a consultation by video"),
        "price_max": _("without a price limit"),
        "min_score": _("whatever the score, or without one"),
        "stage": _("also without a review of a healed result"),
        "requirement": _("whether or not they show what the law asks"),
        "credential": _("with a weaker credential, or none"),
    }
    found = [_loosening(outcome, labels[name], counts.without[name], name) for name in labels if name in counts.without]
    for key in query.goals:
        goal = words_for(GOALS, key)
        found.append(_loosening(outcome, _("without “%(goal)s”", goal=goal), counts.goals[key], "goal", key))
    return sorted((one for one in found if one.count), key=lambda one: -one.count)


def _loosening(outcome: Outcome, label: str, count: int, name: str, value: str | None = None) -> Loosening:
    pairs = [pair for pair in outcome.query.parameters() if pair[0] != name or (value is not None and pair[1] != value)]
    return Loosening(label, count, address(pairs))


def _nearest(outcome: Outcome) -> Nearest | None:
    circle, hit = outcome.criteria.circle, None
    if circle is None:
        return None
    for reach in REACHES_KM:
        hit = _first_within(outcome, Circle(circle.lat, circle.lon, reach))
        if hit is not None:
            break
    pin = queries.pins([hit.id]).get(hit.id) if hit else None
    if hit is None or hit.km is None or pin is None:
        return None
    wide = next((r for r in RADII[outcome.unit] if hit.km <= to_km(r, outcome.unit) <= RADIUS_KM[1]), None)
    pairs = [pair for pair in outcome.query.parameters() if pair[0] != "radius"]
    if wide is None:  # too far for any radius on offer: search its own surroundings
        pairs = [
            ("lat", f"{hit.lat:.2f}"),
            ("lon", f"{hit.lon:.2f}"),
            *(pair for pair in pairs if pair[0] not in {"near", "lat", "lon"}),
        ]
    else:
        pairs.append(("radius", f"{wide:g}"))
    return Nearest(
        pin.name, url_for("clinics.show", slug=pin.slug), distance_text(hit.km, outcome.unit), address(pairs)
    )


def _first_within(outcome: Outcome, circle: Circle) -> Hit | None:
    order = Order("distance", outcome.order.seed, outcome.order.goals)
    criteria = replace(outcome.criteria, circle=circle)
    found = outcome.state.index.search(criteria, order, now=outcome.now, size=1)
    return found.hits[0] if found.hits else None
