"""A letter a week to the people of a clinic where something is new to read; never on the day, never with a number.

A letter at the moment of publishing would tell when it was written; a count would tell how many to look for.
"""

from datetime import datetime, timedelta

from sqlalchemy import ForeignKey, String, select
from sqlalchemy.orm import Mapped, mapped_column

from directory import mail
from directory.accounts.models import User
from directory.cases.moderated import PUBLIC
from directory.clinics.membership import Membership
from directory.clinics.models import Clinic
from directory.db import Base, db
from directory.reviews.models import Review, Stage

DELAY = timedelta(days=3)
WEEK = timedelta(days=7)


class Digest(Base):
    """That a clinic's people were written to in a week."""

    __tablename__ = "clinic_digest"
    clinic_id: Mapped[int] = mapped_column(ForeignKey("clinic.id", ondelete="CASCADE"), primary_key=True)
    week: Mapped[str] = mapped_column(String(8), primary_key=True)


def send_digests(moment: datetime) -> int:
    """Write to the people of each clinic with something published in the week that ended DELAY ago; returns letters.

    Once for each clinic and week, however often it is called.
    """
    year, number, _day = moment.isocalendar()
    week = f"{year}-W{number:02d}"
    until = moment - DELAY
    fresh = (
        select(Review.clinic_id)
        .join(Review.stages)
        .where(Stage.state.in_(PUBLIC), Stage.published_at > until - WEEK, Stage.published_at <= until)
        .where(Review.clinic_id.not_in(select(Digest.clinic_id).where(Digest.week == week)))
        .distinct()
    )
    people = (
        select(Clinic.id, Clinic.slug, User.email)
        .join(Membership, Membership.clinic_id == Clinic.id)
        .join(User, User.id == Membership.user_id)
        .where(Clinic.id.in_(fresh))
        .order_by(Clinic.id, User.id)
    )
    rows = db.session.execute(people).all()
    for _clinic_id, slug, email in rows:
        mail.post("manage/digest", to=email, link=mail.link("manage.reviews", slug=slug))
    db.session.add_all([Digest(clinic_id=clinic_id, week=week) for clinic_id in sorted({row.id for row in rows})])
    return len(rows)
