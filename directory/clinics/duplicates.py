"""Two listings that may be one place: found at import, settled at the desk or by a command."""

from datetime import datetime

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from directory.clinics.models import CLOSED, Clinic
from directory.db import Base, UTCDateTime


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
