"""Registers: loading a list, looking a licence up, and how often a claim is believed or refused wrongly.

    python -m benchmarks.registers [--rows N] [--database URL]

The list is seeded and invented: N persons, of whom 2,000 share one name, in 400 towns; one in eight is expired,
suspended, revoked or inactive. Of 1,000 claims half are true ones, written carelessly (case, accents, ".0", hyphens,
spaces, order); the others give a number that is no longer active, the number of a namesake who stands in the list as
well, or a number of somebody else altogether. A fresh SQLite database is used unless a URL of an empty, migrated
PostgreSQL database is given.
"""

import argparse
import os
import random
import statistics
import sys
import tempfile
import time
from collections import Counter
from datetime import date, timedelta
from pathlib import Path
from typing import NamedTuple

from flask_migrate import upgrade

from directory.config import read_settings
from directory.credentials import register_loads
from directory.credentials.matching import CONFIRMED, REFUSED, Claim
from directory.credentials.register_layouts import read_layout
from directory.credentials.register_lists import read_list
from directory.credentials.registers import RegisterLoad, compare, find
from directory.db import db, writing
from directory.factory import create_app

SEED = 20261128
TODAY = date(2026, 11, 28)
KEY = "xx-bench"
SHARING, CLAIMS = 2_000, 1_000
SHARED = ("Zoë", "Müller-Sørensen")
GIVEN = ["Ada", "Béla", "Cléa", "Dário", "Eyüp", "Fjóla", "Gréta", "Håkon", "Íris", "Jörg", "Kaï", "Lúcia", "Mårten",
         "Noémie", "Óscar", "Petr", "Quentin", "Renée", "Søren", "Tomás", "Ulla", "Věra", "Wanda", "Xénia"]  # fmt: skip
PARTS = ["Ald", "Brenn", "Cast", "Dorn", "Eich", "Fal", "Gron", "Hold", "Ilm", "Jast", "Korv", "Lind", "Mor", "Nett",
         "Olv", "Pell", "Quar", "Rist", "Sten", "Tarn", "Ulm", "Vest", "Wend", "Yst"]  # fmt: skip
ENDS = ["berg", "by", "dal", "feld", "gård", "høj", "ína", "ström", "úri", "wälder"]
MAPPING = f"""
issuer = "{KEY}"
title = "Invented list for measuring"
kind = "persons"
[columns]
number = "Number"
name = "Name"
status = "Status"
expires = "Until"
city = "Town"
[dates]
formats = ["%d.%m.%Y"]
[status]
active = "active"
expired = "expired"
suspended = "suspended"
revoked = "revoked"
inactive = "inactive"
[number]
prefixes = ["SP"]
"""


class Holder(NamedTuple):
    """One invented person of the list."""

    number: str
    given: str
    family: str
    status: str
    until: date
    town: str

    @property
    def name(self) -> str:
        return f"{self.given} {self.family}"

    @property
    def is_active(self) -> bool:
        return self.status == "active" and self.until >= TODAY


def holders(count: int) -> list[Holder]:
    """The seeded list; the same for the same count."""
    chance = random.Random(SEED)
    towns = [f"{part}{end}" for part in PARTS for end in ENDS][:200] + [f"Upper {part}{end}" for part in PARTS for end in ENDS][:200]  # fmt: skip # noqa: E501
    made = []
    for place in range(count):
        given, family = SHARED if place < SHARING else (
            chance.choice(GIVEN), f"{chance.choice(PARTS)}{chance.choice(PARTS).lower()}{chance.choice(ENDS)}"
        )  # fmt: skip
        status = "active" if chance.random() > 0.1 else chance.choice(["expired", "suspended", "revoked", "inactive"])
        until = TODAY + timedelta(days=chance.randrange(-30, 700))
        made.append(Holder(f"SP-{10_000 + place * 7:07}", given, family, status, until, chance.choice(towns)))
    chance.shuffle(made)
    return made


def write_list(path: Path, people: list[Holder]) -> None:
    rows = [f"{p.number};{p.family}, {p.given};{p.status};{p.until:%d.%m.%Y};{p.town}" for p in people]
    path.write_text("\n".join(["Number;Name;Status;Until;Town", *rows]) + "\n", encoding="utf-8")


def careless(chance: random.Random, one: Holder) -> Claim:
    """The holder's own claim as people type: every kind of noise, often several at once."""
    digits = one.number.removeprefix("SP-")
    number = chance.choice([one.number, digits, digits.lstrip("0"), f"{digits.lstrip('0')}.0", f"sp {digits}",
                            f"{digits[:3]}-{digits[3:]}", f" {digits[:4]} {digits[4:]} ", f"No. {digits}"])  # fmt: skip
    name = chance.choice([one.name, f"{one.family}, {one.given}", f"{one.family} {one.given}"])
    if chance.random() < 0.4:
        name = name.replace("-", " ")
    if chance.random() < 0.4:
        name = name.translate(str.maketrans("éÉüöäåøØíÍúóÓëïěçá", "eEuoaaoOiIuoOeieca"))
    name = chance.choice([name, name.upper(), name.lower(), f"  {name.replace(' ', '  ')} "])
    town = chance.choice([one.town, one.town.upper(), f" {one.town.lower()}"])
    return Claim(number=number, name=name, place=town, expires_on=one.until)


