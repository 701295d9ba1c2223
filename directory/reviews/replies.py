"""Reply: the clinic's word to one review."""

from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import CheckConstraint, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from directory.db import Base, UTCDateTime, now
from directory.reviews.moderated import EXPLAINED, STATE_CHECK, Moderated
from directory.words import new_public_id

if TYPE_CHECKING:
    from directory.reviews.models import Review


class Reply(Moderated, Base):
    """The clinic's word to one review; read by a moderator before it shows."""

    __tablename__ = "review_reply"
    __table_args__ = (CheckConstraint(STATE_CHECK, name="state"), CheckConstraint(EXPLAINED, name="explained"))
    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(22), unique=True, default=new_public_id)
    review_id: Mapped[int] = mapped_column(ForeignKey("review.id", ondelete="CASCADE"), unique=True)
    by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id", ondelete="SET NULL"), index=True)
    text: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime, default=now)
    review: Mapped["Review"] = relationship(back_populates="reply")

    def changed(self) -> None:
        self.review.shown_otherwise()
