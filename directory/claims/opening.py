"""Opening a claim, and bringing it to the desk; a second claimant, or an owner, freezes both sides."""

from secrets import token_urlsafe

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from directory.accounts.models import User
from directory.cases.models import Case
from directory.cases.opening import case_about, open_case
from directory.claims import letters
from directory.claims.models import ACTIVE, Claim, ClaimWord
from directory.claims.queries import active_claims, published_before
from directory.claims.reopening import KIND
from directory.clinics.membership import owner_of
from directory.clinics.models import PUBLISHED, Clinic
from directory.db import db
from directory.errors import Refused
from directory.keyed import fingerprint
from directory.ledger import record
from directory.words import new_public_id

REASONS = {
    "letter": "A claim: print the letter with its code",
    "call": "A claim: call the number that was published before",
    "tag": "A claim: look for the tag on the clinic's site",
    "licence": "A claim by licence, mailbox at the clinic's site confirmed",
}


def lock(clinic_id: int) -> None:
    """One after the other: whatever decides whose a listing is holds the clinic's row to its commit."""
    db.session.scalars(select(Clinic.id).where(Clinic.id == clinic_id).with_for_update()).one()


def hold(claim: Claim) -> None:
    """The same, and the claim as it stands now: somebody may have objected, or decided, since it was read."""
    lock(claim.clinic_id)
    db.session.refresh(claim)


def open_claim(clinic: Clinic, user: User, proof: str, words: dict[str, str]) -> Claim:
    """A new claim. Raises Refused when the person owns the clinic or has an open claim of it.

    The proof by licence waits for its letter to be answered and the tag for its claimant; the others go to the desk.
    """
    lock(clinic.id)
    owner, others = owner_of(clinic.id), active_claims(clinic.id)
    if clinic.status != PUBLISHED or (owner is not None and owner.user_id == user.id):
        raise Refused("This listing cannot be claimed.")
    known = published_before(clinic, user)
    claim = Claim(public_id=new_public_id(), clinic=clinic, user=user, proof=proof, state="open", **known)
    claim.contested = owner is not None or bool(others)
    claim.put_words(user, words)
    try:
        with db.session.begin_nested():
            db.session.add(claim)
            db.session.flush()
    except IntegrityError as error:
        raise Refused("You have an open claim of this clinic already.") from error
    record("claim.opened", role="member", subject=claim.subject, proof=proof, contested=int(claim.contested))
    if proof == "licence":
        send_confirmation(claim)
    elif proof != "tag":
        bring_to_desk(claim, REASONS[proof])
    letters.tell_owner(claim, "rival")
    for other in others:
        freeze(other)
    return claim


def freeze(claim: Claim) -> None:
    """Somebody else says that it is theirs: what was under way stops, and its claimant is asked for evidence."""
    if claim.state == "noticed":
        claim.become("open")
        bring_to_desk(claim, "Another claim came in during the notice", "high")
    if not claim.contested:
        claim.contested = True
        letters.tell_claimant(claim, "contested")


def bring_to_desk(claim: Claim, reason: str, priority: str = "medium", *, after: bool = False) -> Case:
    """Open a case about it, or join the one that is open. `after`: the claim took effect already."""
    return open_case(
        KIND,
        subject=claim.subject,
        subject_id=claim.id,
        clock="claim",
        priority=priority,
        reason=reason,
        clinic_id=claim.clinic_id,
        author_id=claim.user_id,
        opened_by_id=claim.user_id,
        after=after,
    )


def drop_case(claim: Claim) -> None:
    """What waits at the desk about it is over."""
    case = case_about(KIND, claim.subject)
    if case is not None:
        case.withdraw()


def send_confirmation(claim: Claim) -> None:
    """A new link to the mailbox that the claimant named; the one before is dead."""
    token = token_urlsafe(32)
    claim.mail_digest = fingerprint(token)
    letters.ask_confirmation(claim, claim.words().get("email", ""), token)


def withdraw(claim: Claim) -> None:
    """Its claimant takes it back."""
    hold(claim)
    claim.become("withdrawn")
    drop_case(claim)
    record("claim.withdrawn", role="member", subject=claim.subject)


def say(claim: Claim, side: str, words: str, *, by: User | None) -> None:
    """Something one side adds; it lies beside the case, and an answer the desk asked for brings the claim back."""
    if claim.state not in (*ACTIVE, "approved"):
        raise Refused("This claim is closed.")
    ClaimWord.of(claim, side, words, by=by)
    record("claim.answered", role={"claimant": "member", "owner": "clinic"}.get(side, "visitor"), subject=claim.subject)
    if side == "claimant" and claim.state == "asked":
        claim.become("open")
        bring_to_desk(claim, "The claimant answered")
