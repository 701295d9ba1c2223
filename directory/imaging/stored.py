"""Stored: what all pictures shown here have in common, whoever sent them: sizes in the store, prints to compare."""

import secrets
from typing import Self

from sqlalchemy import BigInteger, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from directory import files, transit
from directory.imaging.hashing import SAYS_NOTHING
from directory.imaging.redraw import Drawn
from directory.words import new_public_id

SIZES = ("400.webp", "800.webp", "1600.webp", "1600.jpg")
TYPES = {"webp": "image/webp", "jpg": "image/jpeg"}


class Stored:
    """A picture that was drawn anew here: nothing of the file that was sent is left.

    `key` names its stored sizes, `size` is their sum in bytes; `phash` (64 bits, signed) and `thumb` are the prints by
    which copies are found (see `imaging.hashing`). Of a picture that was taken back nothing of these is left.
    """

    FOLDER = "photos"  # above the keys of this kind of picture

    key: Mapped[str] = mapped_column(String(64))
    width: Mapped[int]
    height: Mapped[int]
    phash: Mapped[int] = mapped_column(BigInteger, index=True)
    thumb: Mapped[bytes] = mapped_column(LargeBinary, default=b"")
    size: Mapped[int] = mapped_column(default=0)

    @classmethod
    def of(cls, drawn: Drawn) -> Self:
        """A picture not yet kept: its keys are known, so that they can be announced before `store` writes them."""
        random = secrets.token_hex(16)
        return cls(
            public_id=new_public_id(),  # type: ignore[call-arg]
            key=f"{cls.FOLDER}/{random[:2]}/{random}",
            width=drawn.width,
            height=drawn.height,
            phash=drawn.phash,
            thumb=drawn.thumb,
            size=sum(map(len, drawn.files.values())),
        )

    @property
    def keys(self) -> list[str]:
        return [f"{self.key}-{size}" for size in SIZES] if self.key else []

    def store(self, drawn: Drawn) -> None:
        """Write its sizes. Raises what `files.put` raises."""
        for size, content in drawn.files.items():
            files.put(f"{self.key}-{size}", content, content_type=TYPES[size.rpartition(".")[2]])

    def bytes(self, size: str) -> bytes | None:
        """One of SIZES; None when it is gone. Who may see it is for the caller to ask."""
        return files.get(f"{self.key}-{size}") if self.key and size in SIZES else None

    def forget(self) -> None:
        """Its files go after this transaction's commit; nothing by which it could be found again stays."""
        transit.send_off(self.keys)
        self.key, self.phash, self.thumb, self.size = "", SAYS_NOTHING, b"", 0
