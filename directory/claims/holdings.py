"""What claims keep about a person: handed out in full; on erasure gone, and what was open is withdrawn."""

from typing import Any

from sqlalchemy import delete, select

from directory.accounts.models import User
from directory.accounts.registry import covers
from directory.cases.opening import case_about
from directory.claims import reopening
from directory.claims.models import ACTIVE, Claim, ClaimWord
from directory.db import db

Rows = list[dict[str, Any]]


def _claims(user: User) -> Rows:
    query = select(Claim).where(Claim.user_id == user.id).order_by(Claim.id)
    return [
        {
            "clinic": claim.clinic.slug,
            "claimed": claim.created_at.isoformat(),
            "proof": claim.proof,
            "state": claim.state,
            "what you told": claim.words(),
        }
        for claim in db.session.scalars(query)
    ]


def _forget_claims(user: User) -> None:
    mine = select(Claim).where(Claim.user_id == user.id, Claim.state.in_(ACTIVE)).order_by(Claim.id)
    for claim in db.session.scalars(mine):
        case = case_about(reopening.KIND, claim.subject)
        if case is not None:
            case.withdraw()
    db.session.flush()
    db.session.execute(delete(Claim).where(Claim.user_id == user.id))


def _said(user: User) -> Rows:
    query = select(ClaimWord).where(ClaimWord.by_id == user.id).order_by(ClaimWord.id)
    return [{"said": word.text(), "at": word.at.isoformat()} for word in db.session.scalars(query)]


covers("claim", title="Listings you claimed", export=_claims, erase=_forget_claims)
covers("claim_word", title="What you said about claims of a listing", export=_said)
