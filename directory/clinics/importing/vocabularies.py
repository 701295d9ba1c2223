"""List cells: goals and languages, given as keys or in words, to their stable keys."""

import re
from functools import lru_cache

from babel import Locale
from babel.localedata import exists

from directory.vocabulary import GOALS
from directory.words import tokens

_PARTS = re.compile(r"[;,|\n]")
# How clinics name the goals beside the key and the words shown; order of words does not count.
_GOAL_WORDS = {
    "shaved-look": [
        "shaved",
        "buzz cut",
        "buzzcut look",
        "full shave",
        "full scalp",
        "full head",
        "full smp",
        "shaved head",
    ],
    "hairline": ["frontal hairline", "receding hairline", "hair line"],
    "crown": ["vertex", "crown area", "bald spot"],
    "density": ["density fill", "added density", "thickening", "thinning hair", "hair density", "long hair density"],
    "women-part-line": ["women", "female", "part line", "parting", "female hair loss", "women part", "female density"],
    "scar-fut": ["fut", "fut scar", "strip scar", "linear scar"],
    "scar-fue": ["fue", "fue scar", "fue scars", "dot scars"],
    "scar-other": ["scar", "scars", "scar camouflage", "scar cover", "other scar", "scar concealment"],
    "alopecia-areata": ["areata"],
    "alopecia-total": ["alopecia totalis", "alopecia universalis", "totalis", "universalis", "alopecia total"],
    "post-transplant": ["transplant", "post hair transplant", "after hair transplant"],
    "correction": ["repair", "correction work", "colour correction", "color correction", "fix"],
    "removal": ["laser removal", "smp removal"],
}


def _bag(text: str) -> frozenset[str]:
    return frozenset(tokens(text.replace("-", " "))) - {"of", "the", "a", "for", "or", "and", "s", "smp"}


@lru_cache(maxsize=1)
def _goals_by_words() -> dict[frozenset[str], str]:
    found: dict[frozenset[str], str] = {}
    for key, shown in GOALS.items():
        for spelling in (key, shown, *_GOAL_WORDS.get(key, [])):
            found.setdefault(_bag(spelling), key)
    return found


@lru_cache(maxsize=4096)
def goal_of(text: str) -> str | None:
    """The vocabulary key for one goal as written ("FUT scar"), None when unknown."""
    return _goals_by_words().get(_bag(text))


@lru_cache(maxsize=1)
def _languages_by_name() -> dict[str, str]:
    """Names in English, and of each language in itself and in a few widely used ones."""
    english = Locale.parse("en").languages
    found: dict[str, str] = {}
    for shown_in in ("en", "de", "fr", "es", "it", "nl", "pt", "pl"):
        for code, name in Locale.parse(shown_in).languages.items():
            if len(code) <= 3:
                found.setdefault(" ".join(tokens(name)), code)
    for code in english:
        if len(code) <= 3 and exists(code) and (own := Locale.parse(code).languages.get(code)):
            found.setdefault(" ".join(tokens(own)), code)
    return {**found, "mandarin": "zh", "cantonese": "yue", "farsi": "fa", "english uk": "en", "castellano": "es"}


@lru_cache(maxsize=4096)
def language_of(text: str) -> str | None:
    """BCP 47 tag for a language's code or name ("de", "ger", "Deutsch", "pt-BR"); None when unknown."""
    word = text.strip()
    if re.fullmatch(r"[A-Za-z]{2,3}([-_][A-Za-z]{2})?", word):
        code, _, land = word.replace("_", "-").partition("-")
        code = _THREE.get(code.lower(), code.lower())
        if code in Locale.parse("en").languages:
            return f"{code}-{land.upper()}" if land else code
    return _languages_by_name().get(" ".join(tokens(word)))


# ISO 639-2 codes that differ from the two-letter tag's own beginnings; both the B and the T set.
_THREE_LETTERS = (
    "eng:en ger:de deu:de fre:fr fra:fr spa:es ita:it dut:nl nld:nl por:pt pol:pl rus:ru ukr:uk "
    "tur:tr ara:ar heb:he per:fa fas:fa hin:hi urd:ur ben:bn pan:pa chi:zh zho:zh jpn:ja kor:ko "
    "vie:vi tha:th swe:sv dan:da nor:no fin:fi gre:el ell:el cze:cs ces:cs slo:sk slk:sk hun:hu "
    "rum:ro ron:ro bul:bg hrv:hr srp:sr slv:sl est:et lav:lv lit:lt gle:ga wel:cy cym:cy cat:ca "
    "ind:id may:ms msa:ms"
)
_THREE = dict(pair.split(":") for pair in _THREE_LETTERS.split())


def read_list(text: str) -> list[str]:
    """The parts of a list cell: `;` parts them, and so do `,` and `|`; blanks are left out."""
    return [part.strip() for part in _PARTS.split(text) if part.strip()]
