"""Consultation (one clinic's side of what a seeker asks) and the times a clinic offers."""

import json
from datetime import datetime, timedelta
from hashlib import sha256
from typing import TYPE_CHECKING

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, SmallInteger, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from directory.accounts.personal_keys import open_for, seal_for
from directory.clinics.models import Clinic
from directory.consultations.plans import Plan
from directory.db import Base, UTCDateTime, now
from directory.errors import Refused
from directory.words import new_public_id

if TYPE_CHECKING:
    from directory.consultations.inquiries import Inquiry

MOST_TIMES = 6
WAYS = ("clinic", "video", "phone")
REASONS = ("full", "not_offered", "not_suitable", "other")
# How long a clinic has to answer, and how long after a meeting its silence counts as a yes to the seeker's word.
ANSWER_WITHIN = timedelta(days=14)
SILENCE = timedelta(days=14)
LATE = timedelta(hours=24)
FARTHEST = timedelta(days=366)

# What may follow what. Whoever takes another time keeps the one booked until then.
TRANSITIONS = {
    ("asked", "answered"),
    ("asked", "declined"),
    ("asked", "cancelled"),
    ("asked", "lapsed"),
    ("answered", "answered"),  # other times
    ("answered", "asked"),  # none of them fits
    ("answered", "booked"),
    ("answered", "declined"),
    ("answered", "cancelled"),
    ("answered", "lapsed"),
    ("booked", "answered"),  # the clinic moves it
    ("booked", "asked"),  # given back, and no other time on offer fits
    ("booked", "booked"),  # moved to another time on offer
    ("booked", "cancelled"),
    ("booked", "declined"),
}
STATES = ("asked", "answered", "declined", "booked", "cancelled", "lapsed")


