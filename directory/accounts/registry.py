"""What is kept about a person, room by room: how to hand it out, and how to forget it.

Each room registers its tables. A test walks every foreign key that leads to the user's table and fails when the table
it starts from is not registered.
"""

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from sqlalchemy import Table, delete

from directory import queue
from directory.accounts.models import Erasure, User
from directory.db import Base, db
from directory.mail import about

Export = Callable[[User], list[dict[str, Any]]]
Erase = Callable[[User], None]
USER_TABLE = "user_account"


class Coverage(NamedTuple):
    """One table: its heading in the export, its rows about a person in plain words, and how they go."""

    table: str
    title: str
    export: Export
    erase: Erase | None


class Wish(NamedTuple):
    """Something a person may choose about their things when the account is erased.

    `present` tells the answer as it stands, empty when there is nothing to choose about; `keep` notes another one.
    """

    name: str
    question: Any
    answers: Mapping[str, Any]
    present: Callable[[User], str]
    keep: Callable[[User, str], None]


_coverage: dict[str, Coverage] = {}
_wishes: dict[str, Wish] = {}


def covers(table: str, *, title: str, export: Export, erase: Erase | None = None) -> None:
    """Register a table. Without `erase` all its rows that point at the person are deleted."""
    _coverage[table] = Coverage(table, title, export, erase)


def asks(wish: Wish) -> None:
    """Have the page that erases an account ask this."""
    _wishes[wish.name] = wish


def wishes_of(user: User) -> list[tuple[Wish, str]]:
    """What there is to choose for this person, with the present answers."""
    answers = [(wish, wish.present(user)) for wish in _wishes.values()]
    return [(wish, answer) for wish, answer in answers if answer]


def covered() -> set[str]:
    return set(_coverage)


def _columns_to_users(table: Table) -> list[Any]:
    return [
        column for column in table.columns if any(key.column.table.name == USER_TABLE for key in column.foreign_keys)
    ]


def tables_about_people() -> set[str]:
    """Every table with a foreign key to the user's."""
    return {table.name for table in Base.metadata.sorted_tables if _columns_to_users(table)}


def export_person(user: User) -> dict[str, list[dict[str, Any]]]:
    """All that is kept about the person, by heading, in words that JSON can carry."""
    found: dict[str, list[dict[str, Any]]] = {}
    for table in Base.metadata.sorted_tables:
        coverage = _coverage.get(table.name)
        if coverage is not None:
            found[coverage.title] = coverage.export(user)
    return found


def erase_person(user: User) -> None:
    """Forget the person everywhere; what stays is that an account of this random id was erased.

    Tables go in the order in which nothing points at a row that is gone.
    """
    for table in reversed(Base.metadata.sorted_tables):
        coverage = _coverage.get(table.name)
        if coverage is None or table.name == USER_TABLE:
            continue
        if coverage.erase is not None:
            coverage.erase(user)
            continue
        for column in _columns_to_users(table):
            db.session.execute(delete(table).where(column == user.id))
    queue.drop_about(about(user.email))
    db.session.add(Erasure(public_id=user.public_id))
    db.session.expire(user)
    db.session.delete(user)
