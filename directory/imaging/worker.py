"""The child process: one file on standard input, one answer on standard output, then it ends.

    python -m directory.imaging.worker (photo|document|probe) CPU_SECONDS WALL_SECONDS [PORT]

The answer is a frame: four bytes with the length of a JSON object, the object, then the parts it lists, one after
another. The parent believes none of it without checking. `probe` says whether the network can still be reached.
"""

import json
import os
import struct
import sys
from typing import Any

from directory.imaging.bounds import PHOTO_SIDE
from directory.imaging.isolation import give_up_calls, leave_network, reach, set_limits


def _answer(facts: dict[str, Any], parts: dict[str, bytes]) -> None:
    head = json.dumps({**facts, "parts": [[name, len(part)] for name, part in parts.items()]}).encode()
    with os.fdopen(1, "wb", closefd=False) as out:
        out.write(struct.pack(">I", len(head)) + head)
        for part in parts.values():
            out.write(part)


def _photo(content: bytes) -> tuple[dict[str, Any], dict[str, bytes]]:
    from directory.imaging import hashing, pictures

    picture = pictures.draw(content, PHOTO_SIDE)
    facts = {"width": picture.width, "height": picture.height, "phash": hashing.hash_of(picture)}
    return facts, {**pictures.sizes(picture), "thumb": hashing.thumb_of(picture)}


def _document(content: bytes) -> tuple[dict[str, Any], dict[str, bytes]]:
    from directory.imaging import documents

    pages = documents.pages_of(content)
    return {}, {str(number): page for number, page in enumerate(pages, start=1)}


def _load(work: str) -> None:
    """Import what the work needs, before files can no longer be opened."""
    from directory.imaging import hashing, pictures  # noqa: F401

    pictures.prepare()
    if work == "document":
        from directory.imaging import documents

        documents.prepare()


def _draw(work: str, content: bytes) -> tuple[dict[str, Any], dict[str, bytes]]:
    from directory.imaging.pictures import Unfit

    try:
        return _photo(content) if work == "photo" else _document(content)
    except Unfit as unfit:
        return {"refused": unfit.reason, "facts": unfit.facts}, {}
    except MemoryError:
        return {"refused": "heavy", "facts": {}}, {}
    except Exception:  # decoders raise whatever they like at broken files
        return {"refused": "damaged", "facts": {}}, {}


def main(words: list[str]) -> None:
    """Give up what is not needed, read, draw, answer."""
    work, cpu_seconds, wall_seconds = words[0], int(words[1]), int(words[2])
    set_limits(cpu_seconds, wall_seconds)
    leave_network()
    if work == "probe":
        give_up_calls()
        _answer({"reached": reach(int(words[3]))}, {})
    else:
        _load(work)
        content = sys.stdin.buffer.read()
        give_up_calls()
        _answer(*_draw(work, content))
    os._exit(0)  # the interpreter's own clean-up wants calls that were given up


if __name__ == "__main__":
    main(sys.argv[1:])
