"""Revision: one change of a clinic's own account of itself; and the verbs that make one, and undo one.

Nothing is overwritten: a change says from which state of its section it was drawn (`stamp`), and where somebody else
was quicker nothing is written and both are shown.
"""

import hashlib
import json
from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, UniqueConstraint, func, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Mapped, mapped_column, relationship

from directory.accounts.models import User
from directory.accounts.registry import covers
from directory.clinics.membership import Membership
from directory.clinics.models import Clinic, forgets
from directory.clinics.sections import SECTIONS, Values, put, values_of
from directory.db import Base, UTCDateTime, db, now
from directory.errors import Refused
from directory.ledger import record

PER_PAGE = 20


class Conflict(Refused):
    """Somebody changed the section since the form was drawn; nothing was written."""


class Revision(Base):
    """One change, never altered. `before` and `after` hold only the values that changed.

    `number` counts a clinic's changes from 1. `undoes` is the number of the change that this one took back. `role` is
    what the person was then; `by_user_id` is empty when the account is gone.
    """

    says_itself = True  # see clinics.changes: the listing itself changes with it, or nothing does
    __tablename__ = "clinic_revision"
    __table_args__ = (
        CheckConstraint(f"section IN ({', '.join(repr(key) for key in SECTIONS)})", name="section"),
        UniqueConstraint("clinic_id", "number", name="uq_clinic_revision_clinic_id_number"),
        Index("ix_clinic_revision_clinic_id_section", "clinic_id", "section", "number"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    clinic_id: Mapped[int] = mapped_column(ForeignKey("clinic.id", ondelete="CASCADE"))
    number: Mapped[int]
    section: Mapped[str] = mapped_column(String(12))
    before: Mapped[Values] = mapped_column(JSON)
    after: Mapped[Values] = mapped_column(JSON)
    by_user_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id", ondelete="SET NULL"), index=True)
    role: Mapped[str] = mapped_column(String(8), default="")
    at: Mapped[datetime] = mapped_column(UTCDateTime, default=now)
    undoes: Mapped[int | None]

    clinic: Mapped[Clinic] = relationship()


def stamp(clinic: Clinic, section: str) -> str:
    """Tells one state of a section from another: the number of its last change and a digest of what it says."""
    said = json.dumps(values_of(clinic, section), sort_keys=True, ensure_ascii=False)
    return f"{_last(clinic.id, section)}-{hashlib.sha256(said.encode()).hexdigest()[:16]}"


def _last(clinic_id: int, section: str = "") -> int:
    query = select(func.max(Revision.number)).where(Revision.clinic_id == clinic_id)
    return int(db.session.scalar(query.where(Revision.section == section) if section else query) or 0)


def _lock(clinic: Clinic) -> None:
    """One writer at a time for each clinic; what stands there now is read anew."""
    db.session.refresh(clinic, with_for_update={"of": Clinic})
    db.session.refresh(clinic, ["services"])


def change(clinic: Clinic, section: str, values: Values, *, by: User | None, seen: str | None) -> Revision | None:
    """Put new values into a section of the listing; None when they say nothing new. Flushed.

    `seen` is the `stamp` of the state the person was shown; None for a change that nobody drew from a form. Raises
    Conflict when the section says something else by now.
    """
    _lock(clinic)
    before = values_of(clinic, section)
    if all(before.get(key) == value for key, value in values.items()):
        return None
    if seen is not None and seen != stamp(clinic, section):
        raise Conflict("This was changed while you were writing.")
    return _written(clinic, section, values, before, by)


def undo(revision: Revision, *, by: User | None) -> Revision:
    """Bring back what stood before this change. Raises Refused when what it said was changed again since."""
    clinic = revision.clinic
    _lock(clinic)
    present = values_of(clinic, revision.section)
    if any(present.get(key) != value for key, value in revision.after.items()):
        raise Refused("This was changed again since: undo the later change first, or write it anew.")
    made = _written(clinic, revision.section, revision.before, present, by, undoes=revision.number)
    if made is None:
        raise Refused("What stood before is gone: write it anew.")
    return made


def _written(
    clinic: Clinic, section: str, values: Values, before: Values, by: User | None, undoes: int | None = None
) -> Revision | None:
    put(clinic, section, values)
    db.session.flush()
    after = values_of(clinic, section)
    keys = [key for key in before if before[key] != after[key]]
    if not keys:
        return None
    made = Revision(
        clinic_id=clinic.id,
        number=_last(clinic.id) + 1,
        section=section,
        before={key: before[key] for key in keys},
        after={key: after[key] for key in keys},
        by_user_id=by.id if by else None,
        role=_role(clinic, by),
        undoes=undoes,
    )
    db.session.add(made)
    try:
        db.session.flush()
    except IntegrityError:  # the constraint has the last word
        raise Conflict("This page was changed at the same moment.") from None
    record("clinic.edited", role="clinic", subject=f"clinic:{clinic.public_id}", section=section, revision=made.number)
    return made


def _role(clinic: Clinic, by: User | None) -> str:
    if by is None:
        return ""
    held = select(Membership.level).where(Membership.clinic_id == clinic.id, Membership.user_id == by.id)
    return db.session.scalar(held) or ""


def revisions(clinic: Clinic, page: int = 1) -> list[Revision]:
    """One page of a clinic's changes, newest first; one more than PER_PAGE tells that there are older ones."""
    query = select(Revision).where(Revision.clinic_id == clinic.id).order_by(Revision.number.desc())
    return list(db.session.scalars(query.limit(PER_PAGE + 1).offset(PER_PAGE * (page - 1))))


def revision_of(clinic: Clinic, number: int) -> Revision | None:
    """The clinic's change of that number."""
    return db.session.scalars(
        select(Revision).where(Revision.clinic_id == clinic.id, Revision.number == number)
    ).one_or_none()


def base_of(clinic: Clinic, section: str, seen: str) -> Values:
    """What the section said at that stamp, as far as the changes since can tell."""
    told = seen.partition("-")[0]
    number = int(told) if told.isascii() and told.isdigit() and len(told) < 10 else 0
    since = select(Revision).where(
        Revision.clinic_id == clinic.id, Revision.section == section, Revision.number > number
    )
    base = values_of(clinic, section)
    for one in db.session.scalars(since.order_by(Revision.number.desc())):
        base |= one.before
    return base


def stated_on(clinic: Clinic) -> dict[str, datetime | None]:
    """By section, when the clinic last said so: with its last change or when it confirmed everything."""
    query = select(Revision.section, func.max(Revision.at)).where(Revision.clinic_id == clinic.id)
    rows = db.session.execute(query.group_by(Revision.section).order_by(Revision.section)).all()
    changed: dict[str, Any] = {section: at for section, at in rows}
    told = clinic.facts_confirmed_at
    return {key: max((at for at in (changed.get(key), told) if at), default=None) for key in SECTIONS}


@forgets
def _forget(clinic: Clinic) -> None:
    for one in db.session.scalars(select(Revision).where(Revision.clinic_id == clinic.id).order_by(Revision.id)):
        one.before, one.after = {}, {}


def _exported(user: User) -> list[dict[str, Any]]:
    query = select(Revision, Clinic.slug).join(Revision.clinic).where(Revision.by_user_id == user.id)
    return [
        {
            "clinic": slug,
            "number": one.number,
            "section": one.section,
            "changed to": one.after,
            "at": one.at.isoformat(),
        }
        for one, slug in db.session.execute(query.order_by(Revision.id))
    ]


def _released(user: User) -> None:
    """What a clinic's page says is the clinic's: the change stays, and nobody's name on it."""
    db.session.execute(update(Revision).where(Revision.by_user_id == user.id).values(by_user_id=None))


covers("clinic_revision", title="Changes you made to clinics' pages", export=_exported, erase=_released)
