"""Part: what search needs of many clinics, as immutable columns sorted by place. An index is one large part and a
few small ones with later changes."""

from array import array
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from directory.credentials.figures import ALWAYS
from directory.places.distance import vector
from directory.reviews.rating import rate
from directory.search.circle import BANDS, band_of, normal_lon
from directory.search.names import NameIndex, indexed_words
from directory.search.strings import StringTable

EXAMPLE, AT_DOOR, BY_VIDEO = 1, 2, 4
NO_PRICE = -1
# Between the parts of one string of a table: the control character that text from visitors never holds.
JOINT = "\x1f"
PRICE_STEPS = 4
# The conservative score of a clinic nobody has reviewed, where its country has no mean of its own yet.
NO_REVIEWS_LOWER = rate([]).lower


class Listing(NamedTuple):
    """One published clinic as search sees it.

    `created` in seconds since 1970 UTC; `goals`, `genders` are bit masks in the order of the vocabulary;
    `languages` primary tags, sorted, joined by `;`; `price` the lowest stated, in minor units, or NO_PRICE;
    `schedule` opening hours, zone and country, joined; `town` country, folded city and city, joined;
    `flags` bits of EXAMPLE, AT_DOOR (the point is the door), BY_VIDEO (it holds consultations by video);
    `names` folded names of the clinic and of the people there; `lower` the conservative score (1 to 5), `tenths`
    the score shown times ten, 0 for none; `counted`, `healed` numbers of reviews. Moments in
    seconds since 1970 UTC, see `credentials.figures`: `strength1` to `strength4` until when the strength is at least
    that, `met` until when what the law is known to ask is shown, `lapses` from when a licence it asks for has run out.
    """

    id: int
    version: int
    created: int
    lat: float
    lon: float
    goals: int
    genders: int
    languages: str
    price: int
    currency: str
    schedule: str
    country: str
    town: str
    flags: int
    names: str
    lower: float = NO_REVIEWS_LOWER
    tenths: int = 0
    counted: int = 0
    healed: int = 0
    strength1: int = 0
    strength2: int = 0
    strength3: int = 0
    strength4: int = 0
    met: int = 0
    lapses: int = ALWAYS


# Columns of numbers, and columns of places in a table of strings.
_NUMBERS = {
    "id": ("q", np.int64),
    "version": ("q", np.int64),
    "created": ("q", np.int64),
    "lat": ("d", np.float64),
    "lon": ("d", np.float64),
    "goals": ("L", np.uint32),
    "genders": ("B", np.uint8),
    "price": ("q", np.int64),
    "flags": ("B", np.uint8),
    "lower": ("f", np.float32),
    "tenths": ("B", np.uint8),
    "counted": ("L", np.uint32),
    "healed": ("L", np.uint32),
    "strength1": ("q", np.int64),
    "strength2": ("q", np.int64),
    "strength3": ("q", np.int64),
    "strength4": ("q", np.int64),
    "met": ("q", np.int64),
    "lapses": ("q", np.int64),
}
_TEXTS = ("languages", "currency", "schedule", "country", "town")


@dataclass(frozen=True, slots=True, eq=False)
class Part:
    """Row-aligned columns, sorted by (band, lon, id); `lon` in [-180, 180). x, y, z are unit vectors.

    `by_id` lists rows in order of id; `band_starts` is where each of the BANDS begins, and the end.
    """

    id: NDArray[np.int64]
    version: NDArray[np.int64]
    created: NDArray[np.int64]
    lat: NDArray[np.float64]
    lon: NDArray[np.float64]
    x: NDArray[np.float64]
    y: NDArray[np.float64]
    z: NDArray[np.float64]
    goals: NDArray[np.uint32]
    genders: NDArray[np.uint8]
    languages: NDArray[np.int32]
    price: NDArray[np.int64]
    currency: NDArray[np.int32]
    schedule: NDArray[np.int32]
    country: NDArray[np.int32]
    town: NDArray[np.int32]
    flags: NDArray[np.uint8]
    lower: NDArray[np.float32]
    tenths: NDArray[np.uint8]
    counted: NDArray[np.uint32]
    healed: NDArray[np.uint32]
    strength1: NDArray[np.int64]
    strength2: NDArray[np.int64]
    strength3: NDArray[np.int64]
    strength4: NDArray[np.int64]
    met: NDArray[np.int64]
    lapses: NDArray[np.int64]
    by_id: NDArray[np.int32]
    band_starts: NDArray[np.int64]
    tables: Mapping[str, StringTable]
    names: NameIndex
    price_steps: Mapping[str, Sequence[int]] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.id)

    def rows_of(self, ids: NDArray[np.int64]) -> NDArray[np.int64]:
        """The rows of those ids that are here, in no particular order."""
        if not len(self):
            return np.zeros(0, np.int64)
        places = np.searchsorted(self.id, ids, sorter=self.by_id)
        rows = self.by_id[np.minimum(places, len(self) - 1)].astype(np.int64)
        found: NDArray[np.int64] = rows[self.id[rows] == ids]
        return found


ARRAYS = tuple(f.name for f in fields(Part) if f.name not in {"tables", "names", "price_steps"})


