"""A review's text in sentences, so that one can be taken out and the rest stay."""

import re
from collections.abc import Collection

TAKEN_OUT = "[…]"
_END = re.compile(r"(?<=[.!?…。！？])\s+|\n+")


def sentences(text: str) -> list[str]:
    """The sentences in order; together with what stood between them they are the text."""
    return [part.strip() for part in _END.split(text) if part.strip()]


def without(text: str, taken: Collection[int]) -> str:
    """The text with these sentences (counted from 0) replaced by a mark; runs of marks become one."""
    kept = [TAKEN_OUT if number in taken else part for number, part in enumerate(sentences(text))]
    return " ".join(part for at, part in enumerate(kept) if at == 0 or part != TAKEN_OUT or kept[at - 1] != TAKEN_OUT)
