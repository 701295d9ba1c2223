"""What somebody may do here, and what that asks of them: how long a session lasts, whether a second factor is needed.

Rooms above add what only they know: a clinic's staff are known by memberships, which live with the clinics.
"""

from collections.abc import Callable
from datetime import timedelta
from enum import IntEnum
from typing import NamedTuple

from directory import ledger
from directory.accounts.models import ROLES, User
from directory.errors import Refused
from directory.keyed import pseudonym


class Standing(IntEnum):
    """How much somebody could harm with this account."""

    MEMBER = 0
    CLINIC = 1
    DESK = 2


class Lifetime(NamedTuple):
    """How long a session lives without a visit, and at most."""

    idle: timedelta
    absolute: timedelta


LIFETIMES = {
    Standing.MEMBER: Lifetime(timedelta(hours=24), timedelta(days=14)),
    Standing.CLINIC: Lifetime(timedelta(hours=2), timedelta(hours=24)),
    Standing.DESK: Lifetime(timedelta(minutes=20), timedelta(hours=8)),
}

# Which roles open a door of that name; an auditor may look through any of them (`may_pass`).
OPENS = {
    "moderator": {"moderator", "lead"},
    "checker": {"checker", "lead"},
    "lead": {"lead"},
    "desk": {"moderator", "checker", "lead"},
    "auditor": {"auditor", "lead"},
    "operators": {"operator"},
}

Grant = Callable[[User, str], None]
_standings: list[Callable[[User], Standing]] = []
_grants: dict[str, Grant] = {}


def gives_standing(read: Callable[[User], Standing]) -> Callable[[User], Standing]:
    """The function knows of a standing that follows from something else than a role."""
    _standings.append(read)
    return read


def granted_by(role: str) -> Callable[[Grant], Grant]:
    """The function gives this role at the clinic whose slug it is handed."""

    def keep(grant: Grant) -> Grant:
        _grants[role] = grant
        return grant

    return keep


def standing(user: User) -> Standing:
    own = Standing.DESK if user.roles else Standing.MEMBER
    return max([own, *(read(user) for read in _standings)])


def must_set_up(user: User, known: Standing | None = None) -> bool:
    """Whether this account is too strong to be opened by a password alone. `known` is its standing, where it is."""
    return not user.has_second_factor and (standing(user) if known is None else known) > Standing.MEMBER


def may_pass(user: User, door: str, *, only_looks: bool) -> bool:
    """Whether one of the person's roles opens the door; an auditor sees all and changes nothing."""
    held = user.role_names
    return bool(held & OPENS[door]) or (only_looks and "auditor" in held)


def every_role() -> list[str]:
    """The roles that a command can give."""
    return [*ROLES, *sorted(_grants)]


def grant(user: User, role: str, clinic: str = "") -> None:
    """Give a role. Raises Refused when there is no such role, or it needs a clinic and names none."""
    if role in ROLES:
        if clinic:
            raise Refused(f"{role} is a role for the whole site: leave the clinic out.")
        if user.give_role(role):
            ledger.record("role.granted", role="operator", subject=f"role:{role}", to=_holder(user))
        return
    if role not in _grants:
        raise Refused(f"There is no role {role[:40]!r}. There are: {', '.join(every_role())}.")
    if not clinic:
        raise Refused(f"{role} is a role at one clinic: name it.")
    _grants[role](user, clinic)


def withdraw(user: User, role: str) -> None:
    """Take a role of the whole site away. Raises Refused when the person does not hold it."""
    held = next((one for one in user.roles if one.role == role), None)
    if held is None:
        raise Refused(f"This account does not hold the role {role[:40]!r}.")
    user.roles.remove(held)
    ledger.record("role.withdrawn", role="operator", subject=f"role:{role}", to=_holder(user))


def _holder(user: User) -> str:
    """What names somebody in the public record: always the same, and of no use to find the person."""
    return pseudonym("role holder", user.public_id)[:22]
