"""Delimited text: which delimiter, where the header is, and rows with the line on which each began."""

import csv
from collections.abc import Callable, Iterable, Iterator
from itertools import islice

from directory.clinics.importing.encodings import FileUnusable, TextFile

DELIMITERS = (",", ";", "\t", "|")
MAX_COLUMNS = 500
MAX_CELL = 10_000
MAX_ROW_LINES = 200
LOOK_FOR_HEADER = 10
SNIFF_ROWS = 40

Row = tuple[int, list[str], str]
"""Line on which the row begins, its cells, and what is wrong with it ("" when nothing)."""


class _Feed:
    """Hands lines to the csv reader and remembers how far it got."""

    def __init__(self, lines: Iterable[tuple[int, str]]) -> None:
        self._lines = iter(lines)
        self.number = 0
        self.began = 1
        self.last = ""
        self.ended = False

    def __iter__(self) -> "_Feed":
        return self

    def __next__(self) -> str:
        if self.number - self.began >= MAX_ROW_LINES:
            raise FileUnusable(
                f"line {self.began}: a quoted cell begins here and is still open {MAX_ROW_LINES} lines further on"
            )
        try:
            self.number, self.last = next(self._lines)
        except StopIteration:
            self.ended = True
            raise
        return self.last


def rows(text: TextFile, delimiter: str) -> Iterator[Row]:
    """All rows but blank ones. Raises FileUnusable where broken quotes make the rest of the file uncertain.

    A row whose quotes are wrong within one line costs only that row.
    """
    feed = _Feed(_without_hint(text))
    parser = csv.reader(feed, delimiter=delimiter, strict=True)
    while True:
        feed.began = feed.number + 1
        try:
            cells = next(parser)
        except StopIteration:
            return
        except csv.Error as error:
            yield feed.began, [], _judge_quotes(feed, error)
            continue
        if any(cells):
            yield feed.began, cells, _fault(text, feed, cells)


def _without_hint(text: TextFile) -> Iterator[tuple[int, str]]:
    """The lines; Excel's `sep=;` first line is blanked so that line numbers stay the file's."""
    for number, line in text.lines():
        if number == 1 and line.lower().startswith("sep=") and len(line.strip()) <= 5:
            line = "\n"
        yield number, line


def _judge_quotes(feed: _Feed, error: csv.Error) -> str:
    if feed.ended:
        raise FileUnusable(f"line {feed.began}: a quoted cell begins here and is never closed") from error
    if feed.number > feed.began or feed.last.count('"') % 2:
        raise FileUnusable(
            f"line {feed.began}: broken quotes: a quoted cell begins here and ends wrongly on line {feed.number}"
        ) from error
    if "field limit" in str(error):
        return f"a cell is longer than {MAX_CELL:,} letters"
    return "broken quotes: text follows a closing quote"


def _fault(text: TextFile, feed: _Feed, cells: list[str]) -> str:
    if text.faults:
        for number in range(feed.began, feed.number + 1):
            if number in text.faults:
                return text.faults[number] if number == feed.began else f"line {number}, {text.faults[number]}"
    if sum(map(len, cells)) > MAX_CELL and max(map(len, cells)) > MAX_CELL:
        return f"a cell is longer than {MAX_CELL:,} letters"
    return ""


def find_layout(text: TextFile, recognise: Callable[[list[str]], int]) -> tuple[str, int, list[str]]:
    """(delimiter, line of the header, header). `recognise` counts how many of the cells are known column names.

    The header may stand below a title: of the first rows, the one with most known names is it.
    """
    best: tuple[int, int, str, int, list[str]] | None = None
    hint = next((line for _, line in text.lines()), "")
    only = hint[4:5] if hint.lower().startswith("sep=") and len(hint.strip()) == 5 else ""
    for delimiter in (only,) if only else DELIMITERS:
        lines = (line for _, line in islice(_without_hint(text), SNIFF_ROWS))
        sample = _lenient(lines, delimiter)
        widest = max((len(cells) for _, cells in sample), default=0)
        if widest > MAX_COLUMNS:
            raise FileUnusable(f"the file has {widest:,} columns; at most {MAX_COLUMNS} are read")
        for line, cells in sample[:LOOK_FOR_HEADER]:
            known = recognise(cells)
            steady = sum(len(other) == len(cells) for _, other in sample) if len(cells) > 1 else 0
            if best is None or (known, steady) > best[:2]:
                best = (known, steady, delimiter, line, cells)
    if best is None:
        raise FileUnusable(f"{text.path.name} has no rows")
    _, _, delimiter, line, header = best
    return delimiter, line, header


def _lenient(lines: Iterable[str], delimiter: str) -> list[tuple[int, list[str]]]:
    """The first rows as far as they can be read at all."""
    parser = csv.reader(lines, delimiter=delimiter)
    found: list[tuple[int, list[str]]] = []
    began = 1
    try:
        for cells in parser:
            if any(cells):
                found.append((began, cells))
            began = parser.line_num + 1
    except csv.Error:
        pass  # the strict reader will say what is wrong, with its line
    return found
