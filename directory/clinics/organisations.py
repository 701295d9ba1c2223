"""Organisation: several clinics under one name. Each clinic joins and leaves by its own owner's word."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, delete, event, func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Mapped, Session, joinedload, mapped_column, relationship

from directory.accounts.models import User
from directory.accounts.registry import covers
from directory.clinics.changes import note_change
from directory.clinics.deeds import note
from directory.clinics.membership import OWNER, Membership
from directory.clinics.models import PUBLISHED, Clinic, Organisation
from directory.db import Base, UTCDateTime, db, now
from directory.errors import Refused
from directory.ledger import record

MOST_SHOWN = 50


class OrganisationRequest(Base):
    """A clinic asked to join an organisation; it joins when its own owner says yes."""

    says_itself = True  # see clinics.changes
    __tablename__ = "organisation_request"
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id", ondelete="CASCADE"), primary_key=True)
    clinic_id: Mapped[int] = mapped_column(ForeignKey("clinic.id", ondelete="CASCADE"), primary_key=True, index=True)
    by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id", ondelete="SET NULL"), index=True)
    asked_at: Mapped[datetime] = mapped_column(UTCDateTime, default=now)

    organisation: Mapped[Organisation] = relationship()
    clinic: Mapped[Clinic] = relationship()


def siblings_of(clinic: Clinic) -> Sequence[Clinic]:
    """The other published clinics of the same organisation, in order of town and name."""
    if clinic.organisation_id is None:
        return []
    query = select(Clinic).where(
        Clinic.organisation_id == clinic.organisation_id, Clinic.id != clinic.id, Clinic.status == PUBLISHED
    )
    return db.session.scalars(query.order_by(Clinic.city_key, Clinic.name_key, Clinic.id).limit(MOST_SHOWN)).all()


def clinics_of(organisation: Organisation) -> Sequence[Clinic]:
    """All its clinics, whatever their state."""
    query = select(Clinic).where(Clinic.organisation_id == organisation.id)
    return db.session.scalars(query.order_by(Clinic.city_key, Clinic.name_key, Clinic.id)).all()


def owned_by(user: User) -> Sequence[Clinic]:
    """The clinics this person owns."""
    query = select(Clinic).join(Membership, Membership.clinic_id == Clinic.id)
    query = query.where(Membership.user_id == user.id, Membership.level == OWNER)
    return db.session.scalars(query.order_by(Clinic.name_key, Clinic.id)).all()


def requests_to(clinic: Clinic) -> Sequence[OrganisationRequest]:
    """Organisations that would like to have this clinic."""
    query = (
        select(OrganisationRequest)
        .where(OrganisationRequest.clinic_id == clinic.id)
        .options(joinedload(OrganisationRequest.organisation))
    )
    return db.session.scalars(query.order_by(OrganisationRequest.organisation_id)).all()


def requests_by(organisation: Organisation) -> Sequence[OrganisationRequest]:
    """Clinics that were asked and have not answered."""
    query = (
        select(OrganisationRequest)
        .where(OrganisationRequest.organisation_id == organisation.id)
        .options(joinedload(OrganisationRequest.clinic))
    )
    return db.session.scalars(query.order_by(OrganisationRequest.clinic_id)).all()


def request_to(clinic: Clinic, public_id: str) -> OrganisationRequest | None:
    """What one organisation asks of this clinic."""
    return next((one for one in requests_to(clinic) if one.organisation.public_id == public_id), None)


def found(clinic: Clinic, name: str, *, by: User) -> Organisation:
    """A new organisation with this clinic as its first. Raises Refused when the clinic is in one already."""
    _free(clinic)
    made = Organisation(name=name)
    db.session.add(made)
    db.session.flush()
    _put(clinic, made, by=by)
    return made


def ask(organisation: Organisation, clinic: Clinic, *, by: User) -> bool:
    """Ask a clinic to join. Who owns it too has said yes by asking: True when it joined at once.

    Raises Refused when it is in an organisation already, was asked already, or nobody owns it.
    """
    _free(clinic)
    if any(one.id == clinic.id for one in owned_by(by)):
        _put(clinic, organisation, by=by)
        return True
    owners = select(Membership.id).where(Membership.clinic_id == clinic.id, Membership.level == OWNER)
    if not db.session.scalar(select(owners.exists())):
        raise Refused("Nobody owns this clinic here yet; it cannot agree.")
    try:
        with db.session.begin_nested():
            db.session.add(OrganisationRequest(organisation_id=organisation.id, clinic_id=clinic.id, by_id=by.id))
            db.session.flush()
    except IntegrityError:
        raise Refused("This clinic was asked already.") from None
    return False


def join(request: OrganisationRequest, *, by: User) -> None:
    """The clinic's owner says yes; what else asked for it is answered by that."""
    _free(request.clinic)
    _put(request.clinic, request.organisation, by=by)


