"""The shapes of the results that a clinic shows of its own work, in the API."""

from typing import Annotated, Literal

from pydantic import Field
from typing_extensions import TypedDict


class ShownPicture(TypedDict):
    """One picture of a result, shown while the person in it agrees."""

    stage: Literal["before", "fresh", "6w", "6m", "12m", "24m"]
    taken_month: Annotated[str, Field(description="YYYY-MM.")]
    light: Literal["daylight", "harsh", "indoor", "flash"]
    hair_length: Literal["shaved", "1mm", "3mm", "longer"]
    url: Annotated[str, Field(description="Ask each time before you show it: a withdrawn picture answers 404.")]


class ShownResult(TypedDict):
    """One client's result as the clinic states it; nothing about who the client is."""

    id: str
    goal: str
    variant: Literal["permanent", "temporary"]
    finished_month: Annotated[str, Field(description="Of the last session, YYYY-MM.")]
    sessions: int | None
    pigment: Annotated[str, Field(description="As stated; empty when not stated.")]
    practitioner: Annotated[str | None, Field(description="Slug of who did it, where that page is the person's own.")]
    healed: Annotated[bool, Field(description="Whether a picture of six weeks or later is shown.")]
    pictures: list[ShownPicture]
