"""Task: one line of what a clinic's people could do next."""

from typing import NamedTuple

# Weights from here on are dates that somebody waits for; they are drawn with a clock.
DATED, URGENT = 80, 90


class Task(NamedTuple):
    """One line of the list. `words`: what; `why`: what it changes for a reader; `act`: the words on its button.

    `weight` orders the lines, the heaviest first: DATED and above has a date.
    """

    key: str
    words: str
    url: str
    why: str
    weight: int
    act: str = ""
