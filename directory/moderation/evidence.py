"""Evidence: a document that a clinic adds to a dispute, read by the moderator who holds the case and by nobody else.

As with proofs of visits, it is drawn anew page by page and sealed with a key of its own; the file that was sent is not
kept, nor its name. It is destroyed some weeks after the case was closed (see `moderation.forgetting`).
"""

import secrets
from datetime import datetime

from sqlalchemy import ForeignKey, LargeBinary, SmallInteger, String, select
from sqlalchemy.orm import Mapped, joinedload, mapped_column, relationship

from directory import sealed, transit
from directory.cases.models import Case
from directory.db import Base, UTCDateTime, db, now
from directory.moderation.reports import DISPUTE, Report
from directory.words import new_public_id


class Evidence(Base):
    """One document of one report. `wrapped` is the sealed pages' key; empty once they are destroyed."""

    __tablename__ = "report_evidence"
    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(22), unique=True, default=new_public_id)
    report_id: Mapped[int] = mapped_column(ForeignKey("report.id", ondelete="CASCADE"), unique=True)
    folder: Mapped[str] = mapped_column(String(64))
    wrapped: Mapped[bytes] = mapped_column(LargeBinary)
    pages: Mapped[int] = mapped_column(SmallInteger)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime, default=now)
    destroyed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)

    report: Mapped[Report] = relationship()

    @property
    def about(self) -> str:
        return f"evidence:{self.public_id}"

    @property
    def keys(self) -> list[str]:
        return [f"{self.folder}-{number}" for number in range(1, self.pages + 1)]

    @classmethod
    def of(cls, report_id: int, drawn: list[bytes]) -> "Evidence":
        """Not yet kept: its keys are known, so that they can be announced before `seal` writes them."""
        public_id = new_public_id()
        return cls(
            public_id=public_id,
            report_id=report_id,
            folder=f"evidence/{secrets.token_hex(16)}",
            wrapped=sealed.new_key(f"evidence:{public_id}"),
            pages=len(drawn),
        )

    def seal(self, drawn: list[bytes]) -> None:
        """Write the pages, encrypted. Raises what `files.put` raises."""
        for key, page in zip(self.keys, drawn, strict=True):
            sealed.put(key, page, wrapped=self.wrapped, about=self.about)

    def page(self, number: int) -> bytes | None:
        """One page as PNG, counted from 1; None when there is none, or none any more."""
        if self.destroyed_at is not None or not 1 <= number <= self.pages:
            return None
        return sealed.get(self.keys[number - 1], wrapped=self.wrapped, about=self.about)

    def destroy(self) -> None:
        """The pages and their key go; that there was a document stays."""
        transit.send_off(self.keys)
        self.destroyed_at, self.wrapped = now(), b""


def open_dispute(clinic_id: int, public_id: str) -> Report | None:
    """The clinic's dispute of that name, as long as it is not decided."""
    query = (
        select(Report)
        .join(Report.case)
        .where(
            Report.public_id == public_id,
            Report.kind == DISPUTE,
            Report.by_clinic,
            Case.clinic_id == clinic_id,
            Case.state.in_(("open", "waiting")),
        )
    )
    return db.session.scalars(query).one_or_none()


def evidence_by_public_id(public_id: str) -> Evidence | None:
    query = select(Evidence).options(joinedload(Evidence.report).joinedload(Report.case))
    return db.session.scalars(query.where(Evidence.public_id == public_id)).one_or_none()


def evidence_of(reports: list[Report]) -> dict[int, Evidence]:
    """The documents of these reports, by report id."""
    query = select(Evidence).where(Evidence.report_id.in_([report.id for report in reports])).order_by(Evidence.id)
    return {evidence.report_id: evidence for evidence in db.session.scalars(query)}
