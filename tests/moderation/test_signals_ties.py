"""Fifteen ways in which the staff of a clinic, or of its rival, is behind a review: each is held."""

from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import select

from directory.accounts.models import User
from directory.cases.models import Case
from directory.db import db, writing
from directory.moderation import suspicion
from directory.moderation.signals import traces
from directory.moderation.signals.models import Signal
from directory.moderation.signals.thresholds import PERIOD
from tests import factories
from tests.moderation import rings

HOME, OFFICE = "203.0.113.20", "198.51.100.77"


class Scene:
    """A clinic with an owner and an editor, a rival 8 km away with an owner; all signed in where they work."""

    def __init__(self) -> None:
        self.clinic = factories.clinic("Ours", website_host="www.ours.test", email="desk@ours-mail.test")
        self.rival = factories.clinic("Theirs", lat=53.87)
        db.session.flush()
        self.owner = rings.staff("olive.owner@gmail.com", self.clinic)
        self.editor = rings.staff("ed@staffing.test", self.clinic, "editor")
        self.other = rings.staff("ruth@theirs.test", self.rival)
        rings.signed_in(self.owner, OFFICE, "laptop")
        rings.signed_in(self.editor, HOME, "phone")
        rings.signed_in(self.other, "192.0.2.9", "tablet")

    def by(self, email: str) -> User:
        return rings.user(email)


def _claimant(scene: Scene) -> None:
    who = scene.by("claims@outlook.com")
    db.session.add(
        Case.open(
            "claim",
            subject="claim:x",
            subject_id=1,
            clock="calm",
            priority="low",
            reason="claim",
            clinic_id=scene.clinic.id,
            author_id=who.id,
        )
    )
    rings.send(scene.clinic, who)


def _met_at_home(scene: Scene) -> None:
    """The review comes from elsewhere, but its author signed in where the editor does."""
    who = scene.by("e@outlook.com")
    rings.signed_in(who, HOME)
    rings.send(scene.clinic, who, network="10.9.8.7")


Link = Callable[[Scene], object]
LINKS: dict[str, Link] = {
    "the owner's own account": lambda s: rings.send(s.clinic, s.owner),
    "an editor's own account": lambda s: rings.send(s.clinic, s.editor),
    "whoever claims the listing": _claimant,
    "the owner's office network": lambda s: rings.send(s.clinic, s.by("a@outlook.com"), network="198.51.100.3"),
    "the owner's device": lambda s: rings.send(s.clinic, s.by("b@outlook.com"), device="laptop"),
    "the editor's home network": lambda s: rings.send(s.clinic, s.by("c@outlook.com"), network=HOME),
    "an address at the clinic's website": lambda s: rings.send(s.clinic, s.by("anna@ours.test")),
    "an address where the clinic gets its mail": lambda s: rings.send(s.clinic, s.by("ben@ours-mail.test")),
    "an address where the editor works": lambda s: rings.send(s.clinic, s.by("temp@staffing.test")),
    "an alias of the owner's mailbox": lambda s: rings.send(s.clinic, s.by("oliveowner+fan@googlemail.com")),
    "where the editor signs in": _met_at_home,
    "a rival's owner, who complains": lambda s: rings.send(s.clinic, s.other, 1),
    "a rival's owner, who praises": lambda s: rings.send(s.clinic, s.other, 5),
    "a rival's network, with a complaint": lambda s: rings.send(s.clinic, s.by("d@gmx.de"), 1, network="192.0.2.44"),
    "a rival's device": lambda s: rings.send(s.clinic, s.by("f@outlook.com"), 1, device="tablet"),
}  # fmt: skip


@pytest.mark.parametrize("link", LINKS)
def test_held_at_high_priority_with_the_tie_in_words(app: Flask, link: str) -> None:
    with app.app_context(), writing():
        LINKS[link](Scene())
        rings.examined()
        (case,) = db.session.scalars(select(Case).where(Case.kind == "review").order_by(Case.id))
        assert case.priority == "high"
        assert case.reason != "new review"
        first = suspicion.signals_of(case)[0]
        assert (first.kind, first.strength) == ("tie", "high")


def test_whoever_has_nothing_to_do_with_them_waits_in_line(app: Flask) -> None:
    """A stranger, a rival's network with praise, an address at a host that anybody may use."""
    with app.app_context(), writing():
        scene = Scene()
        rings.send(scene.clinic, scene.by("stranger@outlook.com"))
        rings.send(scene.clinic, scene.by("client@outlook.com"), 5, network="192.0.2.44")
        rings.send(scene.clinic, scene.by("olive@gmail.com"))
        rings.examined()
        assert "high" not in {case.priority for case in db.session.scalars(select(Case).order_by(Case.id))}
        assert db.session.scalars(select(Signal).where(Signal.kind == "tie", Signal.strength != "low")).all() == []


def test_a_phone_companys_network_ties_nobody(app: Flask) -> None:
    with app.app_context(), writing():
        scene = Scene()
        for number in range(4):
            rings.signed_in(scene.by(f"reader{number}@gmail.com"), OFFICE)
        rings.send(scene.clinic, scene.by("passer@outlook.com"), network=OFFICE)
        rings.examined()
        (case,) = db.session.scalars(select(Case).order_by(Case.id))
        assert case.priority != "high"


def test_digests_of_two_periods_have_nothing_in_common(app: Flask) -> None:
    with app.app_context():
        seen = {traces.digest("network", "203.0.113.0/24", period) for period in range(20)}
        assert len(seen) == 20
        assert traces.digest("network", "", 3) == ""
        assert traces.period_of(traces._BEGINNING + PERIOD) == 1
