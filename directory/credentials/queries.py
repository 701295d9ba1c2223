"""Reads of credentials: what clinics and people hold, one credential by its public id, what waits for a check."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session, contains_eager, joinedload, selectinload

from directory.clinics.material import ADDRESS, HOLDS, ClinicChange
from directory.clinics.models import CLOSED, PUBLISHED, Clinic
from directory.credentials.issuers import CredentialType, Issuer, Requirement
from directory.credentials.models import Credential
from directory.credentials.outside import Inspection
from directory.credentials.reference_files import jurisdictions_of
from directory.credentials.requirements import Answer, Shown, address_of, answers
from directory.credentials.transitions import HIDDEN
from directory.db import db, now
from directory.practitioners.models import AGREED, Engagement
from directory.practitioners.queries import people_at

# What premises held was for the address they had then: after a move it is no longer shown for them.
_LEFT_BEHIND = (
    select(ClinicChange.id)
    .where(
        ClinicChange.clinic_id == Credential.clinic_id,
        ClinicChange.what == ADDRESS,
        ClinicChange.state.in_(HOLDS),
        ClinicChange.at >= Credential.created_at,
    )
    .exists()
)
_WHOLE = (joinedload(Credential.type), joinedload(Credential.issuer), selectinload(Credential.checks))


def credential_by_public_id(public_id: str) -> Credential | None:
    """The credential of that id, whatever its state, with all that its card says."""
    query = select(Credential).options(
        *_WHOLE, joinedload(Credential.practitioner), joinedload(Credential.clinic), joinedload(Credential.supersedes)
    )
    return db.session.scalars(query.where(Credential.public_id == public_id)).one_or_none()


def visible_credential(public_id: str) -> Credential | None:
    """The credential, as long as a visitor may see it and its holder; None otherwise, as if it were not there."""
    one = credential_by_public_id(public_id)
    if one is None or one.standing(now()).state == "hidden" or is_left_behind(one):
        return None
    states = {PUBLISHED, CLOSED} if isinstance(one.holder, Clinic) else {"published"}
    return one if one.holder.status in states else None


def is_left_behind(credential: Credential) -> bool:
    """Whether it was handed in for an address that the premises have left."""
    if credential.clinic_id is None:
        return False
    return bool(db.session.scalar(select(Credential.id).where(Credential.id == credential.id, _LEFT_BEHIND)))


def credentials_of(
    practitioner_ids: Sequence[int], clinic_ids: Sequence[int] = (), session: Session | None = None
) -> list[Credential]:
    """What these people and premises hold that a visitor may see, oldest first."""
    if not practitioner_ids and not clinic_ids:
        return []
    held = or_(Credential.practitioner_id.in_(practitioner_ids), Credential.clinic_id.in_(clinic_ids))
    query = (
        select(Credential)
        .options(*_WHOLE)
        .where(held, Credential.status.not_in(HIDDEN), ~_LEFT_BEHIND)
        .order_by(Credential.id)
    )
    return list((session or db.session()).scalars(query))


def own_credentials(*, practitioner_id: int | None = None, clinic_id: int | None = None) -> list[Credential]:
    """Everything a holder has, in any state, newest first."""
    held = Credential.practitioner_id == practitioner_id if practitioner_id else Credential.clinic_id == clinic_id
    return list(db.session.scalars(select(Credential).options(*_WHOLE).where(held).order_by(Credential.id.desc())))


def shown_by(clinics: Sequence[Clinic], today: date, session: Session | None = None) -> dict[int, Shown]:
    """What each of the clinics shows, by clinic id; five statements however many they are.

    All who are named there are asked for what the law asks of each; of those who have not agreed nothing counts.
    """
    ids = [clinic.id for clinic in clinics]
    teams: dict[int, list[Engagement]] = people_at(ids, today, session)
    people = {number: [one.practitioner_id for one in team] for number, team in teams.items()}
    agreed = {number: {one.practitioner_id for one in team if one.standing == AGREED} for number, team in teams.items()}
    everybody = sorted({person for team in agreed.values() for person in team})
    found = credentials_of(everybody, ids, session)
    visits: dict[int, list[Inspection]] = defaultdict(list)
    if ids:
        query = (
            select(Inspection)
            .where(Inspection.clinic_id.in_(ids), Inspection.state == "shown")
            .order_by(Inspection.inspected_on, Inspection.id)
        )
        for visit in (session or db.session()).scalars(query):
            visits[visit.clinic_id].append(visit)
    return {
        clinic.id: Shown(
            clinic,
            people.get(clinic.id, []),
            [one for one in found if one.clinic_id == clinic.id or one.practitioner_id in agreed.get(clinic.id, ())],
            visits[clinic.id],
        )
        for clinic in clinics
    }


def rules_of(paths: Iterable[str], session: Session | None = None) -> list[Requirement]:
    """All rules of these jurisdictions, past and coming ones too."""
    query = select(Requirement).where(Requirement.jurisdiction.in_(list(paths))).order_by(Requirement.key)
    return list((session or db.session()).scalars(query))


def law_at(
    clinics: Sequence[Clinic], shown: dict[int, Shown], moment: datetime, session: Session | None = None
) -> dict[int, list[Answer]]:
    """What the law asks of each clinic, and what it shows, by clinic id; one statement more."""
    paths = {clinic.id: [one.path for one in jurisdictions_of(address_of(clinic))] for clinic in clinics}
    rules = rules_of({path for some in paths.values() for path in some}, session)
    return {clinic.id: answers(rules, shown[clinic.id], paths[clinic.id], moment) for clinic in clinics}


def types_for(holder: str, *, jurisdictions: Sequence[str], examples: bool) -> list[CredentialType]:
    """What may be handed in for a person or premises there: of these jurisdictions first, then what holds anywhere."""
    scopes = ["person", "training"] if holder == "person" else ["premises"]
    query = (
        select(CredentialType)
        .join(CredentialType.issuer)
        .options(contains_eager(CredentialType.issuer))
        .where(
            CredentialType.scope.in_([*scopes, "either", "insurance"]),
            Issuer.closed.is_(False),
            Issuer.is_example.is_(examples) if not examples else Issuer.is_example.in_([True, False]),
            or_(Issuer.jurisdiction == "", Issuer.jurisdiction.in_(jurisdictions)),
        )
        .order_by(Issuer.jurisdiction.desc(), CredentialType.scope, CredentialType.title, CredentialType.id)
    )
    return list(db.session.scalars(query))


def same_number(credential: Credential) -> list[Credential]:
    """Credentials of other holders with this number from this issuer, still standing or waiting: an alarm."""
    if not credential.number_key:
        return []
    other = or_(
        Credential.practitioner_id.is_distinct_from(credential.practitioner_id),
        Credential.clinic_id.is_distinct_from(credential.clinic_id),
    )
    query = select(Credential).where(
        Credential.issuer_id == credential.issuer_id,
        Credential.authority_key == credential.authority_key,
        Credential.number_key == credential.number_key,
        Credential.id != credential.id,
        Credential.status.not_in((*HIDDEN, "superseded")),
        other,
    )
    return list(db.session.scalars(query.order_by(Credential.id)))
