"""Consent: what a reviewer explicitly allowed, in which words, until when."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from directory.db import Base, UTCDateTime, now


class Consent(Base):
    """One explicit consent: to what, in which version of the words, when, and when it was taken back."""

    __tablename__ = "consent"
    __table_args__ = (CheckConstraint("kind IN ('health', 'photos')", name="kind"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    review_id: Mapped[int] = mapped_column(ForeignKey("review.id", ondelete="CASCADE"), index=True)
    kind: Mapped[str] = mapped_column(String(8))
    version: Mapped[str] = mapped_column(String(12))
    given_at: Mapped[datetime] = mapped_column(UTCDateTime, default=now)
    withdrawn_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
