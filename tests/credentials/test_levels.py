"""How strong a credential is: tables over status, checks, dates and the clock."""

from datetime import UTC, date, datetime, timedelta
from typing import NamedTuple

import pytest

from directory.credentials.levels import NEVER, end_of, level_at, standing_at, steps_of
from directory.credentials.transitions import STATUSES, TRANSITIONS, UNCHECKED

NOW = datetime(2026, 11, 28, 12, tzinfo=UTC)


class Look(NamedTuple):
    at: datetime
    level: int
    result: str = "confirmed"


def ago(days: int, level: int, result: str = "confirmed") -> Look:
    return Look(NOW - timedelta(days=days), level, result)


@pytest.mark.parametrize(
    ("status", "looks", "level", "state"),
    [
        ("submitted", [], 0, "self_declared"),
        ("in_review", [], 0, "self_declared"),
        ("needs_info", [], 0, "self_declared"),
        ("draft", [], 0, "hidden"),
        ("rejected", [], 0, "hidden"),
        ("withdrawn", [ago(1, 3)], 0, "hidden"),
        ("verified_document", [ago(1, 1)], 1, "stands"),
        ("verified_primary", [ago(1, 2)], 2, "stands"),
        ("verified_primary", [ago(1, 3)], 3, "stands"),
        ("verified_primary", [ago(1, 4)], 4, "stands"),
        ("verified_primary", [ago(119, 4)], 4, "stands"),
        ("verified_primary", [ago(121, 4)], 3, "stands"),  # nobody watches it: what was read then was read then
        ("verified_primary", [ago(121, 3)], 3, "stands"),  # and the page says when it was last checked
        ("verified_primary", [ago(366, 3)], 1, "stale"),
        ("verified_primary", [ago(366, 4)], 1, "stale"),
        ("verified_document", [ago(366, 1)], 0, "stale"),
        ("verified_primary", [ago(400, 3), ago(10, 1)], 1, "stands"),  # a paper does not renew what a register said
        ("verified_primary", [ago(50, 3), ago(10, 1)], 3, "stands"),
        ("verified_primary", [ago(50, 3), ago(10, 0, "failed")], 0, "not_found"),
        ("verified_primary", [ago(50, 3), ago(10, 0, "failed"), ago(5, 3)], 3, "stands"),
        ("verified_primary", [ago(50, 3), ago(10, 0, "open")], 3, "stands"),
        ("suspended", [ago(50, 3), ago(1, 0, "failed")], 0, "suspended"),
        ("revoked", [ago(50, 3), ago(1, 0, "failed")], 0, "revoked"),
        ("disputed", [ago(50, 3), ago(1, 0, "open")], 0, "disputed"),
        ("superseded", [ago(50, 3)], 0, "superseded"),
        ("unverifiable", [ago(50, 1)], 0, "unverifiable"),
    ],
)
def test_levels_are_derived(status: str, looks: list[Look], level: int, state: str) -> None:
    found = standing_at(status, NEVER, looks, NOW, ended_at=NOW - timedelta(days=1))
    assert (found.level, found.state) == (level, state)
    assert level_at(steps_of(status, NEVER, looks), NOW) == level


@pytest.mark.parametrize(
    ("seconds", "level", "state"),
    [(-61 * 86400, 3, "stands"), (-59 * 86400, 3, "ending"), (-1, 3, "ending"), (0, 0, "expired"),
     (729 * 86400, 0, "expired"), (731 * 86400, 0, "hidden")],
)  # fmt: skip
def test_a_date_acts_to_the_second(seconds: int, level: int, state: str) -> None:
    lapses = NOW - timedelta(seconds=seconds)
    found = standing_at("verified_primary", lapses, [ago(1, 3)], NOW)
    assert (found.level, found.state) == (level, state)


def test_a_day_ends_where_the_issuer_is() -> None:
    assert end_of(date(2026, 12, 31), "America/Los_Angeles") == datetime(2027, 1, 1, 8, tzinfo=UTC)
    assert end_of(date(2026, 6, 30), "Europe/London") == datetime(2026, 6, 30, 23, tzinfo=UTC)
    assert end_of(None, "UTC") == NEVER


def test_an_old_revocation_is_shown_no_more() -> None:
    assert standing_at("revoked", NEVER, [], NOW, ended_at=NOW - timedelta(days=729)).state == "revoked"
    assert standing_at("revoked", NEVER, [], NOW, ended_at=NOW - timedelta(days=731)).state == "hidden"


def test_the_table_of_transitions_leads_everywhere_and_out_of_the_ends_nowhere() -> None:
    assert {status for pair in TRANSITIONS for status in pair} == set(STATUSES)
    reached = set(UNCHECKED)
    while more := {after for before, after in TRANSITIONS if before in reached} - reached:
        reached |= more
    assert reached == set(STATUSES)
    assert not [after for before, after in TRANSITIONS if before in {"revoked", "withdrawn", "superseded"}]
