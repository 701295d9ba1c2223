"""The stippled pictures: the same for the same clinic for ever, different for others, and light enough to send."""

import hashlib
import re
from xml.etree import ElementTree

import pytest

from directory.clinics.cover import GROUNDS, INK, PATTERNS, cover_svg, crown_svg
from tests.house.test_contrast import tokens, written

SLUGS = [f"studio-{n}-leeds" for n in range(60)]


def _dots(svg: str) -> int:
    return svg.count("h0")


def test_the_same_slug_gives_the_same_bytes_for_ever() -> None:
    """The digest was taken when the drawing was settled; a change of pattern is a decision, not an accident."""
    drawn = cover_svg("noor-scalp-studio-bradford")
    assert drawn == cover_svg("noor-scalp-studio-bradford")
    assert hashlib.sha256(drawn.encode()).hexdigest()[:16] == "630c2a8565ea8b98"


def test_covers_hold_three_to_seven_hundred_dots_and_stay_small() -> None:
    for slug in SLUGS:
        svg = cover_svg(slug)
        assert 300 <= _dots(svg) <= 700, slug
        assert len(svg) < 9_000
        assert svg.count("<path") <= 3


def test_covers_differ_and_use_every_ground() -> None:
    drawn = [cover_svg(slug) for slug in SLUGS]
    assert len(set(drawn)) == len(SLUGS)
    assert {light for light, _ in GROUNDS} == {re.search(r'height="208" fill="(#\w+)"', svg)[1] for svg in drawn}  # type: ignore[index]


@pytest.mark.parametrize("slug", ["", "x" * 120, "a-&-b", "名前"])
def test_any_slug_draws_a_well_formed_picture(slug: str) -> None:
    ElementTree.fromstring(cover_svg(slug, 320, 80))  # noqa: S314 (our own drawing)


def test_no_two_dots_of_a_cover_lie_on_each_other() -> None:
    points = [(float(x), float(y)) for x, y in re.findall(r"M([\d.]+) ([\d.]+)h0", cover_svg(SLUGS[0]))]
    nearest = min((a[0] - b[0]) ** 2 + (a[1] - b[1]) ** 2 for i, a in enumerate(points) for b in points[i + 1 :])
    assert nearest**0.5 > 2.5


def test_colours_are_those_of_the_tokens() -> None:
    held = tokens()
    for n, pair in enumerate(GROUNDS):
        assert pair == tuple(written(colour) for colour in held[f"cover-{n}"])
    assert tuple(written(colour) for colour in held["cover-ink"]) == INK
    assert len(PATTERNS) == 5


@pytest.mark.parametrize("count", [0, 1, 37, 240, 1912])
def test_the_crown_holds_exactly_one_dot_for_each_counted_thing(count: int) -> None:
    assert _dots(crown_svg(count, "2026-11-22")) == count


def test_the_crown_is_redrawn_with_its_seed_only() -> None:
    assert crown_svg(100, "a") == crown_svg(100, "a")
    assert crown_svg(100, "a") != crown_svg(100, "b")
