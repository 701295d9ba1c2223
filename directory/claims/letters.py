"""Letters about claims: who is told what, and when. None names a claimant to anybody else."""

from flask_babel import format_date

from directory import mail
from directory.accounts.links import link_for
from directory.accounts.models import User
from directory.claims.models import Claim
from directory.clinics.membership import owner_of
from directory.db import db


def tell_claimant(claim: Claim, letter: str) -> None:
    """A letter that leads to the claim's own page."""
    if claim.user is None:
        return
    link = link_for(claim.user, "claims.show", public_id=claim.public_id)
    mail.post(f"claims/{letter}", to=claim.user.email, clinic=claim.clinic.name, link=link, day=_day(claim))


def tell_owner(claim: Claim, letter: str) -> None:
    """The owner of now, at once, with the way to say what speaks against it."""
    owner = owner_of(claim.clinic_id)
    user = db.session.get(User, owner.user_id) if owner is not None else None
    if user is None or user.id == claim.user_id:
        return
    link = link_for(user, "claim_answers.index", slug=claim.clinic.slug)
    mail.post(f"claims/{letter}", to=user.email, clinic=claim.clinic.name, link=link, day=_day(claim))


def tell_contact(claim: Claim, letter: str, token: str) -> None:
    """The address that the listing had before the claim, with a link to object by; not when it is the claimant's."""
    if not claim.email or (claim.user is not None and claim.user.email == claim.email):
        return
    link = mail.link("claims.object_to", token=token)
    mail.post(f"claims/{letter}", to=claim.email, clinic=claim.clinic.name, link=link, day=_day(claim))


def tell_former(claim: Claim, former: User) -> None:
    """Whose listing it was until two people decided otherwise: the reasons, and the way to appeal."""
    link = link_for(former, "cases.statements")
    mail.post("claims/passes_on", to=former.email, clinic=claim.clinic.name, link=link, day=_day(claim))


def tell_colleague(claim: Claim, address: str) -> None:
    """Who worked on the listing for somebody whose it is not: why they are off it."""
    mail.post("claims/off", to=address, clinic=claim.clinic.name)


def ask_confirmation(claim: Claim, address: str, token: str) -> None:
    """The link that proves a mailbox at the clinic's own site."""
    link = mail.link("claims.confirm", token=token)
    mail.post("claims/confirm", to=address, clinic=claim.clinic.name, link=link)


def _day(claim: Claim) -> str:
    """When it takes effect, if it waits for that."""
    return format_date(claim.effective_at, "d MMMM yyyy") if claim.effective_at is not None else ""
