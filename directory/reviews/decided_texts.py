"""DecidedText: the words as they were when somebody decided on them, for the desk alone.

They go with what they are of: taken back, erased or parted from its author, nothing of them is left; and they are kept
no longer than anything else that was decided (`reviews.jobs`).
"""

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import CheckConstraint, ForeignKey, Index, Text, or_, select
from sqlalchemy.orm import Mapped, contains_eager, mapped_column, relationship

from directory.cases.decisions import Decision
from directory.db import Base, UTCDateTime, db, now

if TYPE_CHECKING:
    from directory.reviews.replies import Reply
    from directory.reviews.stages import Stage


class DecidedText(Base):
    """What one stage of a review, or one reply, said when one decision was made."""

    __tablename__ = "decided_text"
    __table_args__ = (
        CheckConstraint("(stage_id IS NULL) <> (reply_id IS NULL)", name="of_one"),
        Index("ix_decided_text_at_id", "at", "id"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    decision_id: Mapped[int] = mapped_column(ForeignKey("decision.id", ondelete="CASCADE"), index=True)
    stage_id: Mapped[int | None] = mapped_column(ForeignKey("review_stage.id", ondelete="CASCADE"), index=True)
    reply_id: Mapped[int | None] = mapped_column(ForeignKey("review_reply.id", ondelete="CASCADE"), index=True)
    text: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime] = mapped_column(UTCDateTime, default=now)

    decision: Mapped[Decision] = relationship()
    stage: Mapped["Stage | None"] = relationship(back_populates="decided_texts")
    reply: Mapped["Reply | None"] = relationship(back_populates="decided_texts")

    @property
    def today(self) -> str:
        """What stands there now; empty when it was taken back."""
        of = self.stage or self.reply
        return (of.proposed_text or of.text) if of is not None else ""


def keep(decision: Decision, things: Iterable["Stage | Reply"]) -> None:
    """Write down the words that are being decided on: those that wait, or else those that are shown."""
    for thing in things:
        if words := thing.proposed_text or thing.text:
            thing.decided_texts.append(DecidedText(decision=decision, text=words))


def decided_texts(*, stages: Iterable[int], replies: Iterable[int], case_id: int) -> list[DecidedText]:
    """All that was decided on of these, and in this case, oldest first; one statement."""
    query = (
        select(DecidedText)
        .join(DecidedText.decision)
        .options(contains_eager(DecidedText.decision))
        .where(
            or_(
                DecidedText.stage_id.in_(list(stages)),
                DecidedText.reply_id.in_(list(replies)),
                Decision.case_id == case_id,
            )
        )
        .order_by(DecidedText.id)
    )
    return list(db.session.scalars(query))
