"""Colleagues at a clinic's desk: invited by mail, taken off, leaving; the ownership that passes from one to another."""

import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, delete, or_, select
from sqlalchemy.orm import Mapped, joinedload, mapped_column, relationship

from directory.accounts.models import User
from directory.accounts.registry import covers
from directory.clinics.deeds import note
from directory.clinics.membership import EDITOR, OWNER, Membership
from directory.clinics.models import ERASED, Clinic
from directory.db import Base, UTCDateTime, db, now
from directory.errors import Refused
from directory.keyed import fingerprint
from directory.ledger import record
from directory.words import new_public_id

LIFE = timedelta(days=14)


class ColleagueInvitation(Base):
    """A link sent to somebody who shall work on the listing. It opens once, for the account of that very address."""

    says_itself = True  # see clinics.changes
    __tablename__ = "colleague_invitation"
    __table_args__ = (Index("uq_colleague_invitation_clinic_id_email", "clinic_id", "email", unique=True),)
    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(22), unique=True, default=new_public_id)
    clinic_id: Mapped[int] = mapped_column(ForeignKey("clinic.id", ondelete="CASCADE"))
    email: Mapped[str] = mapped_column(String(254), index=True)
    digest: Mapped[str] = mapped_column(String(64), unique=True)
    by_id: Mapped[int] = mapped_column(ForeignKey("user_account.id", ondelete="CASCADE"), index=True)
    expires_at: Mapped[datetime] = mapped_column(UTCDateTime, index=True)

    clinic: Mapped[Clinic] = relationship()


class Handover(Base):
    """The owner offers the ownership to a colleague; it passes when the colleague takes it. One at a time."""

    says_itself = True  # see clinics.changes
    __tablename__ = "ownership_handover"
    __table_args__ = (CheckConstraint("from_id <> to_id", name="two_people"),)
    clinic_id: Mapped[int] = mapped_column(ForeignKey("clinic.id", ondelete="CASCADE"), primary_key=True)
    from_id: Mapped[int] = mapped_column(ForeignKey("user_account.id", ondelete="CASCADE"), index=True)
    to_id: Mapped[int] = mapped_column(ForeignKey("user_account.id", ondelete="CASCADE"), index=True)
    expires_at: Mapped[datetime] = mapped_column(UTCDateTime)

    giver: Mapped[User] = relationship(foreign_keys=[from_id])
    taker: Mapped[User] = relationship(foreign_keys=[to_id])


def colleagues_of(clinic: Clinic) -> Sequence[tuple[Membership, User]]:
    """Everybody at the clinic's desk, the owner first, then who came first."""
    query = (
        select(Membership, User)
        .join(User, User.id == Membership.user_id)
        .where(Membership.clinic_id == clinic.id)
        .order_by(Membership.level.desc(), Membership.id)
    )
    return [(held, user) for held, user in db.session.execute(query)]


def colleague(clinic: Clinic, public_id: str) -> tuple[Membership, User] | None:
    """One of them by the account's public id."""
    return next((pair for pair in colleagues_of(clinic) if pair[1].public_id == public_id), None)


def membership_of(user: User, clinic: Clinic) -> Membership | None:
    query = select(Membership).where(Membership.user_id == user.id, Membership.clinic_id == clinic.id)
    return db.session.scalars(query).one_or_none()


def addresses_at(clinic: Clinic, *, level: str = "") -> Sequence[str]:
    """Where letters to the clinic's people go; those of one level when it is named."""
    held = [Membership.clinic_id == clinic.id, *([Membership.level == level] if level else [])]
    query = select(User.email).join(Membership, Membership.user_id == User.id).where(*held)
    return db.session.scalars(query.where(User.confirmed_at.is_not(None)).order_by(User.id)).all()


def invitations_of(clinic: Clinic) -> Sequence[ColleagueInvitation]:
    """The links that are still good, the newest first."""
    query = select(ColleagueInvitation).where(
        ColleagueInvitation.clinic_id == clinic.id, ColleagueInvitation.expires_at > now()
    )
    return db.session.scalars(query.order_by(ColleagueInvitation.id.desc())).all()


