"""Saying that one wants letters, and that one does not any more."""

from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError

from directory import mail
from directory.accounts.models import User
from directory.accounts.queries import user_by_email
from directory.clinics.models import Clinic
from directory.clinics.queries import visible_clinics
from directory.db import db
from directory.following.links import link_to_confirm
from directory.following.models import Follower, Wanted, key_of
from directory.following.sweeping import look_at


def ask(address: str, slugs: list[str], topics: list[str]) -> None:
    """Note the wish of whoever has this mailbox; whether anybody has letters already is not even looked up."""
    wanted = Wanted.by(address, slugs, topics)
    db.session.add(wanted)
    db.session.flush()
    mail.post("following/confirm", to=address, link=link_to_confirm(wanted))


def confirm(wanted: Wanted) -> Follower | None:
    """The mailbox said yes; None when no clinic of the wish is there any more."""
    told = wanted.told()
    # Used up by one statement: of two presses at once, one counts.
    used = delete(Wanted).where(Wanted.id == wanted.id).returning(Wanted.id)
    if db.session.scalar(used, execution_options={"synchronize_session": False}) is None:
        told = {}
    clinics = visible_clinics(told.get("slugs", []))
    if not clinics:
        return None
    address = told["address"]
    user = user_by_email(address)
    if user is not None and user.is_confirmed:
        return follow_as(user, clinics, told["topics"])
    return _follow(_found(None, address) or _made(Follower.at(address)), clinics, told["topics"])


def follow_as(user: User, clinics: list[Clinic], topics: list[str]) -> Follower:
    """Somebody signed in wants them: the address is proven already."""
    follower = follower_of(user)
    if follower is None:
        follower = Follower(user=user, followed=[])
        follower = _made(follower, user=user)
    return _follow(follower, clinics, topics)


def follower_of(user: User) -> Follower | None:
    """The person's letters; those that began without the account join it now."""
    own = db.session.scalars(select(Follower).where(Follower.user_id == user.id)).one_or_none()
    loose = _found(None, user.email)
    if loose is None:
        return own
    if own is None:
        loose.belong_to(user)
        return loose
    own.follow([one.clinic for one in loose.followed], [*own.topics, *loose.topics])
    db.session.delete(loose)
    return own


def _found(user: User | None, address: str) -> Follower | None:
    which = Follower.user_id == user.id if user is not None else Follower.address_key == key_of(address)
    return db.session.scalars(select(Follower).where(which)).one_or_none()


def _made(follower: Follower, user: User | None = None) -> Follower:
    """Kept, or the one that somebody made at the same moment."""
    address = follower.address
    try:
        with db.session.begin_nested():
            db.session.add(follower)
            db.session.flush()
    except IntegrityError:
        found = _found(user, address)
        assert found is not None  # noqa: S101 (the constraint says so)
        return found
    return follower


def _follow(follower: Follower, clinics: list[Clinic], topics: list[str]) -> Follower:
    look_at(clinics)
    # Two forms of one person at once stand in line, so that neither adds what the other did.
    db.session.execute(select(Follower.id).where(Follower.id == follower.id).with_for_update())
    db.session.expire(follower, ["followed"])
    follower.follow(clinics, topics)
    return follower


def end(follower: Follower) -> None:
    """No more letters: all of it is erased, at once."""
    db.session.delete(follower)


def end_one(follower: Follower, clinic_id: str) -> None:
    """No more about one clinic, named by its public id; whoever follows none is forgotten."""
    follower.followed = [one for one in follower.followed if one.clinic.public_id != clinic_id]
    if not follower.followed:
        end(follower)
