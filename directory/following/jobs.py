"""Letters about saved clinics in the timetable: look for what changed, write, and forget what nobody renewed."""

from datetime import timedelta

from sqlalchemy import delete, select

from directory import mail
from directory.db import db, now, writing
from directory.following.digests import waiting, write_to
from directory.following.links import link_to
from directory.following.models import ASKED_AHEAD, KEPT, WANTED_KEPT, Follower, News, Wanted
from directory.following.sweeping import sweep

NEWS_KEPT = timedelta(days=90)
BATCH = 200


def tell_followers() -> str:
    """Find what changed and write to whoever had no letter today; each letter is a transaction of its own."""
    moment = now()
    with writing():
        found = sweep(moment)
        db.session.commit()
    sent = 0
    for follower_id in waiting(moment):
        with writing():
            sent += write_to(follower_id, moment)
            db.session.commit()
    return f"found {found} changes, wrote {sent} letters"


def forget_followers() -> str:
    """Ask whether to go on a month before two years are over; erase what was not confirmed or not renewed."""
    moment = now()
    with writing():
        unconfirmed = _rows(delete(Wanted).where(Wanted.created_at < moment - WANTED_KEPT))
        gone = _rows(delete(Follower).where(Follower.renewed_at < moment - KEPT))
        _rows(delete(News).where(News.happened_at < moment - NEWS_KEPT))
        soon = (
            select(Follower)
            .where(Follower.renewed_at < moment - KEPT + ASKED_AHEAD, Follower.asked_at.is_(None))
            .order_by(Follower.id)
            .limit(BATCH)
        )
        asked = list(db.session.scalars(soon))
        for follower in asked:
            follower.asked_at = moment
            if follower.address:
                mail.post(
                    "following/renew",
                    to=follower.address,
                    unsubscribe=link_to("following.end", follower),
                    link=link_to("following.show", follower),
                )
        db.session.commit()
    return f"deleted {unconfirmed} unconfirmed and {gone} not renewed, asked {len(asked)}"


def _rows(statement: object) -> int:
    return int(db.session.execute(statement).rowcount)  # type: ignore[call-overload]
