"""The shapes that describe the open data."""

from typing import Literal

from typing_extensions import TypedDict


class Column(TypedDict):
    """One column of the open data."""

    column: str
    type: Literal["text", "number", "boolean", "list"]
    about: str


class Dictionary(TypedDict):
    """What the columns of the open data mean."""

    files: list[str]
    made: str
    terms: str
    columns: list[Column]
