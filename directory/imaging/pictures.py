"""One picture, read with the least trust and drawn anew; runs in the child process only.

Nothing of the file that came is kept but what its pixels look like: the colour profile and the orientation are carried
out, everything else is left behind.
"""

import io
from collections.abc import Callable
from typing import Any

import numpy as np
from PIL import Image, ImageCms, ImageFile, JpegImagePlugin, PngImagePlugin, TiffImagePlugin, WebPImagePlugin

from directory.imaging.bounds import MAX_PIXELS, PHOTO_SIDE, WEBP_SIDES
from directory.imaging.sniff import JPEG, PNG, WEBP, kind_of

WEBP_QUALITY, JPEG_QUALITY = 80, 85
MAX_PROFILE_BYTES = 1024**2
ORIENTATION = 0x0112  # the EXIF tag

# By number of the EXIF tag: how to turn the picture upright.
UPRIGHT = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}


class Unfit(Exception):
    """The file will not be drawn: a reason of `sentences` and the numbers its sentence needs."""

    def __init__(self, reason: str, **facts: int) -> None:
        super().__init__(reason)
        self.reason, self.facts = reason, facts


def prepare() -> None:
    """Load everything that reading and writing will need: once calls are given up, no module can be opened."""
    Image.preinit()
    # Read when a picture has EXIF; imported there only at first use.
    TiffImagePlugin.ImageFileDirectory_v2()
    ImageCms.createProfile("sRGB")


def _webp_canvas(content: bytes) -> tuple[int, int]:
    """Width and height that a WebP says it has: its decoder sets the memory aside as soon as it is opened.

    The layout is that of the WebP container specification.
    """
    form, body = content[12:16], content[20:30].ljust(10, b"\0")
    if form == b"VP8X":
        return 1 + int.from_bytes(body[4:7], "little"), 1 + int.from_bytes(body[7:10], "little")
    if form == b"VP8L":
        packed = int.from_bytes(body[1:5], "little")
        return 1 + (packed & 0x3FFF), 1 + (packed >> 14 & 0x3FFF)
    return int.from_bytes(body[6:8], "little") & 0x3FFF, int.from_bytes(body[8:10], "little") & 0x3FFF


def _refuse_too_many(width: int, height: int) -> None:
    if width * height > MAX_PIXELS:
        raise Unfit("pixels", megapixels=round(width * height / 1e6))


def open_picture(content: bytes) -> ImageFile.ImageFile:
    """The picture with its header read and judged, its pixels not yet decoded.

    The three openers are called by name: no other format can be reached, and a JPEG with further pictures behind it
    (as many phones write) is its first one.
    """
    openers: dict[str, Callable[..., Any]] = {
        JPEG: JpegImagePlugin.JpegImageFile,
        PNG: PngImagePlugin.PngImageFile,
        WEBP: WebPImagePlugin.WebPImageFile,
    }
    kind = kind_of(content)
    if kind == WEBP:
        _refuse_too_many(*_webp_canvas(content))
    picture: ImageFile.ImageFile = openers[kind or ""](io.BytesIO(content))
    _refuse_too_many(*picture.size)
    if getattr(picture, "n_frames", 1) > 1:
        raise Unfit("moving")
    return picture


def _orientation(picture: Image.Image) -> int:
    try:
        return int(picture.getexif().get(ORIENTATION, 1))
    except Exception:  # broken EXIF raises of every kind; a picture without one is upright
        return 1


def _eight_bit(picture: Image.Image) -> Image.Image:
    """The picture in a mode with 8 bits a channel that resizing and colour profiles understand."""
    if picture.mode.startswith("I") or picture.mode == "F":
        # Pillow would cut off what is above 255; of 16 bits the upper 8 are the picture.
        return Image.fromarray((np.asarray(picture).astype(np.uint32) >> 8).astype(np.uint8))
    if picture.mode in {"P", "PA", "LA", "La", "RGBa"} or "transparency" in picture.info:
        return picture.convert("RGBA")
    if picture.mode in {"RGB", "RGBA", "L", "CMYK"}:
        return picture
    return picture.convert("L" if picture.mode == "1" else "RGB")


def _plain_colours(picture: Image.Image, profile: bytes) -> Image.Image:
    """RGB as screens show it by default: see-through parts become white, the file's own colour space is carried out."""
    if picture.mode == "RGBA":
        paper = Image.new("RGB", picture.size, "white")
        paper.paste(picture, mask=picture.getchannel("A"))
        picture = paper
    if profile and len(profile) <= MAX_PROFILE_BYTES:
        try:
            source, target = ImageCms.ImageCmsProfile(io.BytesIO(profile)), ImageCms.createProfile("sRGB")
            picture = ImageCms.profileToProfile(picture, source, target, outputMode="RGB") or picture
        except (ImageCms.PyCMSError, OSError, ValueError):
            pass  # a profile that is no profile, or is for other channels, says nothing
    return picture.convert("RGB")


def draw(content: bytes, side: int) -> Image.Image:
    """The picture upright, in RGB, its longer side at most `side` pixels, with nothing attached to it.

    Raises Unfit; anything else it raises means that the file is damaged.
    """
    picture = open_picture(content)
    picture.draft("RGB", (side, side))  # JPEG only: decodes at half, a quarter or an eighth where that is enough
    picture.load()
    profile, turn = picture.info.get("icc_profile") or b"", UPRIGHT.get(_orientation(picture))
    small = _eight_bit(picture)
    small.thumbnail((side, side), Image.Resampling.LANCZOS)
    small = _plain_colours(small, profile)
    if turn is not None:
        small = small.transpose(turn)
    # Pillow hands comment, profile and EXIF on to copies and to what it writes; bytes of pixels carry none of them.
    return Image.frombytes("RGB", small.size, small.tobytes())


def sizes(picture: Image.Image) -> dict[str, bytes]:
    """The files that are kept of a picture, by name; never larger than the picture itself."""
    made = {}
    for side in WEBP_SIDES:
        smaller = picture.copy()
        smaller.thumbnail((side, side), Image.Resampling.LANCZOS)
        made[f"{side}.webp"] = _written(smaller, "WEBP", quality=WEBP_QUALITY, method=4)
    made[f"{PHOTO_SIDE}.jpg"] = _written(picture, "JPEG", quality=JPEG_QUALITY, optimize=True, progressive=True)
    return made


def _written(picture: Image.Image, form: str, **how: Any) -> bytes:
    sheet = io.BytesIO()
    picture.save(sheet, form, **how)
    return sheet.getvalue()
