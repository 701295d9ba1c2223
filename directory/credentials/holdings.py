"""What credentials keep about a person who handed them in or checked them; the papers go with the account."""

from typing import Any

from sqlalchemy import or_, select, update

from directory.accounts.models import User
from directory.accounts.registry import covers
from directory.credentials import outside  # noqa: F401 (its tables exist with the rest)
from directory.credentials.checks import Check
from directory.credentials.evidence import Evidence
from directory.credentials.models import Credential
from directory.db import db
from directory.practitioners import accounts  # noqa: F401 (whose page is whose)

Rows = list[dict[str, Any]]


def _credentials(user: User) -> Rows:
    query = select(Credential).where(Credential.submitted_by_id == user.id).order_by(Credential.id)
    return [
        {
            "what": one.title or one.type.title,
            "issued by": one.issued_by,
            "number": one.number,
            "from": one.issued_on.isoformat() if one.issued_on else None,
            "until": one.expires_on.isoformat() if one.expires_on else None,
            "status": one.status,
            "checks": [{"on": check.at.isoformat(), "how": check.method, "told": check.note} for check in one.checks],
        }
        for one in db.session.scalars(query)
    ]


def _forget_credentials(user: User) -> None:
    """The papers and their keys are destroyed; that a holder has a credential stays, who typed it in does not."""
    mine = select(Evidence).join(Evidence.credential).where(Credential.submitted_by_id == user.id)
    for paper in db.session.scalars(mine.where(Evidence.destroyed_at.is_(None)).order_by(Evidence.id)):
        paper.destroy("erased")
    db.session.flush()
    db.session.execute(update(Credential).where(Credential.submitted_by_id == user.id).values(submitted_by_id=None))


def _checks(user: User) -> Rows:
    mine = or_(Check.by_id == user.id, Check.second_id == user.id)
    query = select(Check).where(mine).order_by(Check.id)
    return [{"on": check.at.isoformat(), "how": check.method} for check in db.session.scalars(query)]


def _forget_checks(user: User) -> None:
    """A check stays what it is; who made it is forgotten, but for a pseudonym that tells two people apart."""
    for column in (Check.by_id, Check.second_id):
        db.session.execute(update(Check).where(column == user.id).values({column.key: None}))


covers("credential", title="Credentials you handed in", export=_credentials, erase=_forget_credentials)
covers("credential_check", title="Checks you made", export=_checks, erase=_forget_checks)
