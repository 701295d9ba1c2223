"""Layout: what stands where in an official list, read from a mapping file. A new list is a new file and no code.

The files lie in `registers/`, named after the issuer's key; their form stands in `registers/README.md`.
"""

import hashlib
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from directory.clinics.importing.columns import squeeze
from directory.clinics.importing.encodings import FileUnusable
from directory.credentials.matching import PERSONS, PREMISES, STATUSES
from directory.credentials.outside import OUTCOMES

SHIPPED = Path(__file__).parent / "registers"
# Without these an entry says nothing; a list that lacks one of them cannot be read at all.
NEEDED = ("number", "name", "status")
COLUMNS = (*NEEDED, "given", "family", "other_names", "starts", "issued", "expires", "city", "postal_code", "address",
           "type", "inspected", "outcome", "inspection_url")  # fmt: skip
# What a list of persons has no use for: a door, and visits to it.
OF_PREMISES = {"address": "no address", "inspected": "no inspections", "outcome": "no inspections",
               "inspection_url": "no inspections"}  # fmt: skip
_PARTS = {
    "": {"issuer", "title", "kind", "source_url", "licence", "link", "terms"},
    "file": {"encoding", "delimiter", "form"},
    "columns": set(COLUMNS),
    "dates": {"formats", "never"},
    "number": {"prefixes"},
    "name": {"order"},
    "filter": {"type"},
    "status": None,  # the issuer's own words
    "outcome": None,
}
Where = tuple[str, ...] | tuple[int, int]


@dataclass(frozen=True)
class Layout:
    """One mapping file. `columns` holds header names, or in a fixed-width list the first and last letter from 1.

    `terms` says that a licence has one row for each of its terms: the newest is the one that counts.
    """

    issuer: str
    title: str
    kind: str
    source_url: str
    licence: str
    link: str
    terms: bool
    encoding: str
    delimiter: str
    fixed: bool
    columns: Mapping[str, Where]
    statuses: Mapping[str, str]
    outcomes: Mapping[str, str]
    formats: tuple[str, ...]
    never: frozenset[str] = field(default_factory=frozenset)
    prefixes: tuple[str, ...] = ()
    order: str = ""
    types: frozenset[str] = field(default_factory=frozenset)
    sha256: str = ""

    def knows(self, header: list[str]) -> int:
        """How many cells of a row are names of columns that this layout reads."""
        named = {squeeze(name) for names in self.columns.values() for name in names if isinstance(name, str)}
        return sum(squeeze(cell) in named for cell in header if cell and len(cell) < 80)


def read_layout(issuer: str, path: Path | None) -> Layout:
    """The mapping given, or the one shipped for this issuer. Raises FileUnusable naming the file and the key."""
    if path is None:
        path = SHIPPED / f"{issuer}.toml"
        if not issuer.replace("-", "").isalnum() or not path.is_file():
            known = ", ".join(sorted(one.stem for one in SHIPPED.glob("*.toml")))
            raise FileUnusable(f"no mapping is shipped for {issuer[:60]!r}; say --map FILE.toml. Shipped: {known}")
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise FileUnusable(f"the mapping {path} cannot be read: {error.strerror or error}") from error
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise FileUnusable(f"the mapping {path.name} is not valid TOML: {error}") from error
    sha256 = hashlib.sha256(path.read_bytes()).hexdigest()
    return replace(_Mapping(path.name, table).layout(issuer), sha256=sha256)


