"""JSON: an array, an object that holds one, JSON lines, GeoJSON; read piece by piece, whatever the size."""

import json
from collections.abc import Iterator
from typing import Any

from directory.clinics.importing.delimited import MAX_CELL
from directory.clinics.importing.encodings import FileUnusable, TextFile

LIST_KEYS = ("results", "features", "clinics", "data", "items", "records", "rows", "elements")
MAX_RECORD = 1_000_000
MAX_DEPTH = 8

Record = tuple[int, dict[str, str], str]
"""Line on which the record begins, its values by dotted key, and what is wrong with it ("" when nothing)."""


class _Unfit(ValueError):
    """One record that is JSON but not one of ours."""


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise _Unfit("a key stands twice in one object")
    return found


def _constant(text: str) -> Any:
    raise _Unfit(f"{text} is no number of JSON")


_STRICT = json.JSONDecoder(object_pairs_hook=_object, parse_constant=_constant)
_LENIENT = json.JSONDecoder()


class _Scanner:
    """A window on the text that knows the line it stands on."""

    def __init__(self, text: TextFile) -> None:
        self._chunks = text.chunks()
        self._line = 1
        self._counted = 0  # newlines before this place in the window are in `_line`
        self.buffer = ""
        self.at = 0

    @property
    def line(self) -> int:
        """The line of the position."""
        self._line += self.buffer.count("\n", self._counted, self.at)
        self._counted = self.at
        return self._line

    def _more(self) -> bool:
        """Read on; False at the end. What lies behind the position is let go."""
        for chunk in self._chunks:
            if chunk:
                self._line = self.line
                self.buffer = self.buffer[self.at :] + chunk
                self.at = self._counted = 0
                return True
        return False

    def peek(self) -> str:
        """The next character that is not white space, "" at the end."""
        while True:
            while self.at < len(self.buffer) and self.buffer[self.at] in " \t\r\n\ufeff":
                self.at += 1
            if self.at < len(self.buffer):
                return self.buffer[self.at]
            if not self._more():
                return ""

    def take(self, wanted: str) -> None:
        if self.peek() != wanted:
            raise FileUnusable(f"line {self.line}: the JSON is broken: {wanted!r} is expected")
        self.at += 1

    def value(self) -> Any:
        """The next whole value; an `_Unfit` in its place where it is JSON that breaks our rules.

        Raises FileUnusable where there is no whole value of at most MAX_RECORD letters.
        """
        self.peek()
        decoder, unfit = _STRICT, None
        while True:
            try:
                found, end = decoder.raw_decode(self.buffer, self.at)
            except json.JSONDecodeError as error:
                if len(self.buffer) - self.at > MAX_RECORD or not self._more():
                    line = self.line + self.buffer.count("\n", self.at, error.pos)
                    raise FileUnusable(f"line {line}: the JSON is broken: {error.msg}") from error
            except RecursionError as error:
                raise FileUnusable(f"line {self.line}: the JSON is nested too deeply") from error
            except _Unfit as error:
                decoder, unfit = _LENIENT, error  # only to find where the value ends
            else:
                # A number at the end of the window may go on in the next piece.
                if end == len(self.buffer) and isinstance(found, int | float) and self._more():
                    continue
                self.at = end
                return unfit or found


def records(text: TextFile) -> Iterator[Record]:
    """Every record of the file. Raises FileUnusable where it stops being JSON."""
    scanner = _Scanner(text)
    first = scanner.peek()
    if first == "[":
        yield from _array(scanner)
    elif first == "{":
        yield from _lines_or_wrapper(scanner, text)
    else:
        raise FileUnusable(f"{text.path.name} is neither a list nor an object of JSON")


def _array(scanner: _Scanner) -> Iterator[Record]:
    scanner.take("[")
    if scanner.peek() == "]":
        scanner.take("]")
        return
    while True:
        scanner.peek()
        yield _record(scanner.line, scanner.value())
        if scanner.peek() == "]":
            scanner.take("]")
            return
        scanner.take(",")


def _lines_or_wrapper(scanner: _Scanner, text: TextFile) -> Iterator[Record]:
    """An object per line, or one object one of whose values is the list of records."""
    if text.path.suffix.lower() in {".jsonl", ".ndjson"} or _is_json_lines(text):
        while scanner.peek():
            yield _record(scanner.line, scanner.value())
        return
    scanner.take("{")
    seen: list[str] = []
    while scanner.peek() != "}":
        key = scanner.value()
        scanner.take(":")
        if key in LIST_KEYS and scanner.peek() == "[":
            yield from _array(scanner)
            return
        scanner.value()
        seen.append(str(key)[:40])
        if scanner.peek() == ",":
            scanner.take(",")
    raise FileUnusable(
        f"no list of clinics in the JSON: one of {', '.join(LIST_KEYS)} is looked for, "
        f"there is {', '.join(seen[:10]) or 'nothing'}"
    )


def _is_json_lines(text: TextFile) -> bool:
    """Whether a second value follows the first on a line of its own."""
    scanner = _Scanner(text)
    try:
        first = scanner.value()
        if not isinstance(first, dict):
            return True
        if any(isinstance(first.get(key), list) for key in LIST_KEYS):
            return False
        return scanner.peek() == "{" or "name" in first
    except FileUnusable:
        return False


def _record(line: int, value: Any) -> Record:
    if isinstance(value, _Unfit):
        return line, {}, str(value)
    if not isinstance(value, dict):
        return line, {}, "is not an object with named values"
    try:
        if value.get("type") == "Feature":
            return line, _feature(value), ""
        found: dict[str, str] = {}
        _flatten(value, "", found, 0)
        return line, found, ""
    except _Unfit as error:
        return line, {}, str(error)


def _feature(value: dict[str, Any]) -> dict[str, str]:
    """A GeoJSON feature (RFC 7946): longitude comes first in its coordinates."""
    found: dict[str, str] = {}
    properties, geometry = value.get("properties") or {}, value.get("geometry") or {}
    if not isinstance(properties, dict) or not isinstance(geometry, dict):
        raise _Unfit("properties and geometry of a feature are objects")
    _flatten(properties, "", found, 0)
    if geometry:
        point = geometry.get("coordinates")
        if geometry.get("type") != "Point" or not isinstance(point, list) or len(point) < 2:
            raise _Unfit(f"geometry is {str(geometry.get('type'))[:30]}; only points are read")
        found["lon"], found["lat"] = _text(point[0]), _text(point[1])
    if "id" in value:
        found.setdefault("id", _text(value["id"]))
    return found


def _flatten(value: dict[str, Any], prefix: str, found: dict[str, str], depth: int) -> None:
    if depth > MAX_DEPTH:
        raise _Unfit(f"nested more than {MAX_DEPTH} deep")
    for key, part in value.items():
        if isinstance(part, dict):
            _flatten(part, f"{prefix}{key}.", found, depth + 1)
        else:
            text = ";".join(_text(item) for item in part) if isinstance(part, list) else _text(part)
            if len(text) > MAX_CELL:
                raise _Unfit(f"a value is longer than {MAX_CELL:,} letters")
            found[prefix + key] = text


def _text(value: Any) -> str:
    """A plain value as text; lone surrogates, which no database stores, become question marks."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, dict | list):
        return json.dumps(value, ensure_ascii=False)[: MAX_CELL + 1]
    return str(value).encode("utf-8", "replace").decode("utf-8")
