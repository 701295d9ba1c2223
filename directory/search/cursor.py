"""Cursors: where a walk through the results stands, so that the next page begins behind the last row seen.

A cursor names the sort, the day's seed, the last row's key and how far the walk is, and is bound to the question it
was given for. It is opaque and needs no secret: a made-up one only skips rows.
"""

import base64
import binascii
import hashlib
import json
import struct
from typing import NamedTuple

from directory.search.ranking import Key

_DIGEST_BYTES = 9


class Cursor(NamedTuple):
    """`seen` is how many rows came before."""

    seed: int
    after: Key
    seen: int


def _digest(question: list[tuple[str, str]]) -> str:
    text = json.dumps(question, ensure_ascii=False).encode()
    return base64.urlsafe_b64encode(hashlib.blake2b(text, digest_size=_DIGEST_BYTES).digest()).decode()


def write(cursor: Cursor, question: list[tuple[str, str]]) -> str:
    """The cursor as letters fit for an address."""
    packed = struct.pack(">IdQI", cursor.seed, cursor.after.primary, cursor.after.tie, cursor.seen)
    return _digest(question) + base64.urlsafe_b64encode(packed).decode()


def read(text: str, question: list[tuple[str, str]]) -> Cursor | None:
    """The cursor; None when it is damaged or belongs to another question."""
    digest = _digest(question)
    if not text.startswith(digest):
        return None
    try:
        packed = base64.b64decode(text[len(digest) :].encode(), altchars=b"-_", validate=True)
        seed, primary, tie, seen = struct.unpack(">IdQI", packed)
    except (binascii.Error, ValueError, struct.error):
        return None
    return None if primary != primary else Cursor(seed, Key(primary, tie), seen)
