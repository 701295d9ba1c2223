"""Contact: a legal notice put to the author of what it is about, who may stand by it, change it or take it back.

Defamation (Operators of Websites) Regulations 2013, Schedule, para. 2 to 9: the author is asked within 48 business
hours and has until midnight at the end of the fifth day; with the answer, or without one then, the next 48 begin. Who
the author is, nobody learns: this software has no way to hand that out.
"""

from datetime import date, datetime, time, timedelta

from sqlalchemy import CheckConstraint, ForeignKey, String, select
from sqlalchemy.orm import Mapped, mapped_column, relationship

from directory import mail
from directory.accounts.links import link_for
from directory.accounts.models import User
from directory.cases.models import Case
from directory.db import Base, UTCDateTime, db, now
from directory.errors import Refused
from directory.ledger import record
from directory.moderation.reports import Report
from directory.words import new_public_id

ANSWERS = ("stand", "change", "withdraw")
DAYS = 5


class Contact(Base):
    """One author asked about one legal notice, and the answer."""

    __tablename__ = "notice_contact"
    __table_args__ = (
        CheckConstraint("answer IN ('', 'stand', 'change', 'withdraw')", name="answer"),
        CheckConstraint("(answer = '') = (answered_at IS NULL)", name="answered"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(22), unique=True, default=new_public_id)
    report_id: Mapped[int] = mapped_column(ForeignKey("report.id", ondelete="CASCADE"), unique=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("case_file.id", ondelete="CASCADE"), index=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id", ondelete="CASCADE"), index=True)
    asked_at: Mapped[datetime] = mapped_column(UTCDateTime, default=now)
    due_at: Mapped[datetime] = mapped_column(UTCDateTime)
    answer: Mapped[str] = mapped_column(String(10), default="")
    answered_at: Mapped[datetime | None] = mapped_column(UTCDateTime)

    report: Mapped[Report] = relationship()
    case: Mapped[Case] = relationship()

    @property
    def last_day(self) -> date:
        """The day at whose end the time is up."""
        return last_day(self.due_at)

    @property
    def is_open(self) -> bool:
        return self.answer == "" and self.case.state in ("open", "waiting")

    def give(self, answer: str) -> None:
        """The author's word; the desk sees it on the item. Raises Refused when it is given or decided already."""
        if answer not in ANSWERS:
            raise ValueError(answer)
        if not self.is_open:
            raise Refused("This question is answered or decided already.")
        self.answer, self.answered_at = answer, now()
        if waits_until(self.case) is None:
            self.case.run_from(self.answered_at)
        record(f"legal_notice.author_{answer}", role="author", subject=self.case.subject, case=self.case.public_id)


def due_after(asked: datetime) -> datetime:
    """Midnight (UTC) at the end of the fifth day after the author was asked."""
    return datetime.combine(asked.date() + timedelta(days=DAYS + 1), time(), asked.tzinfo)


def last_day(due: datetime) -> date:
    """The day that ends at this midnight."""
    return (due - timedelta(microseconds=1)).date()


def ask_author(report: Report) -> Contact | None:
    """Put the notice to the author of what it is about; None when nobody is known, or erased. Flushed."""
    author = db.session.get(User, report.case.author_id) if report.case.author_id else None
    if author is None:
        return None
    asked = now()
    contact = Contact(
        public_id=new_public_id(), report=report, case=report.case, user_id=author.id, asked_at=asked,
        due_at=due_after(asked),
    )  # fmt: skip
    first = not contacts_of(report.case)
    db.session.add(contact)
    db.session.flush()
    report.case.run_from(contact.due_at)
    record("legal_notice.author_asked", role="system", subject=report.case.subject, case=report.case.public_id)
    if first:  # further notices about the same thing wait on the same list: one letter is enough
        mail.post("reports/notice", to=author.email, link=link_for(author, "notices.show", public_id=contact.public_id))
    return contact


def contacts_of(case: Case) -> list[Contact]:
    """Whom was asked in this case, and what came back; oldest first."""
    return list(db.session.scalars(select(Contact).where(Contact.case_id == case.id).order_by(Contact.id)))


def waits_until(case: Case) -> datetime | None:
    """Until when somebody who was asked has time to answer; None when nobody has, or everybody did."""
    if case.kind != "legal_notice":
        return None
    moment = now()
    open_ones = [one.due_at for one in contacts_of(case) if one.answer == "" and one.due_at > moment]
    return max(open_ones, default=None)


def own_contact(user: User, public_id: str) -> Contact | None:
    """The question of that name put to this person; somebody else's does not exist."""
    query = select(Contact).where(Contact.public_id == public_id, Contact.user_id == user.id)
    return db.session.scalars(query).one_or_none()


def own_contacts(user: User) -> list[Contact]:
    """All questions put to this person, newest first."""
    return list(db.session.scalars(select(Contact).where(Contact.user_id == user.id).order_by(Contact.id.desc())))
