"""Whom to write to about a credential: the person it speaks of, or those who own the listing of the premises."""

from sqlalchemy import or_, select

from directory import mail
from directory.accounts.models import User
from directory.clinics.membership import Membership
from directory.clinics.models import Clinic
from directory.credentials.models import Credential
from directory.db import db, now
from directory.practitioners.accounts import PractitionerAccount
from directory.practitioners.models import AGREED, Engagement


def addresses_of(credential: Credential) -> list[str]:
    """E-mail addresses in order, each once; whoever handed it in when nobody else is known. May be empty."""
    if credential.practitioner_id is not None:
        query = select(User.email).join(PractitionerAccount, PractitionerAccount.user_id == User.id)
        query = query.where(PractitionerAccount.practitioner_id == credential.practitioner_id)
    else:
        query = select(User.email).join(Membership, Membership.user_id == User.id)
        query = query.where(Membership.clinic_id == credential.clinic_id, Membership.level == "owner")
    found = list(db.session.scalars(query.order_by(User.id)))
    if not found and credential.submitted_by is not None:
        found = [credential.submitted_by.email]
    return found


def own_address(credential: Credential) -> str:
    """The page on which its holder sees it whole, for letters."""
    return mail.link("own_credentials.show", public_id=credential.public_id)


def clinics_of(credential: Credential) -> list[Clinic]:
    """Where it counts: the premises, or wherever the person works now."""
    if credential.clinic is not None:
        return [credential.clinic]
    query = (
        select(Clinic)
        .join(Engagement, Engagement.clinic_id == Clinic.id)
        .where(
            Engagement.practitioner_id == credential.practitioner_id,
            Engagement.standing == AGREED,
            or_(Engagement.until.is_(None), Engagement.until >= now().date()),
        )
        .order_by(Clinic.id)
    )
    return list(db.session.scalars(query).unique())
