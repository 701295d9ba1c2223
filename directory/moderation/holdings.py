"""What the desk's room keeps about people who reported something, or were asked about a legal notice."""

from typing import Any

from sqlalchemy import select, update

from directory.accounts.models import User
from directory.accounts.registry import covers
from directory.db import db, now
from directory.moderation.contacts import own_contacts
from directory.moderation.reports import Report

Rows = list[dict[str, Any]]


def _reports(user: User) -> Rows:
    query = select(Report).where(Report.by_id == user.id).order_by(Report.id)
    return [
        {
            "about": one.ground,
            "said": one.text,
            "further answers": one.answers,
            "name": one.name,
            "e-mail address": one.email,
            "sent": one.created_at.isoformat(timespec="seconds"),
        }
        for one in db.session.scalars(query)
    ]


def _forget_reports(user: User) -> None:
    """That there was a report of this kind stays; its words and whoever wrote them are forgotten."""
    mine = (Report.by_id == user.id) | (Report.email == user.email)
    forgotten: dict[str, Any] = {
        "text": "",
        "answers": {},
        "name": "",
        "email": "",
        "by_id": None,
        "forgotten_at": now(),
    }
    db.session.execute(update(Report).where(mine).values(**forgotten))


def _contacts(user: User) -> Rows:
    return [
        {"asked": one.asked_at.isoformat(timespec="seconds"), "your answer": one.answer} for one in own_contacts(user)
    ]


covers("report", title="Reports you sent", export=_reports, erase=_forget_reports)
covers("notice_contact", title="Legal notices about what you wrote", export=_contacts)
