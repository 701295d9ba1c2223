"""Which proofs a listing allows, who may have issued its licence, and what the lists loaded here say of it."""

from typing import NamedTuple

from flask_babel import gettext as _
from sqlalchemy import or_, select

from directory.accounts.models import User
from directory.cases.opening import case_about
from directory.claims.hosts import own_host
from directory.claims.models import Claim
from directory.claims.queries import active_claims, published_before
from directory.claims.reopening import KIND
from directory.clinics.membership import Membership, owner_of
from directory.clinics.models import Clinic
from directory.credentials.issuers import Issuer
from directory.credentials.reference_files import jurisdictions_of
from directory.credentials.registers import Candidate, find
from directory.credentials.requirements import address_of
from directory.db import db


def possible(clinic: Clinic, user: User) -> list[str]:
    """The proofs that what was published before this person came allows, strongest first."""
    known = published_before(clinic, user)
    site = bool(known["host"]) and bool(own_host(clinic, known["host"]))
    allowed = {
        "letter": bool(clinic.address and (clinic.city or clinic.postal_code)),
        "licence": site,
        "call": bool(known["phone"]),
        "tag": site,
    }
    return [proof for proof, is_possible in allowed.items() if is_possible]


def issuers_for(clinic: Clinic) -> list[tuple[str, str]]:
    """Who may have issued a licence for this place: (key, name)."""
    paths = [one.path for one in jurisdictions_of(address_of(clinic))]
    query = select(Issuer.key, Issuer.name).where(
        Issuer.closed.is_(False),
        or_(Issuer.jurisdiction.in_(paths), Issuer.jurisdiction == ""),
        Issuer.is_example.in_([True, False] if clinic.is_example else [False]),
    )
    return [
        (key, name)
        for key, name in db.session.execute(query.order_by(Issuer.jurisdiction.desc(), Issuer.name, Issuer.key))
    ]


def is_at_desk(claim: Claim) -> bool:
    """Whether somebody at the desk has it before them."""
    return case_about(KIND, claim.subject) is not None


class Claiming(NamedTuple):
    """One claim as the desk sees it. `claims` are (key, words, value) that a moderator compares."""

    claim: Claim
    words: dict[str, str]
    claims: list[tuple[str, str, str]]
    candidates: list[Candidate]
    issuer: Issuer | None
    rivals: list[Claim]
    owner: Membership | None


def claiming_of(claim: Claim) -> Claiming:
    """All of it, in a fixed number of statements and one for each sealed word."""
    words = claim.words()
    issuer = db.session.scalars(select(Issuer).where(Issuer.key == words.get("issuer", ""))).one_or_none()
    place = claim.clinic.city
    compared = [
        ("number", str(_("Number")), words.get("licence", "")),
        ("name", str(_("Name")), words.get("holder", "")),
    ]
    claims = [*compared, ("place", str(_("Place")), place)] if claim.proof == "licence" else []
    return Claiming(
        claim=claim,
        words=words,
        claims=[one for one in claims if one[2]],
        candidates=find(issuer.key, number=words.get("licence", ""), name=words.get("holder", ""), place=place)
        if issuer is not None
        else [],
        issuer=issuer,
        rivals=[other for other in active_claims(claim.clinic_id) if other.id != claim.id],
        owner=owner_of(claim.clinic_id),
    )
