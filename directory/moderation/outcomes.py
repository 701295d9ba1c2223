"""How a case ended, in words for whoever reported: the act, the rule, and reasons that tell nothing of the author."""

from datetime import datetime
from typing import NamedTuple

from flask_babel import lazy_gettext as _l

from directory.cases.models import Case

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
    """`state` is the case's; the rest is empty until it is decided."""

    state: str
    due_at: datetime
    words: str = ""
    rule: str = ""
    reasons: str = ""
    decided_at: datetime | None = None


def outcome_of(case: Case) -> Outcome:
    """Where the case stands. Of two decisions the one carried out last is told."""
    carried = [decision for decision in case.decisions if decision.carried_out_at is not None]
    if case.state != "decided" or not carried:
        return Outcome(case.state, case.due_at)
    decision = carried[-1]
    reasons = decision.statement if decision.act in OPEN_REASONS else ""
    words = ACTS.get(decision.act, DECIDED)
    return Outcome(case.state, case.due_at, words, decision.rule, reasons, decision.carried_out_at)