def invite(clinic: Clinic, email: str, *, by: User) -> str:
    """A new link as text; an older one to the same address is dead. Raises Refused for who is here already."""
    if any(user.email == email for _held, user in colleagues_of(clinic)):
        raise Refused("This person works on the listing already.")
    same = ColleagueInvitation.email == email
    db.session.execute(delete(ColleagueInvitation).where(ColleagueInvitation.clinic_id == clinic.id, same))
    token = secrets.token_urlsafe(32)
    db.session.add(
        ColleagueInvitation(
            clinic_id=clinic.id, email=email, digest=fingerprint(token), by_id=by.id, expires_at=now() + LIFE
        )
    )
    note(clinic, "colleague.invited", by=by)
    record("membership.invited", role="clinic", subject=f"clinic:{clinic.public_id}")
    return token


def invitation(token: str, user: User) -> ColleagueInvitation | None:
    """What the link offers this person; None when it is unknown, used, too old or was sent to another address."""
    query = (
        select(ColleagueInvitation)
        .join(ColleagueInvitation.clinic)
        .where(
            ColleagueInvitation.digest == fingerprint(token),
            ColleagueInvitation.expires_at > now(),
            ColleagueInvitation.email == user.email,
            Clinic.status != ERASED,
        )
        .options(joinedload(ColleagueInvitation.clinic))
    )
    return db.session.scalars(query).one_or_none()


def accept(offer: ColleagueInvitation, user: User) -> None:
    """The person works on the listing from now on, and the link is spent.

    Raises Refused without a second factor: a clinic's desk is never opened by a password alone.
    """
    if not user.has_second_factor:
        raise Refused("Set up a second proof first.")
    db.session.add(Membership(user_id=user.id, clinic_id=offer.clinic_id, level=EDITOR))
    note(offer.clinic, "colleague.joined", by=user)
    record("membership.granted", role="clinic", subject=f"clinic:{offer.clinic.public_id}", level=EDITOR)
    db.session.delete(offer)


def withdraw(clinic: Clinic, public_id: str, *, by: User) -> bool:
    """Kill a link that was sent; whether there was one."""
    gone = delete(ColleagueInvitation).where(
        ColleagueInvitation.public_id == public_id, ColleagueInvitation.clinic_id == clinic.id
    )
    if not db.session.execute(gone.returning(ColleagueInvitation.id)).first():
        return False
    note(clinic, "colleague.uninvited", by=by)
    return True


def remove(clinic: Clinic, held: Membership, user: User, *, by: User) -> None:
    """Take a colleague off; their next request is refused. Raises Refused for the owner: hand over first."""
    if held.level == OWNER:
        raise Refused("An owner hands the clinic over before leaving it.")
    own = user.id == by.id
    _end_handover(clinic, user)
    db.session.delete(held)
    note(clinic, "colleague.left" if own else "colleague.removed", by=by, about=f"user:{user.public_id}")
    record("membership.left" if own else "membership.removed", role="clinic", subject=f"clinic:{clinic.public_id}")


def clear(clinic: Clinic, since: datetime, *, keep: int | None = None) -> list[str]:
    """Who came to the desk since then had no right to: they are off it, but for the user `keep`; returns where they
    read letters. Links that were sent, and an offer of the ownership, are dead.
    """
    _end_handover(clinic)
    db.session.execute(delete(ColleagueInvitation).where(ColleagueInvitation.clinic_id == clinic.id))
    gone = [
        (held, user)
        for held, user in colleagues_of(clinic)
        if held.level == EDITOR and held.granted_at >= since and user.id != keep
    ]
    for held, _user in gone:
        db.session.delete(held)
        record("membership.removed", role="system", subject=f"clinic:{clinic.public_id}")
    db.session.flush()
    return [user.email for _held, user in gone]


