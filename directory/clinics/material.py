"""ClinicChange: a clinic got another name, address or owner. What was said before was said of another place.

Dated on the clinic's page and on the reviews written before it; the desk confirms it or has it put back. What the
premises held at an old address does not stand for the new one (see `credentials.queries`).
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, inspect, select, text, update
from sqlalchemy.orm import Mapped, mapped_column, relationship

from directory.accounts.models import User
from directory.accounts.registry import covers
from directory.clinics.duplicates import brings
from directory.clinics.editing import change
from directory.clinics.models import Clinic, forgets
from directory.db import Base, UTCDateTime, db, now
from directory.errors import Refused
from directory.ledger import record
from directory.words import new_public_id

NAME, ADDRESS, OWNER = "name", "address", "owner"
WHATS = (NAME, ADDRESS, OWNER)
# The columns that say what was before, in the order in which they are put back.
COLUMNS = {
    NAME: ("name",),
    ADDRESS: (
        *("is_home", "address", "address2", "city", "region", "postal_code", "country"),
        *("lat", "lon", "point_precision", "timezone"),
    ),
    OWNER: (),
}
SECTION = {NAME: "identity", ADDRESS: "address"}  # of the profile, where it is written
STATES = ("open", "confirmed", "refused", "undone")
HOLDS = ("open", "confirmed")


class ClinicChange(Base):
    """One change of one kind. `before` are the columns as they were; `was_owner` whose the listing was.

    While it is open, a further change of the same kind joins it: what was before stays, the day is the newest.
    """

    __tablename__ = "clinic_change"
    __table_args__ = (
        CheckConstraint("what IN ('name', 'address', 'owner')", name="what"),
        CheckConstraint("state IN ('open', 'confirmed', 'refused', 'undone')", name="state"),
        CheckConstraint("(state = 'open') = (settled_at IS NULL)", name="settled"),
        Index(
            "uq_clinic_change_open",
            "clinic_id",
            "what",
            unique=True,
            sqlite_where=text("state = 'open'"),
            postgresql_where=text("state = 'open'"),
        ),
        Index("ix_clinic_change_clinic_id_at", "clinic_id", "at", "id"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(22), unique=True, default=new_public_id)
    clinic_id: Mapped[int] = mapped_column(ForeignKey("clinic.id", ondelete="CASCADE"))
    what: Mapped[str] = mapped_column(String(8))
    before: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    at: Mapped[datetime] = mapped_column(UTCDateTime, default=now)
    state: Mapped[str] = mapped_column(String(10), default="open")
    settled_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id", ondelete="SET NULL"), index=True)
    was_owner_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id", ondelete="SET NULL"), index=True)

    clinic: Mapped[Clinic] = relationship()

    @property
    def subject(self) -> str:
        return f"change:{self.public_id}"

    @property
    def was(self) -> str:
        """What stood there before, in words fit for anybody; of a home studio no more than the town."""
        if self.what == NAME:
            return str(self.before.get("name", ""))
        shown = ("city",) if self.before.get("is_home") or self.clinic.is_home else ("address", "city", "postal_code")
        return ", ".join(str(self.before[column]) for column in shown if self.before.get(column))

    def is_undone(self) -> bool:
        """Whether all is again as it was before."""
        return bool(self.before) and all(getattr(self.clinic, key) == value for key, value in self.before.items())

    def _settle(self, state: str, role: str) -> None:
        if self.state != "open":
            raise Refused("This change was looked at already.")
        self.state, self.settled_at = state, now()
        record(f"change.{state}", role=role, subject=f"clinic:{self.clinic.public_id}", what=self.what)

    def confirm(self, *, role: str) -> None:
        """The desk found that it is so."""
        self._settle("confirmed", role)

    def undo(self, *, role: str) -> None:
        """Whoever made it took it back."""
        self._settle("undone", role)

    def refuse(self, *, role: str) -> None:
        """The desk found that it is not so: name and address are as before. Ownership is the claims' to give back."""
        self._settle("refused", role)
        self._swap()

    def reinstate(self, *, role: str) -> None:
        """An appeal was won: what was refused holds."""
        if self.state != "refused":
            raise Refused("Only what was refused can be reinstated.")
        self.state = "confirmed"
        record("change.confirmed", role=role, subject=f"clinic:{self.clinic.public_id}", what=self.what)
        self._swap()

    def _swap(self) -> None:
        """What was before holds, as one more change in the listing's history; what held is kept, for an appeal."""
        if not self.before:
            return
        held = {column: getattr(self.clinic, column) for column in self.before}
        change(self.clinic, SECTION[self.what], self.before, by=None, seen=None)
        self.before = held


def changes_at(clinic_ids: Iterable[int]) -> dict[int, list[ClinicChange]]:
    """The changes that hold of each of these clinics, newest first; one statement."""
    query = select(ClinicChange).where(
        ClinicChange.clinic_id.in_(sorted(set(clinic_ids))), ClinicChange.state.in_(HOLDS)
    )
    found: dict[int, list[ClinicChange]] = defaultdict(list)
    for one in db.session.scalars(query.order_by(ClinicChange.at.desc(), ClinicChange.id.desc())):
        found[one.clinic_id].append(one)
    return found


def changes_of(clinic_id: int) -> list[ClinicChange]:
    """The changes of one clinic that hold, newest first."""
    return changes_at([clinic_id])[clinic_id]


def open_change(clinic_id: int, what: str) -> ClinicChange | None:
    """The change of that kind which nobody has looked at yet."""
    query = select(ClinicChange).where(
        ClinicChange.clinic_id == clinic_id, ClinicChange.what == what, ClinicChange.state == "open"
    )
    return db.session.scalars(query).one_or_none()


def columns_before(clinic: Clinic, what: str, given: Mapping[str, Any]) -> dict[str, Any]:
    """The columns of that kind as they were: as given, else as the session knows it before the flush."""
    found = {}
    for column in COLUMNS[what]:
        gone = inspect(clinic).attrs[column].history.deleted
        found[column] = given[column] if column in given else gone[0] if gone else getattr(clinic, column)
    return found


@brings
def _bring(closed: Clinic, kept: Clinic) -> None:
    """Changes that were settled; what is still looked at is of a page that is no more."""
    settled = update(ClinicChange).where(ClinicChange.clinic_id == closed.id, ClinicChange.state != "open")
    db.session.execute(settled.values(clinic_id=kept.id))


@forgets
def _forget_clinic(clinic: Clinic) -> None:
    """What an erased listing was called, and where it was, goes with the rest."""
    for one in db.session.scalars(select(ClinicChange).where(ClinicChange.clinic_id == clinic.id)):
        one.before = {}


def _exported(user: User) -> list[dict[str, str]]:
    query = select(ClinicChange).where(ClinicChange.by_id == user.id).order_by(ClinicChange.id)
    return [
        {"clinic": one.clinic.slug, "what": one.what, "at": one.at.isoformat(), "state": one.state}
        for one in db.session.scalars(query)
    ]


def _forget(user: User) -> None:
    """That the place changed stays; who changed it is forgotten."""
    mine = (ClinicChange.by_id == user.id) | (ClinicChange.was_owner_id == user.id)
    for one in db.session.scalars(select(ClinicChange).where(mine).order_by(ClinicChange.id)):
        one.by_id = None if one.by_id == user.id else one.by_id
        one.was_owner_id = None if one.was_owner_id == user.id else one.was_owner_id


covers("clinic_change", title="Changes of name, address or owner you made", export=_exported, erase=_forget)
