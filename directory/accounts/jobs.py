"""What happens to accounts with no visitor: the idle are warned twice and erased, the unconfirmed and the old go."""

from datetime import timedelta

from sqlalchemy import ColumnElement, func, select

from directory import allowance, mail, once, queue
from directory.accounts import sessions, tokens
from directory.accounts.models import User
from directory.accounts.registry import erase_person
from directory.db import db, now, writing

UNCONFIRMED_LIFE = timedelta(days=7)
IDLE_LIFE = timedelta(days=3 * 365)
# How long before the end each warning goes out.
WARNINGS = (timedelta(days=60), timedelta(days=14))
BATCH = 200

_seen = func.coalesce(User.last_sign_in_at, User.created_at)


def _some(*conditions: ColumnElement[bool]) -> list[int]:
    query = select(User.id).where(*conditions).order_by(User.id).limit(BATCH)
    return list(db.session.scalars(query))


def _erase(ids: list[int], *, tell: bool) -> int:
    """One transaction a person: a fault with one leaves the others erased."""
    for user_id in ids:
        with writing():
            user = db.session.get(User, user_id)
            if user is not None:
                email = user.email
                erase_person(user)
                if tell:
                    mail.post("accounts/erased", to=email)
            db.session.commit()
    return len(ids)


def erase_unconfirmed() -> str:
    """Forget addresses that nobody confirmed within a week."""
    gone = _some(User.confirmed_at.is_(None), User.created_at < now() - UNCONFIRMED_LIFE)
    db.session.rollback()
    return f"erased {_erase(gone, tell=False)} unconfirmed accounts"


def _warn(number: int) -> int:
    """Send the warning of that number (0 is the first) to whoever is due for it."""
    moment = now()
    due = [User.confirmed_at.is_not(None), User.idle_warnings == number, _seen < moment - IDLE_LIFE + WARNINGS[number]]
    if number:
        due.append(User.idle_warned_at < moment - (WARNINGS[number - 1] - WARNINGS[number]))
    with writing():
        ids = _some(*due)
        for user in db.session.scalars(select(User).where(User.id.in_(ids)).order_by(User.id)):
            user.idle_warnings, user.idle_warned_at = number + 1, moment
            mail.post("accounts/idle", to=user.email, days=WARNINGS[number].days, link=mail.link("accounts.sign_in"))
        db.session.commit()
    return len(ids)


def tend_idle() -> str:
    """Warn whoever has not signed in for nearly three years, twice; erase whom two warnings did not bring back."""
    warned = sum(_warn(number) for number in range(len(WARNINGS)))
    moment = now()
    gone = _some(
        User.idle_warnings >= len(WARNINGS),
        _seen < moment - IDLE_LIFE,
        User.idle_warned_at < moment - WARNINGS[-1],
    )
    db.session.rollback()
    return f"warned {warned}, erased {_erase(gone, tell=True)} idle accounts"


def drop_old() -> str:
    """Delete what has served: ended sessions, spent links, uses of allowances, finished jobs, keys of forms."""
    with writing():
        counts = {
            "sessions": sessions.drop_old(),
            "links": tokens.drop_old(),
            "uses of allowances": allowance.drop_old(),
            "queued jobs": queue.drop_old(),
            "keys of forms": once.drop_old(),
        }
        db.session.commit()
    return "deleted " + ", ".join(f"{number} {what}" for what, number in counts.items())
