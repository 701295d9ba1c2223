"""Case: something a person must look at. Any room opens one; only the desk decides it.

A case is worked under a lease, decided by a rule with a statement, told to whom it concerns, and may be appealed to
somebody else. Verbs here keep the record; what a decision does to its subject is the subject's own verb.
"""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text, or_, text, update
from sqlalchemy.orm import Mapped, mapped_column, relationship

from directory.cases.clocks import due_after
from directory.cases.decisions import MIN_STATEMENT, Decision
from directory.db import Base, UTCDateTime, db, now, one_of
from directory.errors import Refused
from directory.ledger import record
from directory.words import new_public_id

KINDS = (
    "review",
    "stage",
    "photo",
    "reply",
    "report",
    "legal_notice",
    "appeal",
    "suspicion",
    "dispute",
    "duplicate",
    "credential",
    "register_load",
    "register_change",
    "claim",
    "result",
    "inspection",
    "sanction",
    "page_request",
    "many_looks",
    "engagement",
)
PRIORITIES = ("high", "medium", "low")
FIRST = ("legal", "urgent")  # clocks before all priorities: the law's, and harm to somebody
LEASE = timedelta(minutes=20)
APPEAL_WINDOW = timedelta(days=183)  # six months, DSA Art. 20(1)

# What may follow what. A waiting case has a first decision and needs a second person.
TRANSITIONS = {
    ("open", "waiting"),
    ("open", "decided"),
    ("open", "withdrawn"),
    ("waiting", "decided"),
    ("waiting", "open"),  # the second person did not agree
    ("waiting", "withdrawn"),  # gone before the second person looked
}


def rank_of(priority: str, clock: str) -> int:
    """Its place in the queue: what the law or harm hastens, then the priorities in their order."""
    return 0 if clock in FIRST else 1 + PRIORITIES.index(priority)


