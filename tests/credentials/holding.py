"""Credentials for tests: an invented issuer, a person with a verified licence at a clinic."""

from datetime import date

from directory.accounts.models import User
from directory.clinics.membership import Membership
from directory.clinics.models import Clinic
from directory.credentials.issuers import CredentialType, Issuer
from directory.credentials.models import Credential
from directory.db import db
from directory.practitioners.accounts import PractitionerAccount
from directory.practitioners.models import Practitioner

KEY = "xx-somewhere"


def kind(scope: str = "person", key: str = KEY) -> CredentialType:
    """A kind of licence of an invented issuer; made once."""
    found = db.session.query(CredentialType).filter_by(key=f"{key}-{scope}").one_or_none()
    if found is not None:
        return found
    issuer = db.session.query(Issuer).filter_by(key=key).one_or_none()
    if issuer is None:
        issuer = Issuer(key=key, name="Example office (invented)", recognition="state_regulator", prefixes=["SP"])
        db.session.add(issuer)
    made = CredentialType(
        key=f"{key}-{scope}",
        issuer=issuer,
        scope=scope,
        title="Skin worker's licence (invented)",
        check_path="register",
        confidence="stated",
        last_reviewed=date(2026, 11, 1),
    )
    db.session.add(made)
    db.session.flush()
    return made


def user(email: str) -> User:
    found = db.session.query(User).filter_by(email=email).one_or_none()
    if found is None:
        found = User(email=email)
        db.session.add(found)
        db.session.flush()
    return found


def found_in_register(
    holder: Practitioner | Clinic, number: str, *, email: str = "", method: str = "register", **facts: object
) -> Credential:
    """A licence that a person checked, by default against the register; its holder has an account when asked for."""
    db.session.flush()
    made = Credential.of(
        kind("premises" if isinstance(holder, Clinic) else "person"), holder=holder, number=number, **facts
    )
    db.session.add(made)
    db.session.flush()
    made.submit()
    made.verify(method=method, matched=["name", "number", "status"], source="https://register.example.org/")
    if email and isinstance(holder, Clinic):
        db.session.add(Membership(user_id=user(email).id, clinic_id=holder.id, level="owner"))
    elif email:
        db.session.add(PractitionerAccount(practitioner_id=holder.id, user_id=user(email).id))
    db.session.flush()
    return made