class Consultation(Base):
    """One clinic's side of an inquiry. `booked_start` is when they meet (UTC), `booked_way` where."""

    says_itself = True  # see clinics.changes
    __tablename__ = "consultation"
    __table_args__ = (
        CheckConstraint(f"state IN ({', '.join(repr(state) for state in STATES)})", name="state"),
        CheckConstraint("(state = 'booked') = (booked_start IS NOT NULL)", name="booked"),
        CheckConstraint(f"declined_for IN ('', {', '.join(repr(key) for key in REASONS)})", name="declined_for"),
        CheckConstraint("state <> 'declined' OR declined_for <> ''", name="declined_says_why"),
        UniqueConstraint("inquiry_id", "clinic_id", name="uq_consultation_inquiry_id_clinic_id"),
        # One person at a time: of many who accept the same moment, the database takes one.
        Index(
            "uq_consultation_booked",
            "clinic_id",
            "booked_start",
            unique=True,
            sqlite_where=text("state = 'booked'"),
            postgresql_where=text("state = 'booked'"),
        ),
        Index("ix_consultation_clinic_id_state_at", "clinic_id", "state_at", "id"),
        Index("ix_consultation_state_booked_start", "state", "booked_start", "id"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(22), unique=True, default=new_public_id)
    inquiry_id: Mapped[int] = mapped_column(ForeignKey("inquiry.id", ondelete="CASCADE"))
    clinic_id: Mapped[int] = mapped_column(ForeignKey("clinic.id", ondelete="CASCADE"))
    state: Mapped[str] = mapped_column(String(10), default="asked")
    state_at: Mapped[datetime] = mapped_column(UTCDateTime, default=now)
    sealed_answer: Mapped[bytes | None] = mapped_column(LargeBinary)
    declined_for: Mapped[str] = mapped_column(String(12), default="")
    booked_start: Mapped[datetime | None] = mapped_column(UTCDateTime)
    booked_minutes: Mapped[int] = mapped_column(SmallInteger, default=0)
    booked_way: Mapped[str] = mapped_column(String(8), default="")
    sequence: Mapped[int] = mapped_column(SmallInteger, default=0)  # of the calendar entry (RFC 5545)
    reminded_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    # Used up by one review, which one is written nowhere; so a meeting proves one visit and not many.
    proved: Mapped[bool] = mapped_column(default=False)
    late: Mapped[bool] = mapped_column(default=False)  # a time was given up, by either side, with less than LATE left
    seeker_says: Mapped[bool | None]
    clinic_says: Mapped[bool | None]

    inquiry: Mapped["Inquiry"] = relationship(back_populates="consultations")
    clinic: Mapped[Clinic] = relationship()
    times: Mapped[list["OfferedTime"]] = relationship(
        back_populates="consultation", order_by="OfferedTime.starts_at", cascade="all, delete-orphan"
    )
    plans: Mapped[list[Plan]] = relationship(
        back_populates="consultation", order_by="Plan.version", cascade="all, delete-orphan"
    )

    def become(self, state: str) -> None:
        """Raises Refused when the rules do not allow it."""
        if (self.state, state) not in TRANSITIONS:
            raise Refused(f"A consultation that is {self.state} cannot become {state}.")
        self.late = self.late or self.is_near
        self.state, self.state_at = state, now()
        if state != "booked":
            self.booked_start, self.booked_minutes, self.booked_way = None, 0, ""

    def answer(self, note: str, times: list["OfferedTime"], video: str = "") -> None:
        """The clinic offers times, with a short note and where to meet by video.

        Raises Refused for none, too many, one in the past, or for calls to somebody who gave no number.
        """
        self._not_over()
        if not 1 <= len(times) <= MOST_TIMES:
            raise Refused(f"Offer at least one time and at most {MOST_TIMES}.")
        if any(not now() < time.starts_at < now() + FARTHEST for time in times):
            raise Refused("Every time on offer must lie ahead, and within a year.")
        if self.inquiry.reach != "phone" and any(time.way == "phone" for time in times):
            raise Refused("They gave no number to call.")
        if self.state == "booked":
            self.sequence += 1
        self.become("answered")
        standing = {time.starts_at: time for time in self.times}
        for time in times:
            if time.starts_at in standing:
                standing[time.starts_at].minutes, standing[time.starts_at].way = time.minutes, time.way
        self.times = [standing.get(time.starts_at, time) for time in times]
        self._note(note, video)

    def decline(self, reason: str, note: str) -> None:
        """The clinic cannot or will not; a reason is always given."""
        self._not_over()
        if reason not in REASONS:
            raise Refused("Say why, so that the person can look elsewhere.")
        self.become("declined")
        self.declined_for, self.times = reason, []
        self._note(note)

    def _note(self, note: str, video: str = "") -> None:
        user = self.inquiry.user
        if user is None:
            raise Refused("Nobody has confirmed this question yet.")
        written = json.dumps({"note": note, "video": video}).encode() if video else note.encode()
        self.sealed_answer = seal_for(user, written, about=self.public_id) if written else None

    def _written(self) -> tuple[str, str]:
        """The clinic's note, and the address at which it meets people by video; both empty once they are gone."""
        if self.sealed_answer is None or self.inquiry.user_id is None:
            return "", ""
        written = (open_for(self.inquiry.user_id, self.sealed_answer, about=self.public_id) or b"").decode()
        if written.startswith('{"note": '):
            both = json.loads(written)
            return both["note"], both["video"]
        return written, ""

    def answer_note(self) -> str:
        """What the clinic wrote; empty once it is gone."""
        return self._written()[0]

    def video_address(self) -> str:
        """Where they meet by video, if the clinic named it."""
        return self._written()[1]

    @property
    def door_number(self) -> str:
        """What somebody says at the door who is known by nothing else: both sides see it here."""
        return f"{int.from_bytes(sha256(self.public_id.encode()).digest()[:4]) % 10_000:04}"

    def accept(self, time: "OfferedTime") -> None:
        """Book one of the times on offer, in place of the one booked before.

        A moment that somebody else took is refused by uq_consultation_booked.
        """
        self._not_over()
        if time.consultation is not self or time.starts_at <= now() or time.starts_at == self.booked_start:
            raise Refused("This time is no longer on offer.")
        self.become("booked")
        self.booked_start, self.booked_minutes, self.booked_way = time.starts_at, time.minutes, time.way
        self.sequence, self.reminded_at = self.sequence + 1, None

    def ask_for_others(self) -> None:
        """None of the times on offer fits the seeker: one that was booked is given back, the clinic offers others."""
        self._not_over()
        if self.state == "booked":
            self.sequence += 1
        self.become("asked")

    def cancel(self) -> None:
        """The seeker calls it off."""
        self._not_over()
        self.become("cancelled")
        self.sequence += 1

    def _not_over(self) -> None:
        if self.is_over:
            raise Refused("The time has passed.")

    def lapse(self) -> None:
        """The clinic answered nothing in time, or no time that it offered was taken: only then the times stay."""
        if self.state == "asked":
            self.times = []
        self.become("lapsed")

    @property
    def standing(self) -> str:
        """What it is told as: its state, or who was silent when it lapsed."""
        return "unchosen" if self.state == "lapsed" and self.times else self.state

    @property
    def times_ahead(self) -> list["OfferedTime"]:
        """What there is to choose from: the time booked is not among it."""
        return [time for time in self.times if time.starts_at > now() and time.starts_at != self.booked_start]

    @property
    def is_open(self) -> bool:
        """Whether there is still something to agree on: the clinic may look at photos for so long."""
        return self.state in {"asked", "answered", "booked"} and not self.is_over

    @property
    def ends_at(self) -> datetime | None:
        return self.booked_start + timedelta(minutes=self.booked_minutes) if self.booked_start else None

    @property
    def is_near(self) -> bool:
        """Whether calling it off now would be late."""
        return self.booked_start is not None and self.booked_start - now() < LATE

    @property
    def is_over(self) -> bool:
        """Whether the time booked has passed."""
        return self.ends_at is not None and self.ends_at <= now()

    def say_attended(self, attended: bool, *, side: str) -> None:
        """One side's word on whether they met; may be corrected until both have spoken."""
        if not self.is_over:
            raise Refused("This is said once the time has passed.")
        if self.both_spoke:
            raise Refused("Both sides have spoken; what was said stands.")
        if side == "seeker":
            self.seeker_says = attended
        else:
            self.clinic_says = attended

    @property
    def both_spoke(self) -> bool:
        return self.seeker_says is not None and self.clinic_says is not None

    @property
    def sides_differ(self) -> bool:
        """One says that they met and the other that they did not: it proves no visit; nobody decides who is right."""
        return self.both_spoke and self.seeker_says != self.clinic_says

    @property
    def took_place(self) -> bool:
        """Whether it counts as a visit to the clinic: both say so, or the seeker does and the clinic has been silent.

        A clinic's word alone never makes one, and its silence (for SILENCE) cannot prevent one. A call is no visit.
        """
        if self.booked_way != "clinic" or not self.seeker_says or self.ends_at is None or self.clinic_says is False:
            return False
        return bool(self.clinic_says) or now() - self.ends_at > SILENCE


class OfferedTime(Base):
    """A moment a clinic offers, in UTC."""

    __tablename__ = "offered_time"
    __table_args__ = (
        CheckConstraint("minutes BETWEEN 10 AND 240", name="minutes"),
        CheckConstraint("way IN ('clinic', 'video', 'phone')", name="way"),
        UniqueConstraint("consultation_id", "starts_at", name="uq_offered_time_consultation_id_starts_at"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    consultation_id: Mapped[int] = mapped_column(ForeignKey("consultation.id", ondelete="CASCADE"))
    starts_at: Mapped[datetime] = mapped_column(UTCDateTime)
    minutes: Mapped[int] = mapped_column(SmallInteger, default=30)
    way: Mapped[str] = mapped_column(String(8), default="clinic")
    consultation: Mapped[Consultation] = relationship(back_populates="times")
