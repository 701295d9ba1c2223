"""Near copy: one text sent in by several people, word for word or spun from one template.

A text is cut into runs of three words (or five characters, in scripts written without spaces). MinHash (Broder 1997)
keeps of each text BANDS pairs of least hashes; two texts whose runs overlap by J share at least one pair with chance
1 - (1 - J^2)^BANDS, so an index over the pairs finds the candidates among a million texts without reading them. The
texts of the candidates decide: the length of the longest common sequence of words, as a share of the longer text, or
the Jaccard overlap of the runs, which a new order of sentences leaves as it was.
"""

import hashlib
import re
from collections import Counter
from collections.abc import Iterable
from typing import NamedTuple

from rapidfuzz.distance import LCSseq
from sqlalchemy import BigInteger, CompoundSelect, bindparam, delete, insert, select, union_all

from directory.db import db
from directory.moderation.signals.finding import Finding, times
from directory.moderation.signals.models import Sketch, text_of
from directory.moderation.signals.thresholds import (
    COPY_CANDIDATES,
    COPY_WORDS,
    ORDER_HIGH,
    ORDER_MEDIUM,
    RUNS_HIGH,
    RUNS_MEDIUM,
)
from directory.reviews.models import Review, Stage
from directory.words import tokens

BANDS, ROWS = 16, 2
RUN, RUN_UNSPACED = 3, 5
# Han, Hiragana, Katakana, Thai, Lao, Khmer, Burmese: written without spaces, so each letter is a unit.
_UNSPACED = re.compile(r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff]")
_PRIME = (1 << 61) - 1


def _constants(name: str) -> list[int]:
    """One number a hash function, the same for ever: sketches of different days must stay comparable."""
    drawn = (hashlib.sha256(f"{name} {number}".encode()).digest() for number in range(BANDS * ROWS))
    return [int.from_bytes(one) % _PRIME for one in drawn]


_A, _B = _constants("a"), _constants("b")


class Copy(NamedTuple):
    """Another person's text that resembles: whose review, at which clinic, and how much of both texts is the same.

    `order` is the longest common sequence of words, `runs` the overlap of runs of three words; both 0 to 1.
    """

    public_id: str
    author_id: int | None
    clinic_id: int
    order: float
    runs: float

    @property
    def is_near(self) -> bool:
        return self.order >= ORDER_MEDIUM or self.runs >= RUNS_MEDIUM

    @property
    def is_nearly_all(self) -> bool:
        return self.order >= ORDER_HIGH or self.runs >= RUNS_HIGH


def units(text: str) -> list[str]:
    """The folded words of a text; in scripts written without spaces, its letters."""
    if len(_UNSPACED.findall(text)) * 2 > len(text):
        return [letter for word in tokens(text) for letter in word]
    return tokens(text)


def _runs(words: list[str]) -> set[int]:
    length = RUN_UNSPACED if words and all(len(word) == 1 for word in words) else RUN
    runs = {" ".join(words[start : start + length]) for start in range(len(words) - length + 1)}
    return {int.from_bytes(hashlib.blake2b(run.encode(), digest_size=7).digest()) for run in runs}


def sketch(text: str) -> list[int]:
    """BANDS signed 64-bit values; empty for a text too short to say anything."""
    words = units(text)
    if len(words) < COPY_WORDS:
        return []
    runs = _runs(words)
    least = [min((a * run + b) % _PRIME for run in runs) for a, b in zip(_A, _B, strict=True)]
    values = []
    for band in range(BANDS):
        pair = f"{band} {least[band * ROWS]} {least[band * ROWS + 1]}"
        values.append(int.from_bytes(hashlib.blake2b(pair.encode(), digest_size=8).digest(), signed=True))
    return values


def note(stage: Stage, values: list[int]) -> None:
    """Keep the sketch of what a stage says now."""
    db.session.execute(delete(Sketch).where(Sketch.stage_id == stage.id))
    bands = [{"stage_id": stage.id, "band": band, "value": value} for band, value in enumerate(values)]
    if bands:
        db.session.execute(insert(Sketch), bands)


class Read(NamedTuple):
    """A text taken apart, to be laid beside others."""

    words: list[str]
    runs: set[int]

    @classmethod
    def of(cls, text: str) -> "Read":
        words = units(text)
        return cls(words, _runs(words))


def likeness(one: Read, other: Read) -> tuple[float, float]:
    """(`order`, `runs`) of two texts, as in Copy."""
    both = one.runs | other.runs
    overlap = len(one.runs & other.runs) / len(both) if both else 0.0
    return float(LCSseq.normalized_similarity(one.words, other.words)), overlap


def _sharing() -> CompoundSelect[int]:
    """The newest stages that have `v0`, `v1`, … in any of their BANDS, `but` one: put together once, not each time."""
    bands = [
        select(Sketch.stage_id)
        .where(Sketch.value == bindparam(f"v{band}", type_=BigInteger), Sketch.stage_id != bindparam("but"))
        .order_by(Sketch.stage_id.desc())
        .limit(COPY_CANDIDATES // 2)
        .subquery()
        for band in range(BANDS)
    ]
    return union_all(*(select(band.c.stage_id) for band in bands))


_SHARING = _sharing()


def _candidates(values: list[int], but: int) -> list[int]:
    """Stages that share a band, those that share most first, then the newest; of each band only the newest are read."""
    given = {f"v{band}": value for band, value in enumerate(values)}
    found = Counter(db.session.scalars(_SHARING, {**given, "but": but}))
    return sorted(found, key=lambda number: (-found[number], -number))[:COPY_CANDIDATES]


def copies_of(stage: Stage) -> list[Copy]:
    """Texts of other people that resemble this one, most alike first; at most COPY_CANDIDATES are compared."""
    mine = Read.of(text_of(stage))
    values = sketch(text_of(stage))
    if not values:
        return []
    ids = _candidates(values, stage.id)
    query = (
        select(Review.public_id, Review.author_id, Review.clinic_id, Stage.text, Stage.proposed_text)
        .join(Stage, Stage.review_id == Review.id)
        .where(Stage.id.in_(ids), Review.id != stage.review_id)
        .order_by(Stage.id)
    )
    author_id = stage.review.author_id
    found: dict[str, Copy] = {}
    for public_id, other_id, clinic_id, text, proposed in db.session.execute(query):
        if other_id is not None and other_id == author_id:
            continue  # a person may tell the same story twice
        made = Copy(public_id, other_id, clinic_id, *likeness(mine, Read.of(proposed or text)))
        if made.is_near:
            found[public_id] = max(made, found.get(public_id, made), key=lambda copy: copy.order + copy.runs)
    return sorted(found.values(), key=lambda copy: (-copy.order - copy.runs, copy.public_id))


def find(copies: Iterable[Copy]) -> Finding | None:
    """High when a text is nearly another's, or resembles several people's; medium when it resembles one."""
    like = [copy for copy in copies if copy.is_near]
    if not like:
        return None
    people = len({copy.author_id if copy.author_id is not None else copy.public_id for copy in like})
    clinics = len({copy.clinic_id for copy in like})
    strength = "high" if any(copy.is_nearly_all for copy in like) or people >= 2 else "medium"
    words = (
        f"The text has {like[0].order:.0%} of its words in the same order as a review by somebody else, and "
        f"{like[0].runs:.0%} of its runs of three words; {times(people, 'other person wrote', 'other people wrote')} "
        f"alike, at {times(clinics, 'clinic', 'clinics')}"
    )
    return Finding("near_copy", strength, words, tuple(copy.public_id for copy in like[:20]))
