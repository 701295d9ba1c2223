"""A decision from press to end: conflicts, the second person, what is carried out, who is told. One transaction."""

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select

from directory.accounts.models import User
from directory.cases.decisions import MIN_STATEMENT, Decision
from directory.cases.models import Case, Note
from directory.db import db, now
from directory.errors import Refused
from directory.moderation import looking_again, looks, reports, suspicion
from directory.moderation.acts import COMPLAINTS, KEPT, Work, role_of
from directory.moderation.carrying import KINDS, Act, Kind, acts_of
from directory.moderation.contacts import last_day, waits_until
from directory.moderation.holding import held, lift, tell_author
from directory.moderation.looks import SETTLES_PROOF
from directory.moderation.rules import FINDING, NONE_BROKEN, rule_of
from directory.moderation.subjects import newest_stars, photos_in_question, review_of, stages_in_question, thing_of
from directory.moderation.telling import tell
from directory.moderation.ties import conflict, decided_before
from directory.reviews import decided_texts
from directory.reviews.replies import Reply

# Published but for some pictures: counted and told as that, carried out as publishing.
PUBLISH, PUBLISH_PART = "publish", "publish_part"
MILD = {PUBLISH, PUBLISH_PART, "ask_edit", *KEPT}


def act_of(case: Case, act: str) -> Act:
    """Raises Refused for an act that this kind of case does not have."""
    found = acts_of(case).get(act)
    if found is None:
        raise Refused("This cannot be decided that way.")
    return found


def may_decide(user: User, case: Case) -> bool:
    """Whether one of the person's roles opens this kind of case."""
    return "lead" in user.role_names or KINDS[case.kind].door in user.role_names


def kinds_open_to(user: User) -> dict[str, Kind]:
    """The kinds of case that the person may look at, in the order of the table; others do not exist for them."""
    if user.role_names & {"lead", "auditor"}:
        return KINDS
    return {key: kind for key, kind in KINDS.items() if kind.door in user.role_names}


def refuse_conflict(user: User, case: Case) -> None:
    """Raises Refused when this must not be this person's item."""
    if not may_decide(user, case):
        raise Refused("Your role does not decide this kind of item.")
    if why := conflict(user, case):
        raise Refused(why)


def _lock(case: Case) -> None:
    """Of two who press at once the second sees what the first did: the row is read anew and held to the commit."""
    number = case.id
    db.session.expire(case)
    db.session.scalars(select(Case).where(Case.id == number).with_for_update()).one()


def take(case: Case, user: User) -> None:
    """Lease the case, a second person too. Raises Refused when somebody has it, or when it must not be this person."""
    refuse_conflict(user, case)
    if decided_before(user, case):
        raise Refused("The second person must be somebody else.")
    case.lease_to(user.id)


def decide(case: Case, act: str, *, rule: str, statement: str, by: User, extra: Mapping[str, Any]) -> Decision:
    """Decide, and carry it out unless a second person must agree. Raises Refused in words."""
    _lock(case)
    refuse_conflict(by, case)
    chosen = act_of(case, act)
    rule_of(rule)
    if case.state != "open":
        raise Refused("This item is decided, or waits for a second person.")
    _refuse_contradiction(case, act, chosen, rule, extra)
    looks.refuse_unseen(case, act, extra, by)
    _refuse_early(case, extra, by)
    done = PUBLISH_PART if act == PUBLISH and _kept_back(case, extra) else act
    two = chosen.two(case) or looking_again.overturns(case, done)
    decision = case.decide(done, rule=rule, statement=statement, by_id=by.id, role=role_of(by), two_people=two)
    thing = thing_of(case)
    decision.stars = newest_stars(review_of(thing))
    decided_texts.keep(decision, [thing] if isinstance(thing, Reply) else stages_in_question(thing))
    case.facts = {**case.facts, "extra": dict(extra)}
    db.session.flush()
    if not two:
        _carry_out(case, decision, role_of(by))
    return decision


def _refuse_contradiction(case: Case, act: str, chosen: Act, rule: str, extra: Mapping[str, Any]) -> None:
    """What is taken away names a rule, what is left as it is names none, and no proof is destroyed unanswered."""
    review = review_of(thing_of(case))
    kept_back, waiting = _kept_back(case, extra), _photos_waiting(case)
    takes_photos = act == PUBLISH and bool(extra.get("photos"))
    if act == PUBLISH and kept_back and case.kind == "result" and len(kept_back) == len(waiting):
        raise Refused("Nothing of it would be shown: refuse it, or leave one to be shown.")
    if rule == NONE_BROKEN and (chosen.grave or takes_photos):
        raise Refused("Name the rule that is broken.")
    if act == "ask_edit" and not rule_of(rule).mended_by_words:
        raise Refused("Other words do not mend that: choose another act, or another rule.")
    if act in {PUBLISH, *KEPT} and rule not in {NONE_BROKEN, FINDING} and not (act == PUBLISH and kept_back):
        raise Refused("It would be shown although a rule is named: choose that no rule is broken, or another act.")
    waits = review is not None and review.proof is not None and review.proof.state == "waiting"
    if waits and act in SETTLES_PROOF and case.kind in {"review", "stage"} and not extra.get("proof"):
        raise Refused("Say whether the document shows a visit: it is destroyed when you decide.")


