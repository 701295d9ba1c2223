"""How cases ended: what was done by which rule, who did it and who agreed, and what became of that since."""

from collections.abc import Collection
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import aliased

from directory.accounts.models import User
from directory.cases.again import Again
from directory.cases.decisions import Appeal, Decision
from directory.cases.holds import HOLD
from directory.cases.models import Case
from directory.db import db


class Ending(NamedTuple):
    """How a case ended: what was done by which rule, who did it and who agreed, and what became of that since."""

    act: str
    rule: str
    at: datetime | None
    by: str
    second: str
    reversed_at: datetime | None
    again: bool


def endings(case_ids: Collection[int]) -> dict[int, Ending]:
    """How these cases ended, by case; the last decision of each that was carried out. One statement."""
    by, second = aliased(User), aliased(User)
    looked = select(Again.case_id).where(Again.earlier_id == Decision.case_id).exists()
    query = (
        select(
            Decision.case_id,
            Decision.act,
            Decision.rule,
            Decision.carried_out_at,
            by.public_id,
            second.public_id,
            Appeal.answered_at,
            looked,
        )
        .join(by, by.id == Decision.by_id, isouter=True)
        .join(second, second.id == Decision.second_id, isouter=True)
        .join(Appeal, (Appeal.decision_id == Decision.id) & (Appeal.outcome == "reversed"), isouter=True)
        .where(Decision.case_id.in_(list(case_ids)), Decision.carried_out_at.is_not(None), Decision.act != HOLD)
        .order_by(Decision.id, Appeal.id)
    )
    return {
        case_id: Ending(act, rule, at, _short(one), _short(other), turned, again)
        for case_id, act, rule, at, one, other, turned, again in db.session.execute(query)
    }


def marks_of(case: Case) -> dict[int, str]:
    """The short marks of those who decided on a case, by their number: who did what, without a name."""
    people = {one.by_id for one in case.decisions} | {one.second_id for one in case.decisions}
    query = select(User.id, User.public_id).where(User.id.in_([number for number in people if number]))
    return {number: _short(mark) for number, mark in db.session.execute(query.order_by(User.id))}


def _short(mark: str | None) -> str:
    return (mark or "")[:4].lower()
