"""Finding one picture again after it was shrunk, recoded, brightened, cropped a little or mirrored.

Two prints are kept of each picture. The 64-bit hash is quick to look up in bulk: each bit says whether one of 8 x 8
fields is darker than its right neighbour (the "difference hash"). Heads before a plain wall share many of those
bits, so a near hash is only a hint; the thumb, 32 x 32 grey values, then tells copies from look-alikes by correlating
fine detail.
"""

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from directory.imaging.bounds import THUMB_SIDE

SIDE = 8
# Measured on seeded pictures (tests/imaging/test_prints.py). Recoded, shrunk, brightened and mirrored copies stay
# within 7 bits and above 0.98; with 2 % cut from each edge 119 of 120 stay within 12 bits, all above 0.937. Of 4,950
# pairs of different heads before plain walls 303 come within 12 bits, none above 0.932; of as many other scenes none
# within 14.
NEAR_BITS = 12
ALIKE = 0.935
FLAT = 3.0  # standard deviation of grey values below which a picture shows nothing to go by
DETAIL_SIGMA = 2.0  # fields of the thumb; wider structure is the scene's, not the picture's
CROPS = (0.0, 0.025, 0.05)
SAYS_NOTHING = 0

Grey = NDArray[np.float64]


def _grey(picture: Image.Image, width: int, height: int) -> Grey:
    small = picture.convert("L").resize((width, height), Image.Resampling.LANCZOS)
    return np.asarray(small, dtype=np.float64)


def hash_of(picture: Image.Image) -> int:
    """The hash as a signed 64-bit integer; SAYS_NOTHING for a picture of one shade."""
    fields = _grey(picture, SIDE + 1, SIDE)
    if fields.std() < FLAT:
        return SAYS_NOTHING
    bits = (fields[:, 1:] > fields[:, :-1]).ravel()
    return int.from_bytes(np.packbits(bits).tobytes(), "big", signed=True)


def thumb_of(picture: Image.Image) -> bytes:
    """THUMB_SIDE x THUMB_SIDE grey values, a byte each, row by row."""
    return picture.convert("L").resize((THUMB_SIDE, THUMB_SIDE), Image.Resampling.LANCZOS).tobytes()


def mirrored(phash: int) -> int:
    """The hash that the picture has when it is flipped left to right."""
    bits = np.unpackbits(np.frombuffer(phash.to_bytes(8, "big", signed=True), dtype=np.uint8)).reshape(SIDE, SIDE)
    return int.from_bytes(np.packbits(1 - bits[:, ::-1]).tobytes(), "big", signed=True)


def near(phash: int, others: NDArray[np.int64]) -> NDArray[np.intp]:
    """Positions in `others` of hashes within NEAR_BITS, nearest first, ties in their order; mirrored copies too."""
    if phash == SAYS_NOTHING:
        return np.empty(0, dtype=np.intp)
    straight, flipped = (
        np.bitwise_count((others ^ np.int64(wanted)).view(np.uint64)) for wanted in (phash, mirrored(phash))
    )
    distance = np.minimum(straight, flipped)
    distance[others == SAYS_NOTHING] = 64
    found = np.flatnonzero(distance <= NEAR_BITS)
    return found[np.argsort(distance[found], kind="stable")]


def _blurred(values: Grey) -> Grey:
    reach = int(3 * DETAIL_SIGMA)
    kernel = np.exp(-(np.arange(-reach, reach + 1.0) ** 2) / (2 * DETAIL_SIGMA**2))
    kernel /= kernel.sum()
    for axis in (0, 1):
        padded = np.pad(values, [(reach, reach) if side == axis else (0, 0) for side in (0, 1)], mode="edge")
        windows = np.lib.stride_tricks.sliding_window_view(padded, kernel.size, axis=axis)
        values = windows @ kernel
    return values


def _detail(values: Grey) -> Grey:
    """What is finer than DETAIL_SIGMA, as a vector of length 1; zeros where there is hardly any."""
    fine = (values - _blurred(values)).ravel()
    fine -= fine.mean()
    length = float(np.linalg.norm(fine))
    return fine / length if length > THUMB_SIDE / 2 else np.zeros_like(fine)


def _cropped(values: Grey) -> NDArray[np.float64]:
    """Details of the thumb as it is and with up to 5 % cut from its edges, one a row; the first is the whole."""
    picture = Image.fromarray(values.astype(np.float32))
    rows = []
    for share in CROPS:
        cut = share * THUMB_SIDE
        for right in (-1, 0, 1) if share else (0,):
            for down in (-1, 0, 1) if share else (0,):
                far_x, far_y = THUMB_SIDE - cut * (1 - right), THUMB_SIDE - cut * (1 - down)
                box = (cut * (1 + right), cut * (1 + down), far_x, far_y)
                size = (THUMB_SIDE, THUMB_SIDE)
                rows.append(_detail(np.asarray(picture.resize(size, Image.Resampling.BICUBIC, box=box), np.float64)))
    return np.array(rows)


def likeness(first: bytes, second: bytes) -> float:
    """How far two thumbs show the same picture, 1.0 for the same; ALIKE and more means one is a copy of the other.

    The highest correlation of fine detail over small crops of either, and over the second mirrored.
    """
    a, b = (
        np.frombuffer(thumb, dtype=np.uint8).reshape(THUMB_SIDE, THUMB_SIDE).astype(np.float64)
        for thumb in (first, second)
    )
    of_first = _cropped(a)
    best = 0.0
    for other in (b, b[:, ::-1]):
        of_other = _cropped(other)
        best = max(best, float((of_first @ of_other[0]).max()), float((of_other @ of_first[0]).max()))
    return best
