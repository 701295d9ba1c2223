"""The name a review is shown under: invented by default, never linkable to another review of the same person."""

import re
import secrets
import tomllib
from collections.abc import Callable
from pathlib import Path

from directory.words import fold, visible

LONGEST = 40
_WORDS = tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))
_FIRST, _SECOND = (_WORDS[place].split() for place in ("first", "second"))
_DIGITS = re.compile(r"\d{4,}")
_ADDRESS = re.compile(r"@|https?:|www\.|\.(?:com|org|net|io|de|uk|eu)\b", re.IGNORECASE)


def invented() -> str:
    """Two words at random; the same pair may name two people, as in life."""
    return invented_by(secrets.choice)


def invented_by(choose: Callable[[list[str]], str]) -> str:
    """The same with lots of the caller's."""
    return f"{choose(_FIRST).capitalize()} {choose(_SECOND)}"


def fault(name: str, email: str) -> str:
    """Why a name that somebody typed would tell who they are: `address`, `digits`, `own`, `short`; empty when fine."""
    shown = visible(name, limit=LONGEST)
    if len(shown) < 2 or not any(letter.isalpha() for letter in shown):
        return "short"
    if _ADDRESS.search(shown):
        return "address"
    if _DIGITS.search(shown):
        return "digits"
    return "own" if _leans_on(shown, email) else ""


def _leans_on(name: str, email: str) -> bool:
    """Whether the name is made of the words before the @ of the person's address."""
    words = set(re.findall(r"[^\W\d_]{3,}", fold(email.partition("@")[0])))
    plain = "".join(re.findall(r"[^\W_]+", fold(name)))
    return any(word in plain for word in words if len(word) >= 4) or plain in words