def build(listings: Iterable[Listing]) -> Part:
    """A part of the listings, in whatever order they come."""
    numbers = {name: array(code) for name, (code, _) in _NUMBERS.items()}
    codes: dict[str, array[int]] = {name: array("i") for name in _TEXTS}
    known: dict[str, dict[str, int]] = {name: {} for name in _TEXTS}
    words: dict[str, int] = {}
    pair_words, pair_rows = array("i"), array("i")
    for row, listing in enumerate(listings):
        for name in _NUMBERS:
            numbers[name].append(getattr(listing, name))
        for name in _TEXTS:
            table = known[name]
            codes[name].append(table.setdefault(getattr(listing, name), len(table)))
        for word in set(indexed_words(listing.names)):
            pair_words.append(words.setdefault(word, len(words)))
            pair_rows.append(row)
    columns: dict[str, Any] = {
        name: np.frombuffer(numbers[name], dtype=code).astype(kind) for name, (code, kind) in _NUMBERS.items()
    }
    tables = {name: StringTable.of(known[name]) for name in _TEXTS}
    for name in _TEXTS:
        to_place = tables[name].places(list(known[name]))
        columns[name] = to_place[np.frombuffer(codes[name], np.int32)]
    pairs = (list(words), np.frombuffer(pair_words, np.int32), np.frombuffer(pair_rows, np.int32))
    return _sorted(columns, tables, *pairs)


def merge(parts: Sequence[tuple[Part, NDArray[np.bool_] | None]]) -> Part:
    """One part of the rows of several that are alive; each comes with its mask of dead rows."""
    alive = [np.flatnonzero(~dead) if dead is not None else np.arange(len(part)) for part, dead in parts]
    columns: dict[str, Any] = {
        name: np.concatenate([getattr(part, name)[rows] for (part, _), rows in zip(parts, alive, strict=True)])
        for name in _NUMBERS
    }
    tables = {}
    for name in _TEXTS:
        texts = [part.tables[name].texts() for part, _ in parts]
        tables[name] = StringTable.of(text for some in texts for text in some)
        columns[name] = np.concatenate(
            [
                tables[name].places(some)[getattr(part, name)[rows]]
                for (part, _), some, rows in zip(parts, texts, alive, strict=True)
            ]
        ).astype(np.int32)
    words: list[str] = []
    codes, owners, offset = [], [], 0
    for (part, _), rows in zip(parts, alive, strict=True):
        part_codes, part_rows = part.names.pairs()
        moved = np.full(len(part), -1, np.int32)
        moved[rows] = np.arange(offset, offset + len(rows), dtype=np.int32)
        kept = moved[part_rows] >= 0
        codes.append(part_codes[kept] + np.int32(len(words)))
        owners.append(moved[part_rows[kept]])
        words += part.names.words.texts()
        offset += len(rows)
    return _sorted(columns, tables, words, np.concatenate(codes), np.concatenate(owners))


def _sorted(
    columns: dict[str, Any],
    tables: dict[str, StringTable],
    words: list[str],
    pair_words: NDArray[np.int32],
    pair_rows: NDArray[np.int32],
) -> Part:
    """Sort the columns by place and derive what follows from them."""
    columns["lon"] = normal_lon(columns["lon"])
    bands = band_of(columns["lat"])
    order = np.lexsort((columns["id"], columns["lon"], bands))
    columns = {name: np.ascontiguousarray(column[order]) for name, column in columns.items()}
    band_starts = np.zeros(BANDS + 1, np.int64)
    np.cumsum(np.bincount(bands, minlength=BANDS), out=band_starts[1:])
    moved = np.empty(len(order), np.int32)
    moved[order] = np.arange(len(order), dtype=np.int32)
    xyz = vector(columns["lat"], columns["lon"])
    return Part(
        **columns,
        x=np.ascontiguousarray(xyz[:, 0]),
        y=np.ascontiguousarray(xyz[:, 1]),
        z=np.ascontiguousarray(xyz[:, 2]),
        by_id=np.argsort(columns["id"], kind="stable").astype(np.int32),
        band_starts=band_starts,
        tables=tables,
        names=NameIndex.from_pairs(words, pair_words, moved[pair_rows]),
        price_steps=_price_steps(columns["price"], columns["currency"], tables["currency"]),
    )


def _price_steps(price: NDArray[np.int64], currency: NDArray[np.int32], table: StringTable) -> dict[str, list[int]]:
    """For each currency a few round amounts (minor units) that cut its prices into parts of like size."""
    steps = {}
    for code, name in enumerate(table.texts()):
        stated = price[(currency == code) & (price >= 0)]
        if name and len(stated):
            cuts = np.quantile(stated, np.linspace(0.2, 0.8, PRICE_STEPS))
            steps[name] = sorted({_round_up(float(cut)) for cut in cuts})
    return steps


def _round_up(amount: float) -> int:
    """The next amount with two leading digits that end in 0 or 5: 123400 gives 150000."""
    unit = 10 ** max(0, len(str(int(amount))) - 2)
    return int(-(-amount // (5 * unit)) * 5 * unit)
