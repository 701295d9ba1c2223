"""Small counts that could point at a person are not told.

A count that anybody can make from the public record needs no veil. The stars of a review that was refused stand nowhere
else: where fewer than FEWEST were refused, the number would tell somebody who knows of one what it said.
"""

from collections.abc import Mapping
from typing import TypeVar

FEWEST = 5
Key = TypeVar("Key")


def veiled(counts: Mapping[Key, int]) -> dict[Key, int | None]:
    """The counts of one table, those that stay hidden as None; their sum may be known to the reader.

    Every count below FEWEST is hidden, nought among them. Where the sum would still give a hidden one away (it is the
    only one, or all must be as large as they can be), the smallest count left is hidden too.
    """
    hidden = {key for key, count in counts.items() if count < FEWEST}
    total = sum(counts[key] for key in hidden)
    given_away = len(hidden) == 1 or total == (FEWEST - 1) * len(hidden)
    if hidden and total and given_away:
        open_ones = [key for key in counts if key not in hidden]
        if open_ones:
            hidden.add(min(open_ones, key=lambda key: counts[key]))
        else:
            hidden = set(counts)
    return {key: None if key in hidden else count for key, count in counts.items()}
