"""The letters: at most one a day to each follower, each change told once, and only what still is so."""

from collections import defaultdict
from datetime import datetime

from sqlalchemy import exists, or_, select, update

from directory import mail
from directory.clinics.models import Clinic
from directory.db import db
from directory.following.links import link_to
from directory.following.models import DAY, Followed, Follower, News, Told
from directory.following.queries import standing
from directory.following.topics import KINDS

BATCH = 200
MOST_LINES = 12


def waiting(moment: datetime) -> list[int]:
    """Followers of whom at least one change is not told yet and who had no letter today; in order, at most BATCH."""
    told = exists().where(Told.follower_id == Follower.id, Told.news_id == News.id)
    query = (
        select(Follower.id)
        .join(Followed, Followed.follower_id == Follower.id)
        .join(News, News.clinic_id == Followed.clinic_id)
        .where(News.happened_at >= Followed.since, ~told)
        .where(or_(Follower.written_at.is_(None), Follower.written_at <= moment - DAY))
        .group_by(Follower.id)
        .order_by(Follower.id)
        .limit(BATCH)
    )
    return list(db.session.scalars(query))


def write_to(follower_id: int, moment: datetime) -> bool:
    """Tell one follower all that is new, in one letter; False when there was nothing, or somebody else did.

    The day is taken first, by one statement: two jobs at once cannot both have it.
    """
    take = (
        update(Follower)
        .where(Follower.id == follower_id)
        .where(or_(Follower.written_at.is_(None), Follower.written_at <= moment - DAY))
        .values(written_at=moment)
        .returning(Follower.id)
    )
    before = db.session.scalar(select(Follower.written_at).where(Follower.id == follower_id))
    if db.session.scalar(take, execution_options={"synchronize_session": False}) is None:
        return False
    follower = db.session.get_one(Follower, follower_id, populate_existing=True)
    fresh = _untold(follower)
    db.session.add_all([Told(follower_id=follower.id, news_id=one.id) for one in fresh])
    lines = [one for one in standing(fresh) if one.kind in follower.kinds]
    if not lines or not follower.address:
        follower.written_at = before  # nothing was sent today
        return False
    _post(follower, lines)
    return True


def _untold(follower: Follower) -> list[News]:
    told = select(Told.news_id).where(Told.follower_id == follower.id)
    query = (
        select(News)
        .join(Followed, Followed.clinic_id == News.clinic_id)
        .where(Followed.follower_id == follower.id, News.happened_at >= Followed.since, News.id.not_in(told))
        .order_by(News.happened_at, News.id)
    )
    return list(db.session.scalars(query))


def _post(follower: Follower, lines: list[News]) -> None:
    """One paragraph a place, without its name: whoever looks over a shoulder learns nothing."""
    places: dict[int, list[str]] = defaultdict(list)
    for one in lines:
        words = str(KINDS[one.kind][1])
        if words not in places[one.clinic_id]:
            places[one.clinic_id].append(words)
    ids = dict(db.session.execute(select(Clinic.id, Clinic.public_id).where(Clinic.id.in_(places))).all())
    told = list(places.items())[:MOST_LINES]
    mail.post(
        "following/news",
        to=follower.address,
        unsubscribe=link_to("following.end", follower),
        # Letters carry plain facts only, so the list goes as two texts that the template takes apart again.
        words="\n".join("; ".join(words) for _clinic, words in told),
        ends="\n".join(link_to("following.end_one", follower, clinic_id=ids[clinic]) for clinic, _words in told),
        more=len(places) - len(told),
        link=link_to("following.show", follower),
        end=link_to("following.end", follower),
    )
