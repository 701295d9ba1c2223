"""A claim against an entry of an official list: what agrees, what does not, and what may follow from it.

Nothing here reads the database: the rules are tables in the tests. A claim is confirmed only by number, name and
active status together, with the place where the list has one; a name alone never does, and a name shared by many asks
for more than the number, because numbers in public lists can be copied by anybody of that name.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from flask_babel import lazy_gettext as _l

from directory.credentials.names import Likeness, likeness
from directory.credentials.numbers import number_key
from directory.places.fold import fold

CONFIRMED, PROPOSED, REFUSED = "confirmed", "proposed", "refused"
STATUSES = ("active", "expired", "suspended", "revoked", "inactive")
PERSONS, PREMISES = "persons", "premises"

REASONS = {
    "agrees": _l("Number, name, status and place agree with the register."),
    "agrees_without_place": _l("Number, name and status agree; the register says no place."),
    "name_alone": _l("Only the name agrees. A name alone is never enough."),
    "nothing": _l("Neither the number nor the name agrees."),
    "number_of_another": _l("The register has this number under another name."),
    "vanished": _l("The number is not in the register any more."),
    "status_expired": _l("The register says the licence has expired."),
    "status_suspended": _l("The register says the licence is suspended."),
    "status_revoked": _l("The register says the licence was revoked."),
    "status_inactive": _l("The register says the licence is not active."),
    "namesake_elsewhere": _l("The number belongs to somebody of the same name in another place."),
    "place_differs": _l("The place is not the one in the register."),
    "place_not_said": _l("The register says a place and the claim does not."),
    "dates_differ": _l("The date of expiry is not the one in the register."),
    "name_in_part": _l("The names agree in part: initials, half of a double name, or a slip of the pen."),
    "shared_name": _l("Several people in the register have this name, and nothing but the number tells them apart."),
}


@dataclass(frozen=True)
class Claim:
    """What somebody says of themselves. `place` is a town; a postal code is compared as far as the list has it."""

    number: str
    name: str
    other_names: tuple[str, ...] = ()
    place: str = ""
    postal_code: str = ""
    expires_on: date | None = None


@dataclass(frozen=True)
class Listed:
    """One entry of an official list, as far as it is compared."""

    number: str
    name: str
    status: str
    other_names: tuple[str, ...] = ()
    city: str = ""
    postal_area: str = ""
    expires_on: date | None = None
    kind: str = PERSONS
    prefixes: tuple[str, ...] = ()

    def standing(self, today: date) -> str:
        """The status as of today: an active entry whose date has passed has expired, whatever its word."""
        if self.status == "active" and self.expires_on is not None and self.expires_on < today:
            return "expired"
        return self.status


class Crowd(NamedTuple):
    """How many other entries of the list bear the same name: anywhere, and in the same place."""

    anywhere: int = 0
    nearby: int = 0


@dataclass(frozen=True)
class Finding:
    """What a comparison came to. `matched` and `mismatched` name fields; `alarm` asks for a person to look."""

    outcome: str
    matched: tuple[str, ...]
    mismatched: tuple[str, ...]
    reason: str
    alarm: bool = False

    @property
    def words(self) -> str:
        """The reason in words."""
        return str(REASONS[self.reason])


def judge(claim: Claim, entry: Listed, crowd: Crowd, *, today: date) -> Finding:
    """Compare a claim with one entry. `crowd` counts the entry's namesakes; `today` is the issuer's day."""
    same = {
        "number": bool(claim.number) and _keys_agree(claim, entry),
        "status": entry.standing(today) == "active",
    }
    alike = likeness(
        (claim.name, *claim.other_names), (entry.name, *entry.other_names), of_persons=entry.kind == PERSONS
    )
    same["name"] = alike == Likeness.FULL
    place = _place_agrees(claim, entry)
    if place is not None:
        same["place"] = place
    if claim.expires_on and entry.expires_on:
        same["expires"] = claim.expires_on == entry.expires_on
    outcome, reason, alarm = _decide(same, alike, crowd, entry, claim, today)
    matched = tuple(sorted(field for field, agrees in same.items() if agrees))
    mismatched = tuple(sorted(field for field, agrees in same.items() if not agrees))
    return Finding(outcome, matched, mismatched, reason, alarm)


def _decide(
    same: dict[str, bool], alike: Likeness, crowd: Crowd, entry: Listed, claim: Claim, today: date
) -> tuple[str, str, bool]:
    """(outcome, reason, alarm); the first rule that speaks decides."""
    says_place = bool(entry.city or entry.postal_area)
    if not same["number"]:
        return (REFUSED, "nothing", False) if alike == Likeness.NONE else (PROPOSED, "name_alone", False)
    if alike == Likeness.NONE:
        return REFUSED, "number_of_another", True
    if not same["status"]:
        return REFUSED, f"status_{entry.standing(today)}", False
    if says_place and same.get("place") is False:
        return (REFUSED, "namesake_elsewhere", True) if crowd.anywhere else (PROPOSED, "place_differs", False)
    doubts: Sequence[tuple[bool, str]] = (
        (alike == Likeness.WEAK, "name_in_part"),
        (says_place and "place" not in same, "place_not_said"),
        (same.get("expires") is False, "dates_differ"),
        (crowd.nearby > 0 and not same.get("expires"), "shared_name"),
    )
    for doubtful, reason in doubts:
        if doubtful:
            return PROPOSED, reason, False
    return CONFIRMED, "agrees" if says_place else "agrees_without_place", False


def _keys_agree(claim: Claim, entry: Listed) -> bool:
    key = number_key(claim.number, entry.prefixes)
    return bool(key) and key == number_key(entry.number, entry.prefixes)


def _place_agrees(claim: Claim, entry: Listed) -> bool | None:
    """None when one side says no place. The same postal area is the same place, however the town is written."""
    theirs, ours = _squeezed(entry.postal_area), _squeezed(claim.postal_code)
    if theirs and ours and ours.startswith(theirs):
        return True
    if entry.city and claim.place:
        return fold(entry.city) == fold(claim.place)
    return False if theirs and ours else None


def _squeezed(text: str) -> str:
    return "".join(letter for letter in text.upper() if letter.isalnum())
