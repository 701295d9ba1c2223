"""HelpfulVote: one person, one review, one row."""

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from directory.db import Base


class HelpfulVote(Base):
    """One person found one review helpful; the number shown is the count of these rows."""

    __tablename__ = "helpful_vote"
    review_id: Mapped[int] = mapped_column(ForeignKey("review.id", ondelete="CASCADE"), primary_key=True)
    user_id: Mapped[int] = mapped_column(
        ForeignKey("user_account.id", ondelete="CASCADE"), primary_key=True, index=True
    )
