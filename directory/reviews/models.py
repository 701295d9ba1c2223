"""Review (one episode of care), its stages, its photos, the clinic's reply, invitations and helpful votes.

No state exists in which something of these is hidden without a statement to its author: the constraints say so.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    CheckConstraint,
    ForeignKey,
    Index,
    SmallInteger,
    String,
    Text,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from directory.clinics.models import Clinic
from directory.db import Base, UTCDateTime, now
from directory.errors import Refused
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

# One set for stages, photos and replies. `draft` and `pending` are not public and nobody decided; every other way of
# not being public carries the statement that says why, or was its author's own wish.
PUBLIC = ("published", "redacted")
TRANSITIONS = {
    ("draft", "pending"),
    ("draft", "withdrawn"),
    ("pending", "published"),
    ("pending", "refused"),
    ("pending", "needs_edit"),
    ("pending", "withdrawn"),
    ("needs_edit", "pending"),
    ("needs_edit", "refused"),
    ("needs_edit", "withdrawn"),
    ("published", "pending"),  # its author edited it: the old text stays readable until the new one is decided
    ("published", "redacted"),
    ("published", "removed"),
    ("published", "withdrawn"),
    ("redacted", "removed"),
    ("redacted", "published"),  # on appeal
    ("redacted", "withdrawn"),
    ("refused", "published"),  # on appeal
    ("refused", "withdrawn"),
    ("removed", "published"),  # on appeal
    ("removed", "withdrawn"),
}
STATES = ("draft", "pending", "needs_edit", "published", "redacted", "refused", "removed", "withdrawn")
STATE_CHECK = f"state IN ({', '.join(repr(state) for state in STATES)})"
EXPLAINED = "state NOT IN ('needs_edit', 'redacted', 'refused', 'removed') OR statement_id IS NOT NULL"


class Moderated:
    """What stages, photos and replies have in common: a state, and the statement behind it."""

    state: Mapped[str] = mapped_column(String(12), default="draft")
    statement_id: Mapped[int | None] = mapped_column(ForeignKey("statement.id"), index=True)
    state_at: Mapped[datetime] = mapped_column(UTCDateTime, default=now)

    def become(self, state: str, *, statement_id: int | None = None) -> None:
        """Raises Refused when the rules do not allow it; the database refuses a missing statement."""
        if (self.state, state) not in TRANSITIONS:
            raise Refused(f"What is {self.state} cannot become {state}.")
        self.state, self.statement_id, self.state_at = state, statement_id, now()

    @property
    def is_public(self) -> bool:
        return self.state in PUBLIC


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
    created_at: Mapped[datetime] = mapped_column(UTCDateTime, default=now)

    clinic: Mapped[Clinic] = relationship()
    stages: Mapped[list["Stage"]] = relationship(
        back_populates="review", order_by="Stage.position, Stage.id", cascade="all, delete-orphan"
    )
    reply: Mapped["Reply | None"] = relationship(back_populates="review", cascade="all, delete-orphan")


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
    photos: Mapped[list["Photo"]] = relationship(
        back_populates="stage", order_by="Photo.id", cascade="all, delete-orphan"
    )

    @property
    def is_healed(self) -> bool:
        return self.stage != "fresh"


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
    stage: Mapped[Stage] = relationship(back_populates="photos")


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
    review: Mapped[Review] = relationship(back_populates="reply")


class Consent(Base):
    """One explicit consent: to what, in which version of the words, when, and when it was taken back."""

    __tablename__ = "consent"
    __table_args__ = (CheckConstraint("kind IN ('health', 'photos')", name="kind"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    review_id: Mapped[int] = mapped_column(ForeignKey("review.id", ondelete="CASCADE"), index=True)
    kind: Mapped[str] = mapped_column(String(8))
    version: Mapped[str] = mapped_column(String(12))
    given_at: Mapped[datetime] = mapped_column(UTCDateTime, default=now)
    withdrawn_at: Mapped[datetime | None] = mapped_column(UTCDateTime)


class Invitation(Base):
    """A single-use code that a clinic gives to a client: proof of a visit, without telling the clinic who used it.

    Only the code's digest is kept. `used` is a mark without a time and without a link to the review, so the clinic's
    list cannot be laid beside the reviews.
    """

    __tablename__ = "review_invitation"
    id: Mapped[int] = mapped_column(primary_key=True)
    clinic_id: Mapped[int] = mapped_column(ForeignKey("clinic.id", ondelete="CASCADE"), index=True)
    digest: Mapped[str] = mapped_column(String(64), unique=True)
    issued_month: Mapped[str] = mapped_column(String(7))
    used: Mapped[bool] = mapped_column(default=False)


class HelpfulVote(Base):
    """One person found one review helpful; the number shown is the count of these rows."""

    __tablename__ = "helpful_vote"
    review_id: Mapped[int] = mapped_column(ForeignKey("review.id", ondelete="CASCADE"), primary_key=True)
    user_id: Mapped[int] = mapped_column(
        ForeignKey("user_account.id", ondelete="CASCADE"), primary_key=True, index=True
    )