def handover_of(clinic: Clinic) -> Handover | None:
    """The offer of the ownership that stands."""
    found = db.session.get(Handover, clinic.id, options=[joinedload(Handover.giver), joinedload(Handover.taker)])
    return found if found is not None and found.expires_at > now() else None


def offer_ownership(clinic: Clinic, to: User, *, by: User) -> None:
    """Offer it; nothing changes before the colleague takes it. An earlier offer is dead."""
    _end_handover(clinic)
    db.session.flush()
    db.session.add(Handover(clinic_id=clinic.id, from_id=by.id, to_id=to.id, expires_at=now() + LIFE))
    note(clinic, "ownership.offered", by=by, about=f"user:{to.public_id}")
    record("ownership.offered", role="clinic", subject=f"clinic:{clinic.public_id}")


def take_ownership(clinic: Clinic, user: User) -> User:
    """The colleague takes it: who owned the clinic edits from now on. Returns who that was.

    Raises Refused when the offer is gone, or one of the two is no longer what it names. One transaction, the old owner
    first: there are never two.
    """
    # Of two presses at once the second waits here, and then finds nothing.
    db.session.execute(select(Handover.clinic_id).where(Handover.clinic_id == clinic.id).with_for_update())
    offer = handover_of(clinic)
    if offer is None or offer.to_id != user.id:
        raise Refused("This offer is gone.")
    giver, old, new = offer.giver, membership_of(offer.giver, clinic), membership_of(user, clinic)
    if old is None or old.level != OWNER or new is None:
        raise Refused("This offer is gone.")
    old.level = EDITOR
    db.session.flush()
    new.level = OWNER
    db.session.delete(offer)
    note(clinic, "ownership.taken", by=user, about=f"user:{giver.public_id}")
    record("ownership.passed", role="clinic", subject=f"clinic:{clinic.public_id}")
    return giver


def drop_offer(clinic: Clinic, *, by: User) -> None:
    """Either side says no."""
    _end_handover(clinic)
    note(clinic, "ownership.kept", by=by)
    record("ownership.kept", role="clinic", subject=f"clinic:{clinic.public_id}")


def _end_handover(clinic: Clinic, to: User | None = None) -> None:
    which = [Handover.clinic_id == clinic.id, *([Handover.to_id == to.id] if to else [])]
    db.session.execute(delete(Handover).where(*which))


def drop_old() -> int:
    """Delete links whose time is over, with the addresses they were sent to; returns how many."""
    gone = delete(ColleagueInvitation).where(ColleagueInvitation.expires_at < now())
    return int(db.session.execute(gone).rowcount)  # type: ignore[attr-defined]


def _exported(user: User) -> list[dict[str, Any]]:
    mine = or_(ColleagueInvitation.by_id == user.id, ColleagueInvitation.email == user.email)
    query = select(ColleagueInvitation).where(mine).options(joinedload(ColleagueInvitation.clinic))
    return [
        {"clinic": one.clinic.slug, "sent to": one.email, "good until": one.expires_at.isoformat()}
        for one in db.session.scalars(query.order_by(ColleagueInvitation.id))
    ]


def _forget(user: User) -> None:
    mine = or_(ColleagueInvitation.by_id == user.id, ColleagueInvitation.email == user.email)
    db.session.execute(delete(ColleagueInvitation).where(mine))


def _handovers(user: User) -> list[dict[str, Any]]:
    query = (
        select(Clinic.slug, Handover)
        .join(Clinic, Clinic.id == Handover.clinic_id)
        .where(or_(Handover.from_id == user.id, Handover.to_id == user.id))
        .order_by(Handover.clinic_id)
    )
    return [
        {"clinic": slug, "you": "give" if one.from_id == user.id else "take", "until": one.expires_at.isoformat()}
        for slug, one in db.session.execute(query)
    ]


covers("colleague_invitation", title="Invitations to clinics' desks", export=_exported, erase=_forget)
covers("ownership_handover", title="Handing a clinic over", export=_handovers)
