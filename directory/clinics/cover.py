"""The stippled pictures: a cover for a clinic without a photo, and the crown on the home page.

Dots are placed by dart throwing with a radius that varies over the picture (a candidate is kept when no kept dot lies
within the radius at that place), so density draws the pattern. Everything follows from the seed: the same slug gives
the same bytes on every machine.
"""

import hashlib
import math
from collections.abc import Callable
from random import Random

Density = Callable[[float, float], float]  # x, y in 0..1 -> 0 (bare) .. 1 (densest)
Dot = tuple[float, float]

# (light, dark) sRGB of the tokens --cover-0 to --cover-5 and --cover-ink: an image cannot read the page's variables.
GROUNDS = (
    ("#eadcc9", "#3a3125"),
    ("#edd3c7", "#402e26"),
    ("#d1e2d3", "#29352d"),
    ("#c9e0e2", "#223639"),
    ("#edd6d5", "#3e2e2e"),
    ("#e4e1c7", "#363424"),
)
INK = ("#1b292b", "#dbd7cf")
WEIGHTS = (2.5, 3.3, 4.2)  # diameters of the three kinds of dot in a picture 208 wide
PATTERNS = ("whorl", "hairline", "parting", "waves", "fade")
MOST_DOTS, FEWEST_DOTS = 700, 300


def cover_svg(slug: str, width: int = 208, height: int = 208) -> str:
    """The cover of the clinic with this slug as an SVG document, `width` by `height` pixels, 300 to 700 dots.

    Light colours stand in attributes; a dark page changes them by `prefers-color-scheme`, which an `<img>` takes from
    the `color-scheme` of the page that shows it, so that the reader's switch is followed too.
    """
    seed = hashlib.blake2b(slug.encode(), digest_size=16).digest()
    chance = Random(seed)  # noqa: S311 (a drawing, not a secret)
    ground = GROUNDS[seed[0] % len(GROUNDS)]
    density = _pattern(PATTERNS[seed[1] % len(PATTERNS)], chance)
    unit = min(width, height)
    dots = _stipple(density, chance, width, height, near=unit / 34, far=unit / 7, most=MOST_DOTS, least=FEWEST_DOTS)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" viewBox="0 0 {width} {height}">'
        f"<style>@media (prefers-color-scheme:dark){{rect{{fill:{ground[1]}}}g{{stroke:{INK[1]}}}}}</style>"
        f'<rect width="{width}" height="{height}" fill="{ground[0]}"/>{_paths(dots, chance, unit / 208)}</svg>\n'
    )


def crown_svg(n: int, seed: str, size: int = 464) -> str:
    """A head of hair seen from above with exactly `n` dots (0 to 4,000; more are drawn as 4,000), no ground."""
    chance = Random(seed)  # noqa: S311 (a drawing, not a secret)
    count = max(0, min(n, 4000))
    near = size * 0.62 / math.sqrt(max(count, 400))
    dots = _stipple(_crown, chance, size, size, near=near, far=near * 3.2, most=count, least=count)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{size}" height="{size}" viewBox="0 0 {size} {size}">'
        f"<style>@media (prefers-color-scheme:dark){{g{{stroke:{INK[1]}}}}}</style>"
        f"{_paths(dots, chance, min(1.6, max(0.5, 25 / math.sqrt(max(count, 1)))))}</svg>\n"
    )


def _paths(dots: list[Dot], chance: Random, scale: float) -> str:
    kinds: tuple[list[str], list[str], list[str]] = ([], [], [])
    for x, y in dots:
        kinds[int(3 * chance.random() ** 1.4)].append(f"M{x:.1f} {y:.1f}h0")
    drawn = "".join(
        f'<path stroke-width="{diameter * scale:.2f}" d="{"".join(kind)}"/>'
        for diameter, kind in zip(WEIGHTS, kinds, strict=True)
        if kind
    )
    return f'<g fill="none" stroke="{INK[0]}" stroke-linecap="round">{drawn}</g>'


