"""What signals are found by (traces, sketches) and what was found (signals).

No raw address, device or text is here: traces are keyed digests whose key changes with the period, a sketch is a
handful of hashes of hashes.
"""

from datetime import datetime

from sqlalchemy import JSON, BigInteger, CheckConstraint, ForeignKey, Index, SmallInteger, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from directory.db import Base, UTCDateTime, now
from directory.reviews.models import Review, Stage

KINDS = ("burst", "rise", "near_copy", "origin", "tie", "account", "ring", "context")
STRENGTHS = ("low", "medium", "high")


class Trace(Base):
    """Where a stage was sent from. Two traces of one period, or of neighbouring ones, can be laid beside each other.

    `network` and `device` are keyed with the period's key, `network_before` and `device_before` with the key of the
    period before, so that they meet what was written then; empty when not known.
    """

    __tablename__ = "review_trace"
    stage_id: Mapped[int] = mapped_column(ForeignKey("review_stage.id", ondelete="CASCADE"), primary_key=True)
    review_id: Mapped[int] = mapped_column(ForeignKey("review.id", ondelete="CASCADE"), index=True)
    period: Mapped[int] = mapped_column(SmallInteger)
    network: Mapped[str] = mapped_column(String(32), default="", index=True)
    network_before: Mapped[str] = mapped_column(String(32), default="", index=True)
    device: Mapped[str] = mapped_column(String(32), default="", index=True)
    device_before: Mapped[str] = mapped_column(String(32), default="", index=True)
    submitted_at: Mapped[datetime] = mapped_column(UTCDateTime, default=now)
    expires_at: Mapped[datetime] = mapped_column(UTCDateTime, index=True)


class Sketch(Base):
    """One band of a text's MinHash: texts that share one may be copies."""

    __tablename__ = "review_sketch"
    stage_id: Mapped[int] = mapped_column(ForeignKey("review_stage.id", ondelete="CASCADE"), primary_key=True)
    band: Mapped[int] = mapped_column(SmallInteger, primary_key=True)
    value: Mapped[int] = mapped_column(BigInteger)
    __table_args__ = (Index("ix_review_sketch_value_stage_id", "value", "stage_id"),)


class Signal(Base):
    """One finding about one review, for the desk only. `others` are the public ids of the reviews it points at.

    `confirmed` is empty until somebody decided: whether it held up. One open signal of a kind for a review.
    """

    __tablename__ = "signal"
    __table_args__ = (
        CheckConstraint(f"kind IN ({', '.join(repr(kind) for kind in KINDS)})", name="kind"),
        CheckConstraint("strength IN ('low', 'medium', 'high')", name="strength"),
        CheckConstraint("words <> ''", name="says_why"),
        CheckConstraint("(confirmed IS NULL) = (settled_at IS NULL)", name="settled"),
        Index(
            "uq_signal_open",
            "review_id",
            "kind",
            unique=True,
            sqlite_where=text("confirmed IS NULL"),
            postgresql_where=text("confirmed IS NULL"),
        ),
        Index("ix_signal_review_id_id", "review_id", "id"),
        Index("ix_signal_kind_strength", "kind", "strength"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    review_id: Mapped[int] = mapped_column(ForeignKey("review.id", ondelete="CASCADE"))
    kind: Mapped[str] = mapped_column(String(12))
    strength: Mapped[str] = mapped_column(String(8))
    words: Mapped[str] = mapped_column(Text)
    others: Mapped[list[str]] = mapped_column(JSON, default=list)
    raised_at: Mapped[datetime] = mapped_column(UTCDateTime, default=now)
    confirmed: Mapped[bool | None]
    settled_at: Mapped[datetime | None] = mapped_column(UTCDateTime)

    review: Mapped[Review] = relationship()


def text_of(stage: Stage) -> str:
    """What the person wrote last at this stage, whether it is shown yet or not."""
    return stage.proposed_text or stage.text
