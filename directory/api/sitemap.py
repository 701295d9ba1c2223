"""Which pages machines should find, in parts of at most PART clinics or people; no example is among them."""

from collections.abc import Sequence

from sqlalchemy import ColumnElement, select

from directory.clinics.models import PUBLISHED, Clinic
from directory.db import db
from directory.practitioners.models import Practitioner

# The protocol allows 50,000 addresses in a part; a part this size is drawn in a few milliseconds.
PART = 10_000
LAST_PART = 200_000
KINDS: dict[str, type[Clinic] | type[Practitioner]] = {"clinics": Clinic, "practitioners": Practitioner}

# Lists of results, private pages and the data interface; the pages themselves may all be fetched.
CLOSED_TO_ROBOTS = ("/search", "/places/", "/saved", "/following/", "/compare", "/preferences", "/api/v1/")


def parts(kind: str) -> list[int]:
    """Numbers of the parts that hold anything. A part is a span of keys, so it needs no counting and never shifts."""
    model = KINDS[kind]
    number = (model.id // PART).label("part")
    query = select(number).where(*_listed(model)).distinct().order_by(number)
    return [int(part) for part in db.session.scalars(query)]


def slugs(kind: str, part: int) -> Sequence[str]:
    """Slugs of one part, in order of their keys."""
    model = KINDS[kind]
    span = model.id.between(part * PART, part * PART + PART - 1)
    return db.session.scalars(select(model.slug).where(span, *_listed(model)).order_by(model.id)).all()


def _listed(model: type[Clinic] | type[Practitioner]) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return model.status == PUBLISHED, model.is_example.is_(False)
