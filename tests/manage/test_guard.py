"""The guard of replies: what gives somebody away is marked, plain words are not."""

import csv
from pathlib import Path

import pytest

from directory.manage.guard import Marked, marked

CORPUS = list(
    csv.reader((Path(__file__).parent / "replies.tsv").read_text(encoding="utf-8").splitlines(), delimiter="\t")
)


def test_nearly_all_that_leaks_is_marked() -> None:
    leaking = [text for label, text in CORPUS if label == "leaks"]
    missed = [text for text in leaking if not marked(text)]
    assert len(leaking) == 60
    assert len(missed) <= 0.05 * len(leaking), missed


def test_what_says_nothing_of_anybody_passes() -> None:
    held = [(text, marked(text)) for label, text in CORPUS if label == "safe" and marked(text)]
    assert held == []


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
