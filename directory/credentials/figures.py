"""What search keeps of a clinic's credentials: moments until which something holds, compared with the clock by search.

So a licence that lapses stops to count the second it does, in an index that nobody touched.
"""

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection, or_, select
from sqlalchemy.orm import Session

from directory.clinics.models import Clinic
from directory.credentials.levels import HIGHEST, NEVER
from directory.credentials.models import Credential
from directory.credentials.queries import law_at, shown_by
from directory.credentials.requirements import COUNTED, Answer, met_until, strength_steps
from directory.credentials.transitions import HIDDEN
from directory.db import db
from directory.practitioners.models import AGREED, Engagement

ALWAYS = 2**62  # later than any clock


class Figures(NamedTuple):
    """Seconds since 1970 UTC: `until[n]` until when the strength is at least n + 1, `met` until when all that is known
    to be asked is shown, 0 where it is not; `lapses` from when a permission asked by law has run out, ALWAYS for never.
    """

    until: tuple[int, int, int, int]
    met: int
    lapses: int


NOTHING = Figures((0, 0, 0, 0), 0, ALWAYS)


def seconds(moment: datetime | None) -> int:
    if moment is None:
        return 0
    return ALWAYS if moment >= NEVER else int(moment.timestamp())


def figures(connection: Connection, *, clinics: Any, engagements: Any, today: date) -> dict[int, Figures]:
    """By clinic id, for those among the clinics where anything is held; two statements where nothing is.

    `clinics` and `engagements` are conditions on Clinic.id and on Engagement.clinic_id that name the same clinics.
    """
    with Session(bind=connection, autoflush=False) as session:
        ids = _holding(session, clinics, engagements, today)
        made: dict[int, Figures] = {}
        for start in range(0, len(ids), 500):
            made |= _some(session, ids[start : start + 500], today)
        return made


def clinics_with_credentials(ids: Sequence[int], today: date) -> list[int]:
    """Those among the clinics where a person or the premises hold anything that a visitor may see."""
    return _holding(db.session(), Clinic.id.in_(ids), Engagement.clinic_id.in_(ids), today)


def _holding(session: Session, clinics: Any, engagements: Any, today: date) -> list[int]:
    direct = (
        select(Credential.clinic_id)
        .join(Clinic, Clinic.id == Credential.clinic_id)
        .where(clinics, Credential.status.not_in(HIDDEN))
    )
    through = (
        select(Engagement.clinic_id)
        .join(Credential, Credential.practitioner_id == Engagement.practitioner_id)
        .where(
            engagements,
            Engagement.standing == AGREED,
            Credential.status.not_in(HIDDEN),
            or_(Engagement.since.is_(None), Engagement.since <= today),
            or_(Engagement.until.is_(None), Engagement.until >= today),
        )
    )
    return sorted({number for query in (direct, through) for number in session.scalars(query) if number})


def _some(session: Session, ids: Iterable[int], today: date) -> dict[int, Figures]:
    moment = datetime.now(UTC)
    places = list(session.scalars(select(Clinic).where(Clinic.id.in_(list(ids))).order_by(Clinic.id)))
    shown = shown_by(places, today, session)
    law = law_at(places, shown, moment, session)
    return {
        clinic.id: Figures(
            _until(shown[clinic.id].credentials), seconds(met_until(law[clinic.id])), _lapses(law[clinic.id])
        )
        for clinic in places
    }


def _until(credentials: Iterable[Credential]) -> tuple[int, int, int, int]:
    steps = strength_steps(credentials)
    one, two, three, four = (seconds(steps.get(level)) for level in range(1, HIGHEST + 1))
    return one, two, three, four


def _lapses(found: Iterable[Answer]) -> int:
    """From when a thing that the law is known to ask has run out: in the past when it has already."""
    ends = [ALWAYS]
    for one in found:
        if one.rule.aspect in COUNTED[:2] and one.rule.state == "required":
            if one.status == "expired":
                ends.append(1)
            elif one.status == "met" and any(paper.lapses_at == one.until for paper in one.shown):
                ends.append(seconds(one.until))
    return min(ends)
