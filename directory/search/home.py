"""The home page's numbers, live from the index: what is listed today, and nothing that is not so yet."""

from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from directory.clinics.filters import country_name
from directory.search.addresses import address
from directory.search.index import Index
from directory.search.live import State
from directory.vocabulary import GOALS, words_for

TOP_TOWNS = 6
MOST_DOTS = 2_000


class Fact(NamedTuple):
    number: int
    sentence: str
    detail: str
    url: str
    link_label: str


@dataclass(frozen=True, slots=True)
class TownLink:
    name: str
    count: int
    url: str


@dataclass(slots=True)
class Home:
    clinics: int
    countries: int
    towns: int
    at_door: int
    paid_places: int
    facts: list[Fact]
    top_towns: list[TownLink]
    goals: list[tuple[str, str]]
    dots: int


@lru_cache(maxsize=2)
def _largest_towns(state: State) -> list[tuple[str, str, int]]:
    return [(town.name, town.country, town.clinics) for town in state.index.largest_towns(TOP_TOWNS)]


def home_view(state: State) -> Home:
    """Numbers of the index as it stands."""
    index = state.index
    towns = [
        TownLink(name, clinics, address([("near", f"{name}, {country_name(country)}")]))
        for name, country, clinics in _largest_towns(state)
    ]
    return Home(
        clinics=index.total,
        countries=index.countries,
        towns=index.towns,
        at_door=index.at_door,
        paid_places=0,
        facts=_facts(state),
        top_towns=towns,
        goals=[(key, words_for(GOALS, key)) for key in GOALS],
        dots=min(index.total, MOST_DOTS),
    )


def _facts(state: State) -> list[Fact]:
    index = state.index
    countries = ngettext("%(num)d country", "%(num)d countries", index.countries)
    towns = ngettext("%(num)d town", "%(num)d towns", index.towns)
    return [
        Fact(
            index.total,
            ngettext(
                "clinic listed, in %(towns)s and %(countries)s.",
                "clinics listed, in %(towns)s and %(countries)s.",
                index.total,
                towns=towns,
                countries=countries,
            ),
            _("Each listing says where its facts come from, and what is not stated."),
            url_for("guide.policy", page="verification"),
            _("What is checked, and what is not yet"),
        ),
        _reviews_fact(index) if index.counted else _places_fact(index),
        Fact(
            0,
            _("paid places in the results."),
            _("Distance and fit come first. Each result says why it stands there."),
            url_for("guide.policy", page="ranking"),
            _("How the order is made"),
        ),
    ]


def _reviews_fact(index: Index) -> Fact:
    return Fact(
        index.counted,
        ngettext(
            "review counts, read by a person before it was shown.",
            "reviews count, each read by a person before it was shown.",
            index.counted,
        ),
        ngettext(
            "%(num)d of them tells of a result that had healed.",
            "%(num)d of them tell of a result that had healed.",
            index.healed,
        ),
        url_for("guide.policy", page="reviews"),
        _("How we check reviews"),
    )


def _places_fact(index: Index) -> Fact:
    vague = index.total - index.at_door
    return Fact(
        index.at_door,
        ngettext("clinic placed by its own coordinates.", "clinics placed by their own coordinates.", index.at_door),
        ngettext(
            "%(num)d more is known by its area only. It is shown as such.",
            "%(num)d more are known by their area only. They are shown as such.",
            vague,
        ),
        url_for("guide.policy", page="verification"),
        _("How a place is found"),
    )
