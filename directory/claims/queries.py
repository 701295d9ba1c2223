"""Reads of claims: a person's own, a clinic's open ones, what is due."""

from datetime import datetime

from sqlalchemy import Exists, and_, or_, select
from sqlalchemy.orm import joinedload, selectinload

from directory.accounts.models import User
from directory.cases.models import Case
from directory.claims.models import ACTIVE, NOTICE, SILENT, Claim
from directory.claims.reopening import KIND
from directory.clinics.editing import Revision
from directory.clinics.importing.contacts import read_website
from directory.clinics.membership import owner_of
from directory.clinics.models import Clinic
from directory.db import db, now
from directory.errors import Refused
from directory.keyed import fingerprint

PAGE = 50


def own_claim(user: User, public_id: str) -> Claim | None:
    query = select(Claim).where(Claim.public_id == public_id, Claim.user_id == user.id)
    return db.session.scalars(query.options(joinedload(Claim.clinic))).one_or_none()


def own_claims(user: User) -> list[Claim]:
    """Everything this person claimed, newest first."""
    query = select(Claim).where(Claim.user_id == user.id).options(joinedload(Claim.clinic))
    return list(db.session.scalars(query.order_by(Claim.id.desc()).limit(PAGE)))


def active_claim(user: User, clinic: Clinic) -> Claim | None:
    """The claim of this clinic that the person has open."""
    query = select(Claim).where(Claim.user_id == user.id, Claim.clinic_id == clinic.id, Claim.state.in_(ACTIVE))
    return db.session.scalars(query).one_or_none()


def active_claims(clinic_id: int) -> list[Claim]:
    """Every open claim of a clinic with what each side said, oldest first."""
    query = select(Claim).where(Claim.clinic_id == clinic_id, Claim.state.in_(ACTIVE)).options(selectinload(Claim.said))
    return list(db.session.scalars(query.order_by(Claim.id)))


def is_contested(clinic_id: int) -> bool:
    """Whether somebody else claims a clinic that has an owner, two people claim it, or the known contact objects."""
    objected = and_(Claim.state == "approved", _is_at_the_desk())
    query = select(Claim.id).where(
        Claim.clinic_id == clinic_id, Claim.contested, or_(Claim.state.in_(ACTIVE), objected)
    )
    return db.session.scalar(query.limit(1)) is not None


def refuse_while_contested(clinic: Clinic) -> None:
    """What cannot be taken back (closing, moving, handing over) waits until it is clear whose the listing is."""
    if is_contested(clinic.id):
        raise Refused(
            "Somebody else claims this listing. Until that is decided it is not closed, moved or handed over."
        )


def refuse_hand_over(clinic: Clinic) -> None:
    """Not while it is contested, nor in the week in which the known contact may object to whoever took it over: a
    wrong owner's friend would have it by then.
    """
    refuse_while_contested(clinic)
    fresh = select(Claim.id).where(
        Claim.clinic_id == clinic.id,
        Claim.state == "approved",
        Claim.state_at > now() - NOTICE,
        Claim.objection_digest != "",
    )
    if db.session.scalar(fresh.limit(1)) is not None:
        raise Refused("For a week after a listing was claimed it is not handed over: its known contact may object.")


def claim_by_mail(token: str) -> Claim | None:
    """The open claim that the link sent to the clinic's own domain belongs to."""
    query = select(Claim).where(Claim.mail_digest == fingerprint(token), Claim.state.in_(ACTIVE))
    return db.session.scalars(query).one_or_none()


def claim_by_objection(token: str) -> Claim | None:
    """The claim that the listing's known contact was told of."""
    query = select(Claim).where(Claim.objection_digest == fingerprint(token), Claim.state.in_((*ACTIVE, "approved")))
    return db.session.scalars(query).one_or_none()


def due_claims(moment: datetime) -> list[int]:
    query = select(Claim.id).where(Claim.state == "noticed", Claim.effective_at <= moment)
    return list(db.session.scalars(query.order_by(Claim.effective_at, Claim.id).limit(500)))


def _is_at_the_desk() -> Exists:
    """Whether a case about the claim is open."""
    return (
        select(Case.id)
        .where(Case.kind == KIND, Case.subject_id == Claim.id, Case.state.in_(("open", "waiting")))
        .where(Case.subject == "claim:" + Claim.public_id)
        .exists()
    )


def silent_claims() -> list[int]:
    """Claims that wait for their claimant (no case is open) and have done so for too long."""
    cutoff = now() - SILENT
    query = select(Claim.id).where(
        Claim.state.in_(("open", "asked")),
        Claim.state_at < cutoff,
        or_(Claim.code_at.is_(None), Claim.code_at < cutoff),
        ~_is_at_the_desk(),
    )
    return list(db.session.scalars(query.order_by(Claim.id).limit(500)))


def published_before(clinic: Clinic, user: User) -> dict[str, str]:
    """Telephone, address for mail and site as they stood before this person first changed them, if they ever did.

    Of a listing that nobody owns, as they stood before any of its people did: whose word that was is gone, or was
    found wrong, and a friend of theirs may be who claims now.
    """
    known = {"phone": clinic.phone, "email": clinic.email, "website": clinic.website}
    own = Revision.by_user_id == user.id
    doubted = own if owner_of(clinic.id) is not None else or_(own, Revision.role != "")
    query = select(Revision).where(Revision.clinic_id == clinic.id, Revision.section == "identity", doubted)
    for revision in db.session.scalars(query.order_by(Revision.number.desc())):
        known |= {key: value or "" for key, value in revision.before.items() if key in known}
    site = read_website(known["website"]) if known["website"] else None
    return {"phone": known["phone"], "email": known["email"], "host": site[1] if site else ""}
