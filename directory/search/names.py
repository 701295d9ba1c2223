"""Words of clinic and practitioner names: which rows of a part hold a word.

Words are folded (`directory.words.fold`). The last word of a query also matches as a beginning. Scripts written
without spaces (Chinese, Japanese, Thai, Lao, Khmer, Burmese; Korean compounds too) are matched anywhere inside a run:
each run is indexed at each of its letters, and there every word of a query matches as a beginning.
"""

import re
from array import array
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

from directory.search.strings import StringTable
from directory.words import tokens

LONGEST_RUN = 24
# Up to this many distinct words are looked up one by one in a circle; above it all their rows are marked at once.
FEW_WORDS = 16
_UNSPACED = re.compile(
    "[\u0e00-\u0eff\u1000-\u109f\u1100-\u1112\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
    "\U00020000-\U0003134f]"
)


def indexed_words(names: str) -> list[str]:
    """The words under which a row is found; `names` is folded text, as kept in `name_key`."""
    found = []
    for word in names.split():
        found.append(word[:LONGEST_RUN] if _UNSPACED.search(word) else word)
        for match in _UNSPACED.finditer(word, 1):
            found.append(word[match.start() : match.start() + LONGEST_RUN])
    return found


@dataclass(frozen=True, slots=True)
class Term:
    """One word of a query, folded; `is_beginning` when longer words match too."""

    text: str
    is_beginning: bool


def query_terms(text: str) -> tuple[Term, ...]:
    """The words typed, in order."""
    words = tokens(text)
    last = len(words) - 1
    return tuple(
        Term(word[:LONGEST_RUN] if _UNSPACED.search(word) else word, place == last or bool(_UNSPACED.search(word)))
        for place, word in enumerate(words)
    )


@dataclass(frozen=True, slots=True)
class NameIndex:
    """Postings: `rows[starts[w]:starts[w + 1]]` (int32, sorted) are the rows that hold word `w` of `words`."""

    words: StringTable
    starts: NDArray[np.int64]
    rows: NDArray[np.int32]

    @classmethod
    def of(cls, names: Iterable[str]) -> Self:
        """Index folded names, one text per row."""
        numbers: dict[str, int] = {}
        flat, owners = array("i"), array("i")
        for row, text in enumerate(names):
            for word in set(indexed_words(text)):
                flat.append(numbers.setdefault(word, len(numbers)))
                owners.append(row)
        return cls.from_pairs(list(numbers), np.array(flat, np.int32), np.array(owners, np.int32))

    @classmethod
    def from_pairs(cls, words: list[str], codes: NDArray[np.int32], owners: NDArray[np.int32]) -> Self:
        """From (word, row) pairs: `codes` are places in `words`, whatever its order; both shape (pairs,)."""
        table = StringTable.of(words)
        if not words:
            return cls(table, np.zeros(1, np.int64), np.zeros(0, np.int32))
        sorted_codes = table.places(words)[codes]
        order = np.lexsort((owners, sorted_codes))
        starts = np.zeros(len(table) + 1, np.int64)
        np.cumsum(np.bincount(sorted_codes, minlength=len(table)), out=starts[1:])
        return cls(table, starts, owners[order])

    def pairs(self) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
        """(word, row) pairs, in order of words."""
        codes = np.repeat(np.arange(len(self.words), dtype=np.int32), np.diff(self.starts))
        return codes, self.rows

    def _range(self, term: Term) -> tuple[int, int]:
        if term.is_beginning:
            return self.words.beginning_with(term.text)
        place = self.words.find(term.text)
        return (0, 0) if place is None else (place, place + 1)

    def _mark(self, low: int, high: int, size: int) -> NDArray[np.bool_]:
        marked = np.zeros(size, np.bool_)
        marked[self.rows[self.starts[low] : self.starts[high]]] = True
        return marked

    def everywhere(self, terms: tuple[Term, ...], size: int) -> NDArray[np.int64]:
        """Sorted rows, of `size` in all, that hold every term."""
        marked: NDArray[np.bool_] | None = None
        for term in terms:
            low, high = self._range(term)
            if low == high:
                return np.zeros(0, np.int64)
            here = self._mark(low, high, size)
            marked = here if marked is None else marked & here
        return np.arange(size) if marked is None else np.flatnonzero(marked)

    def within(
        self, terms: tuple[Term, ...], begins: NDArray[np.int64], ends: NDArray[np.int64], size: int
    ) -> NDArray[np.bool_]:
        """For the rows of the slices [begins, ends) laid end to end: whether each holds every term."""
        lengths = ends - begins
        offsets = np.cumsum(lengths) - lengths
        answer = np.ones(int(lengths.sum()), np.bool_)
        for term in terms:
            low, high = self._range(term)
            if high - low <= FEW_WORDS:
                here = np.zeros(len(answer), np.bool_)
                for word in range(low, high):
                    self._mark_slices(word, begins, ends, offsets, here)
            else:
                marked = self._mark(low, high, size)
                parts = [marked[a:b] for a, b in zip(begins.tolist(), ends.tolist(), strict=True)]
                here = np.concatenate(parts) if parts else answer
            answer &= here
        return answer

    def _mark_slices(
        self,
        word: int,
        begins: NDArray[np.int64],
        ends: NDArray[np.int64],
        offsets: NDArray[np.int64],
        out: NDArray[np.bool_],
    ) -> None:
        rows = self.rows[self.starts[word] : self.starts[word + 1]]
        # Keys of another width than the array's would make numpy copy the whole array for each look-up.
        first = np.searchsorted(rows, begins.astype(np.int32)).tolist()
        past = np.searchsorted(rows, ends.astype(np.int32)).tolist()
        shifts = (offsets - begins).tolist()
        for a, b, shift in zip(first, past, shifts, strict=True):
            if a < b:
                out[rows[a:b] + shift] = True
