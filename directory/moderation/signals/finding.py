"""Finding: what one signal says about one review, before it is kept."""

from typing import NamedTuple


class Finding(NamedTuple):
    """`kind` and `strength` of `models`; `words` for the desk; `others` are public ids of reviews it points at.

    The words are read before anybody decides, so they speak of praise and complaint and never of a number of stars.
    """

    kind: str
    strength: str
    words: str
    others: tuple[str, ...] = ()


def times(number: int, one: str, many: str) -> str:
    """`1 review`, `7 reviews`."""
    return f"{number} {one if number == 1 else many}"
