"""Photo: a picture of one stage of a review."""

from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from directory.db import Base, UTCDateTime, now
from directory.reviews.moderated import EXPLAINED, STATE_CHECK, Moderated
from directory.words import new_public_id

if TYPE_CHECKING:
    from directory.reviews.models import Stage


class Photo(Moderated, Base):
    """A picture of one stage, re-drawn here: nothing of the file that was sent is left.

    `key` names its stored sizes; `phash` is the 64-bit perceptual hash (signed) by which copies are found.
    """

    __tablename__ = "review_photo"
    __table_args__ = (
        CheckConstraint(STATE_CHECK, name="state"),
        CheckConstraint(EXPLAINED, name="explained"),
        CheckConstraint("light IN ('daylight', 'indoor', 'flash', 'unstated')", name="light"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(22), unique=True, default=new_public_id)
    stage_id: Mapped[int] = mapped_column(ForeignKey("review_stage.id", ondelete="CASCADE"), index=True)
    key: Mapped[str] = mapped_column(String(64))
    width: Mapped[int]
    height: Mapped[int]
    phash: Mapped[int] = mapped_column(BigInteger, index=True)
    light: Mapped[str] = mapped_column(String(10), default="unstated")
    hair_length: Mapped[str] = mapped_column(String(10), default="unstated")
    created_at: Mapped[datetime] = mapped_column(UTCDateTime, default=now)
    stage: Mapped["Stage"] = relationship(back_populates="photos")

    def changed(self) -> None:
        self.stage.review.shown_otherwise()
