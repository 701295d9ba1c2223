"""Finding people and what they hold."""

from typing import NamedTuple

from sqlalchemy import select

from directory.accounts.models import Passkey, User
from directory.db import db


class StoredPassword(NamedTuple):
    """Whose password, and its hash; both None when nobody can sign in with that address."""

    user_id: int | None
    hash: str | None


def user_by_email(email: str) -> User | None:
    return db.session.scalars(select(User).where(User.email == email.lower())).one_or_none()


def user_by_public_id(public_id: str) -> User | None:
    return db.session.scalars(select(User).where(User.public_id == public_id)).one_or_none()


def stored_password(email: str) -> StoredPassword:
    """What to check a typed password against; plain values, so that no transaction stays open for the hashing."""
    query = select(User.id, User.password_hash).where(User.email == email.lower(), User.confirmed_at.is_not(None))
    row = db.session.execute(query).first()
    return StoredPassword(row.id, row.password_hash) if row else StoredPassword(None, None)


def passkey_by_credential(credential_id: bytes) -> Passkey | None:
    return db.session.scalars(select(Passkey).where(Passkey.credential_id == credential_id)).one_or_none()


def own_passkey(user: User, public_id: str) -> Passkey | None:
    """The person's own passkey of that name; somebody else's does not exist."""
    query = select(Passkey).where(Passkey.user_id == user.id, Passkey.public_id == public_id)
    return db.session.scalars(query).one_or_none()
