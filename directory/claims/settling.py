"""What the desk's decision does to a claim: approved at once or after a week's notice, asked, refused, undone."""

from datetime import datetime
from secrets import token_urlsafe

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from directory.accounts.models import User
from directory.claims import letters, opening, proving
from directory.claims.models import AT_ONCE, NOTICE, Claim, ClaimWord
from directory.clinics import colleagues
from directory.clinics.closing import move_back
from directory.clinics.material import OWNER, ClinicChange
from directory.clinics.membership import Membership, owner_of, put_owner
from directory.clinics.models import ERASED, Clinic
from directory.db import db, now
from directory.errors import Refused
from directory.keyed import fingerprint
from directory.ledger import record


def other_owner(claim: Claim) -> Membership | None:
    """The clinic's owner, when it is not the claimant."""
    owner = owner_of(claim.clinic_id)
    return owner if owner is not None and owner.user_id != claim.user_id else None


def needs_two(claim: Claim) -> bool:
    """Whether one person alone may not decide whose it is."""
    return claim.contested or other_owner(claim) is not None


def approve(claim: Claim, *, by_two: bool, role: str, since: datetime) -> None:
    """The desk found the proof good. Raises Refused while it is not shown, or when it takes a second person.

    A strong proof of a listing that nobody has takes effect at once. Anything else waits a week, and the listing's
    known contact may object; after two people heard both sides, there is nothing left to object with but an appeal.
    `since` is when the first of them decided: an owner who came after that was not heard.
    """
    opening.hold(claim)
    if claim.state != "open" or claim.user is None or claim.clinic.status == ERASED:
        raise Refused("This claim is closed.")
    if not proving.is_shown(claim):
        raise Refused("The proof is not shown yet.")
    if needs_two(claim) and not by_two:
        raise Refused("Somebody else claims this listing, or has it: two people decide.")
    _refuse_unheard(claim, since)
    claim.proven_at = claim.proven_at or now()
    token = token_urlsafe(32)
    claim.objection_digest = "" if by_two else fingerprint(token)
    if claim.proof in AT_ONCE and not needs_two(claim) and claim.objected_at is None:
        take_effect(claim, role=role)
        letters.tell_contact(claim, "taken", token)
        return
    try:
        with db.session.begin_nested():
            claim.become("noticed")
            claim.effective_at = now() + NOTICE
            db.session.flush()
    except IntegrityError as error:
        raise Refused("Another claim of this clinic was approved before.") from error
    record("claim.noticed", role=role, subject=claim.subject, proof=claim.proof)
    letters.tell_claimant(claim, "soon")
    if not by_two:
        letters.tell_contact(claim, "notice", token)


def tell_owner_of_end(claim: Claim, owner: Membership) -> None:
    """The owner until now reads why the listing passes on, and how to appeal."""
    user = db.session.get(User, owner.user_id)
    if user is not None:
        letters.tell_former(claim, user)


def take_effect(claim: Claim, *, role: str) -> None:
    """The listing is theirs from now on. Raises Refused when somebody else became its owner before."""
    opening.lock(claim.clinic_id)
    if claim.user is None:
        raise Refused("The claimant is gone.")
    former = other_owner(claim)
    if former is not None:
        if not claim.contested:
            raise Refused("This clinic has an owner already.")
        _refuse_unheard(claim, claim.state_at)
        _part_with(claim, former)
    put_owner(claim.clinic, claim.user)
    claim.become("approved")
    claim.clinic.claimed_at = claim.clinic.claimed_at or now()
    record("claim.approved", role=role, subject=claim.subject, clinic=claim.clinic.public_id, proof=claim.proof)
    letters.tell_claimant(claim, "yours")


def _refuse_unheard(claim: Claim, since: datetime) -> None:
    owner = other_owner(claim)
    if owner is not None and owner.granted_at > since:
        raise Refused("The clinic has another owner since then, who was not heard. Decide anew.")


def _part_with(claim: Claim, former: Membership) -> None:
    """Two people decided: the owner until now has the listing no more, and readers are told that the owner changed."""
    moment = now()
    db.session.add(
        ClinicChange(
            clinic=claim.clinic,
            what=OWNER,
            at=moment,
            state="confirmed",
            settled_at=moment,
            by_id=claim.user_id,
            was_owner_id=former.user_id,
        )
    )
    _end_ownership(claim, former, keep=claim.user_id)