class _Mapping:
    """A mapping file while it is checked: every fault names the file and the key."""

    def __init__(self, file: str, table: dict[str, Any]) -> None:
        self.file = file
        self.table = table

    def _wrong(self, what: str) -> FileUnusable:
        return FileUnusable(f"the mapping {self.file}: {what}")

    def _part(self, name: str) -> dict[str, Any]:
        part = self.table.get(name, {}) if name else {k: v for k, v in self.table.items() if not isinstance(v, dict)}
        if not isinstance(part, dict):
            raise self._wrong(f"[{name}] must be a table")
        known = _PARTS[name]
        strange = sorted(set(part) - known) if known is not None else []
        if strange:
            raise self._wrong(
                f"{name or 'the top'} has {', '.join(strange)}, which is none of {', '.join(sorted(known or ()))}"
            )
        return part

    def _text(self, part: dict[str, Any], key: str, default: str = "") -> str:
        value = part.get(key, default)
        if not isinstance(value, str) or len(value) > 300:
            raise self._wrong(f"{key} must be a text")
        return value

    def _texts(self, part: dict[str, Any], key: str) -> tuple[str, ...]:
        value = part.get(key, [])
        value = [value] if isinstance(value, str) else value
        if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
            raise self._wrong(f"{key} must be a text or a list of texts")
        return tuple(value)

    def layout(self, issuer: str) -> Layout:
        strange = sorted(name for name, value in self.table.items() if isinstance(value, dict) and name not in _PARTS)
        if strange:
            raise self._wrong(f"has unknown parts: {', '.join(strange)}")
        top, file, dates = self._part(""), self._part("file"), self._part("dates")
        kind = self._text(top, "kind")
        if kind not in {PERSONS, PREMISES}:
            raise self._wrong('kind must be "persons" or "premises"')
        if self._text(top, "issuer") != issuer:
            raise self._wrong(f"is for the issuer {self._text(top, 'issuer')[:60]!r}, not for {issuer[:60]!r}")
        form = self._text(file, "form", "delimited")
        if form not in {"delimited", "fixed"}:
            raise self._wrong('form must be "delimited" or "fixed"')
        columns = self._columns(kind, fixed=form == "fixed")
        link = self._text(top, "link")
        self._sound_visits(columns, link)
        formats = self._texts(dates, "formats")
        if not formats and columns.keys() & {"starts", "issued", "expires", "inspected"}:
            raise self._wrong("[dates] must say formats, such as %d.%m.%Y")
        order = self._text(self._part("name"), "order")
        if order not in {"", "family given"}:
            raise self._wrong('[name] order must be "family given" or left out')
        return Layout(
            issuer=issuer,
            title=self._text(top, "title", issuer),
            kind=kind,
            source_url=self._text(top, "source_url"),
            licence=self._text(top, "licence"),
            link=link,
            terms=top.get("terms") is True,
            encoding=self._text(file, "encoding"),
            delimiter=self._text(file, "delimiter"),
            fixed=form == "fixed",
            columns=columns,
            statuses=self._meanings("status", STATUSES),
            outcomes=self._meanings("outcome", OUTCOMES) if "outcome" in columns else {},
            formats=formats,
            never=frozenset(squeeze(word) for word in self._texts(dates, "never")),
            prefixes=self._texts(self._part("number"), "prefixes"),
            order=order,
            types=frozenset(squeeze(word) for word in self._texts(self._part("filter"), "type")),
        )

    def _columns(self, kind: str, *, fixed: bool) -> dict[str, Where]:
        part = self._part("columns")
        for name in [name for name in OF_PREMISES if name in part and kind == PERSONS]:
            raise self._wrong(f"a list of persons keeps {OF_PREMISES[name]}: leave {name} out of [columns]")
        has_parts = {"given", "family"} <= part.keys()
        lacking = [name for name in NEEDED if name not in part and not (name == "name" and has_parts)]
        if lacking:
            raise self._wrong(f"[columns] must say where {', '.join(lacking)} stands")
        return {name: self._where(name, value, fixed=fixed) for name, value in part.items()}

    def _where(self, name: str, value: Any, *, fixed: bool) -> Where:
        if fixed:
            if not isinstance(value, list) or len(value) != 2 or not all(isinstance(one, int) for one in value):
                raise self._wrong(f"{name} must be [first, last], counted in letters from 1")
            first, last = value
            if not 1 <= first <= last <= 10_000:
                raise self._wrong(f"{name} must be [first, last] with 1 <= first <= last")
            return first, last
        names = tuple(one for one in self._texts({name: value}, name) if one)
        if not names:
            raise self._wrong(f"{name} must name a column of the file")
        return names

    def _sound_visits(self, columns: dict[str, Where], link: str) -> None:
        """A visit has a day, an outcome and a public address, or the list tells of none."""
        told = columns.keys() & {"inspected", "outcome", "inspection_url"}
        if told and not {"inspected", "outcome"} <= told:
            raise self._wrong("[columns] must name both inspected and outcome, or no inspection at all")
        if told and not link and "inspection_url" not in columns:
            raise self._wrong("an inspection needs a public address: name inspection_url in [columns], or a link")

    def _meanings(self, name: str, ours_are: tuple[str, ...]) -> dict[str, str]:
        part = self._part(name)
        strange = sorted(f"{word!r}" for word, ours in part.items() if ours not in ours_are)
        if strange or not part:
            what = f"gives {', '.join(strange)} a meaning" if strange else "is empty; each word needs a meaning"
            raise self._wrong(f"[{name}] {what}, one of {', '.join(ours_are)}")
        return {squeeze(word): ours for word, ours in part.items()}
