"""What a person says about where they are named: that they work there, since when no more, that they never did."""

from datetime import date

from sqlalchemy import and_, select
from sqlalchemy.orm import contains_eager

from directory.accounts.models import User
from directory.cases.decisions import Decision, Statement
from directory.cases.opening import open_case
from directory.clinics.models import ERASED, Clinic
from directory.db import db, now
from directory.practitioners.accounts import PractitionerAccount
from directory.practitioners.models import ASKED, BY_PERSON, NAMED, Engagement, Practitioner
from directory.practitioners.naming import recorded
from directory.words import new_public_id

KIND = "engagement"
HIDDEN_AT_ONCE = "denied"


def posts_of(user: User) -> list[Engagement]:
    """Where the person is named on the pages that are their own; what waits for an answer first."""
    query = (
        select(Engagement)
        .join(Engagement.practitioner)
        .join(PractitionerAccount, PractitionerAccount.practitioner_id == Practitioner.id)
        .join(Engagement.clinic)
        .options(contains_eager(Engagement.practitioner), contains_eager(Engagement.clinic))
        .where(PractitionerAccount.user_id == user.id, Practitioner.status == "published", Clinic.status != ERASED)
        .order_by(
            Engagement.standing.not_in((ASKED, NAMED)), Engagement.until.is_not(None), Clinic.name_key, Engagement.id
        )
    )
    return list(db.session.scalars(query))


def own_post(user: User, page: str, place: str) -> Engagement | None:
    """The newest engagement of one's own page at the clinic with that slug."""
    found = [one for one in posts_of(user) if one.practitioner.slug == page and one.clinic.slug == place]
    return max(found, key=lambda one: one.id, default=None)


def agree(post: Engagement) -> None:
    """The person says that they work there."""
    post.agree()
    recorded("agreed", post, role="member")


def agree_on_arrival(practitioner_id: int, clinic_id: int) -> None:
    """Whoever takes a page over by a clinic's link agrees to working there; other clinics are answered one by one."""
    here = and_(Engagement.practitioner_id == practitioner_id, Engagement.clinic_id == clinic_id)
    for post in db.session.scalars(
        select(Engagement).where(here, Engagement.standing == NAMED).order_by(Engagement.id)
    ):
        agree(post)


def end_by_person(post: Engagement, on: date) -> None:
    """The person's last day there, by their own word."""
    post.end(on, by=BY_PERSON)
    recorded("ended", post, role="member")


def resume_by_person(post: Engagement) -> None:
    post.resume(by=BY_PERSON)
    recorded("resumed", post, role="member")


def deny(post: Engagement, user: User, words: str) -> None:
    """The person never worked there. The name goes at once, the clinic is told why, and the desk looks into it.

    It is a claim about a natural person that the person contests, so it is not shown while nobody has decided.
    """
    db.session.refresh(post, ["standing"], with_for_update=True)  # of two presses at once the second is refused
    post.deny()
    post.public_id = post.public_id or new_public_id()
    case = open_case(
        KIND,
        subject=f"{KIND}:{post.public_id}",
        subject_id=post.id,
        clock="report",
        priority="medium",
        reason="a person says that they never worked there",
        clinic_id=post.clinic_id,
        author_id=user.id,
        opened_by_id=user.id,
        words=words,
    )
    told = (
        f"{post.practitioner.name} says that they never worked at {post.clinic.name}. What a person contests about "
        "themselves is not shown, so the name is off the page. A moderator looks into it; you may appeal now."
    )
    decision = Decision(act=HIDDEN_AT_ONCE, rule="personal", statement=told, carried_out_at=now())
    case.decisions.append(decision)
    statement = Statement(to_clinic_id=post.clinic_id, restriction="name_hidden", facts=told, automated=True)
    decision.statements.append(statement)
    recorded("denied", post, role="member")
