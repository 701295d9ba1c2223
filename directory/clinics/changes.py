"""How every worker learns that a clinic changed: one counter row, bumped last in each writing transaction.

A sequence would not do: numbers drawn first may commit last, and a reader that saw the higher one would skip the
lower. The counter row is locked until the commit, so versions appear in commit order.
"""

import secrets
from collections.abc import Iterable
from typing import NamedTuple

from sqlalchemy import CheckConstraint, String, event, select, update
from sqlalchemy.orm import Mapped, Session, SessionTransaction, mapped_column

from directory.clinics.models import Clinic
from directory.db import CLOSE_COUNTER, Base, closes, db

BATCH = 500


class SearchVersion(Base):
    """The one row that counts changes search must see. `database_id` tells one database from another.

    Rows deleted outright (`demo clear`) leave nothing to patch from: `floor` is the version at which that last
    happened, and an index older than it is built anew.
    """

    __tablename__ = "search_version"
    __table_args__ = (CheckConstraint("id = 1", name="single"),)
    id: Mapped[int] = mapped_column(primary_key=True, default=1)
    version: Mapped[int] = mapped_column(default=0)
    floor: Mapped[int] = mapped_column(default=0)
    database_id: Mapped[str] = mapped_column(String(32), default=lambda: secrets.token_hex(16))


class Present(NamedTuple):
    """Which database this is, its version now, and the version below which an index must be built anew."""

    database_id: str
    version: int
    floor: int


def present_version(session: Session | None = None) -> Present:
    row = (
        (session or db.session())
        .execute(select(SearchVersion.database_id, SearchVersion.version, SearchVersion.floor))
        .one()
    )
    return Present(row.database_id, row.version, row.floor)


def next_version(session: Session | None = None) -> int:
    """Take the next version; the counter stays locked until the transaction ends.

    Bulk loaders call it first and write the rows with `changed_at_version` set, in batches of at most BATCH rows.
    """
    bump = update(SearchVersion).values(version=SearchVersion.version + 1).returning(SearchVersion.version)
    return int((session or db.session()).execute(bump).scalar_one())


def raise_floor(session: Session | None = None) -> int:
    """Rows were deleted outright: every index older than the new version is built anew."""
    version = next_version(session)
    (session or db.session()).execute(update(SearchVersion).values(floor=version))
    return version


def mark_changed(clinic_ids: Iterable[int], session: Session | None = None) -> int | None:
    """Give these clinics a new version; call it last in a bulk write. None when there are none."""
    ids = sorted(set(clinic_ids))
    if not ids:
        return None
    target: Session = session or db.session()
    version = next_version(target)
    for start in range(0, len(ids), BATCH):
        part = ids[start : start + BATCH]
        target.execute(
            update(Clinic).where(Clinic.id.in_(part)).values(changed_at_version=version),
            execution_options={"synchronize_session": False},
        )
    return version


def note_change(session: Session, *clinic_ids: int) -> None:
    """Remember that these clinics changed; the counter is bumped once, when the transaction commits."""
    session.info.setdefault("changed_clinics", set()).update(clinic_ids)


@event.listens_for(Session, "after_flush")
def _collect(session: Session, context: object) -> None:
    """Whatever hangs on a clinic changes its page, but for nouns that say of themselves when they are shown otherwise
    (`says_itself`): a case taken at the desk must not tell the outside, nor empty every cache.
    """
    for thing in (*session.new, *session.dirty, *session.deleted):
        if isinstance(thing, Clinic) and thing.id is not None:
            note_change(session, thing.id)
        elif (clinic_id := getattr(thing, "clinic_id", None)) is not None and not getattr(thing, "says_itself", False):
            note_change(session, clinic_id)
    if any(isinstance(thing, Clinic) for thing in session.deleted):
        session.info["clinics_deleted"] = True


@closes(CLOSE_COUNTER)
def _bump(session: Session) -> None:
    changed = session.info.pop("changed_clinics", None)
    if changed:
        mark_changed(changed, session)
    if session.info.pop("clinics_deleted", False):
        raise_floor(session)


@event.listens_for(Session, "after_soft_rollback")
def _forget(session: Session, transaction: SessionTransaction) -> None:
    if transaction.parent is not None:
        return  # only a savepoint: the transaction goes on, and one number too many does no harm
    session.info.pop("changed_clinics", None)
    session.info.pop("clinics_deleted", None)
