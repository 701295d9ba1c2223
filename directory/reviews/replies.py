"""Reply: the clinic's word to one review."""

from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import CheckConstraint, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from directory.cases.moderated import EXPLAINED, STATE_CHECK, Moderated
from directory.db import Base, UTCDateTime, now
from directory.errors import Refused
from directory.reviews.decided_texts import DecidedText
from directory.words import new_public_id

if TYPE_CHECKING:
    from directory.reviews.models import Review


class Reply(Moderated, Base):
    """The clinic's word to one review; read by a moderator before it shows.

    `text` is what is shown or waits for the first time; `proposed_text` waits while an earlier text is public.
    """

    __tablename__ = "review_reply"
    __table_args__ = (CheckConstraint(STATE_CHECK, name="state"), CheckConstraint(EXPLAINED, name="explained"))
    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(22), unique=True, default=new_public_id)
    review_id: Mapped[int] = mapped_column(ForeignKey("review.id", ondelete="CASCADE"), unique=True)
    by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id", ondelete="SET NULL"), index=True)
    text: Mapped[str] = mapped_column(Text)
    proposed_text: Mapped[str] = mapped_column(Text, default="")
    created_at: Mapped[datetime] = mapped_column(UTCDateTime, default=now)
    review: Mapped["Review"] = relationship(back_populates="reply")
    decided_texts: Mapped[list[DecidedText]] = relationship(
        back_populates="reply", order_by="DecidedText.id", cascade="all, delete-orphan"
    )

    def changed(self) -> None:
        self.review.shown_otherwise()

    @property
    def waits(self) -> bool:
        """Whether something of it is to be read by a moderator."""
        return self.state == "pending" or bool(self.proposed_text)

    @property
    def may_change(self) -> bool:
        """Whether the clinic may write other words; what was refused or removed is open to an appeal only."""
        return self.state in ("pending", "needs_edit", "published")

    def say(self, text: str) -> None:
        """Other words. What is public stays until they were read. Raises Refused when that is over."""
        if not self.may_change:
            raise Refused("This reply cannot be changed any more.")
        if self.is_public:
            self.proposed_text = text
            return
        self.text = text
        if self.state == "needs_edit":
            self.become("pending")

    def publish(self) -> None:
        """Readers see it: the words that waited, if some did."""
        if self.proposed_text:
            self.text, self.proposed_text = self.proposed_text, ""
            if self.is_public:
                self.changed()
                return
        self.become("published")

    def ask_edit(self, statement_id: int) -> None:
        """Its author may mend it; of new words for something public, only these are sent back."""
        if self._drop_proposed():
            return
        super().ask_edit(statement_id)

    def refuse(self, statement_id: int) -> None:
        """Not shown; of new words for something public, only these are refused."""
        if self._drop_proposed():
            return
        super().refuse(statement_id)

    def _drop_proposed(self) -> bool:
        proposed, self.proposed_text = self.proposed_text, ""
        return self.is_public and bool(proposed)

    def withdraw(self) -> None:
        """The clinic takes it back; its words go."""
        self.become("withdrawn")
        self.text = self.proposed_text = ""
        self.decided_texts.clear()
