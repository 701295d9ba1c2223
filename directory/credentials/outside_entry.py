"""Entering what an authority published: the row as a proposal, and the case in which the desk decides on it.

Two people stand behind each: a visit is shown by somebody else than who entered it, a sanction by two who decide. A
visit may come with an official list too (see `register_inspections`); whoever loaded that is then who entered it.
"""

from datetime import date
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.exc import IntegrityError

from directory.cases.opening import open_case
from directory.clinics.models import Clinic
from directory.credentials.issuers import Issuer
from directory.credentials.outside import Inspection, Sanction
from directory.credentials.reference_files import jurisdictions_of
from directory.credentials.requirements import address_of
from directory.db import db, now
from directory.errors import Refused
from directory.ledger import record
from directory.practitioners.accounts import account_of
from directory.practitioners.models import Practitioner


def authorities_of(clinic: Clinic) -> list[Issuer]:
    """The public authorities that could have said something about this place, those of the narrowest place first."""
    paths = [one.path for one in jurisdictions_of(address_of(clinic))]
    query = select(Issuer).where(
        Issuer.recognition == "state_regulator",
        Issuer.closed.is_(False),
        or_(Issuer.jurisdiction == "", Issuer.jurisdiction.in_(paths)),
    )
    if not clinic.is_example:
        query = query.where(Issuer.is_example.is_(False))
    return list(db.session.scalars(query.order_by(Issuer.jurisdiction.desc(), Issuer.name, Issuer.id)))


def enter_inspection(
    clinic: Clinic,
    *,
    by_id: int | None,
    issuer: Issuer,
    authority: str,
    on: date,
    outcome: str,
    words: str,
    url: str,
    role: str = "checker",
) -> Inspection:
    """A proposal, and its case. Raises Refused for a day to come, or a visit that stands here already."""
    if on > now().date():
        raise Refused("This day is still to come.")
    made = Inspection(
        clinic=clinic, issuer=issuer, authority=authority, inspected_on=on, outcome=outcome, words=words, url=url
    )
    try:
        with db.session.begin_nested():
            db.session.add(made)
            db.session.flush()
    except IntegrityError as error:
        raise Refused("This visit is entered already.") from error
    _bring(made, clinic_id=clinic.id, opened_by_id=by_id, priority="low", role=role)
    return made


def enter_sanction(
    about: Clinic | Practitioner,
    *,
    issuer: Issuer,
    authority: str,
    kind: str,
    since: date,
    until: date | None,
    words: str,
    url: str,
    clinic: Clinic,
) -> Sanction:
    """A proposal, and its case at this clinic. Raises Refused for a day to come."""
    if since > now().date():
        raise Refused("This day is still to come.")
    is_person = isinstance(about, Practitioner)
    made = Sanction(
        practitioner_id=about.id if is_person else None,
        clinic_id=None if is_person else about.id,
        issuer=issuer,
        authority=authority,
        kind=kind,
        since=since,
        until=until,
        words=words,
        url=url,
    )
    db.session.add(made)
    db.session.flush()
    account = account_of(about.id) if is_person else None
    _bring(made, clinic_id=clinic.id, author_id=account.user_id if account else None, priority="medium")
    return made


def _bring(made: Inspection | Sanction, *, role: str = "checker", **facts: Any) -> None:
    said = "A checker entered what an authority published."
    open_case(
        made.kind_of,
        subject=made.subject,
        subject_id=made.id,
        clock="report",
        reason=said if role == "checker" else "An official list tells of an inspection.",
        **facts,
    )
    record(f"{made.kind_of}.entered", role=role, subject=made.subject, issuer=made.issuer.key)
