"""The statements of reasons given to a clinic."""

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from directory.cases.decisions import Statement
from directory.clinics.models import Clinic
from directory.db import db

MOST = 100


def statements_to(clinic: Clinic) -> list[Statement]:
    """The newest statements to the clinic, with the decisions behind them."""
    query = (
        select(Statement)
        .options(joinedload(Statement.decision))
        .where(Statement.to_clinic_id == clinic.id)
        .order_by(Statement.id.desc())
        .limit(MOST)
    )
    return list(db.session.scalars(query))


def statement_to(clinic: Clinic, public_id: str) -> Statement | None:
    """The statement of that name, when it was given to this clinic."""
    query = select(Statement).where(Statement.public_id == public_id, Statement.to_clinic_id == clinic.id)
    return db.session.scalars(query).one_or_none()
