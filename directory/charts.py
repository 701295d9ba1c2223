"""Small charts drawn on the server as SVG: bars over time and bars beside each other, one hue, the last value written.

No script and no style in them: colours come from the page's classes, so that light, dark and print follow the tokens.
A chart is a picture with a title and a description; the table beside it says the same to whoever cannot see it.
"""

from collections.abc import Sequence
from itertools import count
from typing import NamedTuple

from markupsafe import Markup, escape

# About as wide as a phone, so that letters are never drawn smaller than they are written.
WIDTH, HEIGHT = 360, 190
LEFT, RIGHT, TOP, BOTTOM = 46, 4, 24, 26
LINE, NUMBERS = 36, 100
LETTER, WIDEST_NAME = 7.4, 150  # of a name before a bar


class Bar(NamedTuple):
    """One bar: its name under it, and how much; None where the number is too small to be told."""

    name: str
    value: int | None
    words: str


def nice_top(most: int) -> int:
    """The end of an axis: a short number at least as high as `most`, whose half is short too."""
    for power in count():
        for step in (1, 1.6, 2, 3, 4, 5, 6, 8):
            top = int(step * 10**power)
            if top >= max(most, 5):
                return top
    raise AssertionError  # never reached: powers of ten go on


def columns(name: str, title: str, desc: str, bars: Sequence[Bar], *, unit: str) -> Markup:
    """Bars standing side by side in time; the first and the last are named, and the last value is written."""
    top = nice_top(max((bar.value or 0 for bar in bars), default=0))
    wide, high = (WIDTH - LEFT - RIGHT) / max(len(bars), 1), HEIGHT - TOP - BOTTOM
    foot = HEIGHT - BOTTOM
    parts = [_text(LEFT, 12, unit, "chart-axis")]
    for tick in (0, top // 2, top) if top % 2 == 0 else (0, top):
        y = foot - high * tick / top
        parts.append(f'<line class="chart-grid" x1="{LEFT}" y1="{y:.1f}" x2="{WIDTH - RIGHT}" y2="{y:.1f}"/>')
        parts.append(_text(LEFT - 8, y + 4, f"{tick:,}", "chart-axis", anchor="end"))
    for place, bar in enumerate(bars):
        x = LEFT + wide * place
        tall = high * (bar.value or 0) / top
        if bar.value is None:
            parts.append(
                f'<rect class="chart-few" x="{x + 1.5:.1f}" y="{foot - 7}" width="{wide - 3:.1f}" height="7"/>'
            )
        else:
            parts.append(
                f'<rect class="chart-bar" x="{x + 1.5:.1f}" y="{foot - tall:.1f}" width="{wide - 3:.1f}"'
                f' height="{max(tall, 1):.1f}"/>'
            )
        if place == len(bars) - 1:
            near = high * max(other.value or 0 for other in bars[-2:]) / top  # the number is wider than its bar
            parts.append(_text(x + wide - 3, foot - max(near, 7) - 6, bar.words, "chart-value", anchor="end"))
    if bars:
        parts.append(_text(LEFT + 3, HEIGHT - 8, bars[0].name, "chart-axis"))
        parts.append(_text(WIDTH - RIGHT - 3, HEIGHT - 8, bars[-1].name, "chart-axis", anchor="end"))
    return _svg(name, title, desc, HEIGHT, parts)


def lines(name: str, title: str, desc: str, bars: Sequence[Bar], *, top: int = 0) -> Markup:
    """Bars lying one under the other, each with its name before it and its number behind; the longest is `top`."""
    top = top or max((bar.value or 0 for bar in bars), default=0) or 1
    names = min(WIDEST_NAME, 14 + LETTER * max((len(bar.name) for bar in bars), default=0))
    room, height = WIDTH - names - NUMBERS, LINE * len(bars) + 4
    parts = []
    for place, bar in enumerate(bars):
        y = 2 + LINE * place
        parts.append(_text(names - 8, y + 20, bar.name, "chart-name", anchor="end"))
        long = 7.0 if bar.value is None else max(room * bar.value / top, 1.5)
        kind = "chart-few" if bar.value is None else "chart-bar"
        at = f'x="{names:.1f}" y="{y + 4}" width="{long:.1f}" height="22"'
        parts.append(f'<rect class="{kind}" {at}/>')
        parts.append(_text(names + long + 8, y + 20, bar.words, "chart-value"))
    return _svg(name, title, desc, height, parts)


def _text(x: float, y: float, words: str, kind: str, *, anchor: str = "start") -> str:
    return f'<text class="{kind}" x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}">{escape(words)}</text>'


def _svg(name: str, title: str, desc: str, height: int, parts: Sequence[str]) -> Markup:
    head = (
        f'<svg class="chart" viewBox="0 0 {WIDTH} {height}" role="img" aria-labelledby="{name}-title {name}-desc">'
        f'<title id="{name}-title">{escape(title)}</title><desc id="{name}-desc">{escape(desc)}</desc>'
    )
    return Markup(head + "".join(parts) + "</svg>")  # noqa: S704 (words are escaped above, the rest are numbers)
