"""What this room keeps about a person, for the export; all of it goes with the person."""

from datetime import datetime
from typing import Any

from sqlalchemy import select

from directory.accounts.models import RecoveryCode, User
from directory.accounts.registry import covers
from directory.accounts.sessions import UserSession
from directory.accounts.tokens import AccountToken
from directory.db import db

Rows = list[dict[str, Any]]


def _when(moment: datetime | None) -> str | None:
    return moment.isoformat(timespec="seconds") if moment else None


def _user(user: User) -> Rows:
    return [
        {
            "e-mail address": user.email,
            "created": _when(user.created_at),
            "address confirmed": _when(user.confirmed_at),
            "last sign-in": _when(user.last_sign_in_at),
            "authenticator app set up": _when(user.totp_confirmed_at),
            "locked": _when(user.locked_at),
            "why it is locked": user.lock_reason,
        }
    ]


def _roles(user: User) -> Rows:
    return [{"role": held.role, "granted": _when(held.granted_at)} for held in user.roles]


def _passkeys(user: User) -> Rows:
    return [
        {"name": key.name, "added": _when(key.created_at), "last used": _when(key.last_used_at)}
        for key in user.passkeys
    ]


def _codes(user: User) -> Rows:
    query = select(RecoveryCode).where(RecoveryCode.user_id == user.id).order_by(RecoveryCode.id)
    return [{"made": _when(code.created_at), "used": _when(code.used_at)} for code in db.session.scalars(query)]


def _sessions(user: User) -> Rows:
    query = select(UserSession).where(UserSession.user_id == user.id).order_by(UserSession.id)
    return [
        {
            "device": one.device,
            "network": one.network,
            "signed in": _when(one.created_at),
            "ended": _when(one.ended_at),
        }
        for one in db.session.scalars(query)
    ]


def _tokens(user: User) -> Rows:
    query = (
        select(AccountToken)
        .where(AccountToken.user_id == user.id, ~AccountToken.purpose.startswith("passkey"))
        .order_by(AccountToken.id)
    )
    return [
        {"for": one.purpose, "address": one.email, "sent": _when(one.created_at), "used": _when(one.used_at)}
        for one in db.session.scalars(query)
    ]


covers("user_account", title="Account", export=_user)
covers("user_role", title="Roles", export=_roles)
covers("passkey", title="Passkeys", export=_passkeys)
covers("recovery_code", title="Recovery codes", export=_codes)
covers("user_session", title="Sessions", export=_sessions)
covers("account_token", title="Links sent to you", export=_tokens)
