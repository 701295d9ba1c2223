"""Invented review texts: honest ones from a loose grammar, long and short; and templates that a spinner varies."""

import random
import re
import tomllib
from pathlib import Path

_SLOT = re.compile(r"\{([^{}]*)\}")

_BANK = tomllib.loads((Path(__file__).parent / "sentences.toml").read_text(encoding="utf-8"))


def _fill(chance: random.Random, text: str) -> str:
    while (found := _SLOT.search(text)) is not None:
        text = text[: found.start()] + chance.choice(found.group(1).split("|")) + text[found.end() :]
    return text


def own_words(chance: random.Random, overall: int) -> str:
    """What one person writes by themself; a quarter write a line, the others two to seven sentences."""
    if chance.random() < 0.25:
        return _fill(chance, chance.choice(_BANK["short"] if overall >= 3 else _BANK["short_bad"]))
    return composed(chance, overall)


def composed(chance: random.Random, overall: int) -> str:
    """A longer text, no two alike: also what a language model writes for hire."""
    bank = _BANK["good"] if overall >= 3 else _BANK["bad"]
    parts = [
        chance.choice(_BANK["wide"][about] if chance.random() < (0.75 if overall >= 3 else 0.35) else lines)
        for about, lines in bank.items()
        if chance.random() < 0.72
    ] or [chance.choice(_BANK["wide"]["look"])]
    parts += [chance.choice(_BANK["wide"][about]) for about in ("look", "day", "talk") if chance.random() < 0.35]
    chance.shuffle(parts)
    said = [_fill(chance, part) for part in parts]
    for _aside in range(chance.choice((0, 1, 1, 2))):
        aside = chance.choice(_BANK["asides"])
        said.insert(chance.randrange(len(said) + 1), f"{aside[0].upper()}{aside[1:]}.")
    return " ".join(said)


def spinner(chance: random.Random) -> str:
    """One template for one ring."""
    return str(chance.choice(_BANK["templates"]))


def spun(chance: random.Random, template: str) -> str:
    """The template with its choices made; at times a sentence is left out, and the order changed."""
    sentences = re.split(r"(?<=[.!?]) ", _fill(chance, template))
    if chance.random() < 0.4:
        sentences.pop(chance.randrange(len(sentences)))
    if chance.random() < 0.3:
        chance.shuffle(sentences)
    return " ".join(sentences)
