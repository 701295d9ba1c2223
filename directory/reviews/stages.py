"""Stage: what a person says at one point of healing.

No state exists in which something of it is hidden without a statement to its author: the constraints say so.
"""

from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, SmallInteger, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from directory.cases.moderated import EXPLAINED, STATE_CHECK, Moderated
from directory.db import Base, UTCDateTime, now
from directory.errors import Refused
from directory.reviews.decided_texts import DecidedText
from directory.reviews.photos import Photo
from directory.words import new_public_id

if TYPE_CHECKING:
    from directory.reviews.models import Review

STAGES = ("fresh", "6w", "6m", "12m")
SUB_RATINGS = (
    "natural_look",
    "hairline_design",
    "colour_match",
    "hygiene",
    "honesty",
    "comfort",
    "aftercare",
    "value",
)
MAX_TEXT = 5_000


class Stage(Moderated, Base):
    """What the person says at one point of healing. One row a stage; an edit goes back to the desk.

    `text` is what is shown; `proposed_text` waits for a decision while an earlier text is still public;
    `original_text` is kept beside a redaction for the appeal and for nobody else.
    """

    __tablename__ = "review_stage"
    __table_args__ = (
        CheckConstraint(STATE_CHECK, name="state"),
        CheckConstraint(EXPLAINED, name="explained"),
        CheckConstraint("stage IN ('fresh', '6w', '6m', '12m')", name="stage"),
        CheckConstraint("state = 'draft' OR overall BETWEEN 1 AND 5", name="overall"),
        UniqueConstraint("review_id", "stage", name="uq_review_stage_review_id_stage"),
        # One draft at a time, however many windows are open.
        Index(
            "uq_review_stage_draft",
            "review_id",
            unique=True,
            sqlite_where=text("state = 'draft'"),
            postgresql_where=text("state = 'draft'"),
        ),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(22), unique=True, default=new_public_id)
    review_id: Mapped[int] = mapped_column(ForeignKey("review.id", ondelete="CASCADE"))
    stage: Mapped[str] = mapped_column(String(5))
    position: Mapped[int] = mapped_column(SmallInteger, default=0)
    overall: Mapped[int | None] = mapped_column(SmallInteger)
    again: Mapped[bool | None]
    sub_ratings: Mapped[dict[str, int]] = mapped_column(JSON, default=dict)
    text: Mapped[str] = mapped_column(Text, default="")
    proposed_text: Mapped[str] = mapped_column(Text, default="")
    original_text: Mapped[str] = mapped_column(Text, default="")
    step: Mapped[int] = mapped_column(SmallInteger, default=1)  # of the form, while it is a draft
    saved_at: Mapped[datetime] = mapped_column(UTCDateTime, default=now)
    # Salt of the commitment in the ledger that proves to the author that it was received, and to nobody else.
    receipt_salt: Mapped[str] = mapped_column(String(32), default="")
    submitted_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    published_at: Mapped[datetime | None] = mapped_column(UTCDateTime)

    review: Mapped["Review"] = relationship(back_populates="stages")
    photos: Mapped[list[Photo]] = relationship(
        back_populates="stage", order_by="Photo.id", cascade="all, delete-orphan"
    )
    decided_texts: Mapped[list[DecidedText]] = relationship(
        back_populates="stage", order_by="DecidedText.id", cascade="all, delete-orphan"
    )

    @property
    def is_healed(self) -> bool:
        return self.stage != "fresh"

    def changed(self) -> None:
        self.review.shown_otherwise()

    def keep(self, answers: dict[str, Any]) -> None:
        """Save answers into the draft; what is not among them stays as it is."""
        for column, answer in answers.items():
            setattr(self, column, answer)
        self.position = STAGES.index(self.stage)
        self.saved_at = now()

    def submit(self) -> None:
        """Its author sends it in, for the first time or mended; its photos come with it."""
        self.become("pending")
        self.submitted_at = now()
        for photo in self.photos:
            if photo.state in {"draft", "needs_edit"}:
                photo.become("pending")

    def withdraw(self) -> None:
        """Its author takes it back: nothing of what it said is left."""
        super().withdraw()
        self.text = self.proposed_text = self.original_text = ""
        self.decided_texts.clear()
        self.overall, self.again, self.sub_ratings = None, None, {}
        for photo in self.photos:
            if photo.state != "withdrawn":
                photo.withdraw()

    def forget_hidden(self) -> None:
        """The time to appeal is long over: what readers may not see is kept no longer."""
        self.original_text = self.proposed_text = ""
        self.decided_texts.clear()
        if not self.is_public:
            self.text = ""

    def publish(self) -> None:
        """Readers see it: the text that waited, or on appeal the one that stood before a redaction."""
        if self.proposed_text:
            self.text, self.proposed_text = self.proposed_text, ""
            if self.state == "published":
                self.changed()
                return
        elif self.state == "redacted" and self.original_text:
            self.text, self.original_text = self.original_text, ""
        self.become("published")
        self.published_at = self.published_at or now()

    def propose(self, text: str) -> None:
        """An edit of what is public: the old text stays readable until the new one is decided."""
        if not self.is_public:
            raise Refused("Only what is public is edited this way.")
        self.proposed_text = text

    def refuse(self, statement_id: int) -> None:
        """Not published; of an edit to something public, only the edit is refused."""
        if self.is_public and self.proposed_text:
            self.proposed_text = ""
            return
        super().refuse(statement_id)

    def redact(self, text: str, statement_id: int) -> None:
        """Show it without the sentence that offends; the whole stays for the appeal and for nobody else."""
        if self.state != "redacted" or self.proposed_text:  # of a text in which something was taken out, it is kept
            self.original_text = self.proposed_text or self.text
        self.text, self.proposed_text = text, ""
        self.become("redacted", statement_id=statement_id)
        self.published_at = self.published_at or now()
