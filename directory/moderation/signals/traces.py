"""Trace: where a stage was sent from, kept so that two may be found equal and neither can be read.

The key is drawn from PSEUDONYM_KEY and the number of the period, so digests of two periods have nothing in common.
Each trace is written under its own period's key and under the one before, which lets it meet the neighbouring
period's traces and no others. A job deletes what is older.
"""

from datetime import UTC, datetime
from typing import NamedTuple

from sqlalchemy import delete

from directory.accounts.devices import mark_of, network_of
from directory.db import db, now
from directory.keyed import pseudonym
from directory.moderation.signals.models import Trace
from directory.moderation.signals.thresholds import PERIOD
from directory.reviews.models import Stage

_BEGINNING = datetime(2026, 1, 1, tzinfo=UTC)
DIGITS = 32  # of hex: 128 bits, no two things meet by chance


class Origin(NamedTuple):
    """A network (/24 or /48) and a device's mark; empty when not known."""

    network: str
    device: str


def period_of(moment: datetime) -> int:
    return (moment - _BEGINNING) // PERIOD


def digest(what: str, text: str, period: int) -> str:
    """What stands for a network or a device in that period; empty for nothing."""
    return pseudonym(f"trace {what} {period}", text)[:DIGITS] if text else ""


def note(stage: Stage, *, caller: str, device: str) -> Trace:
    """Keep the trace of a stage just sent in; sent again, the newer one stays."""
    at = stage.submitted_at or now()
    period = period_of(at)
    network, mark = network_of(caller), mark_of(device)
    trace = Trace(
        stage_id=stage.id,
        review_id=stage.review_id,
        period=period,
        network=digest("network", network, period),
        network_before=digest("network", network, period - 1),
        device=digest("device", mark, period),
        device_before=digest("device", mark, period - 1),
        submitted_at=at,
        expires_at=_BEGINNING + (period + 2) * PERIOD,
    )
    return db.session.merge(trace)


def drop_expired() -> int:
    """Delete traces whose key's time is over; returns how many."""
    return int(db.session.execute(delete(Trace).where(Trace.expires_at <= now())).rowcount)  # type: ignore[attr-defined]
