"""A credential as JSON: the public facts of its card. No whole number, no paper, nobody's name but the holder's."""

from typing import Literal

from directory.api.credential_schema import CheckMade
from directory.api.credential_schema import Credential as CredentialShape
from directory.api.results import site_address
from directory.clinics.models import Clinic
from directory.credentials.lines import masked, title_of
from directory.credentials.models import Credential
from directory.db import now


def credential_resource(one: Credential) -> CredentialShape:
    """What the card says, in fields, at this moment."""
    standing, holder = one.standing(now()), one.holder
    kind: Literal["clinic", "practitioner"] = "clinic" if isinstance(holder, Clinic) else "practitioner"
    path = f"/{kind}s/{holder.slug}"
    checks: list[CheckMade] = [
        {
            "on": check.at.date().isoformat(),
            "method": check.method,
            "result": check.result,
            "source": check.source,
            "matched": check.matched,
            "mismatched": check.mismatched,
        }
        for check in one.checks
        if check.result != "open"
    ]
    return {
        "id": one.public_id,
        "url": site_address(f"/credentials/{one.public_id}"),
        "is_example": holder.is_example,
        "holder": {"kind": kind, "slug": holder.slug, "name": holder.name, "url": site_address(path)},
        "type": one.type.key,
        "title": title_of(one),
        "issuer": one.issued_by,
        "recognition": one.issuer.recognition,
        "number": masked(one.number),
        "issued_on": one.issued_on.isoformat() if one.issued_on else None,
        "expires_on": one.expires_on.isoformat() if one.expires_on else None,
        "state": standing.state,
        "strength": standing.level,
        "checks": checks,
    }
