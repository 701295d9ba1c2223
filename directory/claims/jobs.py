"""What happens to claims with no visitor: due approvals take effect, silent ones lapse, what was told is destroyed."""

from sqlalchemy import or_, select

from directory.claims import letters, opening, settling
from directory.claims.models import KEPT_APPROVED, KEPT_ENDED, Claim, ClaimWord
from directory.claims.queries import due_claims, silent_claims
from directory.db import db, now, writing
from directory.errors import Refused


def carry_out_due() -> str:
    """Approvals whose notice is over take effect; one that cannot any more goes back to the desk."""
    done = 0
    for number in due_claims(now()):
        with writing():
            claim = db.session.get(Claim, number)
            if claim is not None and claim.is_due:
                done += carry_out(claim)
            db.session.commit()
    return f"carried out {done}"


def carry_out(claim: Claim) -> bool:
    """Let one due approval take effect; False when it went back to the desk."""
    opening.hold(claim)
    if not claim.is_due:
        return False
    try:
        with db.session.begin_nested():
            settling.take_effect(claim, role="system")
    except Refused:
        db.session.refresh(claim)
        claim.become("open")
        claim.contested = True
        opening.bring_to_desk(claim, "Somebody else became the owner during the notice", "high")
        return False
    return True


def lapse_silent() -> str:
    """A claim that its claimant leaves alone for a month is over; they may claim anew."""
    lapsed = 0
    for number in silent_claims():
        with writing():
            claim = db.session.get(Claim, number)
            if claim is not None and claim.state in {"open", "asked"}:
                claim.become("lapsed")
                letters.tell_claimant(claim, "lapsed")
                lapsed += 1
            db.session.commit()
    return f"lapsed {lapsed}"


def forget_ended() -> str:
    """Names, numbers, addresses and words go some weeks after the decision; that there was a claim stays."""
    moment = now()
    told = or_(
        Claim.sealed.is_not(None),
        Claim.email != "",
        select(ClaimWord.id).where(ClaimWord.claim_id == Claim.id, ClaimWord.sealed.is_not(None)).exists(),
    )
    old = or_(
        (Claim.state == "approved") & (Claim.state_at < moment - KEPT_APPROVED),
        Claim.state.in_(("refused", "withdrawn", "lapsed")) & (Claim.state_at < moment - KEPT_ENDED),
    )
    with writing():
        ended = list(db.session.scalars(select(Claim).where(told, old).order_by(Claim.id).limit(500)))
        for claim in ended:
            claim.forget()
        db.session.commit()
    return f"forgot what was told in {len(ended)}"
