"""SavedReply: words for statements that come up again, kept by the leads; a statement is still read and signed."""

from sqlalchemy import ForeignKey, String, Text, select
from sqlalchemy.orm import Mapped, mapped_column

from directory.accounts.models import User
from directory.accounts.registry import covers
from directory.db import Base, db


class SavedReply(Base):
    """One text under one rule."""

    __tablename__ = "saved_reply"
    id: Mapped[int] = mapped_column(primary_key=True)
    rule: Mapped[str] = mapped_column(String(24), index=True)
    title: Mapped[str] = mapped_column(String(80))
    text: Mapped[str] = mapped_column(Text)
    by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id", ondelete="SET NULL"), index=True)


def saved_replies() -> list[SavedReply]:
    return list(db.session.scalars(select(SavedReply).order_by(SavedReply.rule, SavedReply.title, SavedReply.id)))


def _exported(user: User) -> list[dict[str, str]]:
    query = select(SavedReply).where(SavedReply.by_id == user.id).order_by(SavedReply.id)
    return [{"title": one.title, "text": one.text} for one in db.session.scalars(query)]


def _forget(user: User) -> None:
    for one in db.session.scalars(select(SavedReply).where(SavedReply.by_id == user.id).order_by(SavedReply.id)):
        one.by_id = None


covers("saved_reply", title="Texts you keep for the desk", export=_exported, erase=_forget)
