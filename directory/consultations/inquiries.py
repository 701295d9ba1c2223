"""Inquiry: what a seeker asks, once, of one to three clinics."""

import json
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import CheckConstraint, ForeignKey, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from directory.accounts.models import User
from directory.accounts.personal_keys import open_for, seal_for
from directory.clinics.models import Clinic
from directory.consultations.models import Consultation
from directory.db import Base, UTCDateTime, now
from directory.errors import Refused
from directory.keyed import seal, unseal
from directory.words import new_public_id

if TYPE_CHECKING:
    from directory.consultations.photos import QuestionPhoto

MOST_CLINICS = 3
UNCONFIRMED_LIFE = timedelta(days=2)
# After the last thing that happened: first what was written goes, then that it was ever asked.
WORDS_KEPT, ROW_KEPT = timedelta(days=365), timedelta(days=730)
PENDING = "inquiry"


class Inquiry(Base):
    """What one person asks, once, of one to three clinics.

    Until the e-mail address is confirmed it belongs to nobody (`user_id` empty, `about` a pseudonym of the address,
    sealed under KEK). Afterwards it is sealed with the person's own key; no clinic sees it before it is sent.
    """

    __tablename__ = "inquiry"
    __table_args__ = (
        CheckConstraint("user_id IS NOT NULL OR sent_at IS NULL", name="sent_by_somebody"),
        CheckConstraint("reach IN ('here', 'email', 'phone')", name="reach"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(22), unique=True, default=new_public_id)
    user_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id", ondelete="CASCADE"), index=True)
    about: Mapped[str] = mapped_column(String(64), default="")
    sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    reach: Mapped[str] = mapped_column(String(8), default="here")
    timezone: Mapped[str] = mapped_column(String(48), default="UTC")
    consent_version: Mapped[str] = mapped_column(String(12))
    created_at: Mapped[datetime] = mapped_column(UTCDateTime, default=now, index=True)
    sent_at: Mapped[datetime | None] = mapped_column(UTCDateTime)

    user: Mapped[User | None] = relationship()
    consultations: Mapped[list["Consultation"]] = relationship(
        back_populates="inquiry", order_by="Consultation.id", cascade="all, delete-orphan", passive_deletes=True
    )
    photos: Mapped[list["QuestionPhoto"]] = relationship(
        back_populates="inquiry", order_by="QuestionPhoto.place", cascade="all, delete-orphan", passive_deletes=True
    )

    @classmethod
    def draft(cls, words: dict[str, Any], *, about: str, clinics: list[Clinic], **columns: Any) -> "Inquiry":
        """Not sent yet: waits for the e-mail address to be confirmed. Raises Refused for too many clinics."""
        if not 1 <= len(clinics) <= MOST_CLINICS:
            raise Refused(f"One question goes to at most {MOST_CLINICS} clinics.")
        made = cls(public_id=new_public_id(), about=about, created_at=now(), **columns)
        made.sealed = seal(PENDING, json.dumps(words).encode(), about=made.public_id)
        made.consultations = [Consultation(clinic=clinic) for clinic in clinics]
        return made

    def belong_to(self, user: User) -> None:
        """The address is confirmed: from now on only its author's key opens it."""
        words = unseal(PENDING, self.sealed or b"", about=self.public_id)
        if self.user_id is not None or words is None:
            raise Refused("This question was sent already.")
        self.user, self.about = user, ""
        self.sealed = seal_for(user, words, about=self.public_id)

    def send(self, user: User) -> None:
        """The clinics see it from now on."""
        if self.sent_at is not None or self.sealed is None:
            raise Refused("This question was sent already.")
        if self.user is None:
            self.belong_to(user)
        self.sent_at = now()
        for one in self.consultations:
            one.state_at = now()  # nothing in the public record: rows side by side would tell who was asked together

    @property
    def wants_photos(self) -> bool:
        """Whether its author means to add photos before it is sent."""
        return bool(self.words().get("photos"))

    @property
    def is_open(self) -> bool:
        """Whether photos may be added: it waits to be sent, or a clinic is still busy with it."""
        return self.sent_at is None or any(one.is_open for one in self.consultations)

    def words(self) -> dict[str, Any]:
        """What was written; empty once it is gone."""
        if self.sealed is None:
            return {}
        if self.user_id is None:
            opened = unseal(PENDING, self.sealed, about=self.public_id)
        else:
            opened = open_for(self.user_id, self.sealed, about=self.public_id)
        found: dict[str, Any] = json.loads(opened) if opened else {}
        return found

    def forget_photos(self) -> None:
        """All photos go, their files with them."""
        for photo in self.photos:
            photo.forget()
        self.photos = []

    def forget_words(self) -> None:
        self.sealed = None
        self.forget_photos()
        for one in self.consultations:
            one.sealed_answer = None
            for plan in one.plans:
                plan.sealed = None
