"""Statements and appeals as the person finds them to whom they are addressed; others' do not exist."""

from collections.abc import Iterable

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from directory.accounts.models import User
from directory.cases.decisions import Appeal, Decision, Statement
from directory.cases.models import Case
from directory.db import db


def own_statement(user: User, public_id: str) -> Statement | None:
    """A statement of reasons given to this person."""
    query = (
        select(Statement)
        .where(Statement.public_id == public_id, Statement.to_user_id == user.id)
        .options(joinedload(Statement.decision).joinedload(Decision.case))
    )
    return db.session.scalars(query).one_or_none()


def own_statements(user: User) -> list[Statement]:
    """All statements given to this person, newest first."""
    query = (
        select(Statement)
        .where(Statement.to_user_id == user.id)
        .options(joinedload(Statement.decision).joinedload(Decision.case))
        .order_by(Statement.id.desc())
    )
    return list(db.session.scalars(query))


def statement_to(user: User, case: Case) -> Statement | None:
    """The reasons that this person was given with the decision that settled the case; None when there was no need."""
    carried = [decision for decision in case.decisions if decision.carried_out_at is not None][-1:]
    return next((one for decision in carried for one in decision.statements if one.to_user_id == user.id), None)


def own_appeal(user: User, decision_id: int) -> Appeal | None:
    """The person's appeal against a decision."""
    query = select(Appeal).where(Appeal.decision_id == decision_id, Appeal.by_id == user.id)
    return db.session.scalars(query).one_or_none()


def public_ids(user: User, statement_ids: Iterable[int | None]) -> dict[int, str]:
    """Public ids of those statements that were given to this person, by the number that their subjects keep."""
    wanted = {number for number in statement_ids if number is not None}
    query = (
        select(Statement.id, Statement.public_id)
        .where(Statement.id.in_(wanted), Statement.to_user_id == user.id)
        .order_by(Statement.id)
    )
    return {row.id: row.public_id for row in db.session.execute(query)} if wanted else {}
