"""Bytes to lines of text: which encoding a file is in, and which of its lines are in another one."""

import codecs
import stat
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from directory.clinics.importing.codepages import guess
from directory.errors import Refused

MAX_LINE_BYTES = 4_000_000
CHUNK_BYTES = 1 << 20
SAMPLE_BYTES = 200_000

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # before UTF-16, whose mark is the beginning of this one
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_OTHER_FORMATS = (
    (b"PK\x03\x04", "a zip archive or an Excel workbook; save the sheet as CSV"),
    (b"\xd0\xcf\x11\xe0", "an old Excel workbook; save the sheet as CSV"),
    (b"\x1f\x8b", "compressed with gzip; unpack it first"),
    (b"%PDF", "a PDF"),
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"SQLite format 3", "an SQLite database"),
)
_NAMES = {"utf-8": "UTF-8", "utf-16-le": "UTF-16", "utf-16-be": "UTF-16", "utf-32-le": "UTF-32", "utf-32-be": "UTF-32"}


class FileUnusable(Refused):
    """The file as a whole cannot be used; the message is one plain line that says what is wrong with it."""


@dataclass
class TextFile:
    """A file whose encoding is known. `faults` maps a line's number to what is wrong with its bytes."""

    path: Path
    codec: str
    skip: int
    newline: bytes
    faults: dict[int, str] = field(default_factory=dict)

    @property
    def encoding(self) -> str:
        """The encoding's name as people write it."""
        return _NAMES.get(self.codec, self.codec)

    @property
    def is_wide(self) -> bool:
        return self.codec.startswith(("utf-16", "utf-32"))

    def lines(self) -> Iterator[tuple[int, str]]:
        """(number from 1, text with its line end). A faulty line comes with � in place of its wrong bytes."""
        if self.is_wide:
            yield from self._wide_lines()
            return
        for number, raw in _raw_lines(self):
            text = raw.decode(self.codec, "replace" if number in self.faults else "strict")
            yield number, text if self.newline == b"\n" else text.rstrip("\r") + "\n"

    def _wide_lines(self) -> Iterator[tuple[int, str]]:
        with self.path.open(encoding=self.codec, newline="") as file:
            file.read(1 if self.skip else 0)
            number = 0
            try:
                while line := file.readline(MAX_LINE_BYTES + 1):
                    number += 1
                    if len(line) > MAX_LINE_BYTES:
                        raise FileUnusable(_too_long(number))
                    if "\x00" in line:
                        raise FileUnusable(f"line {number} holds a NUL byte: the file is binary or damaged")
                    yield number, line
            except UnicodeDecodeError as error:
                what = f"the file is not valid {self.encoding} after line {number}: {error.reason}"
                raise FileUnusable(what) from error

    def chunks(self) -> Iterator[str]:
        """The text in pieces, for formats in which a line means nothing. Raises FileUnusable on wrong bytes."""
        decoder = codecs.getincrementaldecoder(self.codec)()
        done = 0
        with self.path.open("rb") as file:
            file.seek(self.skip)
            try:
                while raw := file.read(CHUNK_BYTES):
                    yield decoder.decode(raw)
                    done += len(raw)
                yield decoder.decode(b"", final=True)
            except UnicodeDecodeError as error:
                place = f"near byte {self.skip + done + error.start + 1:,}"
                raise FileUnusable(f"the file is not valid {self.encoding}: {place}, {error.reason}") from error


def open_text(path: Path, encoding: str = "", *, by_line: bool = True) -> TextFile:
    """Find out how the file is encoded, reading all of it once.

    `encoding` overrules the guess. `by_line` is False for formats in which one line may hold everything.
    Raises FileUnusable for what is no text file of ours: absent, a folder, empty, binary, a line without end.
    """
    head = _head(path)
    for magic, what in _OTHER_FORMATS:
        if head.startswith(magic):
            raise FileUnusable(f"{path.name} is {what}")
    codec, skip = _marked(head)
    if encoding:
        codec = _named(encoding)
    newline = b"\r" if b"\n" not in head and b"\r" in head else b"\n"
    text = TextFile(path, codec or "utf-8", skip, newline)
    if not text.is_wide:
        _survey(text, settled=bool(encoding), by_line=by_line)
    return text