def _end_ownership(claim: Claim, owner: Membership, *, keep: int | None = None) -> None:
    """Whom they let in goes with them: somebody's friends at the desk would read on what seekers ask."""
    place = owner.clinic
    since = min(place.claimed_at or owner.granted_at, owner.granted_at)
    db.session.delete(owner)
    db.session.flush()
    for address in colleagues.clear(place, since, keep=keep):
        letters.tell_colleague(claim, address)


def ask(claim: Claim, statement_id: int, *, role: str) -> None:
    """The desk needs something more from the claimant."""
    claim.become("asked")
    claim.statement_id = statement_id
    record("claim.asked", role=role, subject=claim.subject)


def refuse(claim: Claim, statement_id: int, *, role: str) -> None:
    """It is not theirs, as far as the desk can see."""
    claim.become("refused")
    claim.statement_id = statement_id
    record("claim.refused", role=role, subject=claim.subject)


def object_to(claim: Claim, words: str) -> None:
    """The listing's known contact says that it is wrong. Nothing takes effect, and two people decide."""
    opening.hold(claim)
    if claim.objection_digest == "":
        raise Refused("This link is over.")
    claim.objection_digest, claim.objected_at, claim.contested = "", now(), True
    ClaimWord.of(claim, "contact", words, by=None)
    record("claim.objected", role="visitor", subject=claim.subject)
    if claim.state == "approved":
        opening.bring_to_desk(
            claim, "The listing's known contact objects; it is taken over already", "high", after=True
        )
        return
    if claim.state == "noticed":
        claim.become("open")
    opening.bring_to_desk(claim, "The listing's known contact objects", "high")
    letters.tell_claimant(claim, "contested")


def take_away(claim: Claim, statement_id: int, *, role: str) -> None:
    """What took effect was wrong: the claimant has the listing no more."""
    owner = owner_of(claim.clinic_id)
    if claim.state != "approved" or owner is None or owner.user_id != claim.user_id:
        raise Refused("The listing is not theirs any more.")
    _end_ownership(claim, owner)
    claim.become("refused")
    claim.statement_id = statement_id
    claim.clinic.claimed_at = None
    _take_back_moves(claim, claim.clinic, role=role)
    record("claim.revoked", role=role, subject=claim.subject, clinic=claim.clinic.public_id)


def _take_back_moves(claim: Claim, place: Clinic, *, role: str) -> None:
    """Pages at other addresses that they made of it lead back to it, the newest first, and it is open again."""
    made = db.session.scalars(select(Clinic).where(Clinic.moved_from_id == place.id)).one_or_none()
    owner = owner_of(made.id) if made is not None else None
    if made is None or owner is None or owner.user_id != claim.user_id:
        return
    _take_back_moves(claim, made, role=role)
    _end_ownership(claim, owner)
    made.claimed_at = None
    move_back(made, role=role)


def undo(claim: Claim, *, role: str) -> bool:
    """An appeal was won: what was refused is looked at anew; what passed on from an owner goes back to them."""
    if claim.state == "refused":
        claim.become("open")
        opening.bring_to_desk(claim, "An appeal brought it back")
        return True
    if claim.state == "noticed":
        claim.become("refused")
    elif claim.state == "approved":
        claim.become("refused")
        _give_back(claim)
    else:
        return False
    record("claim.reversed", role=role, subject=claim.subject)
    letters.tell_claimant(claim, "reversed")
    return True


def _give_back(claim: Claim) -> None:
    """The former owner owns it again, and no mark says that the owner changed."""
    changes = db.session.query(ClinicChange).filter_by(
        clinic_id=claim.clinic_id, what=OWNER, state="confirmed", by_id=claim.user_id
    )
    change = changes.order_by(ClinicChange.id.desc()).first()
    owner = owner_of(claim.clinic_id)
    if owner is not None and owner.user_id == claim.user_id:
        _end_ownership(claim, owner)
    former = db.session.get(User, change.was_owner_id) if change is not None and change.was_owner_id else None
    if change is not None and former is not None and owner_of(claim.clinic_id) is None:
        put_owner(claim.clinic, former)
        change.state = "refused"
