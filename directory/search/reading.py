"""What search reads from the database: plain columns in batches, the same statements on SQLite and PostgreSQL."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection, Text, and_, or_, select, type_coerce

from directory.clinics.changes import Present, SearchVersion
from directory.clinics.models import PUBLISHED, Clinic
from directory.credentials.figures import NOTHING, Figures, figures
from directory.practitioners.models import SHOWN, Engagement, Practitioner
from directory.reviews.rating import rate
from directory.reviews.scores import ClinicScore, CountryMean
from directory.search.part import AT_DOOR, BY_VIDEO, EXAMPLE, JOINT, NO_PRICE, NO_REVIEWS_LOWER, Listing
from directory.vocabulary import GENDERS, GOALS

# Short statements: each must end well inside the time a web process allows one.
BATCH = 5_000
IDS_AT_ONCE = 500

_GOAL_BITS = {key: 1 << place for place, key in enumerate(GOALS)}
_GENDER_BITS = {key: 1 << place for place, key in enumerate(GENDERS)}

_COLUMNS = (
    Clinic.id,
    Clinic.changed_at_version,
    Clinic.created_at,
    Clinic.lat,
    Clinic.lon,
    type_coerce(Clinic.goals, Text).label("goals"),
    type_coerce(Clinic.languages, Text).label("languages"),
    Clinic.price_min,
    Clinic.currency,
    Clinic.opening_hours,
    Clinic.timezone,
    Clinic.country,
    Clinic.city_key,
    Clinic.city,
    Clinic.is_example,
    Clinic.is_home,
    Clinic.point_precision,
    Clinic.name_key,
    Clinic.facts["consultation_ways"].as_string().label("ways"),
    ClinicScore.lower,
    ClinicScore.tenths,
    ClinicScore.counted,
    ClinicScore.healed,
)
People = dict[int, list[Any]]


@lru_cache(maxsize=8192)
def goal_mask(keys: str) -> int:
    """Bits of the goals in a stored list; a key that is not in the vocabulary is no goal."""
    return sum({_GOAL_BITS.get(key, 0) for key in keys.split(";")})


@lru_cache(maxsize=8192)
def _primary_tags(*lists: str) -> str:
    tags = {tag.replace("_", "-").split("-")[0].lower() for texts in lists for tag in texts.split(";")}
    return ";".join(sorted(tags - {""}))


def _by_video(ways: str | None) -> int:
    """From the answer `consultation_ways` as the database writes it: a list of keys in JSON, or nothing."""
    return BY_VIDEO if ways and '"video"' in ways else 0


def gender_bit(key: str) -> int:
    return _GENDER_BITS.get(key, 0)


def present(connection: Connection) -> Present:
    """Which database this is, its version and its floor."""
    row = connection.execute(select(SearchVersion.database_id, SearchVersion.version, SearchVersion.floor)).one()
    return Present(row.database_id, row.version, row.floor)


def all_listings(connection: Connection, today: date) -> Iterator[Listing]:
    """Every published clinic, in order of id. What changes meanwhile is for the next look at the version."""
    last, lowers = 0, country_lowers(connection)
    while True:
        query = _clinics().where(Clinic.status == PUBLISHED, Clinic.id > last).order_by(Clinic.id).limit(BATCH)
        rows = connection.execute(query).all()
        if not rows:
            return
        here = and_(Engagement.clinic_id > last, Engagement.clinic_id <= rows[-1].id)
        people = _people(connection, here, today)
        span = and_(Clinic.id > last, Clinic.id <= rows[-1].id)
        held = figures(connection, clinics=span, engagements=here, today=today)
        yield from (_listing(row, people, lowers, held) for row in rows)
        last = rows[-1].id


def changed_ids(connection: Connection, since: int) -> NDArray[np.int64]:
    """Clinics whose version is above `since`, whatever their state."""
    query = select(Clinic.id).where(Clinic.changed_at_version > since).order_by(Clinic.id)
    return np.array(connection.execute(query).scalars().all(), np.int64)


def ids_at_turn(connection: Connection, since: date, today: date) -> NDArray[np.int64]:
    """Clinics where somebody's engagement began or ended between two days (UTC, a day of slack on both sides)."""
    first, last = since - timedelta(days=2), today + timedelta(days=1)
    query = (
        select(Engagement.clinic_id)
        .where(or_(Engagement.until.between(first, last), Engagement.since.between(first, last)))
        .distinct()
        .order_by(Engagement.clinic_id)
    )
    return np.array(connection.execute(query).scalars().all(), np.int64)


