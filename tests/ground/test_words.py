"""Names meet under one key; what is shown keeps its letters and loses its tricks."""

import pytest

from directory.words import fold, name_key, tokens, visible

FOLDED = [
    ("München", "munchen"),
    ("MUNCHEN", "munchen"),
    ("Straße", "strasse"),
    ("Łódź", "lodz"),
    ("Ærø", "aero"),
    ("İstanbul", "istanbul"),
    ("Ｆｕｌｌ", "full"),  # full-width letters are the same letters
    ("東京", "東京"),  # other scripts keep theirs
]


@pytest.mark.parametrize(("typed", "key"), FOLDED)
def test_fold(typed: str, key: str) -> None:
    assert fold(typed) == key


def test_tokens_join_apostrophes_and_split_the_rest() -> None:
    assert tokens("O’Neil's Scalp-Studio, No. 5") == ["oneils", "scalp", "studio", "no", "5"]
    assert name_key("  The  ROOMS ") == "the rooms"


SHOWN = [
    ("a\u202eb", "ab"),  # a direction override turns the rest of a page round
    ("a\u200bb", "ab"),  # zero-width space makes two equal names differ
    ("a\x00b\x07", "ab"),
    ("  a \n\t b ", "a b"),
    ("می\u200cخواهم", "می\u200cخواهم"),  # Persian needs its joiner
]


@pytest.mark.parametrize(("typed", "shown"), SHOWN)
def test_visible(typed: str, shown: str) -> None:
    assert visible(typed, limit=100) == shown


def test_visible_keeps_the_limit() -> None:
    assert len(visible("x" * 5_000, limit=200)) == 200
