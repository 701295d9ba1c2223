"""Plan: what a clinic proposes to one person after they met."""

import json
from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any, NamedTuple

from sqlalchemy import CheckConstraint, ForeignKey, LargeBinary, SmallInteger, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from directory.accounts.personal_keys import open_for, seal_for
from directory.consultations.words import PLAN_ROWS
from directory.db import Base, UTCDateTime, now
from directory.errors import Refused
from directory.words import new_public_id

if TYPE_CHECKING:
    from directory.consultations.models import Consultation


class Change(NamedTuple):
    """One line of a plan in two versions."""

    key: str
    before: str
    after: str


class Line(NamedTuple):
    """One line of several plans: each one's words, and whether they differ or only some say anything."""

    key: str
    cells: list[str]
    differs: bool
    is_partial: bool


def _same(text: str) -> str:
    """What two texts have in common that say the same."""
    return " ".join(text.casefold().split()).rstrip(".")


def side_by_side(plans: Sequence["Plan"]) -> list[Line]:
    """The lines of these plans, in the same order for all; a line about which nobody says anything stays, blank."""
    told = [plan.words() for plan in plans]
    lines = []
    for key in PLAN_ROWS:
        cells = [str(words.get(key, "")) for words in told]
        stated = {_same(cell) for cell in cells if cell}
        lines.append(Line(key, cells, len(stated) > 1, bool(stated) and len(stated) == 1 and "" in cells))
    return lines


class Plan(Base):
    """The treatment plan a clinic writes after a consultation: versioned, private to both, answered by the seeker."""

    __tablename__ = "treatment_plan"
    __table_args__ = (
        CheckConstraint("state IN ('offered', 'accepted', 'declined', 'superseded')", name="state"),
        UniqueConstraint("consultation_id", "version", name="uq_treatment_plan_consultation_id_version"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(22), unique=True, default=new_public_id)
    consultation_id: Mapped[int] = mapped_column(ForeignKey("consultation.id", ondelete="CASCADE"))
    version: Mapped[int] = mapped_column(SmallInteger)
    sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    state: Mapped[str] = mapped_column(String(12), default="offered")
    created_at: Mapped[datetime] = mapped_column(UTCDateTime, default=now)
    answered_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    consultation: Mapped["Consultation"] = relationship(back_populates="plans")

    @classmethod
    def write(cls, consultation: "Consultation", words: dict[str, Any]) -> "Plan":
        """The next version; the one before is superseded. Raises Refused before they have met."""
        user = consultation.inquiry.user
        if user is None or not consultation.is_over:
            raise Refused("A plan is written after the consultation.")
        for older in consultation.plans:
            if older.state == "offered":
                older.state = "superseded"
        made = cls(public_id=new_public_id(), version=len(consultation.plans) + 1, created_at=now(), state="offered")
        made.sealed = seal_for(user, json.dumps(words).encode(), about=made.public_id)
        consultation.plans.append(made)
        return made

    def words(self) -> dict[str, Any]:
        """What the plan says; empty once it is gone."""
        user_id = self.consultation.inquiry.user_id
        if self.sealed is None or user_id is None:
            return {}
        opened = open_for(user_id, self.sealed, about=self.public_id)
        found: dict[str, Any] = json.loads(opened) if opened else {}
        return found

    def changes(self, before: "Plan") -> list[Change]:
        """What this version says otherwise than the one before, line by line."""
        old, new = before.words(), self.words()
        return [
            Change(key, old.get(key, ""), new.get(key, ""))
            for key in PLAN_ROWS
            if _same(old.get(key, "")) != _same(new.get(key, ""))
        ]

    def reply(self, state: str) -> None:
        """The seeker accepts or declines this version, once."""
        if self.state != "offered" or state not in {"accepted", "declined"}:
            raise Refused("This plan was answered already, or a newer one stands.")
        self.state, self.answered_at = state, now()
