"""The simulator keeps to its terms: the attacks know nothing of the signals, a seed is a world, rings are found."""

import ast
from collections import Counter
from pathlib import Path

import pytest

from benchmarks.rings import attacks
from benchmarks.rings.attacks import KINDS, Attacker
from benchmarks.rings.honest import Honest
from benchmarks.rings.play import Outcome, Site
from benchmarks.rings.replay import Replay

FOLDER = Path(attacks.__file__).parent
SMALL = ("burst", "puppets", "smear")


@pytest.mark.parametrize("name", ["events.py", "texts.py", "honest.py", "attacks.py"])
def test_the_world_knows_nothing_of_the_site(name: str) -> None:
    tree = ast.parse((FOLDER / name).read_text(encoding="utf-8"))
    imported = {node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    imported |= {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    assert not [module for module in imported if module.split(".")[0] in {"directory", "tests"}]
    assert "benchmarks.rings.play" not in imported


def test_a_seed_is_a_world() -> None:
    one, again, other = (Attacker(Honest(seed).build()).plant() for seed in (1, 1, 2))
    assert one == again
    assert one.sent != other.sent
    planted = Counter(sent.ring for sent in one.sent)
    assert set(planted) == {"", *KINDS}
    assert planted[""] > 5 * sum(planted[kind] for kind in KINDS)


def _share(outcomes: list[Outcome], ring: bool) -> float:
    mine = [one for one in outcomes if bool(one.ring) is ring]
    return sum(one.held for one in mine) / len(mine)


def test_small_worlds_give_up_their_rings(tmp_path: Path, template_data: Path) -> None:
    """Two worlds of 24 clinics played through the site's own verbs: most of a ring is held, few honest people are.

    The quick replay says the same of every review, down to its signals.
    """
    (tmp_path / "places").symlink_to(template_data / "places")
    site = Site(tmp_path)
    for seed in (101, 102):
        world = Attacker(Honest(seed, places=24).build()).plant(SMALL)
        outcomes = site.play(world)
        assert Replay(world).play() == outcomes, seed
        assert _share(outcomes, ring=True) > 0.75, seed
        assert _share(outcomes, ring=False) < 0.15, seed
