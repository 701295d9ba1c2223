"""Photo: a picture of one stage of a review."""

import secrets
from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from directory import files, transit
from directory.db import Base, UTCDateTime, now
from directory.imaging.hashing import SAYS_NOTHING
from directory.imaging.redraw import Drawn
from directory.reviews.moderated import EXPLAINED, STATE_CHECK, Moderated
from directory.words import new_public_id

if TYPE_CHECKING:
    from directory.reviews.models import Stage

SIZES = ("400.webp", "800.webp", "1600.webp", "1600.jpg")
TYPES = {"webp": "image/webp", "jpg": "image/jpeg"}
LIGHTS = ("daylight", "indoor", "flash", "unstated")
LENGTHS = ("bald", "stubble", "short", "long", "unstated")
MOST_PER_STAGE = 6
MOST_BYTES = 60 * 1024**2  # of one person, all reviews together


class Photo(Moderated, Base):
    """A picture of one stage, re-drawn here: nothing of the file that was sent is left.

    `key` names its stored sizes, `size` is their sum in bytes; `phash` (64 bits, signed) and `thumb` are the prints by
    which copies are found (see `imaging.hashing`). Of a photo that was taken back nothing of these is left.
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
    thumb: Mapped[bytes] = mapped_column(LargeBinary, default=b"")
    size: Mapped[int] = mapped_column(default=0)
    light: Mapped[str] = mapped_column(String(10), default="unstated")
    hair_length: Mapped[str] = mapped_column(String(10), default="unstated")
    created_at: Mapped[datetime] = mapped_column(UTCDateTime, default=now)
    stage: Mapped["Stage"] = relationship(back_populates="photos")

    def changed(self) -> None:
        self.stage.review.shown_otherwise()

    @classmethod
    def of(cls, drawn: Drawn) -> "Photo":
        """A photo not yet kept: its keys are known, so that they can be announced before `store` writes them."""
        random = secrets.token_hex(16)
        return cls(
            public_id=new_public_id(),
            key=f"photos/{random[:2]}/{random}",
            width=drawn.width,
            height=drawn.height,
            phash=drawn.phash,
            thumb=drawn.thumb,
            size=sum(map(len, drawn.files.values())),
        )

    @property
    def keys(self) -> list[str]:
        return [f"{self.key}-{size}" for size in SIZES] if self.key else []

    @property
    def is_shown(self) -> bool:
        """Whether everybody may see it: it was published, and so was what it belongs to."""
        return self.is_public and self.stage.is_public

    def store(self, drawn: Drawn) -> None:
        """Write its sizes. Raises what `files.put` raises."""
        for size, content in drawn.files.items():
            files.put(f"{self.key}-{size}", content, content_type=TYPES[size.rpartition(".")[2]])

    def bytes(self, size: str) -> bytes | None:
        """One of SIZES; None when it is gone. Who may see it is for the caller to ask."""
        return files.get(f"{self.key}-{size}") if self.key and size in SIZES else None

    def forget(self) -> None:
        """Its files go after this transaction's commit; nothing by which it could be found again stays."""
        transit.send_off(self.keys)
        self.key, self.phash, self.thumb, self.size = "", SAYS_NOTHING, b"", 0

    def withdraw(self) -> None:
        """Its author takes it back: it is gone at once."""
        super().withdraw()
        self.forget()
