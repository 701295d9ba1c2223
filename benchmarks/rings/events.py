"""What happens in the invented world: places, people, reviews sent in. Knows nothing of the site or its signals."""

from dataclasses import dataclass, field

DAY = 1.0  # all times are days since the beginning
HOUR = DAY / 24
WORLD_DAYS = 540


@dataclass
class Place:
    """One clinic. `rate` is honest reviews a day, `stars` the weights of 1 to 5, `proof` the share with a proof."""

    number: int
    city: int
    lat: float
    lon: float
    opens: float
    rate: float
    stars: tuple[float, ...]
    proof: float
    owned: bool
    wifi: str
    owner_home: str
    owner_device: str


@dataclass
class Person:
    """Somebody with an account: where they write from when nothing else is said."""

    key: str
    signed_up: float
    network: str
    device: str


@dataclass
class Sent:
    """One stage of one review as it is sent in. `ring` is empty for honest people, else the kind of ring."""

    at: float
    person: Person
    place: int
    overall: int
    text: str
    proven: bool
    network: str
    device: str
    stage: str = "fresh"
    ring: str = ""


@dataclass
class Visit:
    """Somebody signs in: an owner at the clinic's desk, or a member who only reads (`place` is -1)."""

    at: float
    place: int
    network: str
    device: str


@dataclass
class World:
    """All of it, in no order."""

    seed: int
    places: list[Place]
    sent: list[Sent] = field(default_factory=list)
    visits: list[Visit] = field(default_factory=list)
    mobiles: dict[int, list[str]] = field(default_factory=dict)  # networks of phones, by city
    exits: list[str] = field(default_factory=list)  # of VPN firms
