"""Run every fault, print the table, keep what was found with its date under faults/results/.

`python -m faults [--count small|full] [NAME …]`; NAME picks single ones, whose results are printed and not kept.
"""

import argparse
import datetime
import json
import os
import platform
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent
# Name: (the counts of `full`, the counts of `small`).
ALL = {
    "workers-sqlite": (["workers", "sqlite", "1000"], ["workers", "sqlite", "5"]),
    "workers-postgresql": (["workers", "postgresql", "200"], ["workers", "postgresql", "5"]),
    "writers": (["writers", "200"], ["writers", "5"]),
    "clusters": (["clusters", "20"], ["clusters", "2"]),
    "twins-sqlite": (["twins", "sqlite", "50"], ["twins", "sqlite", "2"]),
    "twins-postgresql": (["twins", "postgresql", "50"], ["twins", "postgresql", "2"]),
    "slots-sqlite": (["slots", "sqlite", "50"], ["slots", "sqlite", "2"]),
    "slots-postgresql": (["slots", "postgresql", "50"], ["slots", "postgresql", "2"]),
    "appends-sqlite": (["appends", "sqlite", "16", "500"], ["appends", "sqlite", "16", "20"]),
    "appends-postgresql": (["appends", "postgresql", "16", "500"], ["appends", "postgresql", "16", "20"]),
    "looks-sqlite": (["looks", "sqlite", "50"], ["looks", "sqlite", "2"]),
    "looks-postgresql": (["looks", "postgresql", "50"], ["looks", "postgresql", "2"]),
    "owners-sqlite": (["owners", "sqlite", "50"], ["owners", "sqlite", "1"]),
    "owners-postgresql": (["owners", "postgresql", "50"], ["owners", "postgresql", "1"]),
    "tampering": (["tampering", "1000"], ["tampering", "40"]),
}
TOLD_APART = {"name", "database", "seconds", "faults"}


def _run(words: list[str]) -> dict[str, object]:
    """One script to its end; what it printed last, or that it printed nothing."""
    done = subprocess.run(
        [sys.executable, "-m", f"faults.{words[0]}", *words[1:]],
        cwd=HERE.parent,
        capture_output=True,
        text=True,
        check=False,
    )
    lines = [line for line in done.stdout.splitlines() if line.startswith('{"name"')]
    if not lines:
        return {"name": words[0], "database": "", "seconds": 0, "faults": ["it broke: " + done.stderr[-800:]]}
    told: dict[str, object] = json.loads(lines[-1])
    return told


def _tell(told: dict[str, object]) -> str:
    counts = ", ".join(f"{name} {count}" for name, count in told.items() if name not in TOLD_APART)
    verdict = "FAULTS: " + "; ".join(map(str, told["faults"])) if told["faults"] else "0 lost, 0 doubled, 0 wrong"  # type: ignore[call-overload]
    return f"{told['name']:44} {told['database']:11} {told['seconds']:>7} s  {counts}\n{'':56} {verdict}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", default=[], help=f"of {', '.join(ALL)}")
    parser.add_argument("--count", choices=("full", "small"), default="full")
    given = parser.parse_args()
    unknown = sorted(set(given.names) - set(ALL))
    if unknown:
        parser.error(f"no fault is called {', '.join(unknown)}")
    found = []
    for name in given.names or ALL:
        found.append(_run(ALL[name][given.count == "small"]))
        print(_tell(found[-1]), flush=True)
    if given.count == "full" and not given.names:
        today = datetime.datetime.now(datetime.UTC).strftime("%Y-%m-%d")
        machine = {"date": today, "python": platform.python_version(), "cores": os.cpu_count()}
        text = json.dumps({**machine, "found": found}, indent=2) + "\n"
        (HERE / "results").mkdir(exist_ok=True)
        (HERE / "results" / f"{today}.json").write_text(text, encoding="utf-8")
    sys.exit(1 if any(told["faults"] for told in found) else 0)


if __name__ == "__main__":
    main()
