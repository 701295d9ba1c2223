"""Whose account a practitioner's page is: linked by an invitation of a clinic where the person works.

A clinic may name a person; what is claimed about the person's licences and training is the person's own to say.
"""

import secrets
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ForeignKey, String, delete, select
from sqlalchemy.orm import Mapped, mapped_column, relationship

from directory.accounts.models import User
from directory.accounts.registry import covers
from directory.db import Base, UTCDateTime, db, now
from directory.errors import Refused
from directory.keyed import fingerprint
from directory.ledger import record
from directory.practitioners.models import Engagement, Practitioner

LIFE = timedelta(days=14)


class PractitionerAccount(Base):
    """One person's own page. A page has one account; an account may hold several pages of one person."""

    __tablename__ = "practitioner_account"
    practitioner_id: Mapped[int] = mapped_column(ForeignKey("practitioner.id", ondelete="CASCADE"), primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id", ondelete="CASCADE"), index=True)
    linked_at: Mapped[datetime] = mapped_column(UTCDateTime, default=now)

    practitioner: Mapped[Practitioner] = relationship()


class PractitionerInvitation(Base):
    """A link sent to a person named by a clinic. It opens only for the account of that very address."""

    __tablename__ = "practitioner_invitation"
    id: Mapped[int] = mapped_column(primary_key=True)
    practitioner_id: Mapped[int] = mapped_column(ForeignKey("practitioner.id", ondelete="CASCADE"), index=True)
    clinic_id: Mapped[int] = mapped_column(ForeignKey("clinic.id", ondelete="CASCADE"), index=True)
    email: Mapped[str] = mapped_column(String(254))
    digest: Mapped[str] = mapped_column(String(64), unique=True)
    expires_at: Mapped[datetime] = mapped_column(UTCDateTime, index=True)

    practitioner: Mapped[Practitioner] = relationship()


def invite(practitioner: Practitioner, *, clinic_id: int, email: str) -> str:
    """A new link as text; an older one to the same person is dead. Raises Refused when the page is somebody's."""
    if account_of(practitioner.id) is not None:
        raise Refused("This person has an account already.")
    db.session.execute(delete(PractitionerInvitation).where(PractitionerInvitation.practitioner_id == practitioner.id))
    token = secrets.token_urlsafe(32)
    db.session.add(
        PractitionerInvitation(
            practitioner_id=practitioner.id,
            clinic_id=clinic_id,
            email=email,
            digest=fingerprint(token),
            expires_at=now() + LIFE,
        )
    )
    record("practitioner.invited", role="clinic", subject=f"practitioner:{practitioner.public_id}")
    return token


def invitation(token: str, user: User) -> PractitionerInvitation | None:
    """What the link offers this person; None when it is unknown, too old or was sent to another address."""
    query = select(PractitionerInvitation).where(
        PractitionerInvitation.digest == fingerprint(token),
        PractitionerInvitation.expires_at > now(),
        PractitionerInvitation.email == user.email,
    )
    return db.session.scalars(query).one_or_none()


def accept(offer: PractitionerInvitation, user: User) -> None:
    """The page is the person's from now on, and the link is spent. One account per page: the primary key decides."""
    db.session.add(PractitionerAccount(practitioner_id=offer.practitioner_id, user_id=user.id))
    record("practitioner.linked", role="member", subject=f"practitioner:{offer.practitioner.public_id}")
    db.session.delete(offer)


def account_of(practitioner_id: int) -> PractitionerAccount | None:
    return db.session.get(PractitionerAccount, practitioner_id)


def own_pages(user: User) -> list[Practitioner]:
    """The person's own pages, in order of name."""
    query = (
        select(Practitioner)
        .join(PractitionerAccount, PractitionerAccount.practitioner_id == Practitioner.id)
        .where(PractitionerAccount.user_id == user.id, Practitioner.status == "published")
        .order_by(Practitioner.name_key, Practitioner.id)
    )
    return list(db.session.scalars(query))


def own_page(user: User, slug: str) -> Practitioner | None:
    """The page of that slug when it is this person's own; None otherwise, whatever it is."""
    return next((page for page in own_pages(user) if page.slug == slug), None)


def _exported(user: User) -> list[dict[str, Any]]:
    return [
        {
            "page": page.slug,
            "name": page.name,
            "named at": [
                {"clinic": post.clinic.name, "standing": post.standing, "role": post.role, **_days(post)}
                for post in page.engagements
            ],
        }
        for page in own_pages(user)
    ]


def _days(post: Engagement) -> dict[str, str | None]:
    return {"since": str(post.since) if post.since else None, "until": str(post.until) if post.until else None}


covers("practitioner_account", title="Pages about you as a practitioner", export=_exported)
