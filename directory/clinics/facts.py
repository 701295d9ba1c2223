"""The lines of a clinic's page, made of the answers it gave."""

from collections.abc import Iterator, Mapping
from typing import Any

from flask_babel import gettext as _

from directory.clinics.answers import CURRENCY, Fact
from directory.clinics.asked import EVERY

BY_KEY: dict[str, Fact] = {fact.key: fact for fact in EVERY}


def asked_in(section: str) -> list[Fact]:
    """The answers of one section of the profile."""
    return [fact for fact in EVERY if fact.section == section]


def parts_of(line: str) -> list[Fact]:
    """The answers that make one line of the page, the clinic's own words last."""
    return [fact for fact in EVERY if fact.line == line]


def line_of(facts: Mapping[str, Any], line: str) -> str:
    """One line of a clinic's page as it reads; "" when nothing is stated."""
    return ". ".join(_sentences(facts, line))


def lines_of(facts: Mapping[str, Any], table: Mapping[str, str]) -> dict[str, str]:
    """All lines of a table of the vocabulary, blanks included."""
    return {line: line_of(facts, line) for line in table}


def _sentences(facts: Mapping[str, Any], line: str) -> Iterator[str]:
    currency = str(facts.get(CURRENCY) or "")
    said = [part.said(facts.get(part.key), currency) for part in parts_of(line) if part.key != line]
    told = ", ".join(part for part in said if part)
    if told:
        yield told if told.startswith("http") else told[0].upper() + told[1:]
    own = facts.get(line)
    if own or own is False:
        yield str({True: _("Yes"), False: _("No")}.get(own, own))
