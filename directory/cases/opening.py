"""Opening a case, or joining the one that is open about the same thing."""

from typing import Any

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from directory.cases.models import Case
from directory.db import db

OPEN = ("open", "waiting")


def case_about(kind: str, subject: str) -> Case | None:
    """The open case of that kind about that thing, if there is one."""
    query = select(Case).where(Case.kind == kind, Case.subject == subject, Case.state.in_(OPEN))
    return db.session.scalars(query).one_or_none()


def open_case(kind: str, *, subject: str, clock: str, priority: str, reason: str, **facts: Any) -> Case:
    """A new case, flushed; or the one that is open already, with the higher priority and the sooner clock.

    Takes what `Case.open` takes. Two that open one at once meet at the unique index, and both get the same case.
    """
    made = Case.open(kind, subject=subject, clock=clock, priority=priority, reason=reason, **facts)
    try:
        with db.session.begin_nested():
            db.session.add(made)
            db.session.flush()
    except IntegrityError:
        found = case_about(kind, subject)
        if found is None:
            raise
        found.raise_priority(priority, reason)
        found.hasten(clock)
        return found
    return made
