"""Listings that an import found twice come to the desk, a few hundred at a time, so that they never bury the rest."""

from sqlalchemy import String, cast, func, literal, select

from directory.cases.models import Case
from directory.cases.opening import open_case
from directory.clinics.duplicates import DuplicatePair
from directory.db import db, writing

AT_DESK = 300


def bring_duplicates() -> str:
    """Open cases for open pairs until AT_DESK of them wait; withdraw those settled by the command line."""
    with writing():
        settled = (
            select(Case)
            .join(DuplicatePair, DuplicatePair.id == Case.subject_id)
            .where(Case.kind == "duplicate", Case.state == "open", DuplicatePair.verdict != "open")
            .order_by(Case.id)
        )
        gone = list(db.session.scalars(settled))
        for case in gone:
            case.withdraw()
        waiting = select(func.count()).select_from(Case).where(Case.kind == "duplicate", Case.state == "open")
        room = AT_DESK - int(db.session.scalar(waiting) or 0)
        subject = literal("pair:") + cast(DuplicatePair.id, String)
        known = select(Case.id).where(Case.kind == "duplicate", Case.subject == subject, Case.state == "open")
        new = (
            select(DuplicatePair)
            .where(DuplicatePair.verdict == "open", ~known.exists())
            .order_by(DuplicatePair.id)
            .limit(max(0, room))
        )
        pairs = list(db.session.scalars(new))
        for pair in pairs:
            open_case(
                "duplicate",
                subject=f"pair:{pair.id}",
                subject_id=pair.id,
                clock="calm",
                priority="low",
                reason="; ".join(pair.reasons)[:200] or "Two listings may be one place",
                clinic_id=pair.first_id,
            )
        db.session.commit()
    return f"brought {len(pairs)}, withdrew {len(gone)}"