def published_ids(connection: Connection) -> NDArray[np.int64]:
    """All published clinics, sorted."""
    found, last = [np.zeros(0, np.int64)], 0
    while True:
        query = (
            select(Clinic.id).where(Clinic.status == PUBLISHED, Clinic.id > last).order_by(Clinic.id).limit(BATCH * 20)
        )
        ids = np.array(connection.execute(query).scalars().all(), np.int64)
        if not len(ids):
            return np.concatenate(found)
        found.append(ids)
        last = int(ids[-1])


def listings_of(connection: Connection, ids: NDArray[np.int64], today: date) -> Iterator[Listing]:
    """The published ones among these clinics, in order of id."""
    lowers = country_lowers(connection)
    for start in range(0, len(ids), IDS_AT_ONCE):
        some = np.sort(ids[start : start + IDS_AT_ONCE]).tolist()
        query = _clinics().where(Clinic.id.in_(some), Clinic.status == PUBLISHED).order_by(Clinic.id)
        rows = connection.execute(query).all()
        here = Engagement.clinic_id.in_(some)
        people = _people(connection, here, today)
        held = figures(connection, clinics=Clinic.id.in_(some), engagements=here, today=today)
        yield from (_listing(row, people, lowers, held) for row in rows)


def _clinics() -> Any:
    return select(*_COLUMNS).join(ClinicScore, ClinicScore.clinic_id == Clinic.id, isouter=True)


def country_lowers(connection: Connection) -> dict[str, float]:
    """By country, the conservative score of a clinic that nobody has reviewed."""
    means = connection.execute(select(CountryMean.country, CountryMean.mean).order_by(CountryMean.country))
    return {country: rate([], prior=mean).lower for country, mean in means}


def _people(connection: Connection, which: Any, today: date) -> People:
    """Who is engaged at the clinics today, by clinic."""
    query = (
        select(
            Engagement.clinic_id,
            Practitioner.name_key,
            Practitioner.gender,
            type_coerce(Practitioner.languages, Text).label("languages"),
        )
        .join(Practitioner, Practitioner.id == Engagement.practitioner_id)
        .where(
            which,
            Practitioner.status == "published",
            Engagement.standing.in_(SHOWN),
            or_(Engagement.since.is_(None), Engagement.since <= today),
            or_(Engagement.until.is_(None), Engagement.until >= today),
        )
        .order_by(Engagement.clinic_id, Engagement.id)
    )
    people: People = defaultdict(list)
    for row in connection.execute(query):
        people[row.clinic_id].append(row)
    return people


def _listing(row: Any, people: People, lowers: dict[str, float], held: Mapping[int, Figures]) -> Listing:
    # By place, not by name: of a million rows that is a third of the time.
    (
        number,
        version,
        created,
        lat,
        lon,
        goals,
        languages,
        price,
        currency,
        hours,
        timezone,
        country,
        city_key,
        city,
        is_example,
        is_home,
        precision,
        name_key,
        ways,
        lower,
        tenths,
        counted,
        healed,
    ) = row
    names, spoken, genders = name_key, [languages or ""], 0
    for person in people.get(number, ()):
        names += " " + person.name_key
        spoken.append(person.languages or "")
        genders |= gender_bit(person.gender)
    until, met, lapses = held.get(number, NOTHING)
    return Listing(
        id=number,
        version=version,
        created=int(created.timestamp()),
        lat=lat,
        lon=lon,
        goals=goal_mask(goals or ""),
        genders=genders,
        languages=_primary_tags(*spoken),
        price=NO_PRICE if price is None else price,
        currency=currency or "",
        schedule=JOINT.join((hours, timezone, country)) if hours else JOINT * 2,
        country=country,
        town=JOINT.join((country, city_key, city)),
        flags=EXAMPLE * is_example | AT_DOOR * (precision == "given" and not is_home) | _by_video(ways),
        names=names,
        lower=lowers.get(country, NO_REVIEWS_LOWER) if lower is None else lower,
        tenths=tenths or 0,
        counted=counted or 0,
        healed=healed or 0,
        strength1=until[0],
        strength2=until[1],
        strength3=until[2],
        strength4=until[3],
        met=met,
        lapses=lapses,
    )
