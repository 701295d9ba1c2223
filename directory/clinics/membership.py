"""Membership: who works on a clinic's listing, as editor or as owner."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, bindparam, exists, select, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Mapped, contains_eager, mapped_column, relationship

from directory.accounts.models import User
from directory.accounts.registry import covers
from directory.accounts.roles import Standing, gives_standing, granted_by
from directory.clinics.models import ERASED, Clinic
from directory.db import Base, UTCDateTime, db, now
from directory.errors import Refused

EDITOR, OWNER = "editor", "owner"
# What a level may do includes what the levels after it may not: an owner edits too.
OPENS = {EDITOR: (EDITOR, OWNER), OWNER: (OWNER,)}


class Membership(Base):
    """One person's right at one clinic."""

    says_itself = True  # see clinics.changes
    __tablename__ = "membership"
    __table_args__ = (
        CheckConstraint("level IN ('editor', 'owner')", name="level"),
        UniqueConstraint("user_id", "clinic_id", name="uq_membership_user_id_clinic_id"),
        # One active owner of a clinic, however many are approved at once.
        Index(
            "uq_membership_owner",
            "clinic_id",
            unique=True,
            sqlite_where=text("level = 'owner'"),
            postgresql_where=text("level = 'owner'"),
        ),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id", ondelete="CASCADE"), index=True)
    clinic_id: Mapped[int] = mapped_column(ForeignKey("clinic.id", ondelete="CASCADE"), index=True)
    level: Mapped[str] = mapped_column(String(8), default=EDITOR)
    granted_at: Mapped[datetime] = mapped_column(UTCDateTime, default=now)

    clinic: Mapped[Clinic] = relationship()


def memberships(user: User) -> list[Membership]:
    """Where the person works on a listing, in order of the clinics' names."""
    query = (
        select(Membership)
        .join(Membership.clinic)
        .options(contains_eager(Membership.clinic))
        .where(Membership.user_id == user.id)
        .order_by(Clinic.name_key, Membership.id)
    )
    return list(db.session.scalars(query))


_READS = (Membership.user_id == User.id, User.confirmed_at.is_not(None))
# Whether somebody would read what is asked of the clinic of the statement around it.
HAS_READER = exists().where(Membership.clinic_id == Clinic.id, *_READS).correlate(Clinic)


def has_readers(clinic_ids: Sequence[int]) -> set[int]:
    """Those of the clinics where somebody would read a question."""
    query = select(Membership.clinic_id).where(Membership.clinic_id.in_(clinic_ids), *_READS).distinct()
    return set(db.session.scalars(query.order_by(Membership.clinic_id)))


def owner_of(clinic_id: int) -> Membership | None:
    """The one active owner's membership, if the clinic has an owner."""
    query = select(Membership).where(Membership.clinic_id == clinic_id, Membership.level == OWNER)
    return db.session.scalars(query).one_or_none()


def have_one_owner(one: Clinic, other: Clinic) -> bool:
    """Whether both listings have an owner, and the same."""
    first, second = owner_of(one.id), owner_of(other.id)
    return first is not None and second is not None and first.user_id == second.user_id


def put_owner(clinic: Clinic, user: User) -> Membership:
    """Make the person the clinic's owner. Raises Refused when it has another one: the database has the last word."""
    held = _held(user, clinic)
    try:
        with db.session.begin_nested():
            if held is None:
                held = Membership(user_id=user.id, clinic_id=clinic.id, level=OWNER)
                db.session.add(held)
            elif held.level != OWNER:
                held.level, held.granted_at = OWNER, now()
            db.session.flush()
    except IntegrityError as error:
        raise Refused("This clinic has an owner already.") from error
    return held


def _held(user: User, clinic: Clinic) -> Membership | None:
    query = select(Membership).where(Membership.user_id == user.id, Membership.clinic_id == clinic.id)
    return db.session.scalars(query).one_or_none()


def is_staff(user: User, slug: str | None, level: str) -> bool:
    """Whether the person holds at least this level at the clinic named, or at any clinic when none is."""
    held = select(Membership.id).where(Membership.user_id == user.id, Membership.level.in_(OPENS[level]))
    if slug is not None:
        held = held.join(Membership.clinic).where(Clinic.slug == slug, Clinic.status != ERASED)
    return bool(db.session.scalar(select(held.exists())))


_WORKS_SOMEWHERE = select(exists().where(Membership.user_id == bindparam("user")))


@gives_standing
def _standing(user: User) -> Standing:
    works_somewhere = db.session.scalar(_WORKS_SOMEWHERE, {"user": user.id})
    return Standing.CLINIC if works_somewhere else Standing.MEMBER


def _give(user: User, slug: str, level: str) -> None:
    clinic = db.session.scalars(select(Clinic).where(Clinic.slug == slug, Clinic.status != ERASED)).one_or_none()
    if clinic is None:
        raise Refused(f"There is no clinic {slug[:80]!r}.")
    db.session.flush()
    if level == OWNER:
        put_owner(clinic, user)
        return
    held = _held(user, clinic)
    if held is None:
        db.session.add(Membership(user_id=user.id, clinic=clinic, level=level))
    else:
        held.level = level


@granted_by(EDITOR)
def give_editor(user: User, slug: str) -> None:
    """Let the person edit the clinic's listing. Raises Refused when there is no such clinic."""
    _give(user, slug, EDITOR)


@granted_by(OWNER)
def give_owner(user: User, slug: str) -> None:
    """Let the person run the clinic's desk. Raises Refused when there is no such clinic, or another owner."""
    _give(user, slug, OWNER)


def _exported(user: User) -> list[dict[str, str]]:
    return [
        {"clinic": held.clinic.slug, "level": held.level, "granted_at": held.granted_at.isoformat()}
        for held in memberships(user)
    ]


covers("membership", title="Clinics you work for", export=_exported)
