"""The verbs of decisions about a claim of a listing."""

from flask_babel import gettext as _

from directory.cases.decisions import Statement
from directory.cases.models import Case
from directory.claims import settling
from directory.claims.models import Claim
from directory.db import db
from directory.errors import Refused
from directory.moderation.acts import Work

# Of a licence: a name alone is never enough, nor is a number that somebody may have read on a wall.
COMPARED = {"number", "name"}


def claim_of(case: Case) -> Claim | None:
    """The claim that a case is about."""
    return db.session.get(Claim, case.subject_id) if case.subject.startswith("claim:") else None


def takes_two(case: Case) -> bool:
    claim = claim_of(case)
    return claim is not None and settling.needs_two(claim)


def _of(work: Work) -> Claim:
    if not isinstance(work.thing, Claim):
        raise Refused(_("This claim is gone."))
    return work.thing


def approve(work: Work) -> None:
    claim = _of(work)
    if claim.proof == "licence" and not set(work.extra.get("matched", [])) >= COMPARED:
        raise Refused(_("Compare number and name of the licence, and tick both as agreeing."))
    _tell_owner(work, claim)
    settling.approve(claim, by_two=work.decision.needs_second, role=work.role, since=work.decision.at)


def _tell_owner(work: Work, claim: Claim) -> None:
    """Whoever has the listing now is given the reasons, and may appeal while the week runs and after it."""
    owner = settling.other_owner(claim)
    if owner is None:
        return
    work.decision.statements.append(
        Statement(to_user_id=owner.user_id, restriction="listing_passes_on", facts=work.decision.statement)
    )
    db.session.flush()
    settling.tell_owner_of_end(claim, owner)


def posted(work: Work) -> None:
    """The letter with the code was printed and posted."""
    claim = _of(work)
    if not claim.code_digest:
        raise Refused(_("Print the letter first: there is no code yet."))


def ask(work: Work) -> None:
    settling.ask(_of(work), work.restrict("claim_asks"), role=work.role)


def refuse(work: Work) -> None:
    settling.refuse(_of(work), work.restrict("claim_refused"), role=work.role)


def leave(work: Work) -> None:
    """The objection does not convince: the listing stays with whoever claimed it."""
    _of(work)


def take_away(work: Work) -> None:
    settling.take_away(_of(work), work.restrict("listing_taken_away"), role=work.role)
