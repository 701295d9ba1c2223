"""What a follower may read of the changes at the clinics they follow."""

from collections import defaultdict
from collections.abc import Sequence

from sqlalchemy import select

from directory.cases.moderated import PUBLIC
from directory.credentials.checks import Check
from directory.credentials.models import Credential
from directory.credentials.transitions import VERIFIED
from directory.db import db
from directory.following.models import Followed, Follower, News
from directory.reviews.models import Stage

SHOWN = 60


def news_of(follower: Follower) -> list[News]:
    """The newest changes at their clinics since they follow them, of the kinds they chose; at most SHOWN."""
    query = (
        select(News)
        .join(Followed, Followed.clinic_id == News.clinic_id)
        .where(Followed.follower_id == follower.id, News.happened_at >= Followed.since, News.kind.in_(follower.kinds))
        .order_by(News.happened_at.desc(), News.id.desc())
        .limit(SHOWN)
    )
    return standing(db.session.scalars(query).all())


def standing(found: Sequence[News]) -> list[News]:
    """Without what is no longer so: a review taken back meanwhile, a credential that has fallen since."""
    things = defaultdict(list)
    for one in found:
        things[one.kind].append(one.thing)
    stages = select(Stage.public_id).where(Stage.public_id.in_(things["review"]), Stage.state.in_(PUBLIC))
    checks = (
        select(Check.public_id)
        .join(Credential, Credential.id == Check.credential_id)
        .where(Check.public_id.in_(things["checked"]), Credential.status.in_(VERIFIED))
    )
    so = {"review": set(db.session.scalars(stages)), "checked": set(db.session.scalars(checks))}
    return [one for one in found if one.kind not in so or one.thing in so[one.kind]]
