"""The page of results as the template sees it: words and addresses, nothing left to work out."""

from dataclasses import dataclass
from typing import NamedTuple

from flask_babel import gettext as _
from flask_babel import ngettext

from directory.places.place import Place
from directory.search.addresses import Pairs, address, replaced
from directory.search.advice import Advice, advise
from directory.search.cards import Result, results
from directory.search.chips import Chip, Group, chips_of, grouped
from directory.search.forms import LAST_PAGE, LONGEST_WORDS, MOST_WORDS, Query
from directory.search.matching import Criteria
from directory.search.names import query_terms
from directory.search.ranking import SORTS, Order
from directory.search.run import RADII, Outcome

FIELDS = ("near", "lat", "lon", "radius", "unit", "q", "price_max")


class Link(NamedTuple):
    label: str
    url: str


class Choice(NamedTuple):
    """One of several: a radius, a sort."""

    value: str
    label: str
    url: str
    on: bool


class PlaceView(NamedTuple):
    name: str
    label: str
    kind: str
    lat: float
    lon: float
    note: str


class FormView:
    """What was typed, to fill the fields again, and what is wrong with it."""

    def __init__(self, outcome: Outcome) -> None:
        query = outcome.query
        for name in FIELDS:
            setattr(self, name, query.typed.get(name, ""))
        self.unit = outcome.unit
        self.currency = outcome.criteria.currency
        self.goals = list(query.goals)
        self.language, self.gender = query.language, query.gender
        self.open_now, self.sort = query.open_now, query.sort
        self.messages = query.messages
        self._parameters = query.parameters()

    def hidden(self, *without: str) -> Pairs:
        """The parameters in force except those named, for the hidden inputs of a small form."""
        return [(name, value) for name, value in self._parameters if name not in without]


@dataclass(slots=True)
class Page:
    """See each field's use in `templates/search/results.html`."""

    form: FormView
    heading: str
    messages: dict[str, str]
    total: int
    first: int
    last: int
    place: PlaceView | None
    others: list[Link]
    suggestions: list[Link]
    corrected_from: str | None
    radii: list[Choice]
    radius_label: str
    chips: list[Chip]
    chip_groups: list[Group]
    sorts: list[Choice]
    results: list[Result]
    left_out: list[str]
    advice: Advice | None
    previous_url: str | None
    next_url: str | None
    number: int
    pages: int
    pins_url: str
    canonical: str
    searched: bool
    problem: str | None
    unknown_place: bool
    by_name: Link | None
    noindex: bool = True


