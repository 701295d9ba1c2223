"""The shapes of the API's answers. `document.py` turns them into the published schemas, so they are written once."""

from typing import Annotated, Any, Literal

from pydantic import Field
from typing_extensions import TypedDict

from directory.api.outside_schema import OutsideSeen
from directory.api.picture_schema import ShownResult

Text = Annotated[str, Field(description="As stated; empty when not stated.")]
Lat = Annotated[float, Field(ge=-90, le=90, description="Degrees north, WGS84.")]
Lon = Annotated[float, Field(ge=-180, le=180, description="Degrees east, WGS84.")]
Tag = Annotated[str, Field(description="BCP 47 language tag; empty when not known.")]
Address = Annotated[str, Field(description="Absolute address of the page on this site.")]
Minor = Annotated[int, Field(ge=0, description="Whole minor units of the currency: 125000 GBP is £1,250.")]
Currency = Annotated[str, Field(description="ISO 4217 code. Prices are never converted.")]
Goals = Annotated[list[str], Field(description="Keys of what the clinic offers; see the parameter `goal`.")]


class Origin(TypedDict):
    """The point that distances are measured from."""

    name: str
    country: str
    lat: Lat
    lon: Lon


class Location(TypedDict):
    """Where a clinic is. A home studio's point is the middle of a cell of about 1 km, and it shows no postal code."""

    lat: Lat
    lon: Lon
    city: Text
    region: Text
    postal_code: Text
    country: Annotated[str, Field(description="ISO 3166-1 alpha-2 code.")]
    approximate: Annotated[bool, Field(description="Whether the point is not the door.")]


class Rating(TypedDict):
    """What the counted reviews say; no score without enough of them."""

    score: float | None
    count: int
    counted: int
    healed: Annotated[int, Field(description="Counted reviews of results six weeks old or older.")]


class Requirements(TypedDict):
    """How many legal requirements of the place are shown to be met. Nothing is counted that was not looked into."""

    met: int
    missing: int
    unknown: int


class PriceRange(TypedDict):
    """The lowest and the highest price of all that the clinic offers."""

    min: Minor
    max: Minor
    currency: Currency


class Why(TypedDict):
    """One reason for the place in the order; the weights of a result sum to what the list is ordered by."""

    factor: Literal["goal", "distance", "score", "lapsed", "draw", "newest"]
    value: Annotated[str, Field(description="In words.")]
    weight: float


class Lasting(TypedDict):
    """What every answer says of a clinic, and that holds until the clinic changes."""

    slug: str
    name: str
    name_lang: Tag
    url: Address
    is_example: Annotated[bool, Field(description="Invented, to show how the site works. Never in the open data.")]
    location: Location
    rating: Rating
    goals: Goals
    price: PriceRange | None


class Standing(TypedDict):
    """What a clinic shows of credentials at the moment of the answer."""

    credential_strength: Annotated[int | None, Field(description="0 to 4; null when nothing was submitted.")]
    credential: Annotated[str | None, Field(description="The credential that gives this strength; null for none.")]
    requirements: Requirements


class ClinicFacts(Lasting, Standing):
    """What every answer says of a clinic."""


class Result(ClinicFacts):
    """One clinic in a list of results."""

    distance_km: Annotated[
        float | None, Field(description="From the origin, on a sphere of 6371.0088 km; null without one.")
    ]
    why: list[Why]


class Results(TypedDict):
    """One page of results."""

    total: Annotated[int, Field(description="Exact number of clinics that meet the question, on all pages.")]
    origin: Origin | None
    unit: Annotated[Literal["km", "mi"], Field(description="The unit of `radius` and of the words in `why`.")]
    results: list[Result]
    next: Annotated[
        str | None,
        Field(description="Give it as `cursor`, all else unchanged; null on the last page, and after 40 pages."),
    ]


class ServiceLine(TypedDict):
    """One line of the price list. An empty goal is a price for everything."""

    goal: str
    title: Text
    price_min: Minor | None
    price_max: Minor | None
    currency: Currency | None
    sessions_min: int | None
    sessions_max: int | None
    included: Text


class Colleague(TypedDict):
    """Somebody who works at the clinic now, as the clinic names them."""

    slug: str
    name: str
    url: Address
    role: Text
    since: Annotated[str | None, Field(description="A date, YYYY-MM-DD.")]
    agreed: Annotated[bool, Field(description="Whether the person says so too; only then their credentials count.")]


class Source(TypedDict):
    """Where a listing's facts came from."""

    name: str
    url: Text
    read_at: Annotated[str, Field(description="UTC, ISO 8601.")]


