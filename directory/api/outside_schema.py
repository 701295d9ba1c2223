"""The shapes of what authorities published in the API, and how they are filled."""

from typing import Annotated

from pydantic import Field
from typing_extensions import TypedDict

from directory.credentials.outside import Outside

Day = Annotated[str, Field(description="A date, YYYY-MM-DD.")]
Words = Annotated[str, Field(description="The authority's own, cut short.")]
Address = Annotated[str, Field(description="Where it stands.")]


class InspectionSeen(TypedDict):
    """One visit of an authority, as the authority published it."""

    on: Day
    authority: str
    outcome: Annotated[str, Field(description="passed, passed_with_conditions, failed, closed or unknown.")]
    words: Words
    source: Address


class SanctionSeen(TypedDict):
    """A measure of an authority, shown until two years after its end."""

    against: Annotated[str | None, Field(description="The slug of a person who works there; null for the premises.")]
    kind: Annotated[str, Field(description="warning, fine, restriction, suspension or prohibition.")]
    authority: str
    since: Day
    until: Annotated[str | None, Field(description="A date, YYYY-MM-DD; null while no end is published.")]
    words: Words
    source: Address


class OutsideSeen(TypedDict):
    """What authorities published, newest first."""

    inspections: list[InspectionSeen]
    sanctions: list[SanctionSeen]


def outside_resource(found: Outside) -> OutsideSeen:
    return {
        "inspections": [
            {
                "on": one.inspected_on.isoformat(),
                "authority": one.issued_by,
                "outcome": one.outcome,
                "words": one.words,
                "source": one.url,
            }
            for one in found.inspections
        ],
        "sanctions": [
            {
                "against": one.practitioner.slug if one.practitioner else None,
                "kind": one.kind,
                "authority": one.issued_by,
                "since": one.since.isoformat(),
                "until": one.until.isoformat() if one.until else None,
                "words": one.words,
                "source": one.url,
            }
            for one in found.sanctions
        ],
    }
