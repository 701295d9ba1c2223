"""Photos of a question: of somebody's head or scar, for the eyes of the clinics that were asked and of nobody else.

Each is drawn anew, sealed with the person's own key and kept as one file; the file that was sent is not kept, nor its
name. A clinic opens it while it is busy with the question, every look is written down for the person to see, and the
photo is gone when the last clinic is done with it, when the person says so, or with the account.
"""

import secrets
from datetime import datetime, timedelta

from sqlalchemy import (
    CheckConstraint,
    ColumnElement,
    ForeignKey,
    SmallInteger,
    String,
    UniqueConstraint,
    and_,
    exists,
    or_,
    select,
)
from sqlalchemy.orm import Mapped, contains_eager, joinedload, mapped_column, relationship

from directory import files, sealed, transit
from directory.accounts.models import User
from directory.accounts.personal_keys import open_for, seal_for
from directory.consultations.inquiries import Inquiry
from directory.consultations.models import Consultation
from directory.db import Base, UTCDateTime, db, now
from directory.words import new_public_id

MOST_PHOTOS = 3
MOST_LOOKS = 50  # told at once
SIZE = "1600.jpg"  # of the files that drawing anew makes, the one kept


class QuestionPhoto(Base):
    """One photo, at one of the places of its question."""

    __tablename__ = "question_photo"
    __table_args__ = (
        CheckConstraint(f"place BETWEEN 1 AND {MOST_PHOTOS}", name="place"),
        UniqueConstraint("inquiry_id", "place", name="uq_question_photo_inquiry_id_place"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(22), unique=True, default=new_public_id)
    inquiry_id: Mapped[int] = mapped_column(ForeignKey("inquiry.id", ondelete="CASCADE"))
    place: Mapped[int] = mapped_column(SmallInteger)
    key: Mapped[str] = mapped_column(String(64))
    consent_version: Mapped[str] = mapped_column(String(12))
    created_at: Mapped[datetime] = mapped_column(UTCDateTime, default=now)

    inquiry: Mapped[Inquiry] = relationship(back_populates="photos")
    looks: Mapped[list["PhotoLook"]] = relationship(
        back_populates="photo", order_by="PhotoLook.id", cascade="all, delete-orphan", passive_deletes=True
    )

    @classmethod
    def of(cls, consent_version: str) -> "QuestionPhoto":
        """Not yet kept: its key is known, so that it can be announced before `seal` writes it."""
        made = cls(public_id=new_public_id(), key=f"questions/{secrets.token_hex(16)}", created_at=now())
        made.consent_version = consent_version
        return made

    @property
    def about(self) -> str:
        return f"question-photo:{self.public_id}:{self.key}"

    def seal(self, user: User, drawn: bytes) -> None:
        """Write it, encrypted. Raises what `files.put` raises."""
        files.put(self.key, seal_for(user, drawn, about=self.about), content_type=sealed.CONTENT_TYPE)

    def content(self) -> bytes | None:
        """The JPEG; None when it is gone or its person is."""
        body, user_id = files.get(self.key), self.inquiry.user_id
        return None if body is None or user_id is None else open_for(user_id, body, about=self.about)

    def forget(self) -> None:
        """Its file is deleted right after the commit; the caller takes the row away."""
        transit.send_off([self.key])


class PhotoLook(Base):
    """One time that somebody of a clinic opened a photo."""

    __tablename__ = "question_photo_look"
    id: Mapped[int] = mapped_column(primary_key=True)
    photo_id: Mapped[int] = mapped_column(ForeignKey("question_photo.id", ondelete="CASCADE"), index=True)
    consultation_id: Mapped[int] = mapped_column(ForeignKey("consultation.id", ondelete="CASCADE"), index=True)
    by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id", ondelete="SET NULL"), index=True)
    at: Mapped[datetime] = mapped_column(UTCDateTime, default=now)

    photo: Mapped[QuestionPhoto] = relationship(back_populates="looks")
    consultation: Mapped[Consultation] = relationship()


def forget_photos_of(condition: ColumnElement[bool]) -> None:
    """The photos of such questions go, their files with them."""
    numbers = select(Inquiry.id).where(condition)
    photos = select(QuestionPhoto).where(QuestionPhoto.inquiry_id.in_(numbers)).order_by(QuestionPhoto.id)
    for photo in db.session.scalars(photos).all():
        photo.forget()
        db.session.delete(photo)
    db.session.flush()


def photos_nobody_needs() -> list[QuestionPhoto]:
    """Photos of questions with which every clinic is done; at most 500."""
    busy = exists().where(
        Consultation.inquiry_id == Inquiry.id,
        or_(
            Consultation.state.in_(("asked", "answered")),
            # The longest meeting lasts four hours.
            and_(Consultation.state == "booked", Consultation.booked_start > now() - timedelta(hours=4)),
        ),
    )
    query = select(QuestionPhoto).join(QuestionPhoto.inquiry).where(Inquiry.sent_at.is_not(None), ~busy)
    return list(db.session.scalars(query.order_by(QuestionPhoto.id).limit(500)))


def own_question_photo(user: User, public_id: str, photo_id: str) -> QuestionPhoto | None:
    query = (
        select(QuestionPhoto)
        .join(QuestionPhoto.inquiry)
        .where(QuestionPhoto.public_id == photo_id, Inquiry.public_id == public_id, Inquiry.user_id == user.id)
    )
    return db.session.scalars(query).one_or_none()


def question_photo(consultation: Consultation, photo_id: str) -> QuestionPhoto | None:
    """A photo that came with what this clinic was asked."""
    query = select(QuestionPhoto).where(
        QuestionPhoto.public_id == photo_id, QuestionPhoto.inquiry_id == consultation.inquiry_id
    )
    return db.session.scalars(query).one_or_none()


def looks_at(inquiry: Inquiry) -> list[PhotoLook]:
    """Who opened photos of this question and when, newest first."""
    query = (
        select(PhotoLook)
        .join(PhotoLook.photo)
        .where(QuestionPhoto.inquiry_id == inquiry.id)
        .options(joinedload(PhotoLook.consultation).joinedload(Consultation.clinic), contains_eager(PhotoLook.photo))
        .order_by(PhotoLook.id.desc())
        .limit(MOST_LOOKS)
    )
    return list(db.session.scalars(query))