def claims(people: list[Holder]) -> list[tuple[bool, str, Claim]]:
    """(whether it is true, its kind, the claim)."""
    chance = random.Random(SEED + 1)
    active = [one for one in people if one.is_active]
    fallen = [one for one in people if not one.is_active]
    namesakes = [one for one in people if one.name == " ".join(SHARED)]
    living = [one for one in namesakes if one.is_active]
    made = [(True, "true", careless(chance, one)) for one in chance.sample(active, CLAIMS // 2 - 100)]
    made += [(True, "true, shared name", careless(chance, one)) for one in chance.sample(living, 100)]
    made += [(False, "not active", careless(chance, one)) for one in chance.sample(fallen, CLAIMS // 5)]
    for kind, count in (("number of a namesake", CLAIMS // 5), ("number of a stranger", CLAIMS // 10)):
        for _ in range(count):
            me, victim = chance.sample(living, 2) if "namesake" in kind else chance.sample(active, 2)
            while victim.name == me.name and "stranger" in kind:
                victim = chance.choice(active)
            mine = careless(chance, me)
            stolen = Claim(careless(chance, victim).number, mine.name, place=mine.place, expires_on=mine.expires_on)
            made.append((False, kind, stolen))
    chance.shuffle(made)
    return made


def take_in(file: Path, mapping: Path) -> float:
    """Seconds from the file to the list in force."""
    begun = time.perf_counter()
    layout = read_layout(KEY, mapping)
    reading = read_list(file, layout)
    with writing():
        register = register_loads.put_register(layout)
        load_id = register_loads.begin(register, reading, layout, listed_on=TODAY).id
        db.session.commit()
        for _count in register_loads.stage(load_id, reading):
            db.session.commit()
        register_loads.settle(db.session.get_one(RegisterLoad, load_id), reading, today=TODAY)
        db.session.commit()
    return time.perf_counter() - begun


def measure(people: list[Holder]) -> bool:
    """Print the table of claims and the look-up times; whether the reach is met."""
    seconds: dict[str, list[float]] = {"one number": [], "the desk's list": []}
    wrong, outcomes = Counter[str](), Counter[tuple[str, str]]()
    asked = claims(people)
    for is_true, kind, claim in asked:
        begun = time.perf_counter()
        candidate = compare(KEY, claim, today=TODAY)
        between = time.perf_counter()
        find(KEY, number=claim.number, name=claim.name, place=claim.place, today=TODAY)
        seconds["the desk's list"].append(time.perf_counter() - between)
        seconds["one number"].append(between - begun)
        db.session.expunge_all()
        outcome = candidate.finding.outcome if candidate else REFUSED
        outcomes[kind, outcome] += 1
        if not is_true and outcome == CONFIRMED:
            wrong["verified"] += 1
        if is_true and outcome != CONFIRMED:
            wrong["refused"] += 1
    for (kind, outcome), count in sorted(outcomes.items()):
        print(f"  {kind:24} {outcome:10} {count:5}")
    true = sum(is_true for is_true, _, _ in asked)
    refused = 100 * wrong["refused"] / true
    print(f"claims                   {len(asked):8,}, {true:,} of them true")
    print(f"wrongly verified         {wrong['verified']:8}   (reach 0)")
    print(f"wrongly not verified     {refused:8.2f} % of the true ones   (reach 2)")
    for label, taken in seconds.items():  # of the clock, so that a busy machine shows
        marks = statistics.quantiles(taken, n=100)
        print(f"look-up, {label:15} p50 {marks[49] * 1000:5.2f} ms, p99 {marks[98] * 1000:.2f} ms   (reach 5)")
    return not wrong["verified"] and refused <= 2


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=36_000)
    parser.add_argument("--database", default="")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder)
        settings = read_settings({**os.environ, "MODE": "local", "DATA": folder, "DATABASE_URL": given.database})
        app = create_app(settings, purpose="command")
        people = holders(given.rows)
        file, mapping = data / "list.csv", data / f"{KEY}.toml"
        write_list(file, people)
        mapping.write_text(MAPPING, encoding="utf-8")
        with app.test_request_context():
            upgrade()
            print(f"a register of {given.rows:,} persons, {SHARING:,} of one name, on {db.engine.dialect.name}")
            print(f"loaded in                {take_in(file, mapping):8.1f} s   (reach 20)")
            good = measure(people)
            write_list(file, [one._replace(status="revoked") if n % 50 == 0 else one for n, one in enumerate(people)])
            print(f"the next list, compared  {take_in(file, mapping):8.1f} s")
            db.session.remove()
            db.engine.dispose()
    sys.exit(0 if good else 1)


if __name__ == "__main__":
    main()
