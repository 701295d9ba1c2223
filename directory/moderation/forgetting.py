"""What reports leave behind, and when that goes: documents some weeks after the case, words and names after a year."""

from datetime import datetime, timedelta

from sqlalchemy import or_, select

from directory.cases.decisions import Decision
from directory.cases.models import Case
from directory.db import db, now
from directory.moderation.evidence import Evidence
from directory.moderation.reports import UPHELD, Report

REFUSED_KEPT = timedelta(days=30)
UPHELD_KEPT = timedelta(days=90)
WORDS_KEPT = timedelta(days=365)
BATCH = 500


def _closed_before(moment: datetime) -> object:
    return (Case.closed_at.is_not(None)) & (Case.closed_at < moment)


def destroy_evidence() -> int:
    """Destroy the documents of disputes closed long enough ago; returns how many. At most BATCH at once."""
    upheld = select(Decision.case_id).where(Decision.act.in_(UPHELD), Decision.carried_out_at.is_not(None))
    moment = now()
    over = or_(
        _closed_before(moment - UPHELD_KEPT),  # type: ignore[arg-type]
        _closed_before(moment - REFUSED_KEPT) & Case.id.not_in(upheld),  # type: ignore[operator]
    )
    query = (
        select(Evidence)
        .join(Evidence.report)
        .join(Report.case)
        .where(Evidence.destroyed_at.is_(None), over)
        .order_by(Evidence.id)
        .limit(BATCH)
    )
    found = list(db.session.scalars(query))
    for evidence in found:
        evidence.destroy()
    return len(found)


def forget_words() -> int:
    """Forget who said what in reports whose case was closed a year ago; returns how many. At most BATCH at once."""
    query = (
        select(Report)
        .join(Report.case)
        .where(Report.forgotten_at.is_(None), _closed_before(now() - WORDS_KEPT))  # type: ignore[arg-type]
        .order_by(Report.id)
        .limit(BATCH)
    )
    found = list(db.session.scalars(query))
    for report in found:
        report.forget()
    return len(found)
