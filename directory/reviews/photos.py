"""Photo: a picture of one stage of a review."""

from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from directory.cases.moderated import EXPLAINED, STATE_CHECK, Moderated
from directory.db import Base, UTCDateTime, now
from directory.imaging.stored import Stored
from directory.words import new_public_id

if TYPE_CHECKING:
    from directory.clinics.models import Clinic
    from directory.reviews.models import Stage

LIGHTS = ("daylight", "indoor", "flash", "unstated")
LENGTHS = ("bald", "stubble", "short", "long", "unstated")
MOST_PER_STAGE = 6
MOST_BYTES = 60 * 1024**2  # of one person, all reviews together


class Photo(Stored, Moderated, Base):
    """A picture of one stage."""

    __tablename__ = "review_photo"
    __table_args__ = (
        CheckConstraint(STATE_CHECK, name="state"),
        CheckConstraint(EXPLAINED, name="explained"),
        CheckConstraint("light IN ('daylight', 'indoor', 'flash', 'unstated')", name="light"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(22), unique=True, default=new_public_id)
    stage_id: Mapped[int] = mapped_column(ForeignKey("review_stage.id", ondelete="CASCADE"), index=True)
    light: Mapped[str] = mapped_column(String(10), default="unstated")
    hair_length: Mapped[str] = mapped_column(String(10), default="unstated")
    created_at: Mapped[datetime] = mapped_column(UTCDateTime, default=now)
    stage: Mapped["Stage"] = relationship(back_populates="photos")

    def changed(self) -> None:
        self.stage.review.shown_otherwise()

    @property
    def clinic(self) -> "Clinic":
        """Whose work it shows."""
        return self.stage.review.clinic

    @property
    def is_shown(self) -> bool:
        """Whether everybody may see it: it was published, and so was what it belongs to."""
        return self.is_public and self.stage.is_public

    def withdraw(self) -> None:
        """Its author takes it back: it is gone at once."""
        super().withdraw()
        self.forget()
