"""The front end's files: what is vendored is what was fetched, every name used exists, and pages stay light."""

import gzip
import hashlib
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
STATIC = ROOT / "static"
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
OURS = [*STATIC.glob("css/*.css"), *STATIC.glob("js/*.js"), STATIC / "vendor/fetch.mjs", STATIC / "vendor/land.mjs"]

# Compressed bytes a page may load, from the budget of the design.
MOST_CSS, MOST_JS, MOST_FONTS = 20_000, 30_000, 80_000


def _packed(*paths: Path) -> int:
    return sum(len(gzip.compress(path.read_bytes(), 6)) for path in paths)


@pytest.mark.parametrize("listing", ["vendor/SHA256SUMS", "fonts/SHA256SUMS"])
def test_vendored_files_are_the_ones_listed(listing: str) -> None:
    folder = (STATIC / listing).parent
    listed = dict(reversed(line.split("  ")) for line in (STATIC / listing).read_text().splitlines())
    for name, digest in listed.items():
        assert hashlib.sha256((folder / name).read_bytes()).hexdigest() == digest, name
    held = {
        str(path.relative_to(folder))
        for path in folder.rglob("*")
        if path.is_file() and (path.suffix == ".woff2" or path.parent != folder)
    }
    assert held == listed.keys()


def test_lock_names_no_registry_and_pins_what_package_json_asks() -> None:
    lock = (ROOT / "package-lock.json").read_text()
    assert '"resolved"' not in lock
    for name, version in re.findall(r'"(@?[\w/-]+)": "([\d.]+)"', (ROOT / "package.json").read_text()):
        assert f'"node_modules/{name}": {{\n      "version": "{version}"' in lock


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.name)
def test_every_asset_and_icon_a_template_names_exists(path: Path) -> None:
    text = path.read_text()
    for name in re.findall(r"asset\(['\"]([^'\"]+)['\"]\)", text):
        assert (STATIC / name).is_file(), name
    icons = set(re.findall(r'<symbol id="([\w-]+)"', next(STATIC.glob("vendor/lucide-*/icons.svg")).read_text()))
    assert set(re.findall(r"icon\(\"([\w-]+)\"", text)) <= icons


def test_stylesheets_of_a_page_fit_the_budget() -> None:
    everywhere = [STATIC / "css" / name for name in ("base.css", "tokens.css", "controls.css", "facts.css")]
    pages = [path for path in STATIC.glob("css/*.css") if path not in everywhere and path.name != "print.css"]
    heaviest = max(_packed(path) for path in pages)
    assert _packed(*everywhere, STATIC / "css/print.css") + 2 * heaviest <= MOST_CSS


def test_scripts_before_the_map_fit_the_budget() -> None:
    assert _packed(*(path for path in STATIC.glob("js/*.js") if not path.name.startswith("map"))) <= MOST_JS


def test_fonts_of_a_latin_page_fit_the_budget() -> None:
    assert sum(path.stat().st_size for path in STATIC.glob("fonts/*-latin.woff2")) <= MOST_FONTS


@pytest.mark.parametrize("path", OURS, ids=lambda path: path.name)
def test_our_scripts_and_sheets_are_short_and_open_no_dangerous_door(path: Path) -> None:
    text = path.read_text()
    assert text.count("\n") <= 300
    assert not re.search(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function", text)
    assert not re.search(r"https?://(?!www\.w3\.org/)", text), "something from elsewhere"
