"""Review (one episode of care) and its stages.

No state exists in which something of these is hidden without a statement to its author: the constraints say so.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, SmallInteger, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, object_session, relationship

from directory.clinics.changes import note_change
from directory.clinics.models import Clinic
from directory.db import Base, UTCDateTime, now
from directory.errors import Refused
from directory.reviews.moderated import EXPLAINED, STATE_CHECK, Moderated
from directory.reviews.photos import Photo
from directory.reviews.replies import Reply
from directory.words import new_public_id

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
PRICE_BANDS = ("under_500", "500_1000", "1000_2000", "2000_3000", "3000_5000", "over_5000")
MAX_TEXT = 5_000


class Review(Base):
    """One person's account of one episode of care at one clinic; later stages update the same episode.

    `pseudonym` is what is shown; `author_id` never leaves the desk and is empty once its author is erased.
    `counted` is derived by `reviews.counting`; `uncounted_reason` says in words why a public review does not count.
    """

    __tablename__ = "review"
    __table_args__ = (
        CheckConstraint("verification IN ('none', 'contact', 'visit')", name="verification"),
        CheckConstraint("solicited_by IN ('none', 'clinic', 'directory')", name="solicited_by"),
        CheckConstraint("counted OR uncounted_reason <> ''", name="not_counted_says_why"),
        UniqueConstraint("author_id", "clinic_id", "episode", name="uq_review_author_id_clinic_id_episode"),
        Index("ix_review_clinic_id_id", "clinic_id", "id"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(22), unique=True, default=new_public_id)
    clinic_id: Mapped[int] = mapped_column(ForeignKey("clinic.id"))
    practitioner_id: Mapped[int | None] = mapped_column(ForeignKey("practitioner.id", ondelete="SET NULL"), index=True)
    author_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id", ondelete="SET NULL"), index=True)
    episode: Mapped[int] = mapped_column(SmallInteger, default=1)
    pseudonym: Mapped[str] = mapped_column(String(60))
    language: Mapped[str] = mapped_column(String(12), default="en")
    goal: Mapped[str] = mapped_column(String(24), default="")
    treated_month: Mapped[str] = mapped_column(String(7))  # 2026-03: the day would help somebody guess who
    sessions: Mapped[int | None] = mapped_column(SmallInteger)
    price_band: Mapped[str] = mapped_column(String(12), default="")
    currency: Mapped[str] = mapped_column(String(3), default="")
    incentive: Mapped[str] = mapped_column(String(300), default="")
    attested: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    verification: Mapped[str] = mapped_column(String(8), default="none")
    solicited_by: Mapped[str] = mapped_column(String(10), default="none")
    counted: Mapped[bool] = mapped_column(default=True)
    uncounted_reason: Mapped[str] = mapped_column(String(200), default="")
    under_review_since: Mapped[datetime | None] = mapped_column(UTCDateTime)
    disputed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    suspicious: Mapped[bool] = mapped_column(default=False)
    suspicion: Mapped[str] = mapped_column(String(200), default="")
    set_aside_id: Mapped[int | None] = mapped_column(ForeignKey("statement.id"), index=True)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime, default=now)

    clinic: Mapped[Clinic] = relationship()
    stages: Mapped[list["Stage"]] = relationship(
        back_populates="review", order_by="Stage.position, Stage.id", cascade="all, delete-orphan"
    )
    reply: Mapped[Reply | None] = relationship(back_populates="review", cascade="all, delete-orphan")

    def shown_otherwise(self) -> None:
        """Pages, index and cached copies of the clinic hear of it with this transaction's commit."""
        session = object_session(self)
        if session is not None and self.clinic_id is not None:
            note_change(session, self.clinic_id)

    def recount(self) -> None:
        """Derive whether it counts, and the reason in words when it does not.

        What was given for a review may not buy a place in the score: it is shown, labelled, and not counted.
        """
        if self.suspicious:
            self.counted, self.uncounted_reason = False, self.suspicion or "An open question about this review."
        elif self.set_aside_id is not None:
            self.counted, self.uncounted_reason = False, "Set aside by a decision of the moderators."
        elif self.incentive:
            self.counted, self.uncounted_reason = False, "Something was given or promised for this review."
        elif self.verification == "none":
            self.counted, self.uncounted_reason = False, "Its author's address is not confirmed."
        else:
            self.counted, self.uncounted_reason = True, ""
        self.shown_otherwise()

    def suspect(self, reason: str) -> None:
        """Shown, not counted, and why, until somebody has looked. `reason` is public: it names nobody."""
        self.suspicious, self.suspicion = True, reason
        self.recount()

    def clear_suspicion(self) -> None:
        self.suspicious, self.suspicion = False, ""
        self.recount()

    def set_aside(self, statement_id: int) -> None:
        """Readable, and no longer counted, for the reason in the statement."""
        self.set_aside_id = statement_id
        self.recount()

    def count_again(self) -> None:
        """On appeal."""
        self.set_aside_id = None
        self.recount()

    def put_under_review(self) -> None:
        """Somebody reported it: it stays up, marked, until it is decided."""
        self.under_review_since = self.under_review_since or now()
        self.shown_otherwise()

    def end_review(self) -> None:
        self.under_review_since = None
        self.shown_otherwise()

    def dispute(self) -> None:
        """The clinic contests what it says; readers are told so."""
        self.disputed_at = self.disputed_at or now()
        self.shown_otherwise()


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
    submitted_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    published_at: Mapped[datetime | None] = mapped_column(UTCDateTime)

    review: Mapped[Review] = relationship(back_populates="stages")
    photos: Mapped[list[Photo]] = relationship(
        back_populates="stage", order_by="Photo.id", cascade="all, delete-orphan"
    )

    @property
    def is_healed(self) -> bool:
        return self.stage != "fresh"

    def changed(self) -> None:
        self.review.shown_otherwise()

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
        self.original_text, self.text, self.proposed_text = self.proposed_text or self.text, text, ""
        self.become("redacted", statement_id=statement_id)
        self.published_at = self.published_at or now()
