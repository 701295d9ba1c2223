"""An official list as a file: every row becomes an entry, is passed over by the filter, or is refused with a reason.

The whole file is read before anything is written, so that a list that breaks off further on changes nothing.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import NamedTuple

from directory.clinics.importing import delimited
from directory.clinics.importing.columns import squeeze
from directory.clinics.importing.encodings import FileUnusable, TextFile, open_text
from directory.credentials.matching import PREMISES
from directory.credentials.names import Likeness, in_natural_order, likeness, name_sort_key, surname_key
from directory.credentials.numbers import MAX_NUMBER, as_written, number_key
from directory.credentials.register_layouts import NEEDED, Layout
from directory.places.fold import cleaned, fold

NEVER_FROM = 2100  # a year that official lists write for "no end"
_WORST = ("active", "inactive", "expired", "suspended", "revoked")
_LENGTHS = {"number": MAX_NUMBER, "name": 200, "city": 120, "postal_code": 16, "address": 200, "type": 200,
            "status": 60, "outcome": 120, "inspection_url": 300}  # fmt: skip


class Fault(NamedTuple):
    """Why a row was refused; `column` is theirs, empty when the whole row is meant."""

    line: int
    column: str
    reason: str


class RowRefused(Exception):
    """One row cannot be used."""

    def __init__(self, column: str, reason: str) -> None:
        super().__init__(reason)
        self.column = column
        self.reason = reason


class Visit(NamedTuple):
    """One inspection that a row tells of: its outcome in our words and in theirs, and where it stands (or "")."""

    on: date
    outcome: str
    word: str
    url: str


@dataclass
class Line:
    """One usable row, in our terms."""

    line: int
    number: str
    number_key: str
    name: str
    status: str
    status_word: str
    other_names: list[str] = field(default_factory=list)
    starts: date | None = None
    issued: date | None = None
    expires: date | None = None
    city: str = ""
    postal_area: str = ""
    address: str = ""
    type_word: str = ""
    visit: Visit | None = None

    @property
    def age(self) -> tuple[date, date, int]:
        """What decides between two rows of one licence: the newer term, then the later end, then the worse status."""
        began = self.starts or self.issued or date.min
        return began, self.expires or date.max, _WORST.index(self.status)

    def columns(self) -> dict[str, object]:
        """The row as a RegisterEntry keeps it."""
        return {
            "number": self.number,
            "number_key": self.number_key,
            "name": self.name,
            "name_key": name_sort_key(self.name),
            "surname_key": surname_key(self.name),
            "other_names": "\n".join(self.other_names[:10]),
            "status": self.status,
            "status_word": self.status_word,
            "issued_on": self.issued or self.starts,
            "expires_on": self.expires,
            "type_word": self.type_word,
            "city": self.city,
            "city_key": fold(self.city)[:120],
            "postal_area": self.postal_area,
            "address": self.address,
            "inspected_on": self.visit.on if self.visit else None,
            "outcome": self.visit.outcome if self.visit else "",
            "outcome_word": self.visit.word if self.visit else "",
            "inspection_url": self.visit.url if self.visit else "",
        }


@dataclass
class Reading:
    """What a file came to. `missing` are columns of the layout that the file lacks and can do without."""

    sha256: str
    rows: int = 0
    filtered: int = 0
    lines: dict[str, Line] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)


def read_list(path: Path, layout: Layout) -> Reading:
    """Read all of it. Raises FileUnusable, with line and column where there are any, when the file is no such list."""
    text = _open(path, layout)
    reading = Reading(_fingerprint(path))
    rows = _fixed_rows(text, layout) if layout.fixed else _delimited_rows(text, layout, reading)
    contested: set[str] = set()
    for number, picked, fault in rows:
        reading.rows += 1
        try:
            if fault:
                raise RowRefused("", fault)
            if layout.types and squeeze(picked.get("type", "")) not in layout.types:
                reading.filtered += 1
                continue
            _keep(reading, _line(number, picked, layout), layout, contested)
        except RowRefused as refused:
            reading.faults.append(Fault(number, refused.column, refused.reason))
    if not reading.rows:
        raise FileUnusable(f"{path.name} has a header and no rows")
    return reading


def _fingerprint(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _open(path: Path, layout: Layout) -> TextFile:
    text = open_text(path)
    if not layout.encoding:
        return text
    said = open_text(path, layout.encoding)
    if text.codec == "utf-8" and said.codec != "utf-8" and not text.faults and not path.read_bytes().isascii():
        first = next(number for number, line in text.lines() if not line.isascii())
        raise FileUnusable(f"the mapping says {said.encoding}, and line {first} is UTF-8")
    if text.is_wide and not said.is_wide:
        raise FileUnusable(f"the mapping says {said.encoding}, and the file is {text.encoding}")
    return said


def _delimited_rows(text: TextFile, layout: Layout, reading: Reading) -> Iterator[tuple[int, dict[str, str], str]]:
    delimiter, header_line, header = delimited.find_layout(text, layout.knows)
    if layout.delimiter:
        delimiter = layout.delimiter
        header_line, header = next(
            ((line, cells) for line, cells, _ in delimited.rows(text, delimiter) if layout.knows(cells)), (0, [])
        )
    at: dict[str, int] = {}
    for place, cell in enumerate(header):
        at.setdefault(squeeze(cell), place)
    places: dict[str, list[int]] = {}
    for column, names in layout.columns.items():
        lost = [str(name) for name in names if squeeze(str(name)) not in at]
        if lost and column in (*NEEDED, "given", "family"):
            saw = ", ".join(cell[:30] for cell in header[:12] if cell) or "nothing"
            raise FileUnusable(f"line {header_line or 1}: the header lacks {lost[0]!r} ({column}); it has: {saw}")
        reading.missing += lost
        places[column] = [at[squeeze(str(name))] for name in names if squeeze(str(name)) in at]
    width = len(header)
    for line, cells, fault in delimited.rows(text, delimiter):
        if line <= header_line:
            continue
        if not fault and len(cells) != width and any(cells[width:]):
            fault = f"has {len(cells):,} cells where the header has {width}"
        elif not fault and len(cells) < width:
            fault = f"has {len(cells):,} cells where the header has {width}: the row breaks off"
        yield line, {} if fault else {column: _joined(cells, column, where) for column, where in places.items()}, fault


def _joined(cells: list[str], column: str, where: list[int]) -> str:
    """The cells that hold one fact; other names stay apart, one to a line."""
    return ("\n" if column == "other_names" else " ").join(filter(None, (cells[place].strip() for place in where)))


def _fixed_rows(text: TextFile, layout: Layout) -> Iterator[tuple[int, dict[str, str], str]]:
    where = {name: (int(first) - 1, int(last)) for name, (first, last) in layout.columns.items()}
    needed = max(where[name][0] for name in NEEDED if name in where)
    for number, raw in text.lines():
        line = raw.rstrip("\r\n")
        if not line.strip():
            continue
        fault = text.faults.get(number, "")
        if not fault and len(line) <= needed:
            fault = f"has {len(line)} letters; the status, name or number begins after letter {needed}"
        yield number, {name: line[first:last].strip() for name, (first, last) in where.items()}, fault


def _line(number: int, picked: dict[str, str], layout: Layout) -> Line:
    for column, cell in picked.items():
        if cell[:1] in {"=", "@", "+"} or (cell[:1] == "-" and cell.strip("- ")):
            raise RowRefused(_theirs(layout, column), "the cell holds a formula")
        if len(cell) > _LENGTHS.get(column, 400):
            raise RowRefused(_theirs(layout, column), f"the cell is longer than {_LENGTHS.get(column, 400)} letters")
    written = cleaned(picked["number"]).strip("- ")
    key = number_key(written, layout.prefixes)
    if not key or not any(letter.isdigit() for letter in key):
        raise RowRefused(_theirs(layout, "number"), "there is no number" if not written else "this is no number")
    joined = f"{picked.get('given', '')} {picked.get('family', '')}" if "name" not in picked else picked["name"]
    name = cleaned(in_natural_order(joined, layout.order) if layout.kind != PREMISES else joined)
    if not name_sort_key(name):
        raise RowRefused(_theirs(layout, "name" if "name" in picked else "family"), "there is no name")
    status = layout.statuses.get(squeeze(picked["status"]))
    if status is None:
        word = picked["status"][:40] or "an empty cell"
        raise RowRefused(_theirs(layout, "status"), f"the mapping gives no meaning to the status {word!r}")
    made = Line(number, written, key, name, status, cleaned(picked["status"]))
    others = map(cleaned, picked.get("other_names", "").split("\n"))
    made.other_names = [other for other in others if other and fold(other) != fold(name)]
    for column in ("starts", "issued", "expires"):
        setattr(made, column, _day(picked.get(column, ""), column, layout))
    made.city, made.type_word = cleaned(picked.get("city", "")), cleaned(picked.get("type", ""))
    code = cleaned(picked.get("postal_code", ""))
    made.postal_area = code if layout.kind == PREMISES else postal_area(code)
    made.address = cleaned(picked.get("address", "")) if layout.kind == PREMISES else ""
    made.visit = _visit(picked, layout)
    return made


def _visit(picked: dict[str, str], layout: Layout) -> Visit | None:
    """None for a row that tells of no inspection. A day without an outcome, or the other way round, is no row."""
    on, said = _day(picked.get("inspected", ""), "inspected", layout), picked.get("outcome", "")
    if on is None and not squeeze(said):
        return None
    outcome = layout.outcomes.get(squeeze(said))
    if on is None:
        raise RowRefused(_theirs(layout, "inspected"), "there is an outcome of an inspection and no day")
    if outcome is None:
        word = said[:40] or "an empty cell"
        raise RowRefused(_theirs(layout, "outcome"), f"the mapping gives no meaning to the outcome {word!r}")
    url = picked.get("inspection_url", "")
    if url and (not url.startswith("https://") or any(letter.isspace() for letter in url)):
        raise RowRefused(_theirs(layout, "inspection_url"), "the address of an inspection must begin with https://")
    return Visit(on, outcome, cleaned(said), url)


def postal_area(code: str) -> str:
    """As much of a postal code as names an area and not a door: `SW1A` of `SW1A 1AA`, `606` of `60651`."""
    head, space, _ = code.partition(" ")
    return head[:5] if space else code[:3]


def _day(cell: str, column: str, layout: Layout) -> date | None:
    if not cell or squeeze(cell) in layout.never or not squeeze(cell):
        return None
    for form in layout.formats:
        try:
            day = datetime.strptime(cell, form).date()  # noqa: DTZ007 - a day has no zone
        except ValueError:
            continue
        return None if day.year >= NEVER_FROM and column == "expires" else day
    raise RowRefused(_theirs(layout, column), f"{cell[:30]!r} is no date of the form {' or '.join(layout.formats)}")


def _theirs(layout: Layout, column: str) -> str:
    """How the file calls a column of ours."""
    names = layout.columns.get(column, (column,))
    return f"letters {names[0]} to {names[1]}" if layout.fixed else ", ".join(map(str, names))


def _keep(reading: Reading, line: Line, layout: Layout, contested: set[str]) -> None:
    """Terms of one licence become one line. A number that stands for two holders stands for neither of them."""
    column, before = _theirs(layout, "number"), reading.lines.get(line.number_key)
    if line.number_key in contested:
        raise RowRefused(column, f"the number {line.number} stands more than once, for different holders")
    if before is None:
        reading.lines[line.number_key] = line
        return
    same = as_written(before.number) == as_written(line.number) and (
        layout.terms or likeness([before.name], [line.name], of_persons=layout.kind != PREMISES) == Likeness.FULL
    )
    if not same:
        contested.add(line.number_key)
        del reading.lines[line.number_key]
        reading.faults.append(
            Fault(before.line, column, f"the number {before.number} stands again on line {line.line}")
        )
        raise RowRefused(column, f"the number {line.number} stands on line {before.line} already, for another holder")
    newer, older = (line, before) if line.age > before.age else (before, line)
    former = [older.name] if fold(older.name) != fold(newer.name) else []
    newer.visit = max(filter(None, (newer.visit, older.visit)), default=None)
    newer.other_names = list(dict.fromkeys([*newer.other_names, *former, *older.other_names]))
    reading.lines[line.number_key] = newer
