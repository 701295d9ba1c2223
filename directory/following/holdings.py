"""What this room keeps about somebody with an account: handed out, and gone with the account.

Letters that began without an account belong to the same person when the address is the same.
"""

from typing import Any

from sqlalchemy import delete, or_, select
from sqlalchemy.orm import joinedload, selectinload

from directory.accounts.models import User
from directory.accounts.registry import covers
from directory.db import db
from directory.following.models import Followed, Follower, Wanted, key_of


def _exported(user: User) -> list[dict[str, Any]]:
    query = (
        select(Follower)
        .where(or_(Follower.user_id == user.id, Follower.address_key == key_of(user.email)))
        .options(selectinload(Follower.followed).options(joinedload(Followed.clinic)))
        .order_by(Follower.id)
    )
    return [
        {
            "clinics": [one.clinic.slug for one in follower.followed],
            "told of": follower.topics,
            "since": follower.since.isoformat(timespec="seconds"),
            "last letter": follower.written_at.isoformat(timespec="seconds") if follower.written_at else None,
        }
        for follower in db.session.scalars(query)
    ]


def _forget(user: User) -> None:
    mailbox = key_of(user.email)
    db.session.execute(delete(Follower).where(or_(Follower.user_id == user.id, Follower.address_key == mailbox)))
    db.session.execute(delete(Wanted).where(Wanted.address_key == mailbox))


covers("follower", title="Letters about clinics you saved", export=_exported, erase=_forget)
