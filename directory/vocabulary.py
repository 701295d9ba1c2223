"""The stable keys of `vocabulary.toml` and the words shown for them."""

import tomllib
from pathlib import Path

from flask_babel import lazy_gettext

_TABLES = tomllib.loads((Path(__file__).parent / "vocabulary.toml").read_text(encoding="utf-8"))

GOALS: dict[str, str] = _TABLES["goals"]
GENDERS: dict[str, str] = _TABLES["genders"]
FACTS: dict[str, str] = _TABLES["facts"]
ACCESS: dict[str, str] = _TABLES["access"]


def words_for(table: dict[str, str], key: str) -> str:
    """The words shown for a key, in the reader's language; the key itself when it is not in the table."""
    return str(lazy_gettext(table[key])) if key in table else key
