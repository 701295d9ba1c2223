"""The parent's side: strangers' files go to a child process, pictures of ours come back, or a sentence why not.

No decoder runs in this process. The child has a second's worth of trust (see `isolation`), and what it answers is
checked again: kinds, counts and lengths.
"""

import json
import os
import socket
import struct
import subprocess
import sys
import threading
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, cast

import structlog
from flask import Flask, current_app
from flask_babel import gettext as _
from werkzeug.exceptions import ServiceUnavailable

from directory.errors import Refused
from directory.imaging.bounds import DOCUMENT_BYTES, MAX_PAGES, PHOTO_BYTES, PHOTO_SIDE, THUMB_BYTES
from directory.imaging.sentences import kind_name, reason
from directory.imaging.slots import RETRY_SECONDS, Slots
from directory.imaging.sniff import JPEG, PDF, PICTURES, PNG, WEBP, kind_of

ROOT = Path(__file__).parent.parent.parent
PHOTO_PARTS = {"400.webp": WEBP, "800.webp": WEBP, "1600.webp": WEBP, "1600.jpg": JPEG}
MAX_HEAD = 65_536
MAX_ANSWER = {"photo": 16 * 1024**2, "document": 64 * 1024**2, "probe": MAX_HEAD}
CPU_SECONDS = {"photo": 10, "document": 20, "probe": 5}
WALL_SECONDS = {"photo": 20, "document": 40, "probe": 10}

log = structlog.get_logger()


class Unreadable(Refused):
    """A file will not be taken; the message tells the person who sent it why, and what would do.

    `status` is the HTTP status that says the same to a program: too large, of a kind not taken, or not readable.
    """

    def __init__(self, message: str, status: int = 422) -> None:
        super().__init__(message)
        self.status = status


@dataclass(frozen=True)
class Drawn:
    """A photo drawn anew: `files` by name (400.webp, 800.webp, 1600.webp, 1600.jpg), never larger than it was.

    `width` and `height` are pixels of the largest file; `phash` and `thumb` are its prints (see `hashing`).
    """

    width: int
    height: int
    phash: int
    thumb: bytes
    files: dict[str, bytes]


