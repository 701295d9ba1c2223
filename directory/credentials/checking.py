"""What a checker sees of a credential that was handed in: claims, papers, entries of the register, who else has it."""

from typing import NamedTuple

from flask_babel import gettext as _

from directory.clinics.filters import day
from directory.clinics.models import Clinic
from directory.credentials.card import FIELD_WORDS
from directory.credentials.evidence import Evidence, evidence_of
from directory.credentials.holders import clinics_of
from directory.credentials.matching import CONFIRMED, REFUSED, Claim
from directory.credentials.models import Credential
from directory.credentials.queries import same_number
from directory.credentials.registers import Candidate, compare, find
from directory.db import now
from directory.errors import Refused


class Checking(NamedTuple):
    """One credential at the desk. `claims` are (key, words, value); `link` leads to the official look-up, or is ""."""

    credential: Credential
    claims: list[tuple[str, str, str]]
    papers: list[Evidence]
    candidates: list[Candidate]
    same: list[Credential]
    places: list[Clinic]
    link: str

    @property
    def where_it_stands(self) -> str:
        """The official address of the one entry that agrees; empty when none does, or several do."""
        agreeing = [one.link for one in self.candidates if one.finding.outcome == CONFIRMED]
        return agreeing[0] if len(agreeing) == 1 else ""


def checking_of(one: Credential) -> Checking:
    """All of it; a fixed number of statements."""
    places = clinics_of(one)
    town = places[0].city if places else ""
    claims = {
        "name": one.holder.name,
        "number": one.number,
        "activity": one.activity,
        "place": town,
        "status": str(_("active")),
        "issued": day(one.issued_on) if one.issued_on else "",
        "expires": day(one.expires_on) if one.expires_on else "",
    }
    return Checking(
        credential=one,
        claims=[(key, str(words), claims[key]) for key, words in FIELD_WORDS.items() if claims[key]],
        papers=evidence_of(one.id),
        candidates=find(one.issuer.key, number=one.number, name=one.holder.name, place=town),
        same=same_number(one),
        places=places,
        link=one.issuer.look_up(one.number),
    )


def source_of(one: Credential, method: str, said: str) -> str:
    """Where the answer stands. Raises Refused when an issuer's word or a register has no source."""
    if method == "document":
        return said or str(_("The paper itself, since destroyed or to be destroyed."))
    found = said or (one.issuer.register_url if method == "register" else "")
    if not found:
        raise Refused(_("Say where the answer stands, or who gave it at which contact."))
    return found


def refuse_against_register(one: Credential) -> None:
    """Raises Refused with the reason when the list in force contradicts it: nobody types that away.

    A number that is not in our copy of the list may be newer than the copy; the next load has the word on it.
    """
    places = [(place.city, place.postal_code) for place in clinics_of(one)] or [("", "")]
    found = [
        compare(
            one.issuer.key,
            Claim(one.number, one.holder.name, place=city, postal_code=code, expires_on=one.expires_on),
            today=now().date(),
        )
        for city, code in places
    ]
    said = [candidate.finding for candidate in found if candidate is not None]
    if said and all(finding.outcome == REFUSED for finding in said):
        raise Refused(said[0].words)
