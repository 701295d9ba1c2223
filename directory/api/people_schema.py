"""The shape of a person in the API; the rest of the shapes are in `schema.py`."""

from typing import Annotated, Literal

from pydantic import Field
from typing_extensions import TypedDict

from directory.api.outside_schema import SanctionSeen
from directory.api.schema import Address, Goals, Tag, Text


class Workplace(TypedDict):
    """A clinic the person works or worked at."""

    slug: str
    name: str
    url: Address
    role: Text
    since: str | None
    until: Annotated[str | None, Field(description="A date, YYYY-MM-DD; null while still there.")]
    agreed: Annotated[bool, Field(description="Whether the person says so too.")]


class Practitioner(TypedDict):
    """A person, as the clinics that name them describe them."""

    slug: str
    name: str
    name_lang: Tag
    url: Address
    is_example: bool
    gender: Literal["female", "male", "other", "unstated"]
    languages: list[str]
    goals: Goals
    about: Text
    about_lang: Tag
    clinics: list[Workplace]
    sanctions: list[SanctionSeen]
