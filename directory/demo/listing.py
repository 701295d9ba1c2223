"""What the generators hand to the loader: one invented clinic with its prices and the people who work there."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime

# Everything invented is dated back from here, so that the same seed gives the same rows on any day.
DRAWN_ON = datetime(2026, 11, 1, 9, tzinfo=UTC)


@dataclass(slots=True)
class Price:
    """A line of the price list, in minor units of the clinic's currency."""

    goal: str
    low: int
    high: int | None
    sessions: tuple[int, int] | None = None
    title: str = ""
    included: str = ""


@dataclass(slots=True, eq=False)
class Person:
    """An invented person; the same object on two teams is one person working at two clinics."""

    name: str
    gender: str
    languages: list[str]
    goals: list[str]
    name_lang: str = ""
    about: str = ""


@dataclass(slots=True)
class Post:
    """Somebody's place on a team."""

    person: Person
    role: str
    since: date | None = None
    until: date | None = None


@dataclass(slots=True)
class Listing:
    """One invented clinic. Degrees are public: a home studio's point is snapped when it is written."""

    name: str
    name_lang: str
    country: str
    city: str
    region: str
    postal_code: str
    street: str
    lat: float
    lon: float
    timezone: str
    currency: str
    is_home: bool = False
    phone: str = ""
    website_host: str = ""
    description: str = ""
    description_lang: str = ""
    opening_hours: str = ""
    goals: list[str] = field(default_factory=list)
    languages: list[str] = field(default_factory=list)
    facts: dict[str, str] = field(default_factory=dict)
    prices: list[Price] = field(default_factory=list)
    team: list[Post] = field(default_factory=list)
    created_at: datetime = DRAWN_ON
    claimed_at: datetime | None = None