class Change(TypedDict):
    """A new name, address or owner: what was said before was said of another place."""

    what: Literal["name", "address", "owner"]
    on: Annotated[str, Field(description="A date, YYYY-MM-DD, UTC.")]
    checked: Annotated[bool, Field(description="Whether the desk has looked at it and found it so.")]


class Elsewhere(TypedDict):
    """Another clinic of this site."""

    slug: str
    name: str
    url: Address


class Firm(TypedDict):
    """The name over several clinics, and the others of it."""

    name: str
    clinics: list[Elsewhere]


class Clinic(ClinicFacts, OutsideSeen):
    """Everything public that a clinic states, and what authorities published about it."""

    status: Literal["published", "closed"]
    claimed: Annotated[bool, Field(description="Whether the owner has taken the listing over. Not a check.")]
    is_home: Annotated[bool, Field(description="A home studio: no street is shown.")]
    address: Annotated[list[str], Field(description="Street lines; empty for a home studio.")]
    timezone: Annotated[str, Field(description="IANA name.")]
    phone: Annotated[str, Field(description="E.164; empty when not stated.")]
    website: Text
    description: Text
    description_lang: Tag
    opening_hours: Annotated[str, Field(description="OpenStreetMap opening_hours syntax, in the clinic's zone.")]
    languages: Annotated[list[str], Field(description="BCP 47 tags.")]
    facts: Annotated[dict[str, Any], Field(description="What it states of itself, by key: answers, or its own words.")]
    services: list[ServiceLine]
    practitioners: list[Colleague]
    results: Annotated[list[ShownResult], Field(description="Chosen by the clinic, those that healed longest first.")]
    sources: list[Source]
    changes: Annotated[list[Change], Field(description="Newest first; empty when nothing material changed.")]
    closes_on: Annotated[str | None, Field(description="The first day on which it is closed, when its owner said so.")]
    moved_from: Annotated[Elsewhere | None, Field(description="Its page at the address before; reviews stay there.")]
    moved_to: Annotated[Elsewhere | None, Field(description="Its page at the address after.")]
    organisation: Annotated[Firm | None, Field(description="Several clinics under one name; each is its own clinic.")]


class ToldStage(TypedDict):
    """What the author said at one point of healing."""

    stage: Literal["fresh", "6w", "6m", "12m"]
    overall: Annotated[int, Field(ge=1, le=5)]
    again: Annotated[bool | None, Field(description="Whether they would choose the clinic again.")]
    sub_ratings: Annotated[dict[str, int], Field(description="1 to 5, by key.")]
    text: str
    redacted: Annotated[bool, Field(description="A moderator took one part out; the page says by which rule.")]
    published_month: Annotated[str | None, Field(description="YYYY-MM.")]
    photos: list[str]


class Told(TypedDict):
    """One review: one treatment, newest stage first. The newest is what counts."""

    id: str
    url: Address
    pseudonym: Annotated[str, Field(description="Chosen for this review alone; it names nobody.")]
    language: Tag
    goal: str
    treated_month: Annotated[str, Field(description="YYYY-MM.")]
    sessions: int | None
    verification: Annotated[Literal["contact", "visit"], Field(description="What was proven, never by which proof.")]
    incentive: Annotated[str, Field(description="What was given for it, if anything; then it does not count.")]
    counted: bool
    not_counted_because: str
    under_review: Annotated[bool, Field(description="Somebody reported it and nobody has decided yet.")]
    disputed: Annotated[bool, Field(description="The clinic contests what it says.")]
    helpful: int
    before_changes: Annotated[
        list[Literal["name", "address", "owner"]],
        Field(description="What the clinic changed in or after the month in which the newest words were published."),
    ]
    stages: list[ToldStage]
    reply: Annotated[str, Field(description="The clinic's; empty when there is none.")]


class Reviews(TypedDict):
    """One page of a clinic's reviews, those begun last first."""

    rating: Rating
    results: list[Told]
    next: Annotated[str | None, Field(description="Give it as `cursor`; null on the last page.")]


class PlaceFound(TypedDict):
    """One reading of what was typed."""

    name: str
    region: str
    country: str
    lat: Lat
    lon: Lon
    kind: Literal["town", "postal_code", "coordinates", "region", "country"]
    population: int | None


class Places(TypedDict):
    """Readings of what was typed, best first; empty when nothing was found."""

    results: list[PlaceFound]


class Problem(TypedDict):
    """An error as RFC 9457 describes it. `errors` says by field what is wrong."""

    type: str
    title: str
    status: int
    detail: str
    errors: dict[str, str]
    request_id: str


SCHEMAS = (Results, Clinic, Reviews, Places, Problem)
