"""Names as keys: folded for case, accents and punctuation, so that one rule decides what is the same word."""

import re
import secrets
import unicodedata

# Letters that Unicode does not decompose though readers type them plainly.
_PLAIN = str.maketrans(
    {"ß": "ss", "ø": "o", "đ": "d", "ð": "d", "þ": "th", "ł": "l", "æ": "ae", "œ": "oe", "ı": "i", "’": "'"}
)
_WORD = re.compile(r"\w+")
_INVISIBLE = {"Cc", "Cf", "Co", "Cs", "Cn"}


def fold(text: str) -> str:
    """Case and accents away: `Müller` and `MULLER` give `muller`. Other scripts keep their letters."""
    decomposed = unicodedata.normalize("NFKD", text.casefold().translate(_PLAIN))
    return "".join(letter for letter in decomposed if not unicodedata.combining(letter))


def tokens(text: str) -> list[str]:
    """The folded words of a name, in order; apostrophes join (`O'Neil` is `oneil`)."""
    return _WORD.findall(fold(text).replace("'", ""))


def name_key(text: str) -> str:
    """One string under which equal names meet, and by which names are put in order."""
    return " ".join(tokens(text))


def visible(text: str, *, limit: int) -> str:
    """Text as typed, without control and format characters, runs of white space as one, at most `limit` letters.

    Zero-width joiners stay where a script needs them (Persian, Indic); direction overrides never do.
    """
    if text.isascii() and text.isprintable():
        return " ".join(text[: limit * 4].split())[:limit].rstrip()
    kept: list[str] = []
    for letter in unicodedata.normalize("NFC", text[: limit * 4]):
        if letter in "\u200c\u200d" and kept and unicodedata.category(kept[-1]) in {"Lo", "Mn", "Mc"}:
            kept.append(letter)
        elif letter.isspace():
            kept.append(" ")
        elif unicodedata.category(letter) not in _INVISIBLE:
            kept.append(letter)
    return " ".join("".join(kept).split())[:limit].rstrip()


def new_public_id() -> str:
    """128 random bits as 22 URL-safe letters: names a thing outside without telling how many there are."""
    return secrets.token_urlsafe(16)
