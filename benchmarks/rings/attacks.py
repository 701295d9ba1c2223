"""Six kinds of ring. This file knows the world and nothing of what looks for it: no module of the site is imported.

Each function plants one ring and marks what it sends with its kind.
"""

import random

from benchmarks.rings import texts
from benchmarks.rings.events import DAY, HOUR, WORLD_DAYS, Person, Place, Sent, World

KINDS = ("burst", "drip", "copies", "puppets", "smear", "farm")


class Attacker:
    """Plants rings into a world that honest people built."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.chance = random.Random(f"attacks {world.seed}")
        self.serial = 0
        self.targets = [place for place in world.places if place.opens < WORLD_DAYS - 300]
        self.chance.shuffle(self.targets)

    def _target(self) -> Place:
        return self.targets.pop()

    def _begin(self, earliest: float, latest: float, *places: Place) -> float:
        """A day on which all these clinics have been open for three weeks."""
        return self.chance.uniform(max(earliest, *(place.opens + 21 for place in places)), latest)

    def _account(self, ring: str, at: float, least: float, most: float) -> Person:
        """An account opened that many days before, on a network nobody else uses."""
        self.serial += 1
        network = f"{91 + self.serial // 60000}.{self.serial // 250}.{self.serial % 250}.0"
        return Person(f"{ring}{self.serial}", at - self.chance.uniform(least, most), network, f"{ring}-d{self.serial}")

    def _send(self, ring: str, at: float, place: Place, who: Person, overall: int, **facts: object) -> None:
        if at >= WORLD_DAYS:
            return
        words = str(facts.get("text") or texts.composed(self.chance, overall))
        network, device = str(facts.get("network") or who.network), str(facts.get("device") or who.device)
        proven = bool(facts.get("proven", False))
        self.world.sent.append(
            Sent(at, who, place.number, overall, words, proven, network, device, "fresh", ring)
        )  # fmt: skip

    def burst(self) -> None:
        """Praise bought in one go: fresh accounts, some behind a VPN, some from one room full of phones."""
        chance, place = self.chance, self._target()
        begin = self._begin(150, WORLD_DAYS - 30, place)
        room = [f"60.{self.world.seed % 200}.{number}.0" for number in range(chance.randint(3, 5))]
        phones = [f"phone-{number}" for number in range(6)]
        length = chance.uniform(3, 10)
        for _one in range(chance.randint(15, 40)):
            at = begin + chance.uniform(0, length)
            who = self._account("burst", at, 0.02, 3)
            where = chance.random()
            network = chance.choice(self.world.exits) if where < 0.3 else chance.choice(room) if where < 0.55 else ""
            self._send(
                "burst",
                at,
                place,
                who,
                5 if chance.random() < 0.85 else 4,
                network=network,
                device=chance.choice(phones) if chance.random() < 0.2 else "",
                proven=chance.random() < 0.1,
            )

    def drip(self) -> None:
        """Praise bought by the month: one in four to ten days, each from another home."""
        chance, place = self.chance, self._target()
        at = self._begin(100, WORLD_DAYS - 190, place)
        for _one in range(chance.randint(12, 24)):
            at += chance.uniform(4, 10)
            who = self._account("drip", at, HOUR, 10)
            network = chance.choice(self.world.exits) if chance.random() < 0.15 else ""
            overall = 5 if chance.random() < 0.92 else 4
            self._send("drip", at, place, who, overall, network=network, proven=chance.random() < 0.1)

    def copies(self) -> None:
        """One template, spun, for several clinics of one buyer."""
        chance = self.chance
        places = [self._target() for _one in range(chance.randint(3, 6))]
        template, length = texts.spinner(chance), chance.uniform(20, 60)
        begin = self._begin(120, WORLD_DAYS - 70, *places)
        for _one in range(chance.randint(12, 25)):
            at = begin + chance.uniform(0, length)
            who = self._account("copies", at, HOUR, 20)
            network = chance.choice(self.world.exits) if chance.random() < 0.3 else ""
            overall = 5 if chance.random() < 0.85 else 4
            text = texts.spun(chance, template)
            self._send("copies", at, chance.choice(places), who, overall, text=text, network=network)

    def puppets(self) -> None:
        """The owner and the staff write themselves, at the clinic, at home and on the phone; many hold a true code."""
        chance = self.chance
        place = next(one for one in reversed(self.targets) if one.owned)
        self.targets.remove(place)
        begin, length = self._begin(100, WORLD_DAYS - 130, place), chance.uniform(30, 120)
        for _one in range(chance.randint(6, 12)):
            at = begin + chance.uniform(0, length)
            who = self._account("puppets", at, HOUR, 15)
            where = chance.random()
            network = (
                place.wifi
                if where < 0.45
                else place.owner_home
                if where < 0.7
                else chance.choice(self.world.mobiles[place.city])
                if where < 0.9
                else ""
            )
            device = place.owner_device if chance.random() < 0.35 else ""
            self._send("puppets", at, place, who, 5, network=network, device=device, proven=chance.random() < 0.4)

    def smear(self) -> None:
        """A rival in the same town writes the neighbour down, from its own rooms and from elsewhere."""
        chance = self.chance
        place = self._target()
        rivals = [one for one in self.world.places if one.city == place.city and one is not place and one.owned]
        rival = chance.choice(rivals)
        begin, length = self._begin(100, WORLD_DAYS - 30, place), chance.uniform(5, 20)
        for _one in range(chance.randint(8, 16)):
            at = begin + chance.uniform(0, length)
            who = self._account("smear", at, HOUR, 20)
            where = chance.random()
            network = (
                rival.wifi
                if where < 0.25
                else rival.owner_home
                if where < 0.35
                else chance.choice(self.world.exits)
                if where < 0.55
                else ""
            )
            self._send("smear", at, place, who, 1 if chance.random() < 0.8 else 2, network=network)

    def farm(self) -> None:
        """Accounts that go from buyer to buyer, from homes, in words no two alike; a quarter is camouflage."""
        chance = self.chance
        buyers = [self._target() for _one in range(chance.randint(8, 14))]
        popular = sorted(self.world.places, key=lambda one: -one.rate)[:25]
        begin = self._begin(100, WORLD_DAYS - 140, *buyers)
        for _account in range(chance.randint(20, 36)):
            who = self._account("farm", begin, 5 * DAY, 40 * DAY)
            number = chance.choice([2, 3, 3, 4, 5])
            camouflage = [chance.choice(popular) for _one in range(number) if chance.random() < 0.25]
            places = chance.sample(buyers, max(1, number - len(camouflage))) + camouflage
            for place in dict.fromkeys(one.number for one in places):
                real = self.world.places[place]
                network = f"70.{self.serial % 250}.{chance.randrange(250)}.0" if chance.random() < 0.7 else ""
                overall = 5 if chance.random() < 0.85 else 4
                if real in camouflage:
                    overall = chance.choice([3, 4, 4, 5])
                self._send("farm", begin + chance.uniform(0, 110), real, who, overall, network=network)

    def plant(self, kinds: tuple[str, ...] = KINDS) -> World:
        """Rings of these kinds; of those with few reviews two."""
        rings = {
            "burst": (self.burst,),
            "drip": (self.drip, self.drip),
            "copies": (self.copies,),
            "puppets": (self.puppets, self.puppets),
            "smear": (self.smear, self.smear),
            "farm": (self.farm,),
        }
        for kind in kinds:
            for ring in rings[kind]:
                ring()
        self.world.sent.sort(key=lambda sent: sent.at)
        return self.world
