"""People go along when their clinic moves."""

from datetime import date

from sqlalchemy import select

from directory.accounts.models import User
from directory.clinics.duplicates import brings
from directory.clinics.models import Clinic
from directory.db import db, now
from directory.practitioners.accounts import PractitionerAccount
from directory.practitioners.models import BY_CLINIC, DENIED, Engagement
from directory.practitioners.naming import team_of


def take_along(clinic: Clinic, to: Clinic, today: date) -> list[Engagement]:
    """Whoever works at the old address works at the new one from today, with the same word behind it; the new ones."""
    made = []
    for post in team_of(clinic):
        if post.standing == DENIED or post.until is not None:
            continue
        began = post.since is None or post.since <= today
        made.append(
            Engagement(
                practitioner_id=post.practitioner_id,
                clinic_id=to.id,
                role=post.role,
                since=today if began else post.since,
                standing=post.standing,
                standing_at=now(),
            )
        )
        post.until, post.ended_by = (today if began else post.since), BY_CLINIC
    db.session.add_all(made)
    db.session.flush()
    return made


@brings
def _bring(closed: Clinic, kept: Clinic) -> None:
    """Who is at both already stays there; whose last day there is today, because they went along, has none."""
    today = now().date()
    here = {post.practitioner_id: post for post in team_of(kept) if post.until is None or post.until >= today}
    for post in team_of(closed):
        stays = here.get(post.practitioner_id)
        if stays is not None and post.until is None:
            post.until, post.ended_by = max(today, post.since or today), BY_CLINIC
            stays.until, stays.ended_by = None, ""
    take_along(closed, kept, today)


def reader_of(practitioner_id: int) -> str:
    """The address of whoever speaks for that page; empty when nobody does."""
    query = (
        select(User.email)
        .join(PractitionerAccount, PractitionerAccount.user_id == User.id)
        .where(PractitionerAccount.practitioner_id == practitioner_id)
    )
    return db.session.scalar(query) or ""
