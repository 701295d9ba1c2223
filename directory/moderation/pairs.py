"""Pairs of listings side by side: what tells two places apart, how far one is from the other, where each came from."""

from collections.abc import Collection
from typing import NamedTuple

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from directory.clinics.duplicates import DuplicatePair
from directory.clinics.models import Clinic
from directory.db import db
from directory.places.distance import great_circle

# What is compared, in the order of the page.
FACTS = {
    "name": _l("Name"),
    "street": _l("Address"),
    "city": _l("Town"),
    "postal_code": _l("Postal code"),
    "phone": _l("Telephone"),
    "website_host": _l("Site"),
}
SAME_POINT = 5  # metres: nearer than two doors


class Fact(NamedTuple):
    """One fact of both places."""

    words: str
    first: str
    second: str

    @property
    def differs(self) -> bool:
        return self.first.casefold() != self.second.casefold()


class Compared(NamedTuple):
    """Two places, what is stated of them, metres from one to the other, and the row of a file each came from."""

    first: Clinic
    second: Clinic
    facts: list[Fact]
    metres: int
    first_from: str
    second_from: str

    @property
    def apart(self) -> list[Fact]:
        """The facts that tell one from the other."""
        return [fact for fact in self.facts if fact.differs]

    @property
    def is_told_apart(self) -> bool:
        """Whether anything but the row of the file does: else nobody can say from a list that they are two."""
        return bool(self.apart) or self.metres > SAME_POINT

    @property
    def distance(self) -> str:
        return distance_words(self.metres)


def distance_words(metres: int) -> str:
    if metres <= SAME_POINT:
        return str(_("at the same point of the map"))
    if metres < 1000:
        return str(_("%(count)s m apart", count=metres))
    return str(_("%(count)s km apart", count=f"{metres / 1000:.1f}"))


def came_from(clinic: Clinic) -> str:
    """The file and the row's own number in it, for each that told of the listing."""
    return "; ".join(f"{one.source} {one.source_id}" for one in clinic.sources) or str(_("written here"))


def compared(pair: DuplicatePair) -> Compared:
    """One pair, side by side."""
    one, other = pair.first, pair.second
    facts = [Fact(str(words), getattr(one, key) or "", getattr(other, key) or "") for key, words in FACTS.items()]
    metres = round(great_circle(one.lat, one.lon, other.lat, other.lon) * 1000)
    return Compared(one, other, facts, metres, came_from(one), came_from(other))


def pairs_of(ids: Collection[int]) -> dict[int, Compared]:
    """The pairs of one page of the queue; three statements however many they are, none when there are none."""
    if not ids:
        return {}
    query = (
        select(DuplicatePair)
        .where(DuplicatePair.id.in_(list(ids)))
        .options(
            joinedload(DuplicatePair.first).selectinload(Clinic.sources),
            joinedload(DuplicatePair.second).selectinload(Clinic.sources),
        )
        .order_by(DuplicatePair.id)
    )
    return {pair.id: compared(pair) for pair in db.session.scalars(query)}


def bulk_words(pair: Compared, count: int) -> str:
    """The reason that is kept of a pair settled from the list: that it was so, and what stood there of it."""
    told = [fact.words for fact in pair.apart]
    what = _("differing in %(facts)s", facts=", ".join(told).lower()) if told else _("the same in every fact")
    return str(
        _(
            "Decided together with others from the list of pairs (%(count)s at once), where this one stood as %(what)s,"
            " %(distance)s: two places.",
            count=count,
            what=what,
            distance=pair.distance,
        )
    )
