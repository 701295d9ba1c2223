"""The shape of a credential in the API; the rest of the shapes are in `schema.py`."""

from typing import Annotated, Literal

from pydantic import Field
from typing_extensions import TypedDict

from directory.api.schema import Address, Text


class Holder(TypedDict):
    """Whose credential it is: a person's, or a clinic's for its premises."""

    kind: Literal["practitioner", "clinic"]
    slug: str
    name: str
    url: Address


class CheckMade(TypedDict):
    """One look at a credential."""

    on: Annotated[str, Field(description="A date, YYYY-MM-DD, UTC.")]
    method: Annotated[str, Field(description="document, issuer, badge, register or register_watched.")]
    result: Annotated[str, Field(description="confirmed or failed.")]
    source: Text
    matched: list[str]
    mismatched: list[str]


class Credential(TypedDict):
    """The public facts of one credential, as of the moment of the answer."""

    id: str
    url: Address
    is_example: bool
    holder: Holder
    type: Annotated[str, Field(description="The key of its kind.")]
    title: Text
    issuer: Text
    recognition: Text
    number: Annotated[str, Field(description="Part of it is hidden.")]
    issued_on: str | None
    expires_on: str | None
    state: Annotated[str, Field(description="stands, ending, stale, expired, not_found, suspended, revoked, ….")]
    strength: Annotated[int, Field(description="0 to 4.")]
    checks: list[CheckMade]
