"""Six kinds of ring in honest traffic: the share of their reviews that is held, and the share of honest ones.

    python -m benchmarks.rings [--seeds 2001-2024] [--processes 2] [--outcomes FILE] [--replay]

The thresholds (`directory/moderation/signals/thresholds.py`) were set on seeds 1 to 20 before any other was played;
the figures are those of seeds from 2001 on (1001 to 1024 were measured with the rules before). "Held" is: before
publication at high priority, or shown and not counted under an open suspicion. Nothing is ever removed by a signal.
"""

import argparse
import json
import sys
import tempfile
import time
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

from benchmarks.rings.attacks import KINDS, Attacker
from benchmarks.rings.honest import Honest
from benchmarks.rings.play import Outcome, Site
from benchmarks.rings.replay import Replay

REACH_RINGS, REACH_HONEST = 0.90, 0.05
_sites: dict[str, Site] = {}


def played(folder: str, seed: int) -> list[Outcome]:
    """One seed; each process makes its site once."""
    if folder not in _sites:
        own = Path(tempfile.mkdtemp(dir=folder))
        _sites[folder] = Site(own)
    return _sites[folder].play(Attacker(Honest(seed).build()).plant())


def replayed(_folder: str, seed: int) -> list[Outcome]:
    """One seed without a database."""
    return Replay(Attacker(Honest(seed).build()).plant()).play()


def _share(part: int, whole: int) -> str:
    return f"{part / whole:6.1%}" if whole else "     –"


def table(outcomes: list[Outcome]) -> list[str]:
    """By kind of ring: planted, held when it came, held in the end, and the signals that missed ones had."""
    lines = [f"{'kind':9} {'planted':>8} {'at once':>8} {'in the end':>11}"]
    for kind in ["honest", *KINDS, "all rings"]:
        mine = [one for one in outcomes if (one.ring or "honest") == kind or (kind == "all rings" and one.ring)]
        at_once, held = sum(one.at_once for one in mine), sum(one.held for one in mine)
        lines.append(f"{kind:9} {len(mine):8,} {_share(at_once, len(mine)):>8} {_share(held, len(mine)):>11}")
    return lines


def misses(outcomes: list[Outcome]) -> list[str]:
    """What missed ring reviews and wrongly held ones looked like."""
    lines = []
    for kind in KINDS:
        missed = Counter(", ".join(one.signals) or "no signal" for one in outcomes if one.ring == kind and not one.held)
        lines += [f"missed {kind}: {number} x {said}" for said, number in missed.most_common(4)]
    wrong: Counter[str] = Counter()
    for one in outcomes:
        if not one.ring and one.held:
            wrong.update(said for said in one.signals if not said.endswith("low"))
    return lines + [f"honest held with {said}: {number}" for said, number in wrong.most_common(10)]


def by_seed(outcomes: dict[int, list[Outcome]]) -> list[str]:
    """The worst seed of each kind, so that a mean does not hide it."""
    lines = []
    for kind in KINDS:
        shares = {}
        for seed, all_ in outcomes.items():
            mine = [one for one in all_ if one.ring == kind]
            shares[seed] = sum(one.held for one in mine) / len(mine) if mine else 1.0
        worst = min(shares, key=lambda seed: (shares[seed], seed))
        lines.append(f"worst seed for {kind}: {worst} with {shares[worst]:.0%}")
    return lines


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", default="2001-2024")
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--outcomes", type=Path, help="add each review's outcome to this file, a line of JSON each")
    parser.add_argument("--replay", action="store_true", help="in memory: the same outcomes in a twentieth of the time")
    given = parser.parse_args()
    first, _dash, last = given.seeds.partition("-")
    seeds = list(range(int(first), int(last or first) + 1))
    begun, outcomes, one = time.perf_counter(), {}, replayed if given.replay else played
    with (
        tempfile.TemporaryDirectory(prefix="hairline-rings-") as folder,
        ProcessPoolExecutor(given.processes) as workers,
    ):
        for seed, some in zip(seeds, workers.map(one, [folder] * len(seeds), seeds), strict=True):
            outcomes[seed] = some
            if given.outcomes:  # as they come, so that a long run that is stopped leaves what it found
                with given.outcomes.open("a", encoding="utf-8") as file:
                    file.writelines(json.dumps([seed, *one]) + "\n" for one in some)
    together = [one for some in outcomes.values() for one in some]
    print(f"seeds {given.seeds}: {len(together):,} reviews played in {time.perf_counter() - begun:.0f} s")
    print(f"reach: at least {REACH_RINGS:.0%} of ring reviews held, at most {REACH_HONEST:.0%} of honest ones")
    print("\n".join([*table(together), *by_seed(outcomes), *misses(together)]))
    return 0


if __name__ == "__main__":
    sys.exit(main())
