"""Which one-byte code page a text is in, judged by the letters it would have in each."""

import re

from charset_normalizer import from_bytes

# Letters beside a-z that a language writes, by the code page its files are in. The western union comes first:
# where pages read a text equally well, cp1252 is taken.
_ALPHABETS = (
    ("cp1252", "äöüßéèêëàâçñáíóúìòùåæøïîôûœ"),
    ("cp1252", "áâãàçéêíóôõú"),
    ("cp1252", "áðéíóúýþæö"),
    ("cp1250", "ąćęłńóśźż"),
    ("cp1250", "áčďéěíňóřšťúůýžäľĺŕôöü"),
    ("cp1250", "áéíóöőúüű"),
    ("cp1250", "ăâîşţ"),
    ("cp1250", "čćđšž"),
    ("cp1254", "çğıi̇öşüâ"),
)
_CLEARLY = 0.1
_MOSTLY = 0.6
_WORD = re.compile(rb"[A-Za-z\x80-\xff]+")
_QUOTES = "‘’“”„«»"
# Tried on texts that are in none of the above.
_OTHER_SCRIPTS = (
    "cp1251",
    "koi8_r",
    "cp1253",
    "cp1255",
    "cp1256",
    "shift_jis",
    "euc_jp",
    "gb18030",
    "big5",
    "euc_kr",
    "cp1252",
)


def guess(sample: bytes) -> str:
    """The codec of a text that is not UTF-8: cp1252 unless another page fits its letters clearly better."""
    high = b"\n".join(line for line in sample.splitlines() if not line.isascii())
    if _share_of_high_bytes(high) > _MOSTLY and (other := _other_script(high)):
        return other
    western = _fit(high, "cp1252")
    fit, page = max((_fit(high, page), page) for page in ("cp1250", "cp1254"))
    return page if fit > western + _CLEARLY else "cp1252"


def _share_of_high_bytes(high: bytes) -> float:
    """Among words that have bytes above ASCII: few of them in Latin scripts, nearly all in others."""
    words = [word for word in _WORD.findall(high) if not word.isascii()]
    high_bytes = sum(1 for word in words for byte in word if byte > 127)
    return high_bytes / max(1, sum(len(word) for word in words))


def _fit(high: bytes, page: str) -> float:
    """Share of the letters above ASCII that one language of the page writes, 0 to 1."""
    text = high.decode(page, "replace").casefold()
    counted = [
        letter
        for place, letter in enumerate(text)
        if letter > "\x7f" and letter not in _QUOTES and (letter.isalpha() or _beside_letter(text, place))
    ]
    if not counted:
        return 1.0
    return max(
        sum(letter in alphabet for letter in counted) / len(counted) for codec, alphabet in _ALPHABETS if codec == page
    )


def _beside_letter(text: str, place: int) -> bool:
    """A sign in the middle or at the edge of a word is a letter misread: "g³owy"."""
    return any(near.isascii() and near.isalpha() for near in (text[place - 1 : place], text[place + 1 : place + 2]))


def _other_script(high: bytes) -> str:
    best = from_bytes(high, cp_isolation=list(_OTHER_SCRIPTS), threshold=0.3).best()
    if best is None or best.encoding in {"cp1252", "latin_1"}:
        return ""
    letters = [letter for letter in str(best) if letter > "\x7f"]
    strange = sum(letter.isalpha() and letter > "\u036f" for letter in letters)
    return best.encoding if strange > 0.8 * len(letters) else ""
