"""Invented clinics into the database, and out again. Each batch is one transaction with its own search version."""

import gc
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import lru_cache
from typing import Any

from slugify import slugify
from sqlalchemy import Table, delete, func, or_, select
from sqlalchemy.orm import Session

from directory.clinics.changes import next_version, raise_floor
from directory.clinics.duplicates import DuplicatePair
from directory.clinics.models import Clinic, ClinicSource, OldSlug, Service, snap_home
from directory.clinics.slugs import SlugBook, stem_of
from directory.db import Base, writing
from directory.demo import bulk
from directory.demo.credentials import add_credentials, clear_credentials
from directory.demo.listing import DRAWN_ON, Listing, Person, Post
from directory.demo.pictures import add_pictures, clear_pictures
from directory.demo.reviews import add_reviews, clear_reviews
from directory.demo.telling import Told
from directory.practitioners.models import Engagement, Practitioner
from directory.words import name_key, new_public_id

Progress = Callable[[int], None]
CLEAR_BATCH = 20_000

_LONGEST_STEM = 45
_word_key = lru_cache(maxsize=100_000)(name_key)
_word_slug = lru_cache(maxsize=100_000)(slugify)


def _name_key(text: str) -> str:
    """`words.name_key`, word by word: a million names are made of few words."""
    return " ".join(filter(None, map(_word_key, text.split())))


def _slug(text: str) -> str:
    return "-".join(filter(None, map(_word_slug, text.split())))[:_LONGEST_STEM].rstrip("-") or "clinic"


