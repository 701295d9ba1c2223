"""Pictures that nobody will show: their files go, with no visitor."""

from datetime import timedelta

from sqlalchemy import and_, or_, select

from directory.clinics.models import ERASED, Clinic
from directory.db import db, now, writing
from directory.portfolio.models import Picture
from directory.portfolio.sending import throw_away

DRAFT_LIFE = timedelta(days=90)
DECIDED_LIFE = timedelta(days=365)
BATCH = 200


def forget_pictures() -> str:
    """Erase drafts that nobody sent in, what was kept from readers a year ago, and all of a clinic that was erased."""
    moment = now()
    old_draft = and_(Picture.state == "draft", Picture.created_at < moment - DRAFT_LIFE)
    decided = and_(Picture.state.in_(("refused", "removed")), Picture.state_at < moment - DECIDED_LIFE)
    erased = and_(Picture.state != "withdrawn", Clinic.status == ERASED)
    query = (
        select(Picture)
        .join(Picture.clinic)
        .where(Picture.key != "", or_(old_draft, decided, erased))
        .order_by(Picture.id)
        .limit(BATCH)
    )
    with writing():
        found = list(db.session.scalars(query))
        for picture in found:
            throw_away(picture)
        db.session.commit()
    return f"erased {len(found)} pictures"
