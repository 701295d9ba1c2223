"""The guard of replies: what gives somebody away is marked, plain words are not."""

import csv
from pathlib import Path

import pytest

from directory.manage.guard import Marked, marked


def _read(name: str) -> list[list[str]]:
    return list(csv.reader((Path(__file__).parent / name).read_text(encoding="utf-8").splitlines(), delimiter="\t"))


CORPUS = _read("replies.tsv")
# Written and labelled before the rules were looked at, in six voices. The rules were mended on what these three voices
# showed and on nothing of the other three, so only those measure how the guard does with words it has not met.
BLIND, MENDED_ON = _read("replies-blind.tsv"), {"clerk", "short", "warm"}


def test_nearly_all_that_leaks_is_marked() -> None:
    leaking = [text for label, text in CORPUS if label == "leaks"]
    missed = [text for text in leaking if not marked(text)]
    assert len(leaking) == 60
    assert len(missed) <= 0.05 * len(leaking), missed


def test_what_says_nothing_of_anybody_passes() -> None:
    held = [(text, marked(text)) for label, text in CORPUS if label == "safe" and marked(text)]
    assert held == []


def test_words_the_rules_have_not_met(capsys: pytest.CaptureFixture[str]) -> None:
    unseen = [(label, text) for voice, label, text in BLIND if voice not in MENDED_ON]
    leaking, harmless = ([text for label, text in unseen if label == kind] for kind in ("leaks", "harmless"))
    missed = [text for text in leaking if not marked(text)]
    held = [text for text in harmless if marked(text)]
    with capsys.disabled():
        print(
            f"\nreply guard, unseen: {len(missed)} of {len(leaking)} leaks missed, {len(held)} of {len(harmless)} held"
        )
        print("\n".join([*(f"  missed: {text}" for text in missed), *(f"  held: {text}" for text in held)]))
    assert len(leaking) == len(harmless) == 20
    assert len(missed) <= 0.05 * len(leaking), missed
    assert len(held) <= 0.1 * len(harmless), held


# What the people of the clinic are called is no secret; everybody else's name is.
NAMES = [
    ("Dear Jo, thank you.", ["Jo Marsh"], []),
    ("Jo Marsh will answer at the desk.", ["Jo Marsh"], []),
    ("Jo Marsh will answer at the desk.", [], [Marked("name", "Jo Marsh")]),
    ("Dear reader, thank you.", [], []),
    ("Thank you Tom.", ["Jo Marsh"], [Marked("name", "Tom")]),
]


@pytest.mark.parametrize(("text", "known", "found"), NAMES)
def test_names(text: str, known: list[str], found: list[Marked]) -> None:
    assert marked(text, known) == found


@pytest.mark.parametrize("text", ["a " * 5_000, "you " * 2_000, "0 " * 4_000, "A" * 10_000, "Aa Bb " * 1_500])
def test_no_text_takes_it_long(text: str) -> None:
    """Ten thousand letters of the worst kind: the patterns stay linear (a slow one would take minutes here)."""
    assert isinstance(marked(text), list)
