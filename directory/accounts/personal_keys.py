"""A data key for each person: what they told about their health is sealed with it, and unreadable once it is gone.

The key is random, wrapped by KEK and bound to its row. Erasing the person deletes the row, and with it the meaning of
every copy of what it sealed, in backups too.
"""

import secrets

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import ForeignKey, LargeBinary, String, select
from sqlalchemy.orm import Mapped, mapped_column

from directory.accounts.models import User
from directory.accounts.registry import covers
from directory.db import Base, db
from directory.keyed import KEY_BYTES, NONCE_BYTES, seal, unseal
from directory.words import new_public_id

PURPOSE = "personal key"


class PersonalKey(Base):
    """One person's key, wrapped."""

    __tablename__ = "personal_key"
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id", ondelete="CASCADE"), primary_key=True)
    public_id: Mapped[str] = mapped_column(String(22), unique=True, default=new_public_id)
    wrapped: Mapped[bytes] = mapped_column(LargeBinary)


def _unwrapped(row: PersonalKey) -> bytes | None:
    return unseal(PURPOSE, row.wrapped, about=row.public_id)


def _key_of(user_id: int) -> bytes | None:
    """Read once for a page, however much of one person's it shows: a session by itself holds its rows only weakly."""
    row = db.session.get(PersonalKey, user_id)
    db.session.info.setdefault(PURPOSE, {})[user_id] = row
    return _unwrapped(row) if row else None


def seal_for(user: User, plain: bytes, *, about: str) -> bytes:
    """Encrypt for this person with AES-256-GCM, bound to what it is about; makes their key when they have none."""
    key = _key_of(user.id)
    if key is None:
        key, public_id = secrets.token_bytes(KEY_BYTES), new_public_id()
        wrapped = seal(PURPOSE, key, about=public_id)
        db.session.add(PersonalKey(user_id=user.id, public_id=public_id, wrapped=wrapped))
        db.session.flush()
    nonce = secrets.token_bytes(NONCE_BYTES)
    return nonce + AESGCM(key).encrypt(nonce, plain, about.encode())


def open_for(user_id: int, sealed: bytes, *, about: str) -> bytes | None:
    """What was sealed for that person; None when their key is gone or it was sealed for something else."""
    key = _key_of(user_id)
    if key is None:
        return None
    try:
        return AESGCM(key).decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], about.encode())
    except InvalidTag:
        return None


def unreadable(*, sample: int) -> int:
    """How many of the newest keys do not open: none, unless KEK is not the one they were wrapped with."""
    rows = db.session.scalars(select(PersonalKey).order_by(PersonalKey.user_id.desc()).limit(sample))
    return sum(_unwrapped(row) is None for row in rows)


covers("personal_key", title="Keys that seal what you told in confidence", export=lambda user: [])
