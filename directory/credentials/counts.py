"""How many credentials stand at which strength, for everybody to read; derived at one moment like each of them."""

from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from itertools import groupby
from operator import attrgetter
from typing import Any, NamedTuple

from sqlalchemy import Row, or_, select
from sqlalchemy.orm import aliased

from directory.clinics.models import PUBLISHED, Clinic
from directory.credentials.checks import METHODS, Check
from directory.credentials.issuers import PERMISSIONS, CredentialType, Issuer
from directory.credentials.levels import HIGHEST, end_of, standing_at
from directory.credentials.models import Credential
from directory.credentials.transitions import HIDDEN
from directory.db import db
from directory.practitioners.models import Practitioner

COLUMNS = ("permission", "training", "insurance")
FELL = ("expired", "not_found", "suspended", "revoked", "disputed")


class ByLevel(NamedTuple):
    """Those that stand, by column and strength (0 to 4), and by column and state those that count for nothing."""

    standing: dict[str, list[int]]
    fallen: Counter[tuple[str, str]]

    @property
    def total(self) -> int:
        return sum(map(sum, self.standing.values())) + self.fallen.total()


class _Look(NamedTuple):
    """What counts of a check (see `levels.Looked`)."""

    at: datetime
    level: int
    result: str


def by_level(moment: datetime) -> ByLevel:
    """All credentials that a visitor may see; invented examples are left out. One statement."""
    standing = {column: [0] * (HIGHEST + 1) for column in COLUMNS}
    fallen: Counter[tuple[str, str]] = Counter()
    for _id, some in groupby(_rows(), key=attrgetter("id")):
        rows = list(some)
        first = rows[0]
        column = "permission" if first.scope in PERMISSIONS else first.scope
        looks = [_Look(row.at, METHODS[row.method] if row.result == "confirmed" else 0, row.result)
                 for row in rows if row.at is not None]  # fmt: skip
        ended = looks[-1].at if looks else None
        found = standing_at(first.status, end_of(first.expires_on, first.timezone), looks, moment, ended_at=ended)
        if column not in standing or found.state in {"hidden", "superseded", "unverifiable"}:
            continue
        if found.state in FELL:
            fallen[column, found.state] += 1
        else:
            standing[column][found.level] += 1
    return ByLevel(standing, fallen)


def _rows() -> Iterator[Row[Any]]:
    """A row for each check of each credential, in order of both; one row where there is no check."""
    look = aliased(Check)
    query = (
        select(
            Credential.id,
            Credential.status,
            Credential.expires_on,
            CredentialType.scope,
            Issuer.timezone,
            look.at,
            look.method,
            look.result,
        )
        .join(CredentialType, CredentialType.id == Credential.type_id)
        .join(Issuer, Issuer.id == Credential.issuer_id)
        .outerjoin(Practitioner, Practitioner.id == Credential.practitioner_id)
        .outerjoin(Clinic, Clinic.id == Credential.clinic_id)
        .outerjoin(look, look.credential_id == Credential.id)
        .where(
            Credential.status.not_in(HIDDEN),
            or_(Practitioner.status == "published", Clinic.status == PUBLISHED),
            or_(Practitioner.is_example.is_(False), Clinic.is_example.is_(False)),
        )
        .order_by(Credential.id, look.id)
    )
    return iter(db.session.execute(query.execution_options(yield_per=1000)))
