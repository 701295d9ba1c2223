"""Consent: what a reviewer explicitly allowed, in which words, until when."""

import tomllib
from datetime import datetime
from pathlib import Path

from flask_babel import lazy_gettext
from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from directory.db import Base, UTCDateTime, now

HEALTH, PHOTOS = "health", "photos"
WORDS: dict[str, dict[str, dict[str, str]]] = tomllib.loads(
    Path(__file__).with_suffix(".toml").read_text(encoding="utf-8")
)


def present_version(kind: str) -> str:
    """The version of the words asked for now."""
    return list(WORDS[kind])[-1]


def words_of(kind: str, version: str = "") -> str:
    """The words of that version, of the present one when none is given."""
    return str(lazy_gettext(WORDS[kind][version or present_version(kind)]["words"]))


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

    @classmethod
    def given(cls, kind: str) -> "Consent":
        """To the words shown at present."""
        return cls(kind=kind, version=present_version(kind))

    def withdraw(self) -> None:
        self.withdrawn_at = self.withdrawn_at or now()
