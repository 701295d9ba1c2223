"""Decision, the statements of reasons that tell it, and the appeals against it."""

from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from directory.db import Base, UTCDateTime, now
from directory.errors import Refused
from directory.ledger import record
from directory.words import new_public_id

if TYPE_CHECKING:
    from directory.cases.models import Case

MIN_STATEMENT = 20  # letters: shorter than a sentence explains nothing


class Decision(Base):
    """What was decided, by which rule, in which words. Carried out at once, or when the second person agreed."""

    __tablename__ = "decision"
    __table_args__ = (
        CheckConstraint(f"length(statement) >= {MIN_STATEMENT} AND rule <> ''", name="explained"),
        CheckConstraint("second_id IS NULL OR by_id IS NULL OR second_id <> by_id", name="two_people"),
        CheckConstraint("NOT needs_second OR carried_out_at IS NULL OR seconded_at IS NOT NULL", name="seconded"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(22), unique=True, default=new_public_id)
    case_id: Mapped[int] = mapped_column(ForeignKey("case_file.id"), index=True)
    act: Mapped[str] = mapped_column(String(20))
    rule: Mapped[str] = mapped_column(String(24), index=True)
    statement: Mapped[str] = mapped_column(Text)
    by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id", ondelete="SET NULL"), index=True)
    at: Mapped[datetime] = mapped_column(UTCDateTime, default=now, index=True)
    needs_second: Mapped[bool] = mapped_column(default=False)
    second_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id", ondelete="SET NULL"), index=True)
    seconded_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    agreed: Mapped[bool | None]
    carried_out_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    stars: Mapped[int | None]  # of the review it was about, kept for the public parity count

    case: Mapped["Case"] = relationship(back_populates="decisions")
    statements: Mapped[list["Statement"]] = relationship(order_by="Statement.id", back_populates="decision")


class Statement(Base):
    """The statement of reasons given to one person or one clinic (DSA Art. 17): what, why, by which rule, what next."""

    __tablename__ = "statement"
    __table_args__ = (
        CheckConstraint("(to_user_id IS NULL) <> (to_clinic_id IS NULL) OR erased", name="one_addressee"),
        CheckConstraint("erased OR (restriction <> '' AND facts <> '')", name="says_why"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(22), unique=True, default=new_public_id)
    decision_id: Mapped[int] = mapped_column(ForeignKey("decision.id"), index=True)
    to_user_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id", ondelete="SET NULL"), index=True)
    to_clinic_id: Mapped[int | None] = mapped_column(ForeignKey("clinic.id", ondelete="SET NULL"), index=True)
    restriction: Mapped[str] = mapped_column(String(40))
    facts: Mapped[str] = mapped_column(Text)
    automated: Mapped[bool] = mapped_column(default=False)
    from_notice: Mapped[bool] = mapped_column(default=False)
    erased: Mapped[bool] = mapped_column(default=False)
    at: Mapped[datetime] = mapped_column(UTCDateTime, default=now, index=True)
    decision: Mapped[Decision] = relationship(back_populates="statements")


class Appeal(Base):
    """One person's word against one decision; answered, with reasons, by somebody who took no part in it."""

    __tablename__ = "appeal"
    __table_args__ = (
        UniqueConstraint("decision_id", "by_id", name="uq_appeal_decision_id_by_id"),
        CheckConstraint("outcome IN ('open', 'upheld', 'reversed')", name="outcome"),
        CheckConstraint(
            f"(outcome = 'open') = (answered_at IS NULL) AND (outcome = 'open' OR length(reply) >= {MIN_STATEMENT})",
            name="answered",
        ),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(22), unique=True, default=new_public_id)
    decision_id: Mapped[int] = mapped_column(ForeignKey("decision.id"), index=True)
    by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id", ondelete="SET NULL"), index=True)
    text: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime] = mapped_column(UTCDateTime, default=now)
    outcome: Mapped[str] = mapped_column(String(12), default="open")
    reply: Mapped[str] = mapped_column(Text, default="")
    answered_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id", ondelete="SET NULL"), index=True)
    answered_at: Mapped[datetime | None] = mapped_column(UTCDateTime, index=True)
    decision: Mapped[Decision] = relationship()

    def answer(self, outcome: str, *, reply: str, by_id: int, role: str) -> None:
        """Uphold or reverse. Raises Refused for anybody who took part in the decision, or without a reply."""
        if by_id in {self.decision.by_id, self.decision.second_id}:
            raise Refused("An appeal is read by somebody who took no part in the decision.")
        if self.outcome != "open":
            raise Refused("This appeal is answered already.")
        if outcome not in {"upheld", "reversed"} or len(reply.strip()) < MIN_STATEMENT:
            raise Refused("An answer says whether the decision stands, and why.")
        self.outcome, self.reply, self.answered_by_id, self.answered_at = outcome, reply.strip(), by_id, now()
        case = self.decision.case
        record(f"appeal.{outcome}", role=role, subject=case.subject, case=case.public_id, rule=self.decision.rule)
