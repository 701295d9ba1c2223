"""Papers of real kinds for tests: a clinic in Leeds, its people, and what they hold, checked by two named checkers."""

from datetime import date
from typing import Any

from sqlalchemy import select

from directory.accounts.models import User
from directory.clinics.models import Clinic
from directory.credentials.issuers import CredentialType
from directory.credentials.models import Credential
from directory.credentials.reference_files import load
from directory.db import db
from directory.practitioners.models import Practitioner
from tests import factories

SOURCE = "https://register.example.org/"


def rules() -> None:
    """The rules and kinds of papers that are shipped; loaded as `prepare` does."""
    load()


def kind(key: str) -> CredentialType:
    return db.session.scalars(select(CredentialType).where(CredentialType.key == key)).one()


def person(email: str) -> User:
    """Somebody with an account; made once."""
    found = db.session.scalars(select(User).where(User.email == email)).one_or_none()
    if found is None:
        found = User(email=email)
        db.session.add(found)
        db.session.flush()
    return found


def paper(key: str, holder: Practitioner | Clinic, number: str = "", **facts: Any) -> Credential:
    """A paper handed in and not yet checked."""
    db.session.flush()
    made = Credential.of(kind(key), holder=holder, number=number, authority=facts.pop("authority", "Leeds"), **facts)
    db.session.add(made)
    db.session.flush()
    made.submit()
    return made


def verified(
    key: str, holder: Practitioner | Clinic, number: str, method: str = "register", **facts: Any
) -> Credential:
    """The same, found to hold."""
    made = paper(key, holder, number, **facts)
    made.verify(method=method, matched=["name", "number", "status"], source=SOURCE, by=person("checker@example.org"))
    return made


def leeds(**facts: Any) -> tuple[Clinic, Practitioner]:
    """A clinic with one person, with the rules of its place loaded."""
    rules()
    studio = factories.clinic("Headingley Scalp", slug="headingley", **facts)
    amara = factories.practitioner("Amara Osei-Bonsu", slug="amara", at=studio)
    db.session.flush()
    return studio, amara


def licensed(expires: date | None = None) -> Credential:
    """Amara's registration, found in the register; the premises are registered too."""
    studio, amara = leeds()
    verified("gb-eng-premises", studio, "P-77001")
    return verified("gb-eng-person", amara, "LCC/SP/00417", expires_on=expires)
