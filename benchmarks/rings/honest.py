"""Honest traffic, with what makes it look dishonest: rushes after press, families, shared networks, short praise.

Everything is drawn from one seeded generator. Times are days, rates are reviews a day.
"""

import random

from benchmarks.rings import texts
from benchmarks.rings.events import DAY, HOUR, WORLD_DAYS, Person, Place, Sent, Visit, World

CITIES = [(53.8, -1.55), (53.48, -2.24), (51.5, -0.12), (52.48, -1.9), (55.86, -4.25), (51.45, -2.59), (54.97, -1.61),
          (50.9, -1.4)]  # fmt: skip
PLACES = 90
MOBILES = 6  # networks of one carrier's phones in a city
EXITS = 12


class Honest:
    """Builds the world before anybody attacks it."""

    def __init__(self, seed: int, places: int = PLACES) -> None:
        self.chance = random.Random(f"honest {seed}")
        self.people = 0
        self.world = World(seed, [self._place(number) for number in range(places)])
        self.world.mobiles = {
            city: [f"100.{64 + city}.{number}.0" for number in range(MOBILES)] for city in range(len(CITIES))
        }
        self.world.exits = [f"185.{number}.7.0" for number in range(EXITS)]
        self.cafes = {city: [f"81.{city}.{number}.0" for number in range(20)] for city in range(len(CITIES))}

    def _place(self, number: int) -> Place:
        chance = self.chance
        city = number % len(CITIES)
        lat, lon = CITIES[city]
        five = chance.betavariate(7, 4)
        rest = 1 - five
        low = chance.betavariate(2, 5)
        stars = (rest * low * 0.6, rest * low * 0.4, rest * (1 - low) * 0.25, rest * (1 - low) * 0.75, five)
        return Place(
            number=number,
            city=city,
            lat=lat + chance.gauss(0, 0.1),
            lon=lon + chance.gauss(0, 0.15),
            opens=-400.0 if chance.random() < 0.7 else chance.uniform(-100, WORLD_DAYS - 120),
            rate=min(0.25, chance.lognormvariate(-3.9, 0.9)),
            stars=stars,
            proof=chance.choice([0.1, 0.2, 0.3, 0.5, 0.8]),
            owned=chance.random() < 0.6,
            wifi=f"82.{number}.1.0",
            owner_home=f"83.{number}.1.0",
            owner_device=f"owner-{number}",
        )

    def person(self, at: float, city: int, *, prefix: str = "h") -> Person:
        """Two in three sign up to write at once."""
        chance = self.chance
        self.people += 1
        age = (
            chance.uniform(0.05, 1) * HOUR
            if chance.random() < 0.65
            else chance.uniform(0.1, 10)
            if chance.random() < 0.55
            else chance.uniform(20, 300)
        )
        where = chance.random()
        if where < 0.35:
            network = chance.choice(self.world.mobiles[city])
        elif where < 0.40:
            network = chance.choice(self.cafes[city])
        elif where < 0.43:
            network = chance.choice(self.world.exits)
        else:
            network = f"90.{self.people // 250}.{self.people % 250}.0"
        return Person(f"{prefix}{self.people}", at - age, network, f"{prefix}-device-{self.people}")

    def write(self, at: float, place: Place, person: Person, **facts: object) -> Sent:
        """One honest review; a few are written on the clinic's own network, right after the visit."""
        chance = self.chance
        overall = facts.pop("overall", None) or chance.choices((1, 2, 3, 4, 5), place.stars)[0]
        proven = facts.pop("proven", None)
        network = place.wifi if chance.random() < 0.012 else person.network
        made = Sent(
            at=at,
            person=person,
            place=place.number,
            overall=int(overall),  # type: ignore[call-overload]
            text=texts.own_words(chance, int(overall)),  # type: ignore[call-overload]
            proven=bool(proven) if proven is not None else chance.random() < place.proof,
            network=network,
            device=person.device,
        )
        self.world.sent.append(made)
        self._later(made, place)
        return made

    def _later(self, made: Sent, place: Place) -> None:
        """Healed stages come from the same person; some people are treated elsewhere after; some have family."""
        chance = self.chance
        for stage, share, days in (("6w", 0.3, 42), ("6m", 0.12, 182)):
            at = made.at + days + chance.uniform(0, 20)
            if chance.random() < share and at < WORLD_DAYS:
                text = texts.own_words(chance, made.overall)
                self.world.sent.append(
                    Sent(at, made.person, made.place, made.overall, text, made.proven, made.network, made.device, stage)
                )
        if chance.random() < 0.08:
            at = made.at + chance.uniform(20, 300)
            near = [one for one in self.world.places if one.city == place.city and one is not place and one.opens < at]
            if at < WORLD_DAYS and near and made.person.signed_up < at:
                self.write(at, chance.choice(near), made.person)
        if chance.random() < 0.03:
            at = made.at + chance.uniform(0.1, 60)
            relative = self.person(at, place.city)
            relative.network = made.person.network
            relative.device = made.person.device if chance.random() < 0.2 else relative.device
            if at < WORLD_DAYS:
                self.write(at, place, relative)

    def build(self) -> World:
        for place in self.world.places:
            self._arrivals(place)
            self._visits(place)
        self._presses()
        self._bad_months()
        self._readers()
        self.world.sent.sort(key=lambda sent: sent.at)
        return self.world

    def _arrivals(self, place: Place) -> None:
        """A month is livelier than another; some clinics begin to invite every client; a new one asks its old ones."""
        chance = self.chance
        invites = chance.uniform(60, WORLD_DAYS) if chance.random() < 0.15 else WORLD_DAYS * 9
        at, mood, until = max(0.0, place.opens), 1.0, 0.0
        while at < WORLD_DAYS:
            if at >= until:
                mood, until = chance.gammavariate(4, 0.25), at + 30
            rate = place.rate * max(mood, 0.1) * (2.5 if at > invites else 1)
            at += chance.expovariate(rate)
            if at < WORLD_DAYS:
                proven = chance.random() < 0.85 if at > invites else None
                self.write(at, place, self.person(at, place.city), proven=proven)
        if place.opens > 0 and chance.random() < 0.4:
            for _client in range(chance.randint(4, 9)):
                at = place.opens + chance.uniform(1, 14)
                self.write(at, place, self.person(at, place.city), proven=chance.random() < 0.75)

    def _presses(self) -> None:
        """Somebody known had it done: readers who were there before come and say what they think."""
        chance = self.chance
        for place in chance.sample(self.world.places, 3):
            begin = max(place.opens, 0) + chance.uniform(30, 90)
            begin = chance.uniform(begin, WORLD_DAYS - 20) if begin < WORLD_DAYS - 20 else WORLD_DAYS - 20
            for _reader in range(chance.randint(5, 14)):
                at = begin + chance.expovariate(0.4)
                if at < WORLD_DAYS:
                    self.write(at, place, self.person(at, place.city))

    def _bad_months(self) -> None:
        """A bad batch of pigment, a careless hand: honest complaints in a row."""
        chance = self.chance
        for place in chance.sample(self.world.places, 4):
            begin = chance.uniform(max(place.opens, 0) + 20, WORLD_DAYS - 10)
            for _client in range(chance.randint(3, 5)):
                at = begin + chance.uniform(0, 45)
                if at < WORLD_DAYS:
                    self.write(at, place, self.person(at, place.city), overall=chance.choice([1, 1, 2]))

    def _readers(self) -> None:
        """Two members sign in to read or to save a list for each who writes."""
        for _reader in range(2 * len(self.world.sent)):
            at = self.chance.uniform(0, WORLD_DAYS)
            who = self.person(at, self.chance.randrange(len(CITIES)))
            self.world.visits.append(Visit(at, -1, who.network, who.device))

    def _visits(self, place: Place) -> None:
        """The owner signs in at the clinic and at home, at times from a phone."""
        chance, at = self.chance, max(0.0, place.opens)
        while place.owned and at < WORLD_DAYS:
            on_phone = chance.random() < 0.15
            mobile = chance.choice(self.world.mobiles[place.city])
            network = mobile if on_phone else place.wifi if chance.random() < 0.6 else place.owner_home
            self.world.visits.append(Visit(at, place.number, network, place.owner_device))
            at += chance.expovariate(1 / (20 * DAY))
