"""Follower (a mailbox that wants letters), the clinics it follows, what changed there, and who was told of what."""

import json
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from directory.accounts.models import User
from directory.clinics.models import Clinic
from directory.db import Base, UTCDateTime, WordList, now
from directory.following.topics import KINDS, TOPICS
from directory.keyed import pseudonym, seal, unseal
from directory.words import new_public_id

PURPOSE = "following"
MOST_FOLLOWED = 60  # as many as the saved list holds
WANTED_KEPT = timedelta(days=7)
KEPT, ASKED_AHEAD = timedelta(days=730), timedelta(days=30)
DAY = timedelta(hours=20)  # between two letters: a job that runs a little earlier than yesterday is still in time


def key_of(address: str) -> str:
    """What stands for a mailbox: found again by whoever types it, read by nobody."""
    return pseudonym(PURPOSE, address.lower())


class Follower(Base):
    """One mailbox whose owner said yes: an account's, or an address kept sealed and found by `address_key`.

    `renewed_at` is when the wish was last confirmed; KEPT after it everything is erased.
    """

    __tablename__ = "follower"
    __table_args__ = (CheckConstraint("(user_id IS NULL) = (address_key IS NOT NULL)", name="one_mailbox"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(22), unique=True, default=new_public_id)
    user_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id", ondelete="CASCADE"), unique=True)
    address_key: Mapped[str | None] = mapped_column(String(64), unique=True)
    sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    topics: Mapped[list[str]] = mapped_column(WordList, default=lambda: list(TOPICS))
    since: Mapped[datetime] = mapped_column(UTCDateTime, default=now)
    renewed_at: Mapped[datetime] = mapped_column(UTCDateTime, default=now, index=True)
    asked_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    written_at: Mapped[datetime | None] = mapped_column(UTCDateTime)

    user: Mapped[User | None] = relationship()
    followed: Mapped[list["Followed"]] = relationship(
        back_populates="follower", order_by="Followed.id", cascade="all, delete-orphan", passive_deletes=True
    )

    @classmethod
    def at(cls, address: str) -> "Follower":
        """For a mailbox without an account."""
        made = cls(public_id=new_public_id(), address_key=key_of(address), followed=[])
        made.sealed = seal(PURPOSE, address.lower().encode(), about=made.public_id)
        return made

    @property
    def address(self) -> str:
        """Where its letters go; empty when it cannot be opened."""
        if self.user is not None:
            return self.user.email
        return (unseal(PURPOSE, self.sealed or b"", about=self.public_id) or b"").decode()

    def belong_to(self, user: User) -> None:
        """The mailbox is an account's: its address is kept once, there."""
        self.user, self.address_key, self.sealed = user, None, None

    def follow(self, clinics: list[Clinic], topics: list[str]) -> None:
        """Add clinics, choose what is told of all of them, and say so anew."""
        held = {one.clinic_id for one in self.followed}
        room = MOST_FOLLOWED - len(held)
        self.followed += [Followed(clinic_id=clinic.id) for clinic in clinics if clinic.id not in held][:room]
        self.topics = [topic for topic in TOPICS if topic in topics]
        self.renew()

    def renew(self) -> None:
        self.renewed_at, self.asked_at = now(), None

    @property
    def kinds(self) -> list[str]:
        return [kind for kind, (topic, _words) in KINDS.items() if topic in self.topics]


class Followed(Base):
    """One clinic that a follower hears of, from `since` on."""

    says_itself = True  # see clinics.changes
    __tablename__ = "followed"
    __table_args__ = (UniqueConstraint("follower_id", "clinic_id", name="uq_followed_follower_id_clinic_id"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    follower_id: Mapped[int] = mapped_column(ForeignKey("follower.id", ondelete="CASCADE"))
    clinic_id: Mapped[int] = mapped_column(ForeignKey("clinic.id", ondelete="CASCADE"), index=True)
    since: Mapped[datetime] = mapped_column(UTCDateTime, default=now)

    follower: Mapped[Follower] = relationship(back_populates="followed")
    clinic: Mapped[Clinic] = relationship()


class Wanted(Base):
    """Letters asked for and not confirmed: address, clinics and topics sealed together until the mailbox says yes."""

    __tablename__ = "follow_wanted"
    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(22), unique=True, default=new_public_id)
    address_key: Mapped[str] = mapped_column(String(64), index=True)
    sealed: Mapped[bytes] = mapped_column(LargeBinary)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime, default=now, index=True)

    @classmethod
    def by(cls, address: str, slugs: list[str], topics: list[str]) -> "Wanted":
        made = cls(public_id=new_public_id(), address_key=key_of(address))
        told = {"address": address.lower(), "slugs": slugs, "topics": topics}
        made.sealed = seal(PURPOSE, json.dumps(told).encode(), about=made.public_id)
        return made

    def told(self) -> dict[str, Any]:
        """Address, slugs and topics; empty when it cannot be opened."""
        found: dict[str, Any] = json.loads(unseal(PURPOSE, self.sealed, about=self.public_id) or b"{}")
        return found


class News(Base):
    """One change at one clinic that somebody follows. `thing` tells it from any other change of its kind there."""

    says_itself = True  # see clinics.changes
    __tablename__ = "followed_news"
    __table_args__ = (
        UniqueConstraint("clinic_id", "kind", "thing", name="uq_followed_news_clinic_id_kind_thing"),
        Index("ix_followed_news_happened_at_id", "happened_at", "id"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    clinic_id: Mapped[int] = mapped_column(ForeignKey("clinic.id", ondelete="CASCADE"))
    kind: Mapped[str] = mapped_column(String(10))
    thing: Mapped[str] = mapped_column(String(60))
    happened_at: Mapped[datetime] = mapped_column(UTCDateTime)


class Told(Base):
    """That a follower was written to about a change: of two who would write, the database lets one."""

    __tablename__ = "followed_told"
    follower_id: Mapped[int] = mapped_column(ForeignKey("follower.id", ondelete="CASCADE"), primary_key=True)
    news_id: Mapped[int] = mapped_column(ForeignKey("followed_news.id", ondelete="CASCADE"), primary_key=True)


class LastSeen(Base):
    """What a followed clinic was when last looked at: its state and who owns it. `owner_key` names nobody."""

    says_itself = True  # see clinics.changes
    __tablename__ = "followed_last_seen"
    clinic_id: Mapped[int] = mapped_column(ForeignKey("clinic.id", ondelete="CASCADE"), primary_key=True)
    status: Mapped[str] = mapped_column(String(12))
    owner_key: Mapped[str] = mapped_column(String(64), default="")
    turns: Mapped[int] = mapped_column(default=0)  # how often it changed; tells one closing from the next


class Sweep(Base):
    """The one row that says up to when all changes were found."""

    __tablename__ = "followed_sweep"
    __table_args__ = (CheckConstraint("id = 1", name="single"),)
    id: Mapped[int] = mapped_column(primary_key=True, default=1)
    done_at: Mapped[datetime] = mapped_column(UTCDateTime)
