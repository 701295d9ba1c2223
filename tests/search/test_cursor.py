"""Cursors stand for one place in one walk, and survive anything done to them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from directory.search import cursor
from directory.search.cursor import Cursor
from directory.search.ranking import Key

QUESTION = [("near", "Leeds"), ("goal", "crown")]


@given(
    seed=st.integers(0, 2**32 - 1),
    primary=st.floats(allow_nan=False),
    tie=st.integers(0, 2**64 - 1),
    seen=st.integers(0, 2**32 - 1),
)
def test_what_is_written_is_read_back_exactly(seed, primary, tie, seen):
    held = Cursor(seed, Key(primary, tie), seen)
    text = cursor.write(held, QUESTION)
    assert cursor.read(text, QUESTION) == held
    assert cursor.read(text, [*QUESTION, ("q", "x")]) is None


@pytest.mark.parametrize(
    "harm",
    [
        lambda text: text[:-1],
        lambda text: text + "A",
        lambda text: text[::-1],
        lambda text: text[:12],
        lambda text: text[:20] + "*" + text[21:],
        lambda text: "",
    ],
)
def test_a_damaged_one_is_no_cursor(harm):
    text = cursor.write(Cursor(1, Key(2.0, 3), 4), QUESTION)
    assert cursor.read(harm(text), QUESTION) is None


@given(st.text())
def test_no_text_breaks_it(text):
    assert cursor.read(text, QUESTION) is None
