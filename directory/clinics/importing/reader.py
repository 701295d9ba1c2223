"""A file as a table: a header, and rows with the line on which each began, whatever the format."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from directory.clinics.importing import delimited, structured
from directory.clinics.importing.encodings import FileUnusable, TextFile, open_text

JSON_ENDINGS = {".json", ".geojson", ".jsonl", ".ndjson"}
PLAIN_ENDINGS = {".csv", ".tsv", ".tab", ".psv"}
_DELIMITER_NAMES = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "bars"}


@dataclass(frozen=True)
class Table:
    """What a file holds, its form known and checked from the first byte to the last.

    `header_line` is 0 for JSON, whose header is the union of the keys. `count` is the number of rows, for progress.
    `is_crowded` says that several JSON records stand on one line, so that records are counted in place of lines.
    """

    text: TextFile
    header: list[str]
    header_line: int
    delimiter: str
    count: int
    is_crowded: bool = False

    @property
    def form(self) -> str:
        """Encoding and format in words, for the summary."""
        if not self.delimiter:
            return f"{self.text.encoding}, JSON{' with records counted for lines' if self.is_crowded else ''}"
        return f"{self.text.encoding}, {_DELIMITER_NAMES[self.delimiter]}"

    def rows(self) -> Iterator[delimited.Row]:
        """Rows after the header, in the file's order; cells stand as in `header`."""
        if self.delimiter:
            return self._delimited_rows()
        return self._json_rows()

    def _delimited_rows(self) -> Iterator[delimited.Row]:
        width = len(self.header)
        for line, cells, fault in delimited.rows(self.text, self.delimiter):
            if line <= self.header_line:
                continue
            if not fault and len(cells) > width and any(cells[width:]):
                fault = f"has {len(cells):,} cells where the header has {width}"
            yield line, cells + [""] * (width - len(cells)), fault

    def _json_rows(self) -> Iterator[delimited.Row]:
        for number, (line, values, fault) in enumerate(structured.records(self.text), 1):
            yield number if self.is_crowded else line, [values.get(key, "") for key in self.header], fault


def open_table(path: Path, recognise: Callable[[list[str]], int], *, encoding: str = "") -> Table:
    """Open a file and read it through once, so that nothing is written from a file that breaks off further on.

    `recognise` says how many of some cells are names of columns it knows. Raises FileUnusable with one plain line.
    """
    looks_json = path.suffix.lower() in JSON_ENDINGS
    text = open_text(path, encoding, by_line=not looks_json)
    if not looks_json and path.suffix.lower() not in PLAIN_ENDINGS:
        looks_json = _first_letter(text) in {"[", "{"}
    return _json_table(text) if looks_json else _delimited_table(text, recognise)


def _first_letter(text: TextFile) -> str:
    for _, line in text.lines():
        if line.strip():
            return line.strip()[0]
    return ""


def _delimited_table(text: TextFile, recognise: Callable[[list[str]], int]) -> Table:
    delimiter, header_line, header = delimited.find_layout(text, recognise)
    count = sum(line > header_line for line, _, _ in delimited.rows(text, delimiter))
    if not count and recognise(header) > 1:
        raise FileUnusable(f"{text.path.name} has a header and no rows")
    return Table(text, [cell.strip() for cell in header], header_line, delimiter, count)


def _json_table(text: TextFile) -> Table:
    header: dict[str, None] = {}
    count = last = 0
    is_crowded = False
    first_fault = ""
    for line, values, fault in structured.records(text):
        count += 1
        is_crowded, last = is_crowded or line == last, line
        first_fault = first_fault or (f"line {line}: {fault}" if fault else "")
        header.update(dict.fromkeys(values))
        if len(header) > delimited.MAX_COLUMNS:
            raise FileUnusable(f"the records have more than {delimited.MAX_COLUMNS} different keys")
    if not header:
        raise FileUnusable(f"{text.path.name} holds no clinics{f': {first_fault}' if first_fault else ''}")
    return Table(text, list(header), 0, "", count, is_crowded)
