"""An honest photo comes out upright, in its colours, in the sizes that pages show."""

import io
from typing import Any

import numpy as np
import pytest
from PIL import Image, ImageOps

from directory.imaging.redraw import Drawn, Studio
from tests.imaging import corpus
from tests.imaging.test_hostile import ODD


def pixels(drawn: Drawn, name: str = "1600.jpg") -> Any:
    return np.asarray(Image.open(io.BytesIO(drawn.files[name])).convert("RGB")).astype(int)


def corners() -> Image.Image:
    """A picture whose every way of lying on its side looks different."""
    picture = Image.new("RGB", (320, 200), (200, 30, 30))
    picture.paste((30, 160, 40), (160, 0, 320, 100))
    picture.paste((40, 50, 190), (0, 100, 160, 200))
    picture.paste((230, 220, 60), (160, 100, 320, 200))
    return picture


@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_photo_stands_upright(studio: Studio, orientation: int) -> None:
    """Held against Pillow's own turning, which the site does not use."""
    content = corpus.written(corners(), quality=95, exif=corpus.exif(orientation))
    wanted = ImageOps.exif_transpose(Image.open(io.BytesIO(content)))
    drawn = studio.photo(content)
    assert (drawn.width, drawn.height) == wanted.size
    assert np.abs(pixels(drawn) - np.asarray(wanted.convert("RGB")).astype(int)).mean() < 4


@pytest.mark.parametrize("form", ["PNG", "WEBP"])
def test_orientation_counts_in_every_kind(studio: Studio, form: str) -> None:
    drawn = studio.photo(corpus.with_everything(form, orientation=6))
    assert (drawn.width, drawn.height) == (480, 640)


def test_sizes_are_made_and_nothing_is_enlarged(studio: Studio) -> None:
    drawn = studio.photo(corpus.written(corpus.photo().resize((2000, 1500))))
    made = {name: Image.open(io.BytesIO(content)).size for name, content in drawn.files.items()}
    assert made == {"400.webp": (400, 300), "800.webp": (800, 600), "1600.webp": (1600, 1200), "1600.jpg": (1600, 1200)}
    assert (drawn.width, drawn.height) == (1600, 1200)
    small = studio.photo(corpus.written(corpus.photo(300, 200)))
    assert {Image.open(io.BytesIO(content)).size for content in small.files.values()} == {(300, 200)}


def test_colours_of_a_photo_with_a_profile_stay(studio: Studio) -> None:
    """A photo whose numbers mean other colours than sRGB: the numbers change so that the colours stay."""
    content = corpus.written(
        Image.new("RGB", (64, 64), (200, 120, 90)), quality=95, icc_profile=corpus.swapped_profile()
    )
    red, green, blue = pixels(studio.photo(content)).mean(axis=(0, 1))
    assert abs(red - 120) < 8
    assert abs(green - 200) < 8
    assert abs(blue - 90) < 8


def test_sixteen_bits_keep_their_middle(studio: Studio) -> None:
    drawn = pixels(studio.photo(ODD["16 bit"])).mean(axis=(1, 2))
    assert drawn[0] < 10
    assert 118 < drawn[len(drawn) // 2] < 138
    assert drawn[-1] > 245


def test_see_through_parts_are_white(studio: Studio) -> None:
    picture = Image.new("RGBA", (100, 100), (200, 0, 0, 255))
    picture.paste((0, 0, 0, 0), (50, 0, 100, 100))
    seen = pixels(studio.photo(corpus.written(picture, "PNG")))
    assert seen[50, 80].min() > 245
    assert seen[50, 20][0] > 180
    assert seen[50, 20][1] < 40


def test_the_first_of_two_pictures_in_a_phone_photo_is_taken(studio: Studio) -> None:
    drawn = studio.photo(ODD["two in one"])
    assert (drawn.width, drawn.height) == (640, 480)
    assert np.abs(pixels(drawn) - np.asarray(corpus.photo()).astype(int)).mean() < 15


def test_the_same_file_gives_the_same_bytes(studio: Studio) -> None:
    content = corpus.with_everything("JPEG", orientation=3)
    assert studio.photo(content) == studio.photo(content)