def page_of(outcome: Outcome) -> Page:
    query, form = outcome.query, FormView(outcome)
    shown = results(outcome)
    pages = min(LAST_PAGE, max(1, -(-outcome.total // query.per_page)))
    pairs = query.parameters()
    chips = chips_of(outcome)
    resolution = outcome.resolution
    return Page(
        form=form,
        heading=heading(outcome),
        messages=_messages(outcome),
        total=outcome.total,
        first=shown[0].number if shown else 0,
        last=shown[-1].number if shown else 0,
        place=_place_view(outcome),
        others=[_place_link(place, query) for place in resolution.others] if resolution else [],
        suggestions=[_place_link(place, query) for place in resolution.suggestions] if resolution else [],
        corrected_from=resolution.corrected_from if resolution else None,
        radii=_radii(outcome),
        radius_label="" if outcome.radius is None else length_text(outcome.radius, outcome.unit),
        chips=chips,
        chip_groups=grouped(chips),
        sorts=_sorts(outcome),
        results=shown,
        left_out=_left_out(outcome),
        advice=advise(outcome) if outcome.found and not outcome.total else None,
        previous_url=address(pairs, query.page - 1) if query.page > 1 else None,
        next_url=address(pairs, query.page + 1) if query.page < pages else None,
        number=query.page,
        pages=pages,
        pins_url=address(pairs, query.page, endpoint="search.pins"),
        canonical=address(pairs, query.page),
        searched=bool(pairs or query.typed or query.messages),
        problem=outcome.problem,
        unknown_place=outcome.is_place_unknown,
        by_name=_by_name(outcome),
    )


def length_text(length: float, unit: str) -> str:
    """ "15 miles", "2.5 kilometres"."""
    number = f"{length:g}"
    if unit == "mi":
        return str(ngettext("%(number)s mile", "%(number)s miles", length, number=number))
    return str(_("%(number)s km", number=number))


def heading(outcome: Outcome) -> str:
    """ "19 clinics within 15 miles of Leeds"."""
    if outcome.is_place_unknown:
        return str(_("We do not know a place called “%(typed)s”", typed=outcome.query.near))
    if outcome.problem or outcome.found is None:
        return str(_("Nothing searched yet"))
    total = f"{outcome.total:,}"
    clinics = str(ngettext("%(total)s clinic", "%(total)s clinics", outcome.total, total=total))
    place = outcome.place
    if place is None:
        return clinics
    if outcome.radius is None:
        return str(_("%(clinics)s in %(place)s", clinics=clinics, place=place.name))
    length = length_text(outcome.radius, outcome.unit)
    return str(_("%(clinics)s within %(length)s of %(place)s", clinics=clinics, length=length, place=place.name))


def _messages(outcome: Outcome) -> dict[str, str]:
    """What was not understood, without what the heading says already."""
    said_above = {"near"} if outcome.is_place_unknown else set()
    return {name: words for name, words in outcome.query.messages.items() if name not in said_above}


def _place_view(outcome: Outcome) -> PlaceView | None:
    place = outcome.place
    if place is None:
        return None
    note = ""
    if place.approximate:
        note = _("near %(code)s", code=place.approximate)
    elif place.area and outcome.radius is not None:
        note = _("from the middle of %(place)s", place=place.name)
    return PlaceView(place.name, place.label, place.kind, place.lat, place.lon, note)


def _place_link(place: Place, query: Query) -> Link:
    others = [pair for pair in query.parameters() if pair[0] not in {"near", "lat", "lon", "radius"}]
    return Link(place.label, address([("near", place.label), *others]))


def _by_name(outcome: Outcome) -> Link | None:
    """The clinics whose names hold what was typed as a place that nobody knows."""
    typed = outcome.query.near
    terms = query_terms(typed) if outcome.is_place_unknown and len(typed) <= LONGEST_WORDS else ()
    if not 0 < len(terms) <= MOST_WORDS:
        return None
    order = Order("newest", outcome.order.seed, 0)
    found = outcome.state.index.search(Criteria(terms=terms), order, now=outcome.now, size=1)
    if not found.total:
        return None
    label = str(_("Clinics with “%(words)s” in the name", words=typed))
    return Link(f"{label} ({found.total:,})", address([("q", typed)]))


def _radii(outcome: Outcome) -> list[Choice]:
    if outcome.radius is None:
        return []
    pairs = outcome.query.parameters()
    values = sorted({*RADII[outcome.unit], outcome.radius})
    return [
        Choice(
            f"{value:g}",
            length_text(value, outcome.unit),
            address(replaced(pairs, "radius", f"{value:g}")),
            value == outcome.radius,
        )
        for value in values
    ]


def _sorts(outcome: Outcome) -> list[Choice]:
    labels = {
        "best": _("Best fit first"),
        "distance": _("Nearest first"),
        "score": _("Best score first"),
        "newest": _("Newest first"),
    }
    pairs = outcome.query.parameters()
    return [
        Choice(
            sort,
            labels[sort],
            address(replaced(pairs, "sort", None if sort == "best" else sort)),
            sort == outcome.query.sort,
        )
        for sort in SORTS
        if sort != "distance" or outcome.criteria.circle
    ]


def _left_out(outcome: Outcome) -> list[str]:
    """What a price limit looks at and what it silently drops, said."""
    if outcome.found is None or outcome.criteria.price_max is None:
        return []
    counts, said = outcome.found.counts, []
    if outcome.query.goals:
        said.append(_("The price looked at is the lowest a clinic states; what you chose may cost more there."))
    if counts.other_currency:
        said.append(
            ngettext(
                "%(num)d clinic states its prices in another currency and is left out.",
                "%(num)d clinics state their prices in other currencies and are left out.",
                counts.other_currency,
            )
        )
    if counts.no_price:
        said.append(
            ngettext(
                "%(num)d clinic states no price and is left out.",
                "%(num)d clinics state no price and are left out.",
                counts.no_price,
            )
        )
    return said