def _check_file(content: bytes, kinds: tuple[str, ...], most: int, wanted: str) -> None:
    """Refuse by length and first bytes, before any process is started."""
    if not content:
        raise Unreadable(_("The file is empty."))
    if len(content) > most:
        raise Unreadable(_("This file has more than %(count)s MB. Send a smaller one.", count=most // 1024**2), 413)
    kind = kind_of(content)
    if kind is None:
        raise Unreadable(_("This file is of no kind known here; %(wanted)s", wanted=wanted), 415)
    if kind not in kinds:
        raise Unreadable(_("This is %(kind)s; %(wanted)s", kind=kind_name(kind), wanted=wanted), 415)


class Studio:
    """Where files from outside are opened and drawn anew; a few at once over all processes that share `folder`."""

    def __init__(self, folder: Path, *, cpu_seconds: int = 0, wall_seconds: int = 0) -> None:
        self.slots = Slots(folder)
        self.cpu_seconds, self.wall_seconds = cpu_seconds, wall_seconds

    def photo(self, content: bytes) -> Drawn:
        """The photo in all sizes. Raises Unreadable, or ServiceUnavailable when too many wait already."""
        _check_file(content, PICTURES, PHOTO_BYTES, _("send a JPEG, PNG or WebP photo."))
        facts, parts = self._ask("photo", content)
        thumb = parts.pop("thumb", b"")
        width, height, phash = (facts.get(name) for name in ("width", "height", "phash"))
        if (
            not (isinstance(width, int) and isinstance(height, int) and isinstance(phash, int))
            or not (0 < width <= PHOTO_SIDE and 0 < height <= PHOTO_SIDE and -(2**63) <= phash < 2**63)
            or {name: kind_of(part) for name, part in parts.items()} != PHOTO_PARTS
            or len(thumb) != THUMB_BYTES
        ):
            raise _broken("photo")
        return Drawn(width, height, phash, thumb, parts)

    def document(self, content: bytes) -> list[bytes]:
        """The pages of a PDF, or the one picture, as PNG in order. Raises as `photo` does."""
        wanted = _("send a PDF, or a JPEG, PNG or WebP photo of the page.")
        _check_file(content, (*PICTURES, PDF), DOCUMENT_BYTES, wanted)
        _facts, parts = self._ask("document", content)
        pages = list(parts.values())
        if len(pages) > MAX_PAGES or any(kind_of(page) != PNG for page in pages):
            raise _broken("document")
        if not pages:
            raise Unreadable(reason("empty"))
        return pages

    def is_isolated(self) -> bool:
        """Whether a child, having given up what it can, fails to reach a listener on this machine."""
        with socket.create_server(("127.0.0.1", 0)) as listener:
            answer, _status = self._run("probe", b"", str(listener.getsockname()[1]))
        try:
            return _taken_apart(answer)[0].get("reached") is False
        except ValueError:
            return False

    def _ask(self, work: str, content: bytes) -> tuple[dict[str, Any], dict[str, bytes]]:
        with self.slots.taken():
            answer, status = self._run(work, content)
        if status > 0:  # the child could not even start: our fault, not the file's
            log.error("imaging.failed", work=work, status=status)
            raise ServiceUnavailable(retry_after=RETRY_SECONDS)
        if status < 0:
            log.warning("imaging.ended", work=work, signal=-status, bytes=len(content))
            raise Unreadable(reason("heavy"))
        try:
            facts, parts = _taken_apart(answer)
        except ValueError as error:
            raise _broken(work) from error
        if "refused" in facts:
            numbers = facts.get("facts")
            raise Unreadable(reason(str(facts["refused"]), numbers if isinstance(numbers, dict) else {}))
        return facts, parts

    def _run(self, work: str, content: bytes, *words: str) -> tuple[bytes, int]:
        """What a fresh child answers, and its exit status; negative for the signal that ended it."""
        cpu, wall = self.cpu_seconds or CPU_SECONDS[work], self.wall_seconds or WALL_SECONDS[work]
        command = [
            sys.executable,
            "-E",
            "-s",
            "-B",
            "-m",
            "directory.imaging.worker",
            work,
            str(cpu),
            str(wall),
            *words,
        ]
        child = subprocess.Popen(
            command,
            cwd=ROOT,
            env=_environment(),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        timer = threading.Timer(wall, child.kill)
        timer.start()
        try:
            with child:
                try:
                    answer = _spoken_with(child, content, MAX_ANSWER[work])
                finally:
                    child.kill()
        finally:
            timer.cancel()
        return answer, child.returncode


def _environment() -> dict[str, str]:
    """What a child may know: no secret, no setting of the site."""
    kept = {name: os.environ[name] for name in ("LD_LIBRARY_PATH", "SYSTEMROOT") if name in os.environ}
    return {**kept, "LANG": "C.UTF-8", "OPENBLAS_NUM_THREADS": "1"}


def _spoken_with(child: subprocess.Popen[bytes], content: bytes, most: int) -> bytes:
    """Hand the file over, read the answer; at most `most` bytes of it, whatever the child goes on to say."""
    into, out = cast(IO[bytes], child.stdin), cast(IO[bytes], child.stdout)
    with suppress(BrokenPipeError):  # it ended early; its status says more
        into.write(content)
        into.close()
    return out.read(most)


def _taken_apart(answer: bytes) -> tuple[dict[str, Any], dict[str, bytes]]:
    """The facts and the parts of a frame (see `worker`). Raises ValueError when it is not one, whole and exact."""
    if len(answer) < 4:
        raise ValueError("no frame")
    (length,) = struct.unpack(">I", answer[:4])
    if length > MAX_HEAD:
        raise ValueError("head too long")
    facts = json.loads(answer[4 : 4 + length])
    listed = facts.pop("parts", None) if isinstance(facts, dict) else None
    if not isinstance(listed, list):
        raise ValueError("no list of parts")
    parts, at = {}, 4 + length
    for name, size in listed:
        if not isinstance(name, str) or not isinstance(size, int) or size < 0:
            raise ValueError("no part")
        parts[name] = answer[at : at + size]
        at += size
    if at != len(answer) or len(parts) != len(listed):
        raise ValueError("lengths differ")
    return facts, parts


def _broken(work: str) -> Unreadable:
    """The child did not answer as it should: worth a look at the log, and nothing of it is kept."""
    log.error("imaging.odd_answer", work=work)
    return Unreadable(reason("damaged"))


def studio() -> Studio:
    """The studio of this application."""
    found: Studio = current_app.extensions["studio"]
    return found


def init_app(app: Flask, run_folder: Path) -> None:
    """Open the studio; its slots are shared by all processes with the same data folder."""
    app.extensions["studio"] = Studio(run_folder)
