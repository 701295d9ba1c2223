"""Jurisdiction: a place with laws of its own, and which of them an address lies in.

Each is a file of `reference/`; an address belongs to every jurisdiction whose `[place]` it meets, the wider ones first.
"""

import re
from collections.abc import Iterable, Mapping
from functools import cached_property
from typing import NamedTuple

from directory.words import name_key

_LETTERS = re.compile(r"[A-Z]+")


class Address(NamedTuple):
    """What of an address is looked at: ISO country, region, town and postal code as written."""

    country: str
    region: str
    city: str
    postal_code: str


class Jurisdiction:
    """One place: `path` such as `GB-ENG-LONDON`, the path it lies `within`, and how an address is known to be in it.

    A region or a postal area names it; so does a town, where `only_in` is empty or names the region. With none of them
    given, every address of its countries is in it.
    """

    def __init__(self, path: str, name: str, within: str, place: Mapping[str, list[str]]) -> None:
        self.path, self.name, self.within = path, name, within
        self.countries = frozenset(place.get("countries", ()))
        self.regions = frozenset(map(name_key, place.get("regions", ())))
        self.cities = frozenset(map(name_key, place.get("cities", ())))
        self.only_in = frozenset(map(name_key, place.get("only_in", ())))
        self.postal_areas = frozenset(place.get("postal_areas", ()))

    @cached_property
    def _is_whole_country(self) -> bool:
        return not (self.regions or self.cities or self.postal_areas)

    def holds(self, address: Address) -> bool:
        if address.country not in self.countries:
            return False
        region, city = name_key(address.region), name_key(address.city)
        if self._is_whole_country or region in self.regions:
            return True
        if city in self.cities and (not self.only_in or region in self.only_in):
            return True
        return any(area in self.postal_areas for area in _areas(address.postal_code))


def _areas(code: str) -> Iterable[str]:
    """The parts of a postal code that may name an area: the letters it begins with, or its first three digits."""
    plain = "".join(code.upper().split())
    letters = _LETTERS.match(plain)
    if letters:
        return (letters.group(),)
    return (plain[:3],) if plain[:3].isdigit() and len(plain) >= 5 else ()


def in_order(all_of_them: Iterable[Jurisdiction], address: Address) -> list[Jurisdiction]:
    """Those that the address lies in, each after the one it lies within."""
    found = {one.path: one for one in all_of_them if one.holds(address)}

    def depth(one: Jurisdiction) -> int:
        steps, above = 0, one.within
        while above in found and steps < len(found):
            steps, above = steps + 1, found[above].within
        return steps

    # A part counts only together with the whole it lies within: a London of Ontario is not one of England.
    whole = [one for one in found.values() if not one.within or one.within in found]
    return sorted(whole, key=lambda one: (depth(one), one.path))
