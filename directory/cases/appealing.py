"""Appealing: the word of whom a decision concerns, read by somebody who took no part in it."""

from sqlalchemy.exc import IntegrityError

from directory.accounts.models import User
from directory.cases.decisions import Appeal, Statement
from directory.cases.holds import is_hold
from directory.cases.models import APPEAL_WINDOW
from directory.cases.opening import open_case
from directory.db import db, now
from directory.errors import Refused


def may_appeal(statement: Statement) -> bool:
    """Whether there is still time. What is hidden for a day only ends by itself: against that nobody need appeal."""
    return not is_hold(statement) and now() - statement.at <= APPEAL_WINDOW


def appeal(statement: Statement, text: str, *, by: User) -> Appeal | None:
    """Appeal against the decision that a statement explains; None when this person has done so before.

    Raises Refused when it is too late. One appeal for one person and decision: the database has the last word.
    """
    if not may_appeal(statement):
        raise Refused("The time to appeal against this decision is over.")
    decision = statement.decision
    made = Appeal(decision_id=decision.id, by_id=by.id, text=text, outcome="open")
    try:
        with db.session.begin_nested():
            db.session.add(made)
            db.session.flush()
    except IntegrityError:
        return None
    open_case(
        "appeal",
        subject=f"decision:{decision.public_id}",
        subject_id=decision.id,
        clock="appeal",
        priority="medium",
        reason="Appeal against a decision",
        clinic_id=decision.case.clinic_id,
        author_id=by.id,
        opened_by_id=by.id,
        appeal=made.public_id,
    )
    return made