def _stipple(
    density: Density, chance: Random, width: int, height: int, *, near: float, far: float, most: int, least: int
) -> list[Dot]:
    """Throw darts until `most` dots stand, or the picture is full; shrink the radii until `least` stand."""
    dots: list[Dot] = []
    cells: dict[tuple[int, int], list[Dot]] = {}
    while len(dots) < most:
        _throw(density, chance, (width, height), (near, far), most, dots, cells)
        if len(dots) >= least:
            break
        near, far = near * 0.86, far * 0.86
    return dots


def _throw(
    density: Density,
    chance: Random,
    area: tuple[int, int],
    radii: tuple[float, float],
    most: int,
    dots: list[Dot],
    cells: dict[tuple[int, int], list[Dot]],
) -> None:
    width, height = area
    near, far = radii
    size = max(width, height) / 24
    for _ in range(2 * most + 200):
        if len(dots) >= most:
            return
        x, y = chance.random(), chance.random()
        thick = density(x, y)
        if thick < 0.04:
            continue
        x, y = x * width, y * height
        reach = near + (far - near) * (1 - thick) ** 1.6
        if _free(x, y, reach, size, cells):
            dots.append((x, y))
            cells.setdefault((int(x / size), int(y / size)), []).append((x, y))


def _free(x: float, y: float, reach: float, size: float, cells: dict[tuple[int, int], list[Dot]]) -> bool:
    limit = reach * reach
    for column in range(int((x - reach) / size), int((x + reach) / size) + 1):
        for row in range(int((y - reach) / size), int((y + reach) / size) + 1):
            for a, b in cells.get((column, row), ()):
                if (a - x) * (a - x) + (b - y) * (b - y) < limit:
                    return False
    return True


def _pattern(name: str, chance: Random) -> Density:
    """One of the five patterns, its middle, turn and slant taken from `chance`."""
    middle_x, middle_y = 0.36 + 0.28 * chance.random(), 0.4 + 0.2 * chance.random()
    phase, slant = math.tau * chance.random(), chance.random() - 0.5
    side = 1 if chance.random() < 0.5 else -1

    def whorl(x: float, y: float) -> float:
        dx, dy = x - middle_x, y - middle_y
        turn = math.atan2(dy, dx) * 2 + side * 15 * math.sqrt(math.hypot(dx, dy)) + phase
        return 0.06 + 0.9 * math.pow(0.5 + 0.5 * math.cos(turn), 1.7)

    def hairline(x: float, y: float) -> float:
        edge = 0.5 + 0.1 * math.sin(2.6 * x + phase) + 0.16 * slant * (x - 0.5) + 0.25 * (x - 0.5) ** 2
        return max(0.0, min(1.0, (edge - y) * 2.1 + 0.16))

    def parting(x: float, y: float) -> float:
        off = (x - middle_x) + (0.5 * slant + 0.3 * side) * (y - 0.5) + 0.05 * math.sin(5 * y + phase)
        return min(1.0, 0.02 + abs(off) * 2.3)

    def waves(x: float, y: float) -> float:
        bend = 11 * (y + 0.32 * slant * x) + 1.3 * math.sin(4 * x + phase)
        return 0.05 + 0.9 * math.pow(0.5 + 0.5 * math.sin(bend), 1.6)

    def fade(x: float, y: float) -> float:
        along = 0.5 + side * 0.75 * (x - 0.5) + 0.55 * (y - 0.5) + 0.07 * math.sin(6 * x + phase)
        return max(0.05, min(1.0, along))

    return {"whorl": whorl, "hairline": hairline, "parting": parting, "waves": waves, "fade": fade}[name]


def _crown(x: float, y: float) -> float:
    """Three arms of hair turning round a whorl a little behind the middle, thinning to the edge of the head."""
    dx, dy = x - 0.5, (y - 0.5) * 1.04
    out = math.hypot(dx, dy) * 2
    if out > 1:
        return 0.0
    wx, wy = x - 0.53, y - 0.45
    turn = math.atan2(wy, wx) * 3 + 15 * math.sqrt(math.hypot(wx, wy))
    arm = math.pow(0.5 + 0.5 * math.cos(turn), 1.5)
    return (0.16 + 0.84 * arm) * min(1.0, (1.06 - out) * 2.6)
