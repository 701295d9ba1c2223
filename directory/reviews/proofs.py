"""Proof: a document that shows a visit, seen by a moderator and then destroyed.

It is drawn anew page by page and sealed with a key of its own (see `directory.sealed`); the file that was sent is not
kept, nor its name. What stays after the decision is that there was one, and when it was destroyed.
"""

import secrets
from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import CheckConstraint, ForeignKey, LargeBinary, SmallInteger, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from directory import sealed, transit
from directory.db import Base, UTCDateTime, now
from directory.errors import Refused
from directory.words import new_public_id

if TYPE_CHECKING:
    from directory.reviews.models import Review


class Proof(Base):
    """The proof of one visit. `wrapped` is the sealed files' key; empty once they are destroyed."""

    __tablename__ = "review_proof"
    __table_args__ = (
        CheckConstraint("state IN ('waiting', 'accepted', 'refused', 'withdrawn')", name="state"),
        CheckConstraint("(state = 'waiting') = (destroyed_at IS NULL)", name="destroyed"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(22), unique=True, default=new_public_id)
    review_id: Mapped[int] = mapped_column(ForeignKey("review.id", ondelete="CASCADE"), unique=True)
    folder: Mapped[str] = mapped_column(String(64))
    pages: Mapped[int] = mapped_column(SmallInteger)
    wrapped: Mapped[bytes] = mapped_column(LargeBinary)
    state: Mapped[str] = mapped_column(String(10), default="waiting")
    created_at: Mapped[datetime] = mapped_column(UTCDateTime, default=now)
    destroyed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)

    review: Mapped["Review"] = relationship(back_populates="proof")

    @property
    def about(self) -> str:
        return f"proof:{self.public_id}"

    @property
    def keys(self) -> list[str]:
        return [f"{self.folder}-{number}" for number in range(1, self.pages + 1)]

    def page(self, number: int) -> bytes | None:
        """One page as PNG, counted from 1; None when there is none, or none any more."""
        if self.state != "waiting" or not 1 <= number <= self.pages:
            return None
        return sealed.get(self.keys[number - 1], wrapped=self.wrapped, about=self.about)

    @classmethod
    def of(cls, review_id: int, drawn: list[bytes]) -> "Proof":
        """A proof not yet kept: its keys are known, so that they can be announced before `seal` writes them."""
        public_id = new_public_id()
        return cls(
            public_id=public_id,
            review_id=review_id,
            folder=f"proofs/{secrets.token_hex(16)}",
            pages=len(drawn),
            wrapped=sealed.new_key(f"proof:{public_id}"),
            state="waiting",
        )

    def seal(self, drawn: list[bytes]) -> None:
        """Write the pages, encrypted. Raises what `files.put` raises."""
        for key, page in zip(self.keys, drawn, strict=True):
            sealed.put(key, page, wrapped=self.wrapped, about=self.about)

    def accept(self) -> None:
        """It shows the visit: the review is `visit` proven from now on, and the document is destroyed."""
        self._settle("accepted")
        self.review.verification = "visit"
        self.review.recount()

    def refuse(self) -> None:
        """It does not show the visit; the document is destroyed, the review stays as it is."""
        self._settle("refused")

    def withdraw(self) -> None:
        """Its author takes it back."""
        self._settle("withdrawn")

    def _settle(self, state: str) -> None:
        if self.state != "waiting":
            raise Refused("This proof was looked at already, and destroyed.")
        transit.send_off(self.keys)
        self.state, self.destroyed_at, self.wrapped = state, now(), b""
