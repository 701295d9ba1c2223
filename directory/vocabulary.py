"""The stable keys of `vocabulary.toml` and the words shown for them."""

import tomllib
from collections.abc import Mapping
from pathlib import Path

from flask_babel import lazy_gettext

_TABLES = tomllib.loads((Path(__file__).parent / "vocabulary.toml").read_text(encoding="utf-8"))

GOALS: dict[str, str] = _TABLES["goals"]
GENDERS: dict[str, str] = _TABLES["genders"]
FACTS: dict[str, str] = _TABLES["facts"]
TREATMENTS: dict[str, str] = _TABLES["treatments"]
MATERIALS: dict[str, str] = _TABLES["materials"]
ACCESS: dict[str, str] = _TABLES["access"]


def words_for(table: Mapping[str, str], key: str) -> str:
    """The words shown for a key, in the reader's language; the key itself when it is not in the table."""
    return str(lazy_gettext(table[key])) if key in table else key
