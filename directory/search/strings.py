"""A sorted table of distinct strings in two arrays, so that it can be memory-mapped and shared by processes."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

# No UTF-8 text holds this byte, so a prefix followed by it sorts after everything that begins with the prefix.
_PAST_ALL = b"\xff"


@dataclass(frozen=True, slots=True)
class StringTable:
    """Strings in order of code points. `blob` is uint8, all texts in UTF-8; `ends` int64, one per string."""

    blob: NDArray[np.uint8]
    ends: NDArray[np.int64]

    @classmethod
    def of(cls, texts: Iterable[str]) -> Self:
        """A table of the distinct texts, sorted."""
        encoded = [text.encode() for text in sorted(set(texts))]
        ends = np.cumsum([len(text) for text in encoded], dtype=np.int64) if encoded else np.zeros(0, np.int64)
        return cls(np.frombuffer(b"".join(encoded), dtype=np.uint8), ends)

    def __len__(self) -> int:
        return len(self.ends)

    def _bytes(self, index: int) -> bytes:
        start = int(self.ends[index - 1]) if index else 0
        return self.blob[start : int(self.ends[index])].tobytes()

    def __getitem__(self, index: int) -> str:
        return self._bytes(index).decode()

    def texts(self) -> list[str]:
        return [self[index] for index in range(len(self))]

    def _first_not_before(self, key: bytes) -> int:
        low, high = 0, len(self)
        while low < high:
            middle = (low + high) // 2
            if self._bytes(middle) < key:
                low = middle + 1
            else:
                high = middle
        return low

    def find(self, text: str) -> int | None:
        """The place of a text in the table; None when it is not there."""
        key = text.encode()
        place = self._first_not_before(key)
        return place if place < len(self) and self._bytes(place) == key else None

    def beginning_with(self, prefix: str) -> tuple[int, int]:
        """The half-open range of strings that begin with the prefix."""
        key = prefix.encode()
        return self._first_not_before(key), self._first_not_before(key + _PAST_ALL)

    def places(self, texts: list[str]) -> NDArray[np.int32]:
        """The places of texts that are all in the table."""
        by_text = {text: place for place, text in enumerate(self.texts())}
        return np.fromiter((by_text[text] for text in texts), dtype=np.int32, count=len(texts))
