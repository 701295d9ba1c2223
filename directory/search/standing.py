"""What the clinics of a page show of credentials, kept until a clinic changes or the clock makes something untrue."""

from collections.abc import Sequence
from datetime import date, datetime

from flask_babel import get_locale
from sqlalchemy import select

from directory.clinics.models import Clinic
from directory.credentials.reference_files import reference
from directory.credentials.showing import Summary, summaries
from directory.db import db
from directory.search.index import Hit
from directory.search.kept import Kept, kept_here

KEPT = 4096


def standings(hits: Sequence[Hit], database_id: str, day: date, moment: datetime) -> dict[int, Summary]:
    """By clinic id; a few statements for those not kept, none when all are."""
    kept: Kept[Summary] = kept_here("standings", KEPT)
    made_from = (database_id, day, reference().stamp, str(get_locale() or "en"))
    found, missing = {}, []
    for hit in hits:
        held = kept.get((*made_from, hit.id, hit.version))
        if held is None or moment >= held.law.until:
            missing.append(hit.id)
        else:
            found[hit.id] = held
    if missing:
        query = select(Clinic).where(Clinic.id.in_(missing)).order_by(Clinic.id)
        clinics = list(db.session.scalars(query))
        found |= summaries(clinics, moment)
        for clinic in clinics:
            # Kept under the version that was read, which may be newer than the index knows.
            kept.put((*made_from, clinic.id, clinic.changed_at_version), found[clinic.id])
    return found