class Case(Base):
    """One item of the desk. `subject` is `kind:public_id`; `facts` is the evidence, in words fit for the desk only.

    `due_at` follows from `clock` (see `cases.clocks`); `reason` says in words why the priority is what it is.
    """

    says_itself = True  # see clinics.changes
    __tablename__ = "case_file"
    __table_args__ = (
        CheckConstraint(one_of("kind", KINDS), name="kind"),
        CheckConstraint(one_of("priority", PRIORITIES), name="priority"),
        CheckConstraint("state IN ('open', 'waiting', 'decided', 'withdrawn')", name="state"),
        CheckConstraint("(state IN ('decided', 'withdrawn')) = (closed_at IS NOT NULL)", name="closed"),
        CheckConstraint("(leased_by_id IS NULL) = (leased_until IS NULL)", name="lease"),
        # One open case of a kind for a subject: a second report joins the first.
        Index(
            "uq_case_file_open_subject",
            "kind",
            "subject",
            unique=True,
            sqlite_where=text("state IN ('open', 'waiting')"),
            postgresql_where=text("state IN ('open', 'waiting')"),
        ),
        Index("ix_case_file_queue", "state", "rank", "due_at", "id"),
        Index("ix_case_file_kind_queue", "state", "kind", "rank", "due_at", "id"),
        Index("ix_case_file_opened_at", "opened_at"),
        Index("ix_case_file_closed_at", "closed_at"),
        Index("ix_case_file_clinic_id_id", "clinic_id", "id"),
        Index("ix_case_file_author_id_id", "author_id", "id"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(22), unique=True, default=new_public_id)
    kind: Mapped[str] = mapped_column(String(16))
    subject: Mapped[str] = mapped_column(String(60))
    subject_id: Mapped[int] = mapped_column(index=True)
    clinic_id: Mapped[int | None] = mapped_column(ForeignKey("clinic.id", ondelete="SET NULL"))
    author_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id", ondelete="SET NULL"))
    opened_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id", ondelete="SET NULL"), index=True)
    priority: Mapped[str] = mapped_column(String(8), default="low")
    rank: Mapped[int] = mapped_column(default=3)  # see `rank_of`; kept, so that the queue sorts by an index
    reason: Mapped[str] = mapped_column(String(200), default="")
    clock: Mapped[str] = mapped_column(String(20))
    due_at: Mapped[datetime] = mapped_column(UTCDateTime)
    state: Mapped[str] = mapped_column(String(12), default="open")
    facts: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    opened_at: Mapped[datetime] = mapped_column(UTCDateTime, default=now)
    closed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    leased_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id", ondelete="SET NULL"), index=True)
    leased_until: Mapped[datetime | None] = mapped_column(UTCDateTime)

    notes: Mapped[list["Note"]] = relationship(order_by="Note.id", back_populates="case")
    decisions: Mapped[list["Decision"]] = relationship(order_by="Decision.id", back_populates="case")

    @classmethod
    def open(
        cls, kind: str, *, subject: str, subject_id: int, clock: str, priority: str, reason: str, **facts: Any
    ) -> "Case":
        """A new case with its clock started; add it to the session. Columns such as clinic_id may be in `facts`."""
        columns = {name: facts.pop(name) for name in ("clinic_id", "author_id", "opened_by_id") if name in facts}
        opened = now()
        return cls(
            public_id=new_public_id(),
            kind=kind,
            subject=subject,
            subject_id=subject_id,
            clock=clock,
            priority=priority,
            rank=rank_of(priority, clock),
            reason=reason,
            opened_at=opened,
            due_at=due_after(clock, opened),
            facts=facts,
            **columns,
        )

    def raise_priority(self, priority: str, reason: str) -> None:
        """Up only, with the new reason; never down because something else came in."""
        if PRIORITIES.index(priority) < PRIORITIES.index(self.priority):
            self.priority, self.rank, self.reason = priority, rank_of(priority, self.clock), reason

    def hasten(self, clock: str) -> None:
        """Another reason to look came in, whose clock runs out sooner."""
        due = due_after(clock, now())
        if due < self.due_at:
            self.clock, self.due_at, self.rank = clock, due, rank_of(self.priority, clock)

    def run_from(self, moment: datetime) -> None:
        """The clock counts from then: what somebody else has time for first is not overdue meanwhile."""
        self.due_at = due_after(self.clock, moment)

    def lease_to(self, user_id: int) -> None:
        """Nobody else works on it for LEASE; taken again it is prolonged. Raises Refused when somebody else has it.

        One statement decides, so two moderators who press at once cannot both get it.
        """
        at = now()
        free = or_(Case.leased_by_id.is_(None), Case.leased_by_id == user_id, Case.leased_until < at)
        taken = db.session.execute(
            update(Case)
            .where(Case.id == self.id, Case.state.in_(("open", "waiting")), free)
            .values(leased_by_id=user_id, leased_until=at + LEASE)
            .execution_options(synchronize_session=False)
        )
        db.session.expire(self)
        if not taken.rowcount:  # type: ignore[attr-defined]
            raise Refused("Somebody else is working on this item.")

    def release(self, user_id: int) -> None:
        if self.leased_by_id == user_id:
            self.leased_by_id = self.leased_until = None

    def is_leased_by(self, user_id: int) -> bool:
        return self.leased_by_id == user_id and self.leased_until is not None and self.leased_until > now()

    def _become(self, state: str) -> None:
        if (self.state, state) not in TRANSITIONS:
            raise Refused(f"A case that is {self.state} cannot become {state}.")
        self.state = state
        if state in {"decided", "withdrawn"}:
            self.closed_at = now()
            self.leased_by_id = self.leased_until = None

    def decide(self, act: str, *, rule: str, statement: str, by_id: int, role: str, two_people: bool) -> "Decision":
        """Record a decision. With `two_people` the case waits for another person before anything is carried out.

        Raises Refused without a lease, a rule or a statement in words.
        """
        if not self.is_leased_by(by_id):
            raise Refused("Take the item before you decide it.")
        if not rule or len(statement.strip()) < MIN_STATEMENT:
            raise Refused("A decision needs a rule and a statement that explains it.")
        decision = Decision(act=act, rule=rule, statement=statement.strip(), by_id=by_id, needs_second=two_people)
        self.decisions.append(decision)
        self._become("waiting" if two_people else "decided")
        if two_people:
            self.leased_by_id = self.leased_until = None
        else:
            decision.carried_out_at = now()
        record(
            f"{self.kind}.{act}.{'proposed' if two_people else 'decided'}",
            role=role,
            subject=self.subject,
            case=self.public_id,
            rule=rule,
        )
        return decision

    def second(self, decision: "Decision", *, agrees: bool, by_id: int, role: str) -> None:
        """The second person's word. Raises Refused for the person who decided first."""
        if decision.by_id == by_id:
            raise Refused("The second person must be somebody else.")
        if not decision.needs_second or decision.seconded_at is not None or self.state != "waiting":
            raise Refused("This decision does not wait for a second person.")
        decision.second_id, decision.seconded_at, decision.agreed = by_id, now(), agrees
        if agrees:
            decision.carried_out_at = now()
        self._become("decided" if agrees else "open")
        record(
            f"{self.kind}.{decision.act}.{'decided' if agrees else 'not_agreed'}",
            role=role,
            subject=self.subject,
            case=self.public_id,
            rule=decision.rule,
        )

    def withdraw(self) -> None:
        """What it was about is gone: its author took it back, or another case settled it."""
        self._become("withdrawn")


class Note(Base):
    """What one moderator tells the others; never shown outside the desk."""

    __tablename__ = "case_note"
    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("case_file.id", ondelete="CASCADE"), index=True)
    by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id", ondelete="SET NULL"), index=True)
    text: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime] = mapped_column(UTCDateTime, default=now)
    case: Mapped[Case] = relationship(back_populates="notes")
