"""Two listings that may be one place: found at import, settled at the desk or by a command."""

from collections.abc import Callable
from datetime import datetime

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text, update
from sqlalchemy.orm import Mapped, mapped_column, object_session, relationship

from directory.clinics.models import CLOSED, Clinic, OldSlug
from directory.db import Base, UTCDateTime, db

Bringing = Callable[[Clinic, Clinic], None]
_brings: list[Bringing] = []


def brings(act: Bringing) -> Bringing:
    """Run this too when one listing, the first, leads to another from now on: what the rooms above keep of it is
    brought along, so that nothing that was said of the place is lost with its second page."""
    _brings.append(act)
    return act


def lead(closed: Clinic, kept: Clinic) -> None:
    """The one listing closes, its addresses lead to the other, and what was said of it is read there."""
    session = object_session(closed) or db.session()
    if closed.status != CLOSED:
        closed.close()
    old = closed.slug
    closed.slug, closed.moved_from_id = f"closed-{closed.public_id}", None
    session.flush()  # the slug must be free before it becomes an old one
    session.execute(update(OldSlug).where(OldSlug.clinic_id == closed.id).values(clinic_id=kept.id))
    session.add(OldSlug(slug=old, clinic_id=kept.id))
    session.flush()
    for act in _brings:
        act(closed, kept)


class DuplicatePair(Base):
    """Two listings that may be one place; stays open until somebody decides. `reasons` are in words.

    `first_id` is always the lower id, so a pair is recorded once.
    """

    __tablename__ = "duplicate_pair"
    __table_args__ = (
        CheckConstraint("first_id < second_id", name="ordered"),
        CheckConstraint("verdict IN ('open', 'same', 'different')", name="verdict"),
        CheckConstraint("(verdict = 'open') = (decided_at IS NULL)", name="decided"),
        UniqueConstraint("first_id", "second_id", name="uq_duplicate_pair_first_id_second_id"),
        Index(
            "ix_duplicate_pair_open",
            "id",
            sqlite_where=text("verdict = 'open'"),
            postgresql_where=text("verdict = 'open'"),
        ),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    first_id: Mapped[int] = mapped_column(ForeignKey("clinic.id", ondelete="CASCADE"), index=True)
    second_id: Mapped[int] = mapped_column(ForeignKey("clinic.id", ondelete="CASCADE"), index=True)
    reasons: Mapped[list[str]] = mapped_column(JSON, default=list)
    verdict: Mapped[str] = mapped_column(String(12), default="open")
    decided_at: Mapped[datetime | None] = mapped_column(UTCDateTime)

    first: Mapped[Clinic] = relationship(foreign_keys=[first_id])
    second: Mapped[Clinic] = relationship(foreign_keys=[second_id])

    @property
    def keeps_and_closes(self) -> tuple[Clinic, Clinic]:
        """Of one place listed twice: which listing stays, and which leads to it. A claimed one stays, an open one."""
        first, second = ((bool(one.claimed_at), one.status != CLOSED) for one in (self.first, self.second))
        return (self.second, self.first) if second > first else (self.first, self.second)
