"""Why a clinic stands where it does in the search for its own town: asked of the search itself, with its own words."""

from typing import NamedTuple

from werkzeug.datastructures import MultiDict

from directory.clinics.filters import goal_words
from directory.clinics.models import PUBLISHED, Clinic
from directory.db import now
from directory.search.addresses import address
from directory.search.cards import FactorView, Words, distance_text
from directory.search.forms import read_query
from directory.search.run import run

FARTHEST = 500
MOST_GOALS = 3


class Rank(NamedTuple):
    """One search: what was looked for, where the clinic stands, and the factors. `place` 0: not among the first."""

    goal: str
    town: str
    place: int
    total: int
    radius: str
    factors: list[FactorView]
    url: str


def ranks(clinic: Clinic) -> list[Rank]:
    """Search for its town without a wish, and for each of its first goals; nothing where search does not show it."""
    if clinic.status != PUBLISHED or not clinic.city:
        return []
    return [one for goal in ("", *clinic.goals[:MOST_GOALS]) if (one := _rank(clinic, goal)) is not None]


def _rank(clinic: Clinic, goal: str) -> Rank | None:
    pairs = [("near", f"{clinic.city}, {clinic.country}"), *([("goal", goal)] if goal else [])]
    outcome = run(read_query(MultiDict(pairs), whole_pages=True), now=now(), size=FARTHEST)
    if outcome.found is None or outcome.place is None:
        return None
    words, place = Words(outcome), 0
    factors: list[FactorView] = []
    for number, hit in enumerate(outcome.found.hits, 1):
        if hit.id == clinic.id:
            distance = "" if hit.km is None else distance_text(hit.km, outcome.unit)
            place, factors = number, words.factors(hit, distance)
    radius = f"{outcome.radius:g} {outcome.unit}" if outcome.radius is not None else ""
    wish = str(goal_words(goal)) if goal else ""
    return Rank(wish, outcome.place.name, place, outcome.total, radius, factors, address(pairs, 1))
