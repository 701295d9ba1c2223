"""Nobody at the desk reads a number of stars before the decision: not in the queue, and not beside the item."""

import ast
import re
from datetime import timedelta
from pathlib import Path

import pytest
import time_machine
from flask import Flask

from directory.cases.models import Case
from directory.db import db, now, writing
from directory.moderation.signals import verdict
from directory.moderation.signals.models import KINDS, Signal
from tests import factories
from tests.moderation import rings
from tests.moderation.cast import moderator

SIGNALS = sorted(Path(verdict.__file__).parent.glob("*.py"))
STARS = re.compile(r"\bstars?\b", re.IGNORECASE)
TEXT = (
    "I recently had my sessions at this studio and I am truly delighted with the result. The staff were friendly from "
    "the moment I walked in and answered all my questions. The pain was minimal and the room was spotless."
)


def _said(path: Path) -> list[str]:
    """Every text of the module but its docstrings: what a signal can say, in all its branches."""
    tree = ast.parse(path.read_text())
    docs = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef)
        and node.body
        and isinstance(node.body[0], ast.Expr)
    }
    return [
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docs
    ]


@pytest.mark.parametrize("path", SIGNALS, ids=lambda path: path.stem)
def test_no_signal_can_say_a_number_of_stars(path: Path) -> None:
    assert [words for words in _said(path) if STARS.search(words)] == []


def _crowd() -> None:
    """At one clinic: praise from its owner's phone and from copyists, then complaints while a rival is new."""
    with time_machine.travel(now() - timedelta(days=300)):
        clinic, beside = factories.clinic("Ours"), factories.clinic("Beside", slug="beside")
        db.session.commit()
    boss = rings.staff("boss@example.net", clinic)
    rings.signed_in(boss, device="the phone of the house")
    factories.clinic("Rival", slug="rival")
    for number in range(6):
        who = rings.user(f"praise{number}@example.net")
        facts = {"text": f"{TEXT} {number}", "device": "the phone of the house", "network": "203.0.113.61"}
        rings.send(clinic, who, **facts)
        rings.send(beside, who, **facts)
    for number in range(6):
        rings.send(clinic, rings.user(f"complaint{number}@example.net"), 1)
    once = rings.user("once@example.net")
    with time_machine.travel(now() + timedelta(days=40)):
        rings.send(beside, once, 2)
    rings.examined()


def test_the_desk_shows_no_stars_before_the_decision(app: Flask) -> None:
    with app.app_context(), writing():
        _crowd()
        heard = {kind for (kind,) in db.session.query(Signal.kind).distinct()}
        assert heard >= {"burst", "near_copy", "origin", "tie", "account", "context"} <= set(KINDS)
        cases = db.session.query(Case).filter_by(state="open").order_by(Case.id).all()
        assert [case.reason for case in cases if STARS.search(case.reason)] == []
        assert any(case.reason.startswith("6 unproven reviews that complain") for case in cases)
        opened = [case.public_id for case in cases]
    desk = moderator(app)
    for address in ("/desk/", *(f"/desk/items/{case}" for case in opened[:3] + opened[-8:])):
        page = desk.get(address).text.replace("the stars are not here before you decide", "")
        assert STARS.findall(page) == [], address
