"""What one backup holds, written beside it: enough to know whether what comes back is what went in."""

import hashlib
import json
from pathlib import Path
from typing import Any, NamedTuple

from directory.config import Settings
from directory.errors import Refused

NAME = "manifest.json"
# Keys without which a restored database cannot be read, or says of itself what is no longer true.
KEYS = ("kek", "pseudonym_key", "ledger_key")


class Stored(NamedTuple):
    """One stored file: its key, the SHA-256 of its bytes in hex, how many there are."""

    key: str
    sha256: str
    size: int


class Manifest(NamedTuple):
    """`rows` counts the rows of every table; `seq` and `head` are the newest row of the record and its hash.

    `keys` are fingerprints of the secrets that were set; `made_at` is UTC in ISO 8601.
    """

    made_at: str
    kind: str
    migration: str
    database: str
    seq: int
    head: str
    rows: dict[str, int]
    files: list[Stored]
    keys: dict[str, str]

    def as_json(self) -> bytes:
        facts: dict[str, Any] = self._asdict() | {"files": [list(one) for one in self.files]}
        return json.dumps(facts, indent=1).encode()

    @classmethod
    def read(cls, content: bytes) -> "Manifest":
        """Raises Refused when it is not one of ours."""
        try:
            facts = json.loads(content)
            return cls(**{**facts, "files": [Stored(*one) for one in facts["files"]]})
        except (TypeError, KeyError, AttributeError, ValueError) as error:
            raise Refused("The manifest cannot be read: it is not one of ours, or damaged.") from error


def digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def digest_of(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def fingerprints(settings: Settings) -> dict[str, str]:
    """Eight bytes of a digest of each key: tells whether it is the same one, and nothing more of it."""
    return {
        name.upper(): digest(f"hairline backup {name}\0{getattr(settings, name)}".encode())[:16]
        for name in KEYS
        if getattr(settings, name)
    }
