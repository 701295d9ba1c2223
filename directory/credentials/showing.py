"""What pages of clinics and people show of credentials: read, derived at one moment, put in words."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

from directory.clinics.hours import zone
from directory.clinics.models import Clinic
from directory.credentials.levels import NEVER, next_change
from directory.credentials.lines import Line, Panel, ledger, panel
from directory.credentials.models import Credential
from directory.credentials.outside import Outside, outside
from directory.credentials.queries import credentials_of, law_at, shown_by
from directory.credentials.reference_files import jurisdictions_of
from directory.credentials.requirements import address_of, counted, strongest


class Showing(NamedTuple):
    """One clinic's: the law panel, ledgers by practitioner id and of the premises, what authorities published."""

    law: Panel
    people: dict[int, list[Line]]
    premises: list[Line]
    credentials: list[Credential]
    outside: Outside


def showing(clinic: Clinic, moment: datetime) -> Showing:
    """What this clinic shows at that moment."""
    today = moment.astimezone(zone(clinic.timezone)).date()
    shown = shown_by([clinic], today)
    mine = shown[clinic.id]
    found = law_at([clinic], shown, moment)[clinic.id]
    places = jurisdictions_of(address_of(clinic))
    law = panel(places[-1].name if places else "", found, mine, moment)
    people = {
        person: ledger([one for one in mine.credentials if one.practitioner_id == person], moment)
        for person in mine.people
    }
    own = ledger([one for one in mine.credentials if one.clinic_id == clinic.id], moment)
    return Showing(law, people, own, list(mine.credentials), outside(clinic.id, mine.people, today))


def ledger_of(practitioner_id: int, moment: datetime) -> tuple[list[Line], datetime]:
    """One person's ledger, and when it changes by itself."""
    held = credentials_of([practitioner_id])
    ends = [min(next_change(one.steps, moment), one.lapses_at) for one in held if one.lapses_at > moment]
    return ledger(held, moment), min(ends, default=NEVER)


class Summary(NamedTuple):
    """One clinic in a few figures, for lists, compare and the API. `strength` is None when nothing is held."""

    strength: int | None
    strongest: Line | None
    strongest_id: str
    issuer: str
    expires_on: str
    requirements: dict[str, int]
    law: Panel


def summaries(clinics: Sequence[Clinic], moment: datetime) -> dict[int, Summary]:
    """What each of the clinics shows, by clinic id; seven statements however many they are."""
    shown = shown_by(clinics, moment.date())
    law = law_at(clinics, shown, moment)
    made = {}
    for clinic in clinics:
        mine, found = shown[clinic.id], law[clinic.id]
        best = strongest(mine.credentials, moment)
        places = jurisdictions_of(address_of(clinic))
        words = panel(places[-1].name if places else "", found, mine, moment)
        made[clinic.id] = Summary(
            best.level(moment) if best else None,
            words.strongest,
            best.public_id if best else "",
            best.issued_by if best else "",
            best.expires_on.isoformat() if best and best.expires_on else "",
            dict(counted(found)),
            words,
        )
    return made


def occupational(credentials: Sequence[Credential], moment: datetime) -> list[dict[str, Any]]:
    """Permissions that stand now as schema.org `hasCertification`; nothing for what nobody checked."""
    return [
        {
            "@type": "Certification",
            "name": one.type.title,
            "issuedBy": {"@type": "Organization", "name": one.issued_by},
            **({"validFrom": one.issued_on.isoformat()} if one.issued_on else {}),
            **({"expires": one.expires_on.isoformat()} if one.expires_on else {}),
            **({"auditDate": one.checks[-1].at.date().isoformat()} if one.checks else {}),
            "certificationStatus": "https://schema.org/CertificationActive",
        }
        for one in credentials
        if one.type.is_permission and one.level(moment) > 1
    ]
