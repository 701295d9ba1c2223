"""How a case ended, in words for whoever reported: the act, the rule, and reasons that tell nothing of the author."""

from datetime import datetime
from typing import NamedTuple

from flask_babel import lazy_gettext as _l
from sqlalchemy import select

from directory.cases.again import later_of
from directory.cases.decisions import Appeal
from directory.cases.holds import HOLD
from directory.cases.models import Case
from directory.db import db

# Said after a decision; what is not named here is shown as "decided".
ACTS = {
    "keep": _l("It stays as it is"),
    "keep_disputed": _l("It stays, marked as disputed"),
    "redact": _l("Part of it was taken out"),
    "remove": _l("It was removed"),
    "set_aside": _l("It stays readable and no longer counts in the score"),
}
DECIDED = _l("It was decided")
# What the desk wrote when it left something in place is meant for whoever complained. When it took something away it
# wrote to the author, and may speak of what only the author knows: the rule in words is told instead.
OPEN_REASONS = ("keep", "keep_disputed")


class Outcome(NamedTuple):
    """`state` is the case's; the rest is empty until it is decided.

    `reversed_at` and `answer` are of the appeal that undid it; `again` says that somebody else is looking anew.
    """

    state: str
    due_at: datetime
    words: str = ""
    rule: str = ""
    reasons: str = ""
    decided_at: datetime | None = None
    reversed_at: datetime | None = None
    answer: str = ""
    again: bool = False


def outcome_of(case: Case) -> Outcome:
    """Where the case stands. Of two decisions the one carried out last is told, and the newest look there was."""
    later = later_of(case)
    if later is not None and later.state == "decided":
        return outcome_of(later)
    carried = [one for one in case.decisions if one.carried_out_at is not None and one.act != HOLD]
    if case.state != "decided" or not carried:
        return Outcome(case.state, case.due_at)
    decision = carried[-1]
    reasons = decision.statement if decision.act in OPEN_REASONS else ""
    words = ACTS.get(decision.act, DECIDED)
    appeal = db.session.scalars(
        select(Appeal).where(Appeal.decision_id == decision.id, Appeal.outcome == "reversed").order_by(Appeal.id)
    ).first()
    return Outcome(
        case.state,
        case.due_at,
        words,
        decision.rule,
        reasons,
        decision.carried_out_at,
        reversed_at=appeal.answered_at if appeal else None,
        answer=appeal.reply if appeal else "",
        again=later is not None and later.state in {"open", "waiting"},
    )
