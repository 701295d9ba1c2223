"""Folding: the one way in which a name typed by a person and a name in the gazetteer are made comparable."""

import re
import unicodedata

_LETTERS = str.maketrans(
    {
        "ß": "ss",
        "æ": "ae",
        "œ": "oe",
        "ø": "o",
        "đ": "d",
        "ð": "d",
        "þ": "th",
        "ł": "l",
        "ı": "i",
        "ħ": "h",
        "ŋ": "n",
        "ə": "e",
        "&": " and ",
        # Apostrophes join ("L'Aquila", "Qo'qon"); every other mark separates words.
        **dict.fromkeys("'’‘ʼʻ`´ʹʺ′\u02bf\u02be", ""),
    }
)
_SPELT_OUT = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ø": "oe", "å": "aa"})
_NOT_WORD = re.compile(r"[\W_]+")
_SAME_WORD = {"saint": "st", "sainte": "st", "ste": "st", "sankt": "st", "mount": "mt", "fort": "ft"}


def fold(text: str) -> str:
    """Lower-case words without accents or marks, parted by single spaces: "Saint-Étienne" becomes "st etienne"."""
    folded = text.casefold().translate(_LETTERS)
    if not folded.isascii():
        parts = unicodedata.normalize("NFKD", folded)
        bare = "".join(letter for letter in parts if not unicodedata.combining(letter))
        # Recomposed so that a Hangul syllable counts as one letter when edits are counted.
        folded = unicodedata.normalize("NFC", bare).casefold().translate(_LETTERS)
    words = _NOT_WORD.sub(" ", folded).split()
    return " ".join(_SAME_WORD.get(word, word) for word in words)


def spellings_of(name: str) -> set[str]:
    """Folded keys under which one written name is filed: plain, and with umlauts spelt out ("muenchen")."""
    keys = {fold(name), fold(unicodedata.normalize("NFC", name.casefold()).translate(_SPELT_OUT))}
    keys.discard("")
    return keys


def cleaned(text: str) -> str:
    """The text without control, format or unassigned characters, runs of spaces made one.

    Direction marks pasted along with right-to-left names vanish here, as do null bytes and lone surrogates.
    """
    kept = (" " if unicodedata.category(letter) in _BLANK else letter for letter in text)
    return " ".join("".join(kept).split())


_BLANK = frozenset({"Cc", "Cf", "Cn", "Co", "Cs", "Zl", "Zp", "Zs"})
