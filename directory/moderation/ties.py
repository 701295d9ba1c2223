"""Ties that keep somebody from deciding: those a moderator declares, and those that can be seen."""

from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import ForeignKey, String, UniqueConstraint, or_, select
from sqlalchemy.orm import Mapped, joinedload, mapped_column, relationship

from directory.accounts.addresses import is_public_host
from directory.accounts.models import User
from directory.accounts.registry import covers
from directory.cases.again import earlier_of
from directory.cases.decisions import Appeal, Decision
from directory.cases.models import Case
from directory.claims.models import Claim
from directory.clinics.membership import Membership
from directory.clinics.models import Clinic
from directory.db import Base, UTCDateTime, db, now
from directory.errors import Refused
from directory.ledger import record

MOST_SHOWN = 200


class DeclaredTie(Base):
    """A moderator says that a clinic concerns them: a friend, a relative, an earlier job. `why` stays with them."""

    says_itself = True  # see clinics.changes
    __tablename__ = "declared_tie"
    __table_args__ = (UniqueConstraint("user_id", "clinic_id", name="uq_declared_tie_user_id_clinic_id"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id", ondelete="CASCADE"), index=True)
    clinic_id: Mapped[int] = mapped_column(ForeignKey("clinic.id", ondelete="CASCADE"), index=True)
    why: Mapped[str] = mapped_column(String(200), default="")
    declared_at: Mapped[datetime] = mapped_column(UTCDateTime, default=now)
    clinic: Mapped[Clinic] = relationship()


def ties_of(user: User) -> list[DeclaredTie]:
    query = select(DeclaredTie).where(DeclaredTie.user_id == user.id).order_by(DeclaredTie.id)
    return list(db.session.scalars(query))


def others_ties(user: User) -> list[tuple[DeclaredTie, str]]:
    """Everybody else's, each with the short mark of whoever declared it, for a lead; why stays with them."""
    query = (
        select(DeclaredTie, User.public_id)
        .join(User, User.id == DeclaredTie.user_id)
        .where(DeclaredTie.user_id != user.id)
        .options(joinedload(DeclaredTie.clinic))
        .order_by(DeclaredTie.id.desc())
        .limit(MOST_SHOWN)
    )
    return [(tie, mark[:4].lower()) for tie, mark in db.session.execute(query)]


def kept_away(ties: list[DeclaredTie]) -> set[int]:
    """Which of these had something about their clinic at the desk since: they kept somebody from something."""
    since = or_(Case.closed_at.is_(None), Case.closed_at > DeclaredTie.declared_at)
    query = select(DeclaredTie.id).join(Case, Case.clinic_id == DeclaredTie.clinic_id).where(since)
    return set(db.session.scalars(query.where(DeclaredTie.id.in_([tie.id for tie in ties])).order_by(DeclaredTie.id)))


def take_back(tie: DeclaredTie, *, by: User, role: str) -> None:
    """A slip of the hand is taken back by whoever made it, before it hid anything; anything else by another lead.

    Raises Refused; a tie that is somebody else's does not exist for anybody but a lead.
    """
    if tie.user_id == by.id and kept_away([tie]):
        raise Refused(_("It has kept an item from you already: ask a lead, who can take it back."))
    record("tie.taken_back", role=role, subject=f"clinic:{tie.clinic.public_id}")
    db.session.delete(tie)


def appeals_of(case: Case) -> list[Appeal]:
    """The appeals that an appeal's case is about: those against its decision that are open, or else all of them."""
    if case.kind != "appeal":
        return []
    query = select(Appeal).where(Appeal.decision_id == case.subject_id).order_by(Appeal.id)
    found = list(db.session.scalars(query))
    return [one for one in found if one.outcome == "open"] or found


def appeal_of(case: Case) -> Appeal | None:
    """The first of them."""
    return next(iter(appeals_of(case)), None)


def conflict(user: User, case: Case) -> str:
    """Why this person may not work on this case, in words; empty when nothing is in the way."""
    return str(_conflict(user, case) or "")


def _conflict(user: User, case: Case) -> Any:
    if db.session.scalar(select(select(Membership.id).where(Membership.user_id == user.id).exists())):
        return _("Whoever works on a listing decides nothing here.")
    if user.id in {case.author_id, case.opened_by_id}:
        return _("You are part of this yourself.")
    for appeal in appeals_of(case):
        if user.id in {appeal.decision.by_id, appeal.decision.second_id, appeal.by_id}:
            return _("An appeal is read by somebody who took no part in the decision.")
    if case.state == "open" and user.id in _decided_earlier(case):  # to agree with a colleague who overturns it is fine
        return _("You decided this before: somebody else looks again.")
    if case.clinic_id is None:
        return None
    claims = select(Claim.id).where(Claim.user_id == user.id, Claim.clinic_id == case.clinic_id)
    if db.session.scalar(select(claims.exists())):
        return _("You claimed this listing yourself.")
    declared = select(DeclaredTie.id).where(DeclaredTie.user_id == user.id, DeclaredTie.clinic_id == case.clinic_id)
    if db.session.scalar(select(declared.exists())):
        return _("You declared a tie to this clinic.")
    host = db.session.scalar(select(Clinic.website_host).where(Clinic.id == case.clinic_id)) or ""
    own = user.email.rpartition("@")[2]
    if host and own == host.removeprefix("www.") and not is_public_host(own):
        return _("Your address is at this clinic's own site.")
    return None


def _decided_earlier(case: Case) -> set[int | None]:
    """Who decided on the same thing when it was looked at before, and who agreed."""
    earlier = earlier_of(case)
    decisions = earlier.decisions if earlier is not None else []
    return {one.by_id for one in decisions} | {one.second_id for one in decisions if one.agreed}


def decided_before(user: User, case: Case) -> Decision | None:
    """The decision that waits for a second person, when this person made it."""
    waiting = [one for one in case.decisions if one.needs_second and one.seconded_at is None]
    return next((one for one in waiting if one.by_id == user.id), None)


def _exported(user: User) -> list[dict[str, str]]:
    return [{"clinic": tie.clinic.name, "why": tie.why} for tie in ties_of(user)]


covers("declared_tie", title="Ties you declared", export=_exported)