def _head(path: Path) -> bytes:
    try:
        mode = path.stat().st_mode
        if stat.S_ISDIR(mode):
            raise FileUnusable(f"{path} is a folder, not a file")
        if not stat.S_ISREG(mode):
            raise FileUnusable(f"{path} is not an ordinary file; save it to disk first")
        with path.open("rb") as file:
            head = file.read(SAMPLE_BYTES)
    except OSError as error:
        raise FileUnusable(f"{path} cannot be read: {error.strerror or error}") from error
    except ValueError as error:  # a NUL byte in the name
        raise FileUnusable(f"the file's name cannot be used: {error}") from error
    if not head.strip(b"\xef\xbb\xbf\xff\xfe \t\r\n\x00"):
        raise FileUnusable(f"{path.name} is empty")
    return head


def _marked(head: bytes) -> tuple[str, int]:
    """(codec, bytes to skip) by byte order mark, or by the NULs that UTF-16 puts beside Latin letters."""
    for mark, codec in _BOMS:
        if head.startswith(mark):
            return codec, len(mark)
    sample = head[:4000]
    even, odd = sample[0::2].count(0), sample[1::2].count(0)
    if odd > len(sample) // 5 and even < odd // 10:
        return "utf-16-le", 0
    if even > len(sample) // 5 and odd < even // 10:
        return "utf-16-be", 0
    return "", 0


def _named(encoding: str) -> str:
    try:
        codec = codecs.lookup(encoding).name
    except LookupError as error:
        raise FileUnusable(f"no encoding is called {encoding[:40]!r}") from error
    return {"utf-16": "utf-16-le", "utf-8-sig": "utf-8"}.get(codec, codec)


def _raw_lines(text: TextFile) -> Iterator[tuple[int, bytes]]:
    """Lines as bytes with their numbers, whichever of the three line ends the file uses."""
    with text.path.open("rb") as file:
        file.seek(text.skip)
        if text.newline == b"\n":
            number = 0
            while raw := file.readline(MAX_LINE_BYTES + 1):
                number += 1
                yield number, raw
            return
        number, rest = 0, b""
        while chunk := file.read(CHUNK_BYTES):
            *whole, rest = (rest + chunk).split(b"\r")
            for raw in whole:
                number += 1
                yield number, raw + b"\r"
            if len(rest) > MAX_LINE_BYTES:
                break
        if rest:
            yield number + 1, rest


def _too_long(number: int) -> str:
    return f"line {number} is longer than {MAX_LINE_BYTES:,} bytes"


def _survey(text: TextFile, *, settled: bool, by_line: bool) -> None:
    """Read all once: refuse NULs and endless lines, settle the encoding, remember which lines do not fit it."""
    if not by_line:
        if not settled and not _all_utf8(text):
            text.codec = guess(_head(text.path))
        return
    as_utf8: dict[int, int] = {}  # line → column of its first byte above 127
    not_utf8: dict[int, tuple[int, int]] = {}  # line → (column, byte)
    sample = bytearray()
    for number, raw in _raw_lines(text):
        if len(raw) > MAX_LINE_BYTES:
            raise FileUnusable(_too_long(number))
        if b"\x00" in raw:
            at = raw.index(b"\x00") + 1
            raise FileUnusable(f"line {number}, byte {at} is a NUL: the file is binary or damaged")
        if raw.isascii():
            continue
        try:
            raw.decode("utf-8")
            as_utf8[number] = next(at for at, byte in enumerate(raw, 1) if byte > 127)
        except UnicodeDecodeError as error:
            not_utf8[number] = (error.start + 1, raw[error.start])
            if len(sample) < SAMPLE_BYTES:
                sample += raw
    if settled or text.skip:
        _check_codec(text)
    elif len(not_utf8) <= len(as_utf8):
        text.faults = {
            line: f"byte {at} (0x{byte:02X}) is not UTF-8, as the rest of the file is"
            for line, (at, byte) in not_utf8.items()
        }
    else:
        text.codec = guess(bytes(sample))
        _check_codec(text)
        for line, at in as_utf8.items():
            text.faults[line] = f"byte {at}: this line is UTF-8, the rest of the file {text.encoding}"


def _check_codec(text: TextFile) -> None:
    for number, raw in _raw_lines(text):
        try:
            raw.decode(text.codec)
        except UnicodeDecodeError as error:
            byte = raw[error.start]
            text.faults[number] = (
                f"byte {error.start + 1} (0x{byte:02X}) is not {text.encoding}, as the rest of the file is"
            )


def _all_utf8(text: TextFile) -> bool:
    try:
        for _ in text.chunks():
            pass
    except FileUnusable:
        return False
    return True
