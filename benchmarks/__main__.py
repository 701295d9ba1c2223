"""Run every benchmark, print the tables, keep them with their date under benchmarks/results/.

`python -m benchmarks [--truth FOLDER] [NAME …]`; NAME picks single ones.
"""

import argparse
import datetime
import platform
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent
# In this order: what others build on comes first.
ALL = [
    "geocode",
    "search",
    "importing",
    "registers",
    "example_data",
    "pages",
    "reviewing",
    "examining",
    "hostile",
    "rings",
]
FULL_GAZETTEER = HERE.parent / ".data" / "bench"


def _build_gazetteer() -> list[str]:
    """The full gazetteer, built once; without the packages the lite one is measured alone, and says so."""
    if not (FULL_GAZETTEER / "places" / "full.sqlite").exists():
        print("Building the full gazetteer (two minutes, once) …", flush=True)
        words = [sys.executable, "-m", "directory.places.build", "--target", str(FULL_GAZETTEER)]
        if subprocess.run(words, capture_output=True, check=False).returncode:
            print("It could not be built: the lite one is measured alone.")
            return []
    return ["--data", str(FULL_GAZETTEER)]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", default=[], help=f"of {', '.join(ALL)}")
    parser.add_argument("--truth", type=Path, help="folder of truth files: adds accuracy figures")
    given = parser.parse_args()
    names = given.names or ALL
    unknown = sorted(set(names) - set(ALL))
    if unknown:
        parser.error(f"no benchmark is called {', '.join(unknown)}")
    today = datetime.datetime.now(datetime.UTC).strftime("%Y-%m-%d")
    report = [f"# Benchmarks of {today}", "", f"Python {platform.python_version()}, {platform.machine()}", ""]
    failed = []
    for name in names:
        words = [sys.executable, "-m", f"benchmarks.{name}"]
        if name == "geocode":
            words += _build_gazetteer()
            words += ["--truth", str(given.truth)] if given.truth else []
        print(f"\n== {name}", flush=True)
        done = subprocess.run(words, capture_output=True, text=True, check=False)
        print(done.stdout, end="")
        if done.returncode:
            failed.append(name)
            print(done.stderr[-2000:], file=sys.stderr)
        report += [f"## {name}", "", "```", done.stdout.strip(), "```", ""]
    if not given.names:
        results = HERE / "results"
        results.mkdir(exist_ok=True)
        (results / f"{today}.md").write_text("\n".join(report), encoding="utf-8")
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
