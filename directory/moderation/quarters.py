"""Quarters of a year in UTC, by which the figures about decisions are published."""

from datetime import UTC, datetime
from typing import NamedTuple

from directory.db import now


class Quarter(NamedTuple):
    """`number` is 1 to 4."""

    year: int
    number: int

    @property
    def key(self) -> str:
        """As in addresses: `2026-q4`."""
        return f"{self.year}-q{self.number}"

    @property
    def begins(self) -> datetime:
        return datetime(self.year, 3 * self.number - 2, 1, tzinfo=UTC)

    @property
    def ends(self) -> datetime:
        """The first moment after it."""
        return self.following().begins

    def following(self) -> "Quarter":
        return Quarter(self.year + self.number // 4, self.number % 4 + 1)


def quarter_of(moment: datetime) -> Quarter:
    return Quarter(moment.year, (moment.month + 2) // 3)


def quarters_since(moment: datetime | None) -> list[Quarter]:
    """From the one that holds the moment to the present one, newest first; only the present one without a moment."""
    last = quarter_of(now())
    found = [min(quarter_of(moment), last) if moment else last]
    while found[-1] < last:
        found.append(found[-1].following())
    return found[::-1]
