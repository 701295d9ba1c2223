"""Numbers of licences as compared: one licence written in two ways has one key."""

import re
import unicodedata
from collections.abc import Sequence

MAX_NUMBER = 60
# Words that people put before a number; what an issuer prints there stands in its register's layout.
_WORDS = "LICENCE|LICENSE|LICENCIA|REGISTRATION|CERTIFICATE|PERMIT|NUMBER|LIC|REG|NUM|NO|NR|N[°º]"
_BEFORE = re.compile(rf"^(?:(?:{_WORDS})(?:[^A-Z0-9]+|(?=[0-9])))+(?=.*[0-9])")
_DECIMALS = re.compile(r"\.0+$")
_ZEROS = re.compile(r"^([A-Z]*)0+(?=[0-9])")


def number_key(text: str, prefixes: Sequence[str] = ()) -> str:
    """`Lic. No. 00-123 45`, `12345` and a spreadsheet's `12345.0` all give `12345`; nothing gives the empty text.

    `prefixes` are what the issuer prints before every number. Letters that belong to the number stay: `TA-17` is not
    `TB-17`.
    """
    typed = "".join(_plain(letter) for letter in unicodedata.normalize("NFKC", text).strip().upper())
    typed = _BEFORE.sub("", _DECIMALS.sub("", typed))
    key = _squeezed(typed)
    for prefix in sorted(map(_squeezed, prefixes), key=lambda word: (-len(word), word)):
        rest = key.removeprefix(prefix)
        if rest != key and any(letter.isdigit() for letter in rest):
            key = rest
            break
    return _ZEROS.sub(r"\1", key)[:MAX_NUMBER]


def as_written(text: str) -> str:
    """The number without spaces, case and a spreadsheet's decimals: tells `1-23` from `12-3`, whose keys are one."""
    return _DECIMALS.sub("", "".join(unicodedata.normalize("NFKC", text).upper().split()))


def _squeezed(text: str) -> str:
    return "".join(letter for letter in unicodedata.normalize("NFKC", text).upper() if letter.isalnum())


def _plain(letter: str) -> str:
    value = unicodedata.decimal(letter, None)
    return letter if value is None else str(value)
