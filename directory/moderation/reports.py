"""Report: what somebody says is wrong with something public. Any number of reports about one thing are one case.

The thing stays as it is, marked as looked at, until a person decided: a report hides nothing. Whoever reported reads
the outcome behind a link that only they have; of the link only a digest is kept.
"""

from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text, func, select
from sqlalchemy.orm import Mapped, joinedload, mapped_column, relationship

from directory import mail
from directory.accounts.models import User
from directory.cases.again import line_of
from directory.cases.decisions import Decision
from directory.cases.models import Case
from directory.cases.opening import OPEN, open_case
from directory.clinics.membership import Membership
from directory.clinics.models import Clinic
from directory.db import Base, UTCDateTime, db, now
from directory.keyed import fingerprint, pseudonym
from directory.ledger import record
from directory.moderation.grounds import ground_of
from directory.moderation.reported import Reported
from directory.reviews.models import Review, Stage
from directory.reviews.photos import Photo
from directory.words import new_public_id

NOTICE, LEGAL, DISPUTE, THREAT = "notice", "legal", "dispute", "threat"
CASE_KIND = {NOTICE: "report", LEGAL: "legal_notice", DISPUTE: "dispute", THREAT: "report"}
ABOUT_REVIEWS = ("report", "legal_notice", "dispute")
# What a decision on a complaint can be, and which of these say that the complaint was right.
UPHELD = ("redact", "remove", "set_aside")
MAX_TEXT = 3_000


class Report(Base):
    """One report. `answers` are the further answers of a legal notice; `by_clinic` says that the clinic's side spoke.

    Name, address and words go a year after the case was closed (see `moderation.forgetting`); what stays is a count.
    """

    __tablename__ = "report"
    __table_args__ = (
        CheckConstraint("kind IN ('notice', 'legal', 'dispute', 'threat')", name="kind"),
        Index("ix_report_case_id_id", "case_id", "id"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(22), unique=True, default=new_public_id)
    case_id: Mapped[int] = mapped_column(ForeignKey("case_file.id", ondelete="CASCADE"))
    kind: Mapped[str] = mapped_column(String(8))
    ground: Mapped[str] = mapped_column(String(12))
    text: Mapped[str] = mapped_column(Text, default="")
    answers: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    name: Mapped[str] = mapped_column(String(120), default="")
    email: Mapped[str] = mapped_column(String(254), default="")
    by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id", ondelete="SET NULL"), index=True)
    by_clinic: Mapped[bool] = mapped_column(default=False)
    digest: Mapped[str] = mapped_column(String(64), unique=True)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime, default=now)
    forgotten_at: Mapped[datetime | None] = mapped_column(UTCDateTime)

    case: Mapped[Case] = relationship()

    @property
    def token(self) -> str:
        """The secret of its status page; made anew from the key whenever a letter needs it, kept nowhere."""
        return token_of(self.public_id)

    def acknowledge(self) -> None:
        """A letter with the reference and the link, when there is an address."""
        if self.email:
            link = mail.link("reports.status", token=self.token)
            mail.post("reports/received", to=self.email, reference=self.public_id, link=link)

    def tell_decided(self) -> None:
        """A letter that says that there is an outcome, and nothing of it."""
        if self.email:
            link = mail.link("reports.status", token=self.token)
            mail.post("reports/decided", to=self.email, reference=self.public_id, link=link)

    def tell_reversed(self) -> None:
        """A letter that says that the outcome was reversed on appeal; the reason stands behind its link."""
        if self.email:
            link = mail.link("reports.status", token=self.token)
            mail.post("reports/reversed", to=self.email, reference=self.public_id, link=link)

    def forget(self) -> None:
        """What it said and who said it go; that there was a report of this kind stays."""
        self.text, self.answers, self.name, self.email = "", {}, "", ""
        self.by_id, self.forgotten_at = None, now()


class Complaints(NamedTuple):
    """How a clinic's own complaints about reviews ended."""

    decided: int
    upheld: int


def token_of(public_id: str) -> str:
    return pseudonym("report-link", public_id)


def _speaks_for(clinic: Clinic | None, by: User | None) -> bool:
    """Whether the clinic's side reports: its people by membership, or a confirmed address at its own site.

    What anybody may type into a form says nothing: a rival could speak in the clinic's name.
    """
    if clinic is None or by is None:
        return False
    host = clinic.website_host.removeprefix("www.") if clinic.website_host else ""
    if host and by.is_confirmed and by.email.rpartition("@")[2].lower() == host:
        return True
    held = select(Membership.id).where(Membership.clinic_id == clinic.id, Membership.user_id == by.id)
    return bool(db.session.scalar(select(held.exists())))


def clinic_spoken_for(reported: Reported, by: User | None) -> Clinic | None:
    """The clinic whose budget a report counts against; None when a stranger reports."""
    return reported.clinic if _speaks_for(reported.clinic, by) else None