def _photos_waiting(case: Case) -> list[str]:
    thing = thing_of(case)
    photos = photos_in_question(thing, stages_in_question(thing))
    return [photo.public_id for photo in photos if photo.state == "pending"]


def _kept_back(case: Case, extra: Mapping[str, Any]) -> list[str]:
    """The photos that wait and are not to be shown though the rest is."""
    return [one for one in _photos_waiting(case) if one in set(extra.get("photos", []))]


def _refuse_early(case: Case, extra: Mapping[str, Any], by: User) -> None:
    """Its author was told how long there is to answer: whoever decides before says why, for colleagues to read."""
    until, why = waits_until(case), str(extra.get("early", ""))
    if until is None:
        return
    if len(why) < MIN_STATEMENT:
        raise Refused(
            _("Its author has time to answer until the end of %(day)s: wait, or say why not.", day=last_day(until))
        )
    db.session.add(Note(case_id=case.id, by_id=by.id, text=f"Decided before the author's time was up: {why}"))


def second(case: Case, *, agrees: bool, by: User) -> Decision:
    """The second person's word on what waits. Raises Refused for the first one, or when nothing waits."""
    _lock(case)
    refuse_conflict(by, case)
    waiting = [one for one in case.decisions if one.needs_second and one.seconded_at is None]
    if not waiting:
        raise Refused("This decision does not wait for a second person.")
    if case.leased_by_id not in {None, by.id} and case.leased_until and case.leased_until > now():
        raise Refused("Somebody else is working on this item.")
    case.second(waiting[-1], agrees=agrees, by_id=by.id, role=role_of(by))
    case.leased_by_id = case.leased_until = None  # not agreed, it is anybody's again
    db.session.flush()
    if agrees:
        _carry_out(case, waiting[-1], role_of(by))
    return waiting[-1]


def _carry_out(case: Case, decision: Decision, role: str) -> None:
    thing = thing_of(case)
    extra = case.facts.get("extra", {})
    provisional = held(case)
    if provisional is not None:  # what is decided now rests on its own statement
        lift(case, provisional, role=role)
        if decision.act in KEPT:
            tell_author(case, "desk/shown_again")
    work = Work(case, thing, decision, role, extra)
    looking_again.make_way(work)
    if not looking_again.stands(work):
        act_of(case, PUBLISH if decision.act == PUBLISH_PART else decision.act).carry(work)
    db.session.flush()
    if case.kind in COMPLAINTS:
        reports.settled(case)
    _end_dispute(case, decision)
    if case.kind in {"review", "stage", "suspicion"}:
        suspicion.settle(case, held=decision.act not in MILD, rule=decision.rule)
    _withdraw_emptied(case)
    tell(case, decision)


def _end_dispute(case: Case, decision: Decision) -> None:
    """Decided is decided: only where the desk says so do readers go on being told that the clinic contests it."""
    review = review_of(thing_of(case))
    if case.kind == "dispute" and review is not None and decision.act != "keep_disputed":
        review.end_dispute()


def _withdraw_emptied(case: Case) -> None:
    """Cases about a review that this decision took down have nothing left to decide."""
    review = review_of(thing_of(case))
    if review is None or any(stage.is_public or stage.state == "pending" for stage in review.stages):
        return
    subjects = [f"review:{review.public_id}", *(f"stage:{stage.public_id}" for stage in review.stages)]
    query = select(Case).where(
        Case.subject.in_(subjects), Case.state == "open", Case.id != case.id, Case.kind.in_((*COMPLAINTS, "suspicion"))
    )
    for other in db.session.scalars(query.order_by(Case.id)):
        other.withdraw()
        if other.kind in COMPLAINTS:
            reports.settled(other)


def stand_aside(case: Case, user: User) -> None:
    """Give the item back; somebody else takes it."""
    case.release(user.id)


def minutes_left(case: Case) -> int:
    """Until the lease ends."""
    return max(0, int((case.leased_until - now()).total_seconds() // 60)) if case.leased_until else 0
