"""Review: one episode of care at one clinic, in stages."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, SmallInteger, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, object_session, relationship

from directory import ledger
from directory.clinics.changes import note_change
from directory.clinics.models import Clinic
from directory.db import Base, UTCDateTime, now
from directory.reviews import pseudonyms
from directory.reviews.consents import PHOTOS, Consent
from directory.reviews.photos import Photo
from directory.reviews.proofs import Proof
from directory.reviews.replies import Reply
from directory.reviews.stages import MAX_TEXT, STAGES, SUB_RATINGS, Stage
from directory.words import new_public_id

__all__ = ["MAX_TEXT", "PRICE_BANDS", "STAGES", "SUB_RATINGS", "Review", "Stage"]

PRICE_BANDS = ("under_500", "500_1000", "1000_2000", "2000_3000", "3000_5000", "over_5000")


class Review(Base):
    """One person's account of one episode of care at one clinic; later stages update the same episode.

    `pseudonym` is what is shown; `author_id` never leaves the desk and is empty once its author is erased.
    `counted` is derived by `reviews.counting`; `uncounted_reason` says in words why a public review does not count.
    """

    says_itself = True  # see clinics.changes
    __tablename__ = "review"
    __table_args__ = (
        CheckConstraint("verification IN ('none', 'contact', 'visit')", name="verification"),
        CheckConstraint("solicited_by IN ('none', 'clinic', 'directory')", name="solicited_by"),
        CheckConstraint("counted OR uncounted_reason <> ''", name="not_counted_says_why"),
        UniqueConstraint("author_id", "clinic_id", "episode", name="uq_review_author_id_clinic_id_episode"),
        Index("ix_review_clinic_id_id", "clinic_id", "id"),
        Index("ix_review_letter_at_id", "letter_at", "id"),
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
    # When its author is next asked how it has settled; empty when never again.
    letter_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    # Of an invitation's code typed into the draft; emptied when the code is used.
    code_digest: Mapped[str] = mapped_column(String(64), default="")
    # What its author wants should the account be erased: the words stay without a name, or go too.
    stays: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime, default=now)

    clinic: Mapped[Clinic] = relationship()
    stages: Mapped[list[Stage]] = relationship(
        back_populates="review", order_by="Stage.position, Stage.id", cascade="all, delete-orphan"
    )
    reply: Mapped[Reply | None] = relationship(back_populates="review", cascade="all, delete-orphan")
    consents: Mapped[list[Consent]] = relationship(order_by="Consent.id", cascade="all, delete-orphan")
    proof: Mapped[Proof | None] = relationship(back_populates="review", cascade="all, delete-orphan")

    @classmethod
    def begin(cls, clinic: Clinic, *, author_id: int, episode: int, treated_month: str, stage: str) -> "Review":
        """A draft nobody else sees, under an invented name."""
        return cls(
            public_id=new_public_id(),
            clinic=clinic,
            author_id=author_id,
            episode=episode,
            treated_month=treated_month,
            pseudonym=pseudonyms.invented(),
            verification="none",
            counted=False,
            uncounted_reason="Not sent in yet.",
            stages=[Stage(stage=stage, position=STAGES.index(stage), step=1)],
        )

    @property
    def draft(self) -> Stage | None:
        """The stage being written, if there is one."""
        return next((stage for stage in self.stages if stage.state == "draft"), None)

    @property
    def is_submitted(self) -> bool:
        """Whether any of it was ever sent in."""
        return any(stage.submitted_at is not None for stage in self.stages)

    @property
    def was_published(self) -> bool:
        """Whether readers ever saw any of it."""
        return any(stage.published_at is not None for stage in self.stages)

    @property
    def is_withdrawn(self) -> bool:
        return bool(self.stages) and all(stage.state == "withdrawn" for stage in self.stages)

    @property
    def photos(self) -> list[Photo]:
        return [photo for stage in self.stages for photo in stage.photos]

    def has_consent(self, kind: str) -> bool:
        return any(given.kind == kind and given.withdrawn_at is None for given in self.consents)

    def consent_to(self, kind: str) -> None:
        """Once, in the words shown at present."""
        if not self.has_consent(kind):
            self.consents.append(Consent.given(kind))

    def vouch(self, *, incentive: str) -> None:
        """Its author's word: an experience of their own, no tie to this clinic or a rival, what was given for it."""
        self.attested = {"own": True, "no_tie": True, "no_incentive": not incentive, "on": now().date().isoformat()}
        self.incentive = incentive or self.incentive

    def withdraw(self) -> None:
        """Its author takes all of it back: words, figures, photos and proof are gone at once, a tombstone stays."""
        if self.is_submitted:
            self.discard_draft()
        for stage in self.stages:
            if stage.state != "withdrawn":
                stage.withdraw()
        for given in self.consents:
            given.withdraw()
        if self.proof is not None and self.proof.state == "waiting":
            self.proof.withdraw()
        self.goal, self.sessions, self.price_band, self.currency = "", None, "", ""
        self.letter_at, self.code_digest, self.attested, self.incentive = None, "", {}, ""
        self.shown_otherwise()

    def record_withdrawal(self) -> None:
        """Only of what readers saw: they find the tombstone in the log."""
        if self.was_published:
            ledger.record("review.withdrawn", role="author", subject=f"review:{self.public_id}")

    def drop_proof(self) -> None:
        """The document is taken back: it is destroyed, and nothing says that there was one."""
        if self.proof is not None and self.proof.state == "waiting":
            self.proof.withdraw()
            self.proof = None

    def discard_draft(self) -> None:
        """The draft is thrown away with its photos, and a document that was meant for it."""
        stage = self.draft
        if stage is None:
            return
        for photo in stage.photos:
            photo.forget()
        if not self.is_submitted:
            self.drop_proof()
        self.stages.remove(stage)

    def withdraw_photos(self) -> None:
        """The consent to photos is taken back: they are gone at once, the words stay."""
        for photo in self.photos:
            if photo.state != "withdrawn":
                photo.withdraw()
        for given in self.consents:
            if given.kind == PHOTOS:
                given.withdraw()

    def shown_otherwise(self) -> None:
        """Pages, index and cached copies of the clinic hear of it with this transaction's commit."""
        session = object_session(self)
        if session is not None and self.clinic_id is not None:
            note_change(session, self.clinic_id)
            session.info.setdefault("rerate", set()).add(self.clinic_id)

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
        if any(stage.is_public for stage in self.stages):
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

    def end_dispute(self) -> None:
        """It was decided: nothing is contested any more."""
        if self.disputed_at is not None:
            self.disputed_at = None
            self.shown_otherwise()
