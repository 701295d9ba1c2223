"""The statements of reasons given to a clinic, and what became of its appeals."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from directory.cases.decisions import Appeal, Statement
from directory.clinics.membership import Membership
from directory.clinics.models import Clinic
from directory.db import db
from directory.reviews.models import Review

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


def reasons_of(clinic: Clinic, reviews: Sequence[Review]) -> dict[int, Statement]:
    """By number, the statements behind the clinic's replies to these reviews."""
    wanted = {review.reply.statement_id for review in reviews if review.reply and review.reply.statement_id}
    query = select(Statement).where(Statement.id.in_(wanted), Statement.to_clinic_id == clinic.id)
    query = query.options(joinedload(Statement.decision))
    return {one.id: one for one in db.session.scalars(query.order_by(Statement.id))} if wanted else {}


def appeals_against(clinic: Clinic, statements: Sequence[Statement]) -> dict[int, Appeal]:
    """By the decision's number, the newest appeal of the clinic's own people; whoever else appealed is not told of."""
    people = select(Membership.user_id).where(Membership.clinic_id == clinic.id)
    decisions = {one.decision_id for one in statements}
    query = select(Appeal).where(Appeal.decision_id.in_(decisions), Appeal.by_id.in_(people))
    return {one.decision_id: one for one in db.session.scalars(query.order_by(Appeal.id))} if decisions else {}