def _reason(kind: str, ground: str) -> str:
    if kind == LEGAL:
        return "A legal notice: the law sets its clock."
    if kind == DISPUTE:
        return "The clinic disputes it."
    return f"Reported: {ground_of(ground).words}"[:200]


def file_report(
    reported: Reported,
    *,
    kind: str,
    ground: str,
    text: str,
    name: str = "",
    email: str = "",
    by: User | None = None,
    **answers: Any,
) -> Report:
    """Take a report in: its case opened or joined, the thing marked, the letter queued. Flushed, not committed."""
    urgent = ground_of(ground).urgent
    case = open_case(
        CASE_KIND[kind],
        subject=reported.subject,
        subject_id=reported.id,
        clock="legal" if kind == LEGAL else "urgent" if urgent else "report",
        priority="high" if urgent or kind == LEGAL else "medium",
        reason=_reason(kind, ground),
        clinic_id=reported.clinic_id,
        author_id=reported.author_id,
        opened_by_id=by.id if by else None,
    )
    public_id = new_public_id()
    report = Report(
        public_id=public_id,
        case=case,
        kind=kind,
        ground=ground,
        text=text.strip(),
        answers=answers,
        name=name.strip(),
        email=email,
        by_id=by.id if by else None,
        by_clinic=_speaks_for(reported.clinic, by),
        digest=fingerprint(token_of(public_id)),
    )
    db.session.add(report)
    db.session.flush()
    if reported.review is not None and reported.kind != "reply":
        reported.review.put_under_review()
    role = "clinic" if report.by_clinic else "visitor" if by is None else "member"
    record(f"{CASE_KIND[kind]}.received", role=role, subject=reported.subject, case=case.public_id)
    report.acknowledge()
    return report


def reports_of(case: Case) -> list[Report]:
    """All that was said in this case, and in those that it looks at again, oldest first."""
    return list(db.session.scalars(select(Report).where(Report.case_id.in_(line_of(case))).order_by(Report.id)))


def reports_by(clinic_id: int, most: int = 50) -> list[Report]:
    """What a clinic's people disputed and told of, newest first."""
    query = (
        select(Report)
        .options(joinedload(Report.case))
        .join(Report.case)
        .where(Case.clinic_id == clinic_id, Report.kind.in_((DISPUTE, THREAT)), Report.by_clinic)
        .order_by(Report.id.desc())
        .limit(most)
    )
    return list(db.session.scalars(query))


def report_by_token(token: str) -> Report | None:
    return db.session.scalars(select(Report).where(Report.digest == fingerprint(token))).one_or_none()


def is_clinics_complaint(case: Case) -> bool:
    """Whether the clinic's side is among those who reported: then removing needs two people."""
    said = select(Report.id).where(Report.case_id.in_(line_of(case)), Report.by_clinic)
    return bool(db.session.scalar(select(said.exists())))


def settled(case: Case) -> None:
    """The desk decided, or the case was withdrawn: everybody who reported is told, the mark goes with the last case."""
    for report in reports_of(case):
        report.tell_decided()
    review = _review_of(case)
    if review is None or review.under_review_since is None:
        return
    subjects = [f"review:{review.public_id}"]
    subjects += [f"photo:{photo.public_id}" for stage in review.stages for photo in stage.photos]
    others = select(Case.id).where(
        Case.kind.in_(ABOUT_REVIEWS), Case.subject.in_(subjects), Case.state.in_(OPEN), Case.id != case.id
    )
    if not db.session.scalar(select(others.exists())):
        review.end_review()


def _review_of(case: Case) -> Review | None:
    kind, _colon, public_id = case.subject.partition(":")
    if kind == "review":
        return db.session.scalars(select(Review).where(Review.public_id == public_id)).one_or_none()
    if kind == "photo":
        return _review_with_photo(public_id)
    return None


def _review_with_photo(public_id: str) -> Review | None:
    query = select(Review).join(Review.stages).join(Stage.photos).where(Photo.public_id == public_id)
    return db.session.scalars(query).one_or_none()


def complaints_of(clinic_id: int | None = None) -> Complaints:
    """How the complaints of one clinic's side ended, of all clinics' when none is named; shown here and published."""
    cases = select(Report.case_id).where(Report.by_clinic).distinct()
    query = (
        select(Decision.act, func.count())
        .join(Decision.case)
        .where(Case.id.in_(cases), Case.state == "decided", Decision.carried_out_at.is_not(None))
        .group_by(Decision.act)
        .order_by(Decision.act)
    )
    if clinic_id is not None:
        query = query.where(Case.clinic_id == clinic_id)
    acts = {act: number for act, number in db.session.execute(query)}
    return Complaints(sum(acts.values()), sum(acts.get(act, 0) for act in UPHELD))
