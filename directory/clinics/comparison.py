"""The compare table: facts as rows, clinics as columns, differences known."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple, Protocol

from flask_babel import gettext as _
from flask_babel import ngettext

from directory.clinics import sheet
from directory.clinics.facts import line_of
from directory.clinics.filters import goal_words, language_name, place_line
from directory.clinics.models import Clinic
from directory.vocabulary import ACCESS, FACTS, GOALS, MATERIALS, TREATMENTS, words_for

MOST = 4
# Lines that stand in every comparison, blank or not.
ASKED_FIRST = {*ACCESS, "patch_test", "touch_up", "pigments", "needles", "deposit", "consultation", "if_unhappy"}
ASKED_FIRST |= {"under_18", "photos"}


class Cell(NamedTuple):
    """What one clinic states; an empty text is shown as "Not stated". `vague` words say that something is missing."""

    text: str
    note: str = ""
    vague: bool = False

    @property
    def is_stated(self) -> bool:
        return bool(self.text) and not self.vague


class Row(NamedTuple):
    words: str
    cells: tuple[Cell, ...]

    @property
    def differs(self) -> bool:
        """Whether two clinics state different things; a blank is no statement."""
        return len({cell for cell in self.cells if cell.is_stated}) > 1

    @property
    def is_partial(self) -> bool:
        """Whether only some state it, and those agree."""
        return not self.differs and len(set(self.cells)) > 1


class Group(NamedTuple):
    words: str
    rows: tuple[Row, ...]

    def differing(self) -> "Group":
        """The same group with only the rows in which the clinics differ."""
        return Group(self.words, tuple(row for row in self.rows if row.differs))


class Rated(Protocol):
    """The score as lists print it."""

    @property
    def score(self) -> float | None: ...
    @property
    def count(self) -> int: ...
    @property
    def counted(self) -> int: ...
    @property
    def healed(self) -> int: ...


class Checked(NamedTuple):
    """What was checked of a clinic, in words: its strongest credential, what the law asks; a note on each."""

    strongest: str
    strongest_note: str
    law: str
    law_note: str
    law_known: bool


UNCHECKED = Checked("", "", "", "", law_known=False)


def compare_groups(
    clinics: Sequence[Clinic],
    people: Mapping[int, Sequence[str]],
    scores: Mapping[int, Rated],
    checked: Mapping[int, Checked],
    moment: datetime,
    *,
    own_results: Mapping[int, int],
) -> list[Group]:
    """The table of up to MOST clinics. Groups without rows are left out.

    `people`: names by clinic id; `own_results`: how many healed results each shows itself.
    """
    seen = {clinic.id: checked.get(clinic.id, UNCHECKED) for clinic in clinics}
    law = [
        _row(_("Strongest credential"), clinics, lambda one: Cell(seen[one.id].strongest, seen[one.id].strongest_note)),
        _row(
            _("What the law asks"),
            clinics,
            lambda one: Cell(seen[one.id].law, seen[one.id].law_note, vague=not seen[one.id].law_known),
        ),
    ]
    told = [
        _row(_("Score"), clinics, lambda one: _score_cell(scores.get(one.id))),
        _row(
            _("Reviews of healed results"),
            clinics,
            lambda one: _healed_cell(scores.get(one.id), own_results.get(one.id, 0)),
        ),
    ]
    listing = [
        _row(_("Listing"), clinics, lambda one: Cell(_listing_words(one))),
        _row(_("People named"), clinics, lambda one: Cell(*_people_words(people.get(one.id, ())))),
    ]
    way = [
        _row(_("Place"), clinics, lambda one: Cell(place_line(one), str(_("Home studio")) if one.is_home else "")),
        _row(_("Open at the weekend"), clinics, lambda one: Cell(sheet.weekend_words(one, moment))),
        _row(_("Languages"), clinics, lambda one: Cell(", ".join(language_name(code) for code in one.languages))),
        *_stated_rows(ACCESS, clinics),
    ]
    groups = [
        Group(str(_("Reviews")), tuple(told)),
        Group(str(_("What was checked")), tuple(law)),
        Group(str(_("Who does the work")), tuple(listing)),
        Group(str(_("Treatments and prices")), tuple([*_price_rows(clinics), *_stated_rows(TREATMENTS, clinics)])),
        Group(str(_("Policies")), tuple(_stated_rows(FACTS, clinics))),
        Group(str(_("Pigments and needles")), tuple(_stated_rows(MATERIALS, clinics))),
        Group(str(_("Getting there")), tuple(way)),
    ]
    return [group for group in groups if group.rows]


class Count(NamedTuple):
    """Rows that differ, rows that only some clinics state, and all rows."""

    differing: int
    partial: int
    rows: int


def count_differences(groups: Iterable[Group]) -> Count:
    rows = [row for group in groups for row in group.rows]
    return Count(sum(row.differs for row in rows), sum(row.is_partial for row in rows), len(rows))


def _row(words: str, clinics: Sequence[Clinic], cell: Callable[[Clinic], Cell]) -> Row:
    return Row(str(words), tuple(cell(clinic) for clinic in clinics))


def _score_cell(rated: Rated | None) -> Cell:
    if rated is None or not rated.count:
        return Cell(str(_("No reviews yet")), vague=True)
    number = str(ngettext("%(num)s counted review", "%(num)s counted reviews", rated.counted))
    if rated.score is None:
        return Cell(str(_("Too few reviews to score")), number, vague=True)
    return Cell(str(_("%(score)s of 5", score=rated.score)), number)


def _healed_cell(rated: Rated | None, own: int) -> Cell:
    note = ""
    if own:
        note = str(ngettext("%(num)s picture set by the clinic", "%(num)s picture sets by the clinic", own))
    if rated is None or not rated.counted:
        return Cell(str(_("None")), note, vague=True)
    return Cell(str(_("%(healed)s of %(counted)s", healed=rated.healed, counted=rated.counted)), note)


def _listing_words(clinic: Clinic) -> str:
    if clinic.status == "closed":
        return str(_("Closed for good"))
    return str(_("Claimed by the owner") if clinic.claimed_at else _("Unclaimed, not checked"))


def _people_words(names: Sequence[str]) -> tuple[str, str]:
    return (str(len(names)), ", ".join(names)) if names else ("", "")


def _price_rows(clinics: Sequence[Clinic]) -> list[Row]:
    """One row for each treatment that any of them offers, in the order of the vocabulary, then their other lines."""
    lists = {
        clinic.id: {line.goal or line.words: line for line in reversed(sheet.price_lines(clinic))} for clinic in clinics
    }
    offered = dict.fromkeys(key for lines in lists.values() for key in lines)
    keys = [goal for goal in GOALS if goal in offered] + [key for key in offered if key not in GOALS]
    return [
        _row(goal_words(key), clinics, lambda one, key=key: _price_cell(lists[one.id].get(key)))  # type: ignore[misc]
        for key in keys
    ]


def _price_cell(line: sheet.PriceLine | None) -> Cell:
    if line is None:
        return Cell("")
    return Cell(line.total or str(_("Offered, price not stated")), line.in_sessions, vague=not line.total)


def _stated_rows(table: Mapping[str, str], clinics: Sequence[Clinic]) -> list[Row]:
    """What the clinics say of themselves; of the lines few state, those that none of these does are left out."""
    return [
        _row(words_for(table, key), clinics, lambda one, key=key: Cell(line_of(one.facts, key)))  # type: ignore[misc]
        for key in table
        if key in ASKED_FIRST or any(line_of(clinic.facts, key) for clinic in clinics)
    ]
