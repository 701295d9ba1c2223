"""Locking an account: nobody may come in with it for a while; nothing of it is deleted, and its person is told why.

The sessions that stand end at their next click, because a locked person's session does not live (see `sessions`).
"""

from directory import mail
from directory.accounts.models import User
from directory.db import now
from directory.errors import Refused
from directory.keyed import pseudonym
from directory.ledger import record

SHORTEST = 20


def stand_in(user: User) -> str:
    """What names an account in the public record: always the same, and of no use to find the person."""
    return pseudonym("account record", user.public_id)[:22]


def lock(user: User, reason: str) -> None:
    """Lock it and tell its person why, in at least SHORTEST letters. Raises Refused when it is locked already."""
    if user.locked_at is not None or len(reason) < SHORTEST:
        raise Refused("This account is locked already, or no reason is given.")
    user.locked_at, user.lock_reason = now(), reason
    record("account.locked", role="operator", subject=f"account:{stand_in(user)}")
    mail.post("accounts/locked", to=user.email, reason=reason, link=mail.link("guide.policy", page="contact"))


def unlock(user: User) -> None:
    """Its person may come in again. Raises Refused when it is not locked."""
    if user.locked_at is None:
        raise Refused("This account is not locked.")
    user.locked_at, user.lock_reason = None, None
    record("account.unlocked", role="operator", subject=f"account:{stand_in(user)}")
    mail.post("accounts/unlocked", to=user.email, link=mail.link("accounts.sign_in"))
