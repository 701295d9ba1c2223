"""Holding: what was hidden at once and provisionally, for a day at the most; told apart from what was decided."""

from datetime import datetime, timedelta
from typing import NamedTuple

from directory.cases.again import carried_out
from directory.cases.decisions import Decision, Statement

HOLD = "hold"
HELD = "held"  # the restriction that a statement names
HELD_FOR = timedelta(hours=24)
KEPT = {"keep", "keep_disputed"}


class Hold(NamedTuple):
    """Until when at the latest; when it ended, and whether by a decision, and by one that keeps the thing shown."""

    until: datetime
    ended_at: datetime | None
    decided: bool
    kept: bool


def is_hold(statement: Statement) -> bool:
    """Whether it tells of something that is hidden until somebody decides: it ends by itself."""
    return statement.restriction == HELD


def hold_of(decision: Decision) -> Hold:
    """How a provisional decision stands. It is lifted in the transaction of the decision that ends it, or by itself."""
    final = carried_out(decision.case)
    ended = decision.seconded_at
    decided = ended is not None and final is not None and ended >= final.at and ended - decision.at < HELD_FOR
    return Hold(decision.at + HELD_FOR, ended, decided, decided and final is not None and final.act in KEPT)
