"""What registers keep about people of this site: who loaded a list and who accepted it. Never who stands in it."""

from typing import Any

from sqlalchemy import or_, select, update

from directory.accounts.models import User
from directory.accounts.registry import covers
from directory.credentials.registers import RegisterLoad
from directory.db import db


def _loads(user: User) -> list[dict[str, Any]]:
    mine = or_(RegisterLoad.by_id == user.id, RegisterLoad.accepted_by_id == user.id)
    return [
        {"loaded": load.started_at.isoformat(), "accepted by you": load.accepted_by_id == user.id}
        for load in db.session.scalars(select(RegisterLoad).where(mine).order_by(RegisterLoad.id))
    ]


def _forget(user: User) -> None:
    """The loads stay; who loaded or accepted them is forgotten."""
    db.session.execute(update(RegisterLoad).where(RegisterLoad.by_id == user.id).values(by_id=None))
    db.session.execute(update(RegisterLoad).where(RegisterLoad.accepted_by_id == user.id).values(accepted_by_id=None))


covers("register_load", title="Lists of registers you loaded", export=_loads, erase=_forget)
