"""Static files under an address that names their content, so that browsers may keep them for ever.

One digest of the whole tree is part of the path (`/static/<digest>/css/base.css`): modules and stylesheets keep their
relative addresses and nothing is rewritten.
"""

import hashlib
import shutil
from functools import cache, partial
from pathlib import Path

from flask import Flask
from whitenoise import WhiteNoise
from whitenoise.compress import Compressor

from directory.config import Settings

CODE = Path(__file__).parent
STATIC, TEMPLATES = CODE.parent / "static", CODE.parent / "templates"
IMMUTABLE_SECONDS = 31_536_000


@cache
def tree_digest(folder: Path = STATIC, pattern: str = "*") -> str:
    """Twelve hex digits over names and bytes of all files of that pattern below the folder."""
    digest = hashlib.blake2b(digest_size=6)
    for path in sorted(folder.rglob(pattern)):
        if path.is_file():
            digest.update(str(path.relative_to(folder)).encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()


def compress_assets(settings: Settings) -> Path:
    """Copy the static tree into the data folder with br and gzip variants beside each file; keeps only this release."""
    target = settings.data / "static" / tree_digest()
    if target.exists():
        return target
    building = target.with_name(target.name + ".new")
    shutil.rmtree(building, ignore_errors=True)
    shutil.copytree(STATIC, building, ignore=shutil.ignore_patterns("*.mjs.map", "README.md", "package*.json"))
    compressor = Compressor(quiet=True)
    for path in sorted(building.rglob("*")):
        if path.is_file() and compressor.should_compress(path.name):
            list(compressor.compress(str(path)))
    for old in target.parent.iterdir():
        if old != building:
            shutil.rmtree(old, ignore_errors=True)
    building.rename(target)
    return target


def _headers(headers: "dict[str, str]", path: str, url: str) -> None:
    if path.endswith(".mjs"):
        headers["Content-Type"] = "text/javascript; charset=utf-8"


def init_app(app: Flask, settings: Settings) -> None:
    """Serve the tree and give templates `asset('css/base.css')`."""
    digest = tree_digest()
    prefix = f"/static/{digest}/"
    ready = settings.data / "static" / digest
    # What a page was made by: a release that changes only a template must not answer 304 for the old page.
    app.config["RELEASE"] = digest + tree_digest(TEMPLATES) + tree_digest(CODE, "*.py")
    noise = WhiteNoise(
        app.wsgi_app,
        max_age=IMMUTABLE_SECONDS,
        add_headers_function=_headers,
        allow_all_origins=False,
        immutable_file_test=lambda path, url: True,
    )
    noise.add_files(str(ready if ready.exists() else STATIC), prefix=prefix)
    app.wsgi_app = noise  # type: ignore[method-assign]
    app.jinja_env.globals["asset"] = partial(str.__add__, prefix)
