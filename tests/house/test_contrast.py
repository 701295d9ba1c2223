"""Text and controls can be read in both themes: WCAG 2.2 ratios, computed from the tokens themselves."""

import math
import re
from pathlib import Path

import pytest

TOKENS = Path(__file__).parents[2] / "static" / "css" / "tokens.css"
Colour = tuple[float, float, float]  # lightness 0..1, chroma, hue in degrees

TEXT, CONTROL = 4.5, 3.0
PAPERS = ("paper", "raised", "sunk")
# (what stands, on what, least ratio)
PAIRS: list[tuple[str, str, float]] = [
    *(
        (ink, paper, TEXT)
        for ink in ("ink", "ink-soft", "accent", "accent-strong", "ok", "warn", "stop")
        for paper in PAPERS
    ),
    *((ink, "accent-wash", TEXT) for ink in ("ink", "ink-soft", "accent", "ok", "warn", "stop")),
    ("on-accent", "accent", TEXT),
    ("on-accent", "accent-strong", TEXT),
    ("paper", "ink", TEXT),
    ("ink", "ok-wash", TEXT),
    ("ink", "warn-wash", TEXT),
    ("ink", "stop-wash", TEXT),
    ("ok", "ok-wash", TEXT),
    ("warn", "warn-wash", TEXT),
    ("stop", "stop-wash", TEXT),
    ("ink", "map-land", TEXT),
    ("ink-soft", "map-land", TEXT),
    ("accent", "map-land", CONTROL),
    ("stop", "map-land", CONTROL),
    *(("line-strong", paper, CONTROL) for paper in PAPERS),
    *(("focus", paper, CONTROL) for paper in (*PAPERS, "accent-wash", "map-land")),
    ("accent", "accent-wash", CONTROL),
    *(("cover-ink", f"cover-{n}", CONTROL) for n in range(6)),
]


def tokens() -> dict[str, tuple[Colour, Colour]]:
    """Each colour of the tokens as (light, dark)."""
    found = re.findall(r"--([\w-]+):\s*light-dark\(oklch\(([^)]+)\),\s*oklch\(([^)]+)\)\)", TOKENS.read_text())
    return {name: (_oklch(light), _oklch(dark)) for name, light, dark in found}


def _oklch(text: str) -> Colour:
    lightness, chroma, hue = map(float, text.split())
    return lightness, chroma, hue


def _linear(colour: Colour) -> list[float]:
    """Linear sRGB, clipped to the gamut; matrices of Björn Ottosson's Oklab (2020)."""
    lightness, chroma, hue = colour
    a, b = chroma * math.cos(math.radians(hue)), chroma * math.sin(math.radians(hue))
    l3 = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
    m3 = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
    s3 = (lightness - 0.0894841775 * a - 1.2914855480 * b) ** 3
    rgb = (
        4.0767416621 * l3 - 3.3077115913 * m3 + 0.2309699292 * s3,
        -1.2684380046 * l3 + 2.6097574011 * m3 - 0.3413193965 * s3,
        -0.0041960863 * l3 - 0.7034186147 * m3 + 1.7076147010 * s3,
    )
    return [min(1.0, max(0.0, part)) for part in rgb]


def written(colour: Colour) -> str:
    """The colour as #rrggbb."""
    parts = (12.92 * v if v <= 0.0031308 else 1.055 * v ** (1 / 2.4) - 0.055 for v in _linear(colour))
    return "#" + "".join(f"{round(255 * part):02x}" for part in parts)


def ratio(one: Colour, other: Colour) -> float:
    """WCAG 2.2 contrast ratio, 1 to 21."""
    light, dark = sorted(
        (0.2126 * r + 0.7152 * g + 0.0722 * b for r, g, b in (_linear(one), _linear(other))), reverse=True
    )
    return (light + 0.05) / (dark + 0.05)


def test_black_on_white_is_twenty_one() -> None:
    assert round(ratio((1.0, 0.0, 0.0), (0.0, 0.0, 0.0)), 1) == 21.0


@pytest.mark.parametrize(("ink", "ground", "least"), PAIRS, ids=lambda value: str(value))
def test_stands_out_in_both_themes(ink: str, ground: str, least: float) -> None:
    held = tokens()
    for theme in (0, 1):
        reached = ratio(held[ink][theme], held[ground][theme])
        assert reached >= least, f"{ink} on {ground}, {('light', 'dark')[theme]}: {reached:.2f}"
