"""Naming people: a clinic says who does the work, and asks those who speak for themselves already.

Two people of one name are two people until the person says otherwise: nothing is merged by name.
"""

from collections.abc import Sequence
from datetime import date
from typing import Any

from flask_babel import gettext as _
from slugify import slugify
from sqlalchemy import or_, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import contains_eager, selectinload

from directory.accounts.models import User
from directory.clinics.deeds import note
from directory.clinics.models import Clinic
from directory.db import db, now
from directory.errors import Refused
from directory.ledger import record
from directory.practitioners.accounts import PractitionerAccount, account_of
from directory.practitioners.models import ASKED, BY_CLINIC, DENIED, NAMED, Engagement, Practitioner
from directory.words import fold, name_key, new_public_id

SLUG_LIMIT = 80
MOST_NAMESAKES = 6


def _here_already() -> str:
    return str(_("This person is named here already, or says that they never worked here."))


def team_of(clinic: Clinic) -> list[Engagement]:
    """Everybody the clinic ever named, those who are there first, then the latest; with the people."""
    query = (
        select(Engagement)
        .join(Engagement.practitioner)
        .options(contains_eager(Engagement.practitioner))
        .where(Engagement.clinic_id == clinic.id, Practitioner.status == "published")
        .order_by(Engagement.until.is_not(None), Engagement.until.desc(), Engagement.since, Engagement.id)
    )
    return list(db.session.scalars(query))


def post_at(clinic: Clinic, slug: str) -> Engagement | None:
    """The newest engagement of the person with that slug at this clinic."""
    return next((one for one in team_of(clinic) if one.practitioner.slug == slug), None)


def with_account(people: Sequence[int]) -> set[int]:
    """Which of these people speak for their own page."""
    if not people:
        return set()
    query = select(PractitionerAccount.practitioner_id).where(PractitionerAccount.practitioner_id.in_(people))
    return set(db.session.scalars(query))


def namesakes(name: str, clinic: Clinic) -> list[Practitioner]:
    """People of that name at other clinics who speak for their own page, and so can be asked."""
    key = name_key(name)
    if not key:
        return []
    query = (
        select(Practitioner)
        .join(PractitionerAccount, PractitionerAccount.practitioner_id == Practitioner.id)
        .where(
            Practitioner.name_key == key,
            Practitioner.status == "published",
            Practitioner.is_example.is_(clinic.is_example),
        )
        .options(selectinload(Practitioner.engagements).joinedload(Engagement.clinic))
        .order_by(Practitioner.id)
        .limit(MOST_NAMESAKES)
    )
    return [one for one in db.session.scalars(query) if all(post.clinic_id != clinic.id for post in one.engagements)]


def name_person(clinic: Clinic, facts: dict[str, Any], *, role: str, since: date | None, by: User) -> Engagement:
    """A new page for a person whom the clinic names. It is the clinic's word until the person takes the page over."""
    name = facts["name"]
    person = Practitioner(
        public_id=new_public_id(), slug=_free_slug(name), name_key=name_key(name)[:200], is_example=clinic.is_example
    )
    describe(person, facts)
    post = Engagement(practitioner=person, clinic=clinic, role=role, since=since, standing=NAMED)
    db.session.add(post)
    _told(clinic, person, "person.named", by)
    record("engagement.named", role="clinic", subject=f"practitioner:{person.public_id}", clinic=clinic.public_id)
    return post


def ask_person(clinic: Clinic, person: Practitioner, *, role: str, since: date | None, by: User) -> Engagement:
    """Ask somebody who speaks for their own page whether they work here; shown once they say yes.

    Raises Refused for somebody who is here, was asked, or says that they never worked here.
    """
    if any(one.practitioner_id == person.id and one.standing == DENIED for one in team_of(clinic)):
        raise Refused(_here_already())
    post = Engagement(practitioner_id=person.id, clinic_id=clinic.id, role=role, since=since, standing=ASKED)
    post.standing_at = now()
    try:
        with db.session.begin_nested():
            db.session.add(post)
            db.session.flush()
    except IntegrityError:
        raise Refused(_here_already()) from None
    _told(clinic, person, "person.asked", by)
    record("engagement.asked", role="clinic", subject=f"practitioner:{person.public_id}")
    return post


def describe(person: Practitioner, facts: dict[str, Any]) -> None:
    """Put what is said of the person; the name is a key too."""
    for field in ("name", "gender", "languages", "goals", "about"):
        setattr(person, field, facts[field])
    person.name_key = name_key(person.name)[:200]


def is_the_clinics_to_describe(post: Engagement) -> bool:
    """Whether the page is still the clinic's word alone: nobody speaks for it, and no other clinic names the person."""
    elsewhere = select(Engagement.id).where(
        Engagement.practitioner_id == post.practitioner_id, Engagement.clinic_id != post.clinic_id
    )
    return account_of(post.practitioner_id) is None and not db.session.scalar(select(elsewhere.exists()))


def end_by_clinic(post: Engagement, on: date, *, by: User) -> None:
    """The person's last day at the clinic."""
    post.end(on, by=BY_CLINIC)
    _told(post.clinic, post.practitioner, "person.ended", by)
    recorded("ended", post, role="clinic")


def resume_by_clinic(post: Engagement, *, by: User) -> None:
    """The clinic takes back the end that it set. Raises Refused for an end that the person set."""
    post.resume(by=BY_CLINIC)
    try:
        with db.session.begin_nested():
            db.session.flush()
    except IntegrityError:
        raise Refused(_here_already()) from None
    _told(post.clinic, post.practitioner, "person.resumed", by)
    recorded("resumed", post, role="clinic")


def _told(clinic: Clinic, person: Practitioner, act: str, by: User) -> None:
    db.session.flush()
    note(clinic, act, by=by, about=f"practitioner:{person.public_id}")


def recorded(verb: str, post: Engagement, *, role: str) -> None:
    """One line of the record about where somebody works: the person by public id, the place not at all."""
    record(f"engagement.{verb}", role=role, subject=f"practitioner:{post.practitioner.public_id}")


def _free_slug(name: str) -> str:
    """The lowest free address for that name. Whoever takes it at the same moment meets the unique constraint."""
    stem = slugify(fold(name[:120]), max_length=SLUG_LIMIT, word_boundary=True, save_order=True) or "person"
    near = or_(Practitioner.slug == stem, Practitioner.slug.startswith(f"{stem}-", autoescape=True))
    taken = set(db.session.scalars(select(Practitioner.slug).where(near).order_by(Practitioner.slug)))
    number, slug = 1, stem
    while slug in taken:
        number += 1
        slug = f"{stem}-{number}"
    return slug