@contextmanager
def _no_collector() -> Iterator[None]:
    """Nothing here makes cycles, and looking for them among so many rows takes a third of the time."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def _table(model: type[Base]) -> Table:
    table = model.__table__
    assert isinstance(table, Table)  # noqa: S101
    return table


def example_count(session: Session) -> int:
    """How many example clinics there are."""
    return session.execute(select(func.count()).select_from(Clinic).where(Clinic.is_example)).scalar_one()


def any_clinic(session: Session) -> bool:
    return session.execute(select(Clinic.id).order_by(Clinic.id).limit(1)).first() is not None


def load(session: Session, batches: Iterable[Sequence[Listing]], *, numbered: bool, progress: Progress) -> int:
    """Write all batches, committing each; how many clinics were written.

    `numbered` ends every slug with the row's number, which needs no look at the slugs there are; otherwise slugs are
    given as the import gives them. Batches may be far larger than the 500 rows other writers keep to: the load is
    meant for a site that nobody else writes to at the moment.
    """
    total = 0
    with writing(), _no_collector():
        bulk.prepare(session)
        for listings in batches:
            _write(session, listings, numbered=numbered)
            session.commit()
            total += len(listings)
            progress(len(listings))
    return total


def load_credentials(session: Session, seed: int) -> int:
    """The papers of clinics that were loaded just now, in one transaction; how many there are."""
    with writing():
        total = add_credentials(session, seed)
        session.commit()
    return total


def load_pictures(session: Session, seed: int) -> int:
    """The results that some of them show, in one transaction; how many pictures there are."""
    with writing():
        total = add_pictures(session, seed)
        session.commit()
    return total


def load_reviews(session: Session, listings: Sequence[Listing], told: Sequence[Sequence[Told]]) -> int:
    """The reviews of clinics that were loaded just now, in one transaction; how many there are."""
    with writing():
        total = add_reviews(session, listings, told)
        session.commit()
    return total


def _write(session: Session, listings: Sequence[Listing], *, numbered: bool) -> None:
    version = next_version(session)
    clinic_ids = bulk.new_ids(session, _table(Clinic), len(listings))
    people = list(dict.fromkeys(post.person for listing in listings for post in listing.team))
    person_ids = dict(zip(people, bulk.new_ids(session, _table(Practitioner), len(people)), strict=True))
    if numbered:
        slugs = [f"{_slug(one.name)}-{_slug(one.city)}-e{n}" for one, n in zip(listings, clinic_ids, strict=True)]
        person_slugs = [f"{_slug(person.name)}-e{n}" for person, n in person_ids.items()]
    else:
        slugs = SlugBook(session).take([stem_of(one.name, one.city) for one in listings])
        person_slugs = _people_slugs(session, people)
    placed = list(zip(clinic_ids, listings, strict=True))
    rows = [_clinic(one, n, slug, version) for (n, one), slug in zip(placed, slugs, strict=True)]
    bulk.insert_rows(session, _table(Clinic), rows)
    bulk.insert_rows(session, _table(Service), [row for n, one in placed for row in _services(one, n)])
    persons = [_person(one, person_ids[one], slug) for one, slug in zip(people, person_slugs, strict=True)]
    bulk.insert_rows(session, _table(Practitioner), persons)
    posts = [_engagement(post, n, person_ids[post.person]) for n, one in placed for post in one.team]
    bulk.insert_rows(session, _table(Engagement), posts)


def _people_slugs(session: Session, people: Sequence[Person]) -> list[str]:
    taken = Counter(session.scalars(select(Practitioner.slug).order_by(Practitioner.slug)))
    slugs = []
    for person in people:
        stem = slug = _slug(person.name)
        number = 1
        while taken[slug]:
            number += 1
            slug = f"{stem}-{number}"
        taken[slug] += 1
        slugs.append(slug)
    return slugs


def _clinic(one: Listing, number: int, slug: str, version: int) -> dict[str, Any]:
    lat, lon = snap_home(one.lat, one.lon) if one.is_home else (one.lat, one.lon)
    priced = bool(one.prices)
    host = one.website_host
    return {
        "id": number,
        "public_id": new_public_id(),
        "slug": slug,
        "organisation_id": None,
        "status": "published",
        "is_example": True,
        "claimed_at": one.claimed_at,
        "name": one.name,
        "name_key": _name_key(one.name)[:200],
        "name_lang": one.name_lang,
        "address": one.street,
        "address2": "",
        "city": one.city,
        "city_key": _name_key(one.city)[:120],
        "region": one.region,
        "postal_code": one.postal_code,
        "country": one.country,
        "is_home": one.is_home,
        "lat": lat,
        "lon": lon,
        "point_precision": "given",
        "timezone": one.timezone,
        "phone": one.phone,
        "email": "",
        "website": f"https://{host}/" if host else "",
        "website_host": host,
        "description": one.description,
        "description_lang": one.description_lang,
        "opening_hours": one.opening_hours,
        "goals": one.goals,
        "languages": one.languages,
        "price_min": min(price.low for price in one.prices) if priced else None,
        "price_max": max(price.high or price.low for price in one.prices) if priced else None,
        "currency": one.currency if priced else None,
        "facts": one.facts,
        "created_at": one.created_at,
        "facts_confirmed_at": one.claimed_at,
        "changed_at_version": version,
    }


def _services(one: Listing, clinic_id: int) -> list[dict[str, Any]]:
    return [
        {
            "clinic_id": clinic_id,
            "position": position,
            "goal": price.goal,
            "title": price.title,
            "price_min": price.low,
            "price_max": price.high,
            "currency": one.currency,
            "sessions_min": price.sessions[0] if price.sessions else None,
            "sessions_max": price.sessions[1] if price.sessions else None,
            "included": price.included,
        }
        for position, price in enumerate(one.prices)
    ]


def _person(one: Person, number: int, slug: str) -> dict[str, Any]:
    return {
        "id": number,
        "public_id": new_public_id(),
        "slug": slug,
        "status": "published",
        "is_example": True,
        "name": one.name,
        "name_key": _name_key(one.name)[:200],
        "name_lang": one.name_lang,
        "gender": one.gender,
        "languages": one.languages,
        "goals": one.goals,
        "about": one.about,
        "about_lang": "en" if one.about else "",
        "created_at": DRAWN_ON,
    }


def _engagement(post: Post, clinic_id: int, person_id: int) -> dict[str, Any]:
    return {
        "practitioner_id": person_id,
        "clinic_id": clinic_id,
        "role": post.role,
        "since": post.since,
        "until": post.until,
        "standing": "named",
        "ended_by": "",
    }


def clear(session: Session, progress: Progress) -> int:
    """Delete every example clinic and person with what hangs on them, committing in batches; how many clinics went.

    Rows deleted outright leave nothing to patch an index from, so each batch raises the floor below which indices are
    built anew.
    """
    total = 0
    with writing():
        bulk.prepare(session)
        while ids := list(session.scalars(_some(Clinic))):
            span = (ids[0], ids[-1])
            _clear_clinics(session, span)
            raise_floor(session)
            session.commit()
            total += len(ids)
            progress(len(ids))
        while ids := list(session.scalars(_some(Practitioner))):
            doomed = select(Practitioner.id).where(Practitioner.is_example, Practitioner.id.between(ids[0], ids[-1]))
            clear_credentials(session, people=doomed)
            session.execute(delete(Engagement).where(Engagement.practitioner_id.in_(doomed)))
            session.execute(
                delete(Practitioner).where(Practitioner.is_example, Practitioner.id.between(ids[0], ids[-1]))
            )
            raise_floor(session)
            session.commit()
    return total


def _some(model: type[Clinic] | type[Practitioner]) -> Any:
    return select(model.id).where(model.is_example).order_by(model.id).limit(CLEAR_BATCH)


def _clear_clinics(session: Session, span: tuple[int, int]) -> None:
    """Children first, so that the database has nothing left to cascade."""
    mine = (Clinic.is_example, Clinic.id.between(*span))
    doomed = select(Clinic.id).where(*mine)
    for child in (Service, ClinicSource, OldSlug, Engagement):
        session.execute(delete(child).where(child.clinic_id.in_(doomed)))
    clear_reviews(session, doomed)
    clear_pictures(session, doomed)
    clear_credentials(session, clinics=doomed)
    pair = or_(DuplicatePair.first_id.in_(doomed), DuplicatePair.second_id.in_(doomed))
    session.execute(delete(DuplicatePair).where(pair))
    session.execute(delete(Clinic).where(*mine), execution_options={"synchronize_session": False})