def decline(request: OrganisationRequest, *, by: User) -> None:
    """The clinic's owner says no."""
    note(request.clinic, "organisation.declined", by=by, about=f"organisation:{request.organisation.public_id}")
    which = OrganisationRequest.organisation_id == request.organisation_id
    db.session.execute(delete(OrganisationRequest).where(which, OrganisationRequest.clinic_id == request.clinic_id))


def leave(clinic: Clinic, *, by: User) -> None:
    """Out of its organisation; one without clinics is gone. Raises Refused when it is in none."""
    organisation = clinic.organisation
    if organisation is None:
        raise Refused("This clinic is in no organisation.")
    _note_all(organisation)
    clinic.organisation = None
    note(clinic, "organisation.left", by=by, about=f"organisation:{organisation.public_id}")
    record("organisation.left", role="clinic", subject=f"clinic:{clinic.public_id}")
    db.session.flush()
    left = select(func.count()).select_from(Clinic).where(Clinic.organisation_id == organisation.id)
    if not db.session.scalar(left):
        db.session.execute(delete(OrganisationRequest).where(OrganisationRequest.organisation_id == organisation.id))
        db.session.delete(organisation)


def _free(clinic: Clinic) -> None:
    if clinic.organisation_id is not None:
        raise Refused("This clinic is in an organisation already.")


def _put(clinic: Clinic, organisation: Organisation, *, by: User) -> None:
    clinic.organisation = organisation
    db.session.execute(delete(OrganisationRequest).where(OrganisationRequest.clinic_id == clinic.id))
    note(clinic, "organisation.joined", by=by, about=f"organisation:{organisation.public_id}")
    subject = f"clinic:{clinic.public_id}"
    record("organisation.joined", role="clinic", subject=subject, organisation=organisation.public_id)
    db.session.flush()
    _note_all(organisation)


def _note_all(organisation: Organisation) -> None:
    """The pages of all its clinics name each other."""
    ids = db.session.scalars(select(Clinic.id).where(Clinic.organisation_id == organisation.id).order_by(Clinic.id))
    note_change(db.session(), *ids)


@event.listens_for(Session, "after_flush")
def _note_siblings(session: Session, context: object) -> None:
    """A clinic that is renamed, closes or moves changes the pages that name it: those of the same organisation, the
    one it moved from and the one it moved to."""
    changed = [one for one in session.dirty if isinstance(one, Clinic) and session.is_modified(one)]
    firms = {one.organisation_id for one in changed if one.organisation_id is not None}
    if firms:
        beside = select(Clinic.id).where(Clinic.organisation_id.in_(firms)).order_by(Clinic.id)
        note_change(session, *session.connection().execute(beside).scalars())
    if changed:
        note_change(session, *(one.moved_from_id for one in changed if one.moved_from_id is not None))
        after = select(Clinic.id).where(Clinic.moved_from_id.in_([one.id for one in changed])).order_by(Clinic.id)
        note_change(session, *session.connection().execute(after).scalars())


def _exported(user: User) -> list[dict[str, Any]]:
    query = select(OrganisationRequest).where(OrganisationRequest.by_id == user.id)
    query = query.options(joinedload(OrganisationRequest.clinic), joinedload(OrganisationRequest.organisation))
    return [
        {"organisation": one.organisation.name, "clinic asked": one.clinic.slug, "at": one.asked_at.isoformat()}
        for one in db.session.scalars(query.order_by(OrganisationRequest.clinic_id))
    ]


covers("organisation_request", title="Clinics you asked to join an organisation", export=_exported)
