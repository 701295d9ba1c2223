"""What a clinic's page states and what it leaves open, and what each blank would add for somebody who looks.

More facts move nobody up in the results: they answer filters and questions.
"""

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from typing import Any, NamedTuple

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from directory.clinics.editing import stated_on
from directory.clinics.facts import line_of
from directory.clinics.models import Clinic
from directory.clinics.sections import SECTIONS
from directory.consultations.passport import asked_of_facts
from directory.vocabulary import ACCESS, FACTS, MATERIALS, TREATMENTS, words_for


class Point(NamedTuple):
    """One fact of the page. `adds`: what stating it gives a reader, in words. The heaviest blanks are asked first."""

    key: str
    section: str
    words: str
    stated: bool
    adds: tuple[str, ...]
    weight: int


class Share(NamedTuple):
    """One section: its facts, and how many are stated."""

    section: str
    words: str
    points: list[Point]

    @property
    def stated(self) -> int:
        return sum(point.stated for point in self.points)

    @property
    def blank(self) -> list[Point]:
        return [point for point in self.points if not point.stated]


# Facts that are columns of the listing: section, words, whether they are stated, what they add beside a comparison.
_COLUMNS: Mapping[str, tuple[str, Any, Callable[[Clinic], bool], Any]] = {
    "description": ("identity", _l("Your own words"), lambda one: bool(one.description), _l("your page in your words")),
    "phone": ("identity", _l("Phone"), lambda one: bool(one.phone), _l("a number to call")),
    "website": ("identity", _l("Website"), lambda one: bool(one.website), _l("the way to your site")),
    "point": (
        "address",
        _l("Where the door is"),
        lambda one: one.is_home or one.point_precision == "given",
        _l("the right distance in every search"),
    ),
    "goals": ("treatments", _l("Treatments"), lambda one: bool(one.goals), _l("the filter “What for”")),
    "services": ("prices", _l("Prices"), lambda one: one.price_min is not None, _l("the filter “up to a price”")),
    "included": (
        "prices",
        _l("What the prices include"),
        lambda one: any(line.included for line in one.services),
        _l("what is paid for beside your prices"),
    ),
    "sessions": (
        "prices",
        _l("Number of sessions"),
        lambda one: any(line.sessions_min for line in one.services),
        _l("how often one has to come"),
    ),
    "opening_hours": ("hours", _l("Opening hours"), lambda one: bool(one.opening_hours), _l("the filter “Open now”")),
    "languages": ("languages", _l("Languages"), lambda one: bool(one.languages), _l("the filter by language")),
}
_COMPARED = {"services", "opening_hours", "languages"}
# Lines of the page that search has a filter for.
_FILTERED = {"consultation": _l("the filter “Consultation by video”")}
LINES = {"treatments": TREATMENTS, "policies": {**FACTS, **ACCESS}, "materials": MATERIALS}
# What people look for and ask first; everything else weighs one.
_WEIGHTS = {"services": 48, "goals": 47, "opening_hours": 46, "languages": 45, "patch_test": 44, "if_unhappy": 43,
            "pigments": 42, "point": 41, "deposit": 40, "touch_up": 39, "needles": 38, "consultation": 37,
            "limits": 36}  # fmt: skip


def shares(clinic: Clinic) -> list[Share]:
    """Every section with its facts, in the order of the profile."""
    found = [*_columns(clinic), *_lines(clinic)]
    return [
        Share(section, str(words), [point for point in found if point.section == section])
        for section, words in SECTIONS.items()
    ]


def biggest_blanks(clinic: Clinic, most: int) -> list[Point]:
    """The facts left open that would tell a reader most."""
    blanks = [point for share in shares(clinic) for point in share.blank]
    return sorted(blanks, key=lambda point: (-point.weight, point.key))[:most]


def unconfirmed(clinic: Clinic, since: datetime) -> list[str]:
    """The sections, in words, that state something and that nobody of the clinic said or confirmed since then."""
    said = stated_on(clinic)
    told = ((share, said[share.section]) for share in shares(clinic) if share.stated)
    return [share.words for share, at in told if at is None or at < since]


def _columns(clinic: Clinic) -> Iterator[Point]:
    for key, (section, words, is_stated, adds) in _COLUMNS.items():
        more = (_("a row in comparisons"),) if key in _COMPARED else ()
        yield Point(key, section, str(words), is_stated(clinic), (str(adds), *more), _WEIGHTS.get(key, 1))


def _lines(clinic: Clinic) -> Iterator[Point]:
    questions = asked_of_facts()
    for section, table in LINES.items():
        for line in table:
            adds = [_("a row in comparisons")]
            if line in _FILTERED:
                adds.append(str(_FILTERED[line]))
            if line in questions:
                adds.append(_("the answer to “%(question)s”", question=questions[line]))
            stated = bool(line_of(clinic.facts, line))
            yield Point(line, section, words_for(table, line), stated, tuple(adds), _WEIGHTS.get(line, 1))
