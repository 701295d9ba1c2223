"""How long what is kept about people stays: the numbers of the privacy page, read from the code that deletes."""

from datetime import timedelta
from typing import NamedTuple

from directory import allowance, queue
from directory.accounts import devices, jobs, sessions, tokens
from directory.accounts.roles import LIFETIMES, Standing
from directory.consultations import inquiries
from directory.portfolio import jobs as portfolio
from directory.reviews import jobs as reviews


class Kept(NamedTuple):
    """Whole days, hours or years, as named."""

    known_days: int
    idle_hours: int
    session_days: int
    ended_days: int
    link_hours: int
    link_days: int
    link_known_days: int
    tries_days: int
    letter_days: int
    unconfirmed_days: int
    idle_years: int
    draft_days: int
    decided_days: int
    picture_draft_days: int
    picture_decided_days: int
    unsent_days: int
    asked_days: int
    asked_row_days: int


def _hours(span: timedelta) -> int:
    return round(span.total_seconds() / 3600)


_member = LIFETIMES[Standing.MEMBER]
KEPT = Kept(
    known_days=timedelta(seconds=devices.KNOWN_SECONDS).days,
    idle_hours=_hours(_member.idle),
    session_days=_member.absolute.days,
    ended_days=sessions.KEPT.days,
    link_hours=_hours(max(tokens.LIFE.values())),
    link_days=tokens.LONGEST_ENTER.days,
    link_known_days=tokens.ENTER_KEPT.days,
    tries_days=allowance.LONGEST.days,
    letter_days=queue.KEPT.days,
    unconfirmed_days=jobs.UNCONFIRMED_LIFE.days,
    idle_years=jobs.IDLE_LIFE.days // 365,
    draft_days=reviews.DRAFT_LIFE.days,
    decided_days=reviews.DECIDED_LIFE.days,
    picture_draft_days=portfolio.DRAFT_LIFE.days,
    picture_decided_days=portfolio.DECIDED_LIFE.days,
    unsent_days=inquiries.UNCONFIRMED_LIFE.days,
    asked_days=inquiries.WORDS_KEPT.days,
    asked_row_days=inquiries.ROW_KEPT.days,
)
