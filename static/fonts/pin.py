"""Make the four font files from the @fontsource packages, after `npm ci --ignore-scripts`.

Newsreader keeps its weight axis (400 to 600) with the optical size pinned at 30, Instrument Sans keeps 400 to 700.
The Latin files hold what every page needs, the -ext files what a name with ś, ő or ř needs.
Run from the project's root:
`python static/fonts/pin.py` (fonttools and brotli come with requirements-dev.txt).
"""

from hashlib import sha256
from pathlib import Path

from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont
from fontTools.varLib.instancer import instantiateVariableFont

HERE = Path(__file__).parent
PACKAGES = HERE.parent.parent / "node_modules" / "@fontsource-variable"
LATIN = [*range(0x20, 0x100), *range(0x2010, 0x2027), 0x2032, 0x2033, 0x20AC, *range(0x2190, 0x2193), 0x2212]
EXTENDED = [*range(0x100, 0x2BB), *range(0x1E00, 0x1EA0), *range(0x1EF2, 0x1F00)]
FACES: list[tuple[str, str, dict[str, object], list[int]]] = [
    ("newsreader", "latin-opsz", {"opsz": 30, "wght": (400, 600)}, LATIN),
    ("newsreader", "latin-ext-opsz", {"opsz": 30, "wght": (400, 600)}, EXTENDED),
    ("instrument-sans", "latin-wght", {}, LATIN),
    ("instrument-sans", "latin-ext-wght", {}, EXTENDED),
]


def main() -> None:
    """Write the .woff2 files, their licences and SHA256SUMS into static/fonts."""
    made: list[Path] = []
    for family, subset, limits, codepoints in FACES:
        font = TTFont(PACKAGES / family / "files" / f"{family}-{subset}-normal.woff2", recalcTimestamp=False)
        if limits:
            font = instantiateVariableFont(font, limits)
        options = Options()
        options.layout_features = ["*"]
        subsetter = Subsetter(options)
        subsetter.populate(unicodes=codepoints)
        subsetter.subset(font)
        font.flavor = "woff2"
        made.append(HERE / f"{family}-{'ext' if 'ext' in subset else 'latin'}.woff2")
        font.save(made[-1])
        licence = HERE / f"{family}-OFL.txt"
        licence.write_bytes((PACKAGES / family / "LICENSE").read_bytes())
    lines = (f"{sha256(path.read_bytes()).hexdigest()}  {path.name}\n" for path in sorted(made))
    (HERE / "SHA256SUMS").write_text("".join(lines))


main()
