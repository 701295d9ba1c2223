"""Hiding at once what could harm somebody: a provisional decision with a statement, which ends by itself after a day.

It is for personal data, threats and nudity only (decisions on anything else wait until they are made). If nobody
decides the case within a day, the thing is public again: being slow must not hide anything.
"""

from directory import mail
from directory.accounts.links import link_for
from directory.accounts.models import User
from directory.cases.decisions import Decision
from directory.cases.holds import HELD_FOR, HOLD
from directory.cases.models import Case
from directory.db import db, now
from directory.errors import Refused
from directory.ledger import record
from directory.moderation import undoing
from directory.moderation.acts import COMPLAINTS, Work, role_of
from directory.moderation.carrying import KINDS
from directory.moderation.subjects import thing_of
from directory.moderation.ties import conflict

HOLD_RULES = ("personal", "threat", "nudity")
__all__ = ["HELD_FOR", "HOLD", "HOLD_RULES", "held", "hold", "lift", "tell_author"]


def hold(case: Case, *, rule: str, statement: str, by: User) -> Decision:
    """Take it from view now, the case stays open. Raises Refused for another rule, without a lease, or twice."""
    if case.kind not in COMPLAINTS or rule not in HOLD_RULES or case.subject.startswith("clinic:"):
        raise Refused("Only personal data, threats and nudity are hidden before they are decided.")
    if why := conflict(by, case):
        raise Refused(why)
    if case.state != "open" or not case.is_leased_by(by.id):
        raise Refused("Take the item before you hide anything.")
    if held(case) is not None or case.facts.get("held"):
        raise Refused("It was hidden once already; decide it.")
    role = role_of(by)
    decision = Decision(act=HOLD, rule=rule, statement=statement, by_id=by.id, carried_out_at=now())
    case.decisions.append(decision)
    case.facts = {**case.facts, "held": True}
    db.session.flush()
    KINDS[case.kind].acts["remove"].carry(Work(case, thing_of(case), decision, role))
    record(f"{case.kind}.{HOLD}.decided", role=role, subject=case.subject, case=case.public_id, rule=rule)
    tell_author(case, "desk/held")
    return decision


def tell_author(case: Case, letter: str) -> None:
    """A letter to its author that the thing is hidden for a day at the most, or that it shows again."""
    author = db.session.get(User, case.author_id) if case.author_id else None
    if author is not None:
        mail.post(letter, to=author.email, link=link_for(author, "cases.statements"))


def held(case: Case) -> Decision | None:
    """The provisional decision that keeps the case's thing from view at this moment."""
    standing = [one for one in case.decisions if one.act == HOLD and one.seconded_at is None]
    return standing[-1] if standing else None


def lift(case: Case, decision: Decision, *, role: str) -> None:
    """Public again, as it was; the provisional decision is over."""
    undoing.undo(decision, role=role)
    decision.seconded_at = now()
    record(f"{case.kind}.{HOLD}.lifted", role=role, subject=case.subject, case=case.public_id, rule=decision.rule)
