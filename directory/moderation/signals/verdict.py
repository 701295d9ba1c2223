"""Verdict: what a set of signals does to a review. One table, read from the top; more evidence never does less.

| the review has | it is |
|---|---|
| one high signal | held |
| two medium signals of different kinds | held |
| one medium and two low | held |
| one medium, or three low | looked at earlier |
| less | read in its turn |

Context says who would gain, not who wrote: it counts for the order of reading and never towards holding.

Held means: not yet published, it waits for a person at high priority; published, it stays readable and is not counted
until a person has decided the case of suspicion. No row of this table removes anything.
"""

from collections.abc import Iterable
from typing import NamedTuple

from directory.moderation.rules import NONE_BROKEN
from directory.moderation.signals.finding import Finding

HOLD, PRIORITISE, NOTHING = "hold", "prioritise", "nothing"
# (high, medium, low) at least, and what follows.
TABLE = (
    ((1, 0, 0), HOLD),
    ((0, 2, 0), HOLD),
    ((0, 1, 2), HOLD),
    ((0, 1, 0), PRIORITISE),
    ((0, 0, 3), PRIORITISE),
)

# What readers are told of a review that is not counted: the kind of question, never the evidence.
PUBLIC_REASON = {
    "burst": "This clinic got unusually many reviews within days. We are looking at them.",
    "rise": "This clinic has been getting more reviews than it used to. We are looking at them.",
    "near_copy": "Parts of this text also stand in reviews by others. We are looking at them.",
    "origin": "Several reviews may come from one source. We are looking at them.",
    "tie": "We are checking that this review is independent.",
    "account": "We are checking the account behind this review.",
    "ring": "We are checking the account behind this review.",
    "context": "We are looking at this review.",
}


# The rules that each signal speaks of. A decision under one of them says that the signal held up; that no rule is
# broken says that it did not; under any other rule (a telephone number in the text) it stays unjudged.
SPEAKS_OF = {
    "burst": {"tie", "experience"},
    "rise": {"tie", "experience"},
    "near_copy": {"copy", "duplicate", "tie"},
    "origin": {"tie", "duplicate"},
    "tie": {"tie"},
    "account": {"tie", "experience"},
    "ring": {"tie"},
    "context": {"tie", "experience"},
}


def answer(kind: str, rule: str) -> bool | None:
    """What a decision under this rule says of a signal of that kind: it held up, it did not, or nothing."""
    if rule == NONE_BROKEN:
        return False
    return True if rule in SPEAKS_OF[kind] else None


class Verdict(NamedTuple):
    """`words` for the desk, the strongest signal first, at most 200 letters; `leading` is that signal's kind."""

    act: str
    words: str
    leading: str


_RANK = {"high": 0, "medium": 1, "low": 2}


def judge(findings: Iterable[Finding]) -> Verdict:
    """What follows from these signals, at most one of a kind."""
    known = sorted(findings, key=lambda finding: (_RANK[finding.strength], finding.kind))
    for (high, medium, low), act in TABLE:
        heard = [finding for finding in known if act != HOLD or finding.kind != "context"]
        counts = [sum(finding.strength == strength for finding in heard) for strength in ("high", "medium", "low")]
        # A stronger signal may stand in for a weaker one that a row asks for.
        if counts[0] >= high and sum(counts[:2]) >= high + medium and sum(counts) >= high + medium + low:
            return Verdict(act, _in_200("; ".join(finding.words for finding in known)), known[0].kind)
    return Verdict(NOTHING, "", known[0].kind if known else "")


def _in_200(words: str) -> str:
    return words if len(words) <= 200 else f"{words[:199].rstrip()}…"
