"""The law's clocks, hour by hour."""

from datetime import UTC, datetime

import pytest

from directory.cases.clocks import due_after


def _at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


DUE = [
    ("urgent", "2026-11-20T22:00", "2026-11-21T02:00"),  # runs through nights and weekends
    ("legal", "2026-11-16T10:00", "2026-11-18T10:00"),  # Monday to Wednesday
    ("legal", "2026-11-20T10:00", "2026-11-24T10:00"),  # Friday: the weekend does not count
    ("legal", "2026-11-21T10:00", "2026-11-25T00:00"),  # Saturday: begins on Monday at 0:00
    ("legal", "2026-12-24T12:00", "2026-12-29T12:00"),  # Christmas Day, Boxing Day, a Sunday between
    ("review", "2026-11-21T10:00", "2026-11-23T10:00"),
]


@pytest.mark.parametrize(("clock", "opened", "due"), DUE)
def test_due_after(clock: str, opened: str, due: str) -> None:
    assert due_after(clock, _at(opened)) == _at(due)
