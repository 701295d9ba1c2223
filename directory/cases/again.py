"""Again: something that was decided is looked at once more, by somebody else; each look is a case of its own."""

from datetime import datetime

from sqlalchemy import ForeignKey, select
from sqlalchemy.orm import Mapped, mapped_column, relationship

from directory.cases.decisions import Decision
from directory.cases.models import Case
from directory.db import Base, UTCDateTime, db, now


class Again(Base):
    """`case` is the new look, `earlier` the one that was decided before."""

    __tablename__ = "case_again"
    case_id: Mapped[int] = mapped_column(ForeignKey("case_file.id", ondelete="CASCADE"), primary_key=True)
    earlier_id: Mapped[int] = mapped_column(ForeignKey("case_file.id", ondelete="CASCADE"), index=True)
    at: Mapped[datetime] = mapped_column(UTCDateTime, default=now)

    case: Mapped[Case] = relationship(foreign_keys=[case_id])
    earlier: Mapped[Case] = relationship(foreign_keys=[earlier_id])


def earlier_of(case: Case) -> Case | None:
    """The case that this one looks at again."""
    found = db.session.get(Again, case.id) if case.id else None
    return found.earlier if found is not None else None


def later_of(case: Case) -> Case | None:
    """The newest look that followed on this case."""
    query = select(Again).where(Again.earlier_id == case.id).order_by(Again.case_id.desc()).limit(1)
    found = db.session.scalars(query).one_or_none()
    return found.case if found is not None else None


def line_of(case: Case) -> list[int]:
    """The numbers of this case and of those that it looks at again."""
    found = [case.id]
    while (earlier := db.session.scalar(select(Again.earlier_id).where(Again.case_id == found[-1]))) is not None:
        found.append(earlier)
    return found


def carried_out(case: Case) -> Decision | None:
    """The decision that a case ended with."""
    done = [one for one in case.decisions if one.carried_out_at is not None and one.act != "hold"]
    return done[-1] if done else None


def was_left_shown(case: Case) -> bool:
    """Whether readers saw it after the decision that is looked at again: then it is taken down, no more refused."""
    earlier = earlier_of(case)
    first = carried_out(earlier) if earlier is not None else None
    return first is not None and first.act in {"publish", "publish_part", "redact", "remove"}


def was_not_shown(case: Case) -> bool:
    return not was_left_shown(case)


def drop_later(case: Case) -> None:
    """An appeal has reversed what was decided there: nobody need look at it again."""
    later = later_of(case)
    if later is not None and later.state in {"open", "waiting"}:
        later.withdraw()
