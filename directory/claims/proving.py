"""Showing a proof: codes of letters and calls, the link to the clinic's own domain, the tag on its site."""

import secrets
from hmac import compare_digest

from sqlalchemy import update

from directory.claims import opening
from directory.claims.models import ACTIVE, CALL_LIFE, CODE_LIFE, CODE_TRIES, Claim
from directory.db import db, now
from directory.errors import Refused
from directory.keyed import pseudonym
from directory.ledger import record

# Without what is mistaken for something else on paper.
_LETTERS = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"
RIGHT, WRONG, OVER = "right", "wrong", "over"


def _digest(claim: Claim, code: str) -> str:
    plain = "".join(sign for sign in code.upper() if sign.isalnum())
    return pseudonym("claim code", f"{claim.public_id} {plain[:40]}")


def new_code(claim: Claim, *, role: str) -> str:
    """A code for the letter or the call, returned this once; the one before is dead, and the tries begin anew."""
    if claim.proof not in {"letter", "call"} or claim.state not in {"open", "asked"} or claim.proven_at is not None:
        raise Refused("This claim needs no code now.")
    if claim.proof == "letter":
        code = "-".join("".join(secrets.choice(_LETTERS) for _ in range(4)) for _ in range(3))
    else:
        code = f"{secrets.randbelow(1000):03} {secrets.randbelow(1000):03}"
    claim.code_digest, claim.code_at, claim.code_tries = _digest(claim, code), now(), 0
    record(f"claim.{'printed' if claim.proof == 'letter' else 'called'}", role=role, subject=claim.subject)
    return code


def has_code(claim: Claim) -> bool:
    """Whether there is a code that can be typed now."""
    life = CODE_LIFE if claim.proof == "letter" else CALL_LIFE
    is_fresh = claim.code_at is not None and now() - claim.code_at <= life
    return bool(claim.code_digest) and is_fresh and claim.code_tries < CODE_TRIES and claim.proven_at is None


def try_code(claim: Claim, typed: str) -> str:
    """RIGHT, WRONG, or OVER when there is no code to be tried any more. The caller commits whatever comes of it.

    The try is counted by one statement that names every condition: of many at once, no more than CODE_TRIES count.
    """
    life = CODE_LIFE if claim.proof == "letter" else CALL_LIFE
    counted = db.session.execute(
        update(Claim)
        .where(
            Claim.id == claim.id,
            Claim.state.in_(ACTIVE),
            Claim.proven_at.is_(None),
            Claim.code_digest != "",
            Claim.code_tries < CODE_TRIES,
            Claim.code_at > now() - life,
        )
        .values(code_tries=Claim.code_tries + 1)
        .returning(Claim.code_digest),
        execution_options={"synchronize_session": False},
    ).first()
    db.session.refresh(claim)
    if counted is None:
        return OVER
    if not compare_digest(counted.code_digest, _digest(claim, typed)):
        return WRONG
    claim.code_digest = ""
    claim.prove(role="member")
    opening.bring_to_desk(claim, "The code was typed: the proof is shown")
    return RIGHT


def confirm_mail(claim: Claim) -> None:
    """The link sent to the clinic's own domain was opened; now the desk compares the licence."""
    claim.mail_digest, claim.mail_confirmed_at = "", now()
    record("claim.mail_confirmed", role="member", subject=claim.subject)
    opening.bring_to_desk(claim, opening.REASONS["licence"])


def say_tag_is_there(claim: Claim) -> None:
    """The claimant put the tag on the site; somebody looks."""
    if claim.proof != "tag" or claim.state != "open":
        raise Refused("This claim needs no tag now.")
    opening.bring_to_desk(claim, opening.REASONS["tag"])


def saw_tag(claim: Claim, *, role: str) -> None:
    """A moderator opened the site and saw the tag."""
    if claim.proof != "tag":
        raise Refused("This claim rests on another proof.")
    claim.prove(role=role)


def is_shown(claim: Claim) -> bool:
    """Whether the claimant has done their part; a licence is still to be compared by the desk."""
    return claim.mail_confirmed_at is not None if claim.proof == "licence" else claim.proven_at is not None
