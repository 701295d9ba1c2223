"""Filters as chips: each says how many results pressing it leaves, exact."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple

from babel.numbers import get_currency_precision
from flask_babel import gettext as _

from directory.clinics import filters
from directory.search.addresses import address, replaced
from directory.search.matching import SCORE_STEPS
from directory.search.run import Outcome
from directory.vocabulary import GENDERS, GOALS, words_for

PROMINENT_GOALS = 3
MOST_LANGUAGES = 12


@dataclass(frozen=True, slots=True)
class Chip:
    """A filter to press; `count` is how many results that leaves."""

    field: str
    value: str
    label: str
    count: int
    url: str
    on: bool
    prominent: bool


class Group(NamedTuple):
    field: str
    title: str
    chips: list[Chip]


def chips_of(outcome: Outcome) -> list[Chip]:
    """Filters in force first, then the others in the order of their groups; none when nothing was searched."""
    if outcome.found is None:
        return []
    made = [
        *_words_chip(outcome),
        *_goal_chips(outcome),
        *_open_chip(outcome),
        *_credential_chips(outcome),
        *_review_chips(outcome),
        *_price_chips(outcome),
        *_consultation_chip(outcome),
        *_gender_chips(outcome),
        *_language_chips(outcome),
    ]
    return sorted(made, key=lambda chip: not chip.on)


def _chip(outcome: Outcome, field: str, value: str, label: str, count: int, *, on: bool, prominent: bool) -> Chip:
    pairs = outcome.query.parameters()
    return Chip(field, value, label, count, address(replaced(pairs, field, None if on else value)), on, on or prominent)


def _words_chip(outcome: Outcome) -> Iterator[Chip]:
    query = outcome.query
    if query.q and outcome.found:
        label = _("“%(words)s”", words=query.q)
        yield _chip(outcome, "q", query.q, label, outcome.found.counts.without["q"], on=True, prominent=True)


def _goal_chips(outcome: Outcome) -> Iterator[Chip]:
    counts = outcome.found.counts.goals if outcome.found else {}
    pairs = outcome.query.parameters()
    ranked = sorted(GOALS, key=lambda key: -counts.get(key, 0))
    for key in GOALS:
        on = key in outcome.query.goals
        others = [pair for pair in pairs if pair != ("goal", key)]
        url = address(others if on else [*pairs, ("goal", key)])
        prominent = on or (ranked.index(key) < PROMINENT_GOALS and counts.get(key, 0) > 0)
        yield Chip("goal", key, words_for(GOALS, key), counts.get(key, 0), url, on, prominent)


def _open_chip(outcome: Outcome) -> Iterator[Chip]:
    if outcome.found:
        counts, on = outcome.found.counts, outcome.query.open_now
        left = counts.without["open_now"] if on else counts.open_now
        yield _chip(outcome, "open_now", "1", _("Open now"), left, on=on, prominent=True)


def _consultation_chip(outcome: Outcome) -> Iterator[Chip]:
    if outcome.found is None:
        return
    counts, on = outcome.found.counts, bool(outcome.query.consultation)
    left = counts.without["consultation"] if on else counts.by_video
    if on or left:
        yield _chip(outcome, "consultation", "video", _("Consultation by video"), left, on=on, prominent=False)


def _review_chips(outcome: Outcome) -> Iterator[Chip]:
    if outcome.found is None:
        return
    counts, query = outcome.found.counts, outcome.query
    if query.healed or counts.healed:
        left = counts.without["stage"] if query.healed else counts.healed
        yield _chip(outcome, "stage", "healed", _("Healed results reviewed"), left, on=query.healed, prominent=True)
    asked = query.min_score
    if asked is not None:
        label = _("Score %(score)s or more", score=f"{asked:g}")
        yield _chip(outcome, "min_score", f"{asked:g}", label, counts.without["min_score"], on=True, prominent=True)
    for step in SCORE_STEPS:
        score = step / 10
        if counts.scores[step] and score != asked:
            label = _("Score %(score)s or more", score=f"{score:g}")
            pairs = replaced(query.parameters(), "min_score", f"{score:g}")
            yield Chip("min_score", f"{score:g}", label, counts.scores[step], address(pairs), False, step == 40)


def _credential_chips(outcome: Outcome) -> Iterator[Chip]:
    if outcome.found is None:
        return
    counts, query = outcome.found.counts, outcome.query
    if query.requirement or counts.met:
        left = counts.without["requirement"] if query.requirement else counts.met
        label = _("Shows what the law asks")
        yield _chip(outcome, "requirement", "met", label, left, on=bool(query.requirement), prominent=True)
    for level, label in (
        (1, _("A document was seen")),
        (2, _("An issuer confirmed")),
        (3, _("Found in a register")),
        (4, _("In a watched register")),
    ):
        on = query.credential == str(level)
        left = counts.without["credential"] if on else counts.strengths[level]
        if on or left:
            yield _chip(outcome, "credential", str(level), label, left, on=on, prominent=on or level == 3)


def _price_chips(outcome: Outcome) -> Iterator[Chip]:
    if outcome.found is None:
        return
    counts, currency, asked = outcome.found.counts, outcome.criteria.currency, outcome.criteria.price_max
    if asked is not None:
        label = _("Prices from %(price)s or less", price=filters.money(asked, currency))
        yield _chip(
            outcome, "price_max", _major(asked, currency), label, counts.without["price_max"], on=True, prominent=True
        )
    steps = [step for step in sorted(counts.prices) if counts.prices[step] and step != asked]
    for place, step in enumerate(steps):
        pairs = replaced(outcome.query.parameters(), "price_max", _major(step, currency))
        pairs = replaced(pairs, "currency", currency)
        label = _("Prices from %(price)s or less", price=filters.money(step, currency))
        prominent = asked is None and place == len(steps) // 2
        yield Chip("price_max", _major(step, currency), label, counts.prices[step], address(pairs), False, prominent)


def _major(minor: int, currency: str) -> str:
    """Minor units as typed: 200000 pence are "2000"."""
    return f"{Decimal(minor).scaleb(-get_currency_precision(currency)).normalize():f}"


def _gender_chips(outcome: Outcome) -> Iterator[Chip]:
    labels = {"female": _("A woman does the work"), "male": _("A man does the work")}
    counts = outcome.found.counts if outcome.found else None
    for key in GENDERS:
        on = key == outcome.query.gender
        left = 0 if counts is None else counts.without["gender"] if on else counts.genders[key]
        if on or (left and key in labels):
            label = labels.get(key, words_for(GENDERS, key))
            yield _chip(outcome, "gender", key, label, left, on=on, prominent=False)


def _language_chips(outcome: Outcome) -> Iterator[Chip]:
    if outcome.found is None:
        return
    counts, chosen = outcome.found.counts, outcome.query.language
    ranked = sorted(counts.languages.items(), key=lambda item: (-item[1], item[0]))[:MOST_LANGUAGES]
    if chosen:
        yield _chip(
            outcome,
            "language",
            chosen,
            filters.language_name(chosen),
            counts.without["language"],
            on=True,
            prominent=True,
        )
    for code, left in ranked:
        if code != chosen:
            yield _chip(outcome, "language", code, filters.language_name(code), left, on=False, prominent=False)


def grouped(chips: Sequence[Chip]) -> list[Group]:
    """The chips under a title each."""
    titles = {
        "q": _("Words in the name"),
        "goal": _("What for"),
        "stage": _("Healed results"),
        "min_score": _("Score"),
        "requirement": _("What the law asks"),
        "credential": _("Credential"),
        "open_now": _("Opening hours"),
        "price_max": _("Price"),
        "consultation": _("Consultation"),
        "gender": _("Who does the work"),
        "language": _("Language spoken"),
    }
    groups = [Group(field, title, [chip for chip in chips if chip.field == field]) for field, title in titles.items()]
    return [group for group in groups if group.chips]
