"""Results as visitors see them: those that healed longest first, and what is missing shown as missing."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from flask_babel import gettext as _

from directory.portfolio.choices import HEALED, LENGTHS, LIGHTS, PLACES, STAGES
from directory.portfolio.models import Picture, ResultSet
from directory.portfolio.queries import seen_at, who_speak_for_themselves
from directory.practitioners.models import Practitioner
from directory.vocabulary import GOALS, words_for

# Of a clinic's own page; the others stand on a page of their own.
ON_THE_PAGE = 4


class Point(NamedTuple):
    """One stage of a result: its pictures, and how many the person in them took back."""

    stage: str
    pictures: Sequence[Picture]
    taken_back: int


class Shown(NamedTuple):
    """One result: its stages in order, and who did it if they speak for themselves."""

    result: ResultSet
    points: Sequence[Point]
    before: Picture | None
    by: Practitioner | None

    @property
    def pictures(self) -> list[Picture]:
        return [picture for point in self.points for picture in point.pictures]

    @property
    def newest(self) -> Picture | None:
        """Of the stage that healed longest."""
        told = [point.pictures[0] for point in self.points if point.pictures]
        return told[-1] if told else None

    @property
    def healed_for(self) -> int:
        """How far it healed: 0 for not yet, up to the number of healed stages."""
        told = [HEALED.index(point.stage) + 1 for point in self.points if point.stage in HEALED and point.pictures]
        return max(told, default=0)

    @property
    def title(self) -> str:
        goal = words_for(GOALS, self.result.goal)
        if not self.healed_for:
            return str(_("%(goal)s, fresh only", goal=goal))
        stage = STAGES[HEALED[self.healed_for - 1]].short
        return str(_("%(goal)s, healed for %(stage)s", goal=goal, stage=stage))


class Gallery(NamedTuple):
    """What one clinic shows: results, pictures of its place, results of which every picture was taken back."""

    results: Sequence[Shown]
    places: Sequence[Picture]
    withdrawn: int

    @property
    def healed(self) -> int:
        return sum(1 for one in self.results if one.healed_for)

    @property
    def first(self) -> Sequence[Shown]:
        return self.results[:ON_THE_PAGE]


def alt_of(picture: Picture) -> str:
    """What a picture shows, in words, from what was stated: for those who cannot see it."""
    if picture.result is None:
        return str(PLACES[picture.kind])
    facts = {
        "goal": words_for(GOALS, picture.result.goal),
        "stage": STAGES[picture.kind].words,
        "light": str(LIGHTS.get(picture.light, "")).lower(),
        "hair": str(LENGTHS.get(picture.hair_length, "")).lower(),
    }
    return str(_("%(goal)s. %(stage)s. Taken in %(light)s; hair: %(hair)s.", **facts))


def _shown(result: ResultSet, pictures: Iterable[Picture], speaking: set[int]) -> Shown:
    by_stage: dict[str, list[Picture]] = {stage: [] for stage in STAGES}
    gone = dict.fromkeys(STAGES, 0)
    for picture in pictures:
        if picture.is_public:
            by_stage[picture.kind].append(picture)
        else:
            gone[picture.kind] += 1
    points = [Point(stage, by_stage[stage], gone[stage]) for stage in STAGES if stage != "before"]
    by = result.practitioner if result.practitioner_id in speaking else None
    return Shown(result, points, next(iter(by_stage["before"]), None), by)


def gallery_of(clinic_id: int) -> Gallery:
    """Everything a visitor sees of a clinic's own pictures; two statements, one where nobody is named."""
    seen = seen_at(clinic_id)
    sets: dict[int, list[Picture]] = {}
    for picture in seen:
        if picture.result_id is not None:
            sets.setdefault(picture.result_id, []).append(picture)
    told = {number: them for number, them in sets.items() if any(picture.is_public for picture in them)}
    results: list[ResultSet] = [them[0].result for them in told.values() if them[0].result is not None]
    people = {one.practitioner_id for one in results if one.practitioner_id is not None}
    speaking = who_speak_for_themselves(people)
    shown = [_shown(one, told[one.id], speaking) for one in results]
    shown.sort(key=lambda one: (-one.healed_for, -one.result.id))
    places = [picture for picture in seen if picture.result_id is None and picture.is_public]
    return Gallery(shown, places, len(sets) - len(told))
