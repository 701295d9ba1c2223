"""Invented credentials and inspections of invented clinics, by an invented issuer: every strength in each large town.

Their days are counted back from the day they are loaded, so that each strength is there to see on any day. They are
written as rows, not by the verbs of the desk: nobody checked anything, and the record says nothing of it.
"""

import random
from collections import defaultdict
from collections.abc import Sequence
from datetime import timedelta
from itertools import cycle
from typing import Any

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session, selectinload

from directory.clinics.models import Clinic
from directory.credentials.checks import Check
from directory.credentials.issuers import CredentialType
from directory.credentials.models import Credential
from directory.credentials.outside import Inspection
from directory.credentials.reference_files import load as load_reference
from directory.db import now
from directory.practitioners.models import AGREED, Engagement, Practitioner

SOURCE = "Invented with the other examples"
# In each town one clinic after the other: found in a register first, then each other strength, then nothing at all.
STRENGTHS = (3, 4, 2, 1, 0, None)
METHODS = {1: "document", 2: "issuer", 3: "register", 4: "register_watched"}
ONE_TOWN = {"New York"}  # a region whose boroughs are one town here
# What is odd about every so-maniest paper: its end was a month ago, is near, the register lost it, a year unchecked.
ODDITIES = ("", "", "", "ending", "", "", "lapsed", "", "", "lost", "", "", "stale")


# What the authority wrote of every so-maniest premises; most were never visited.
VISITS = (
    ("passed", "No findings"),
    ("passed_with_conditions", "Hand basin to be moved nearer to the couch within a month"),
    ("unknown", "Visited; the report is not public yet"),
    ("failed", "No sharps box in the treatment room on the day"),
)
VISITED_EVERY = 4


_PLAIN = {"synchronize_session": False}


class _Writer:
    """Draws the papers of one load; `checks` holds each paper's only look."""

    def __init__(self, session: Session, seed: int) -> None:
        self.dice, self.session = random.Random(seed), session
        self.kinds = {
            one.scope: one
            for one in session.scalars(
                select(CredentialType).where(CredentialType.key.startswith("example-")).order_by(CredentialType.id)
            )
        }
        self.made: list[tuple[Credential, Check | None]] = []
        self.odd = cycle(ODDITIES)
        self.premises = 0
        self.visited: list[Inspection] = []
        self.seen: set[int] = set()

    def paper(self, scope: str, holder: Practitioner | Clinic, level: int, *, odd: str = "") -> None:
        """One paper at that level; level 0 is waiting for a check."""
        today = now().date()
        ends = {"lapsed": -30, "ending": 39}.get(odd, self.dice.randrange(120, 330))
        term = None if scope == "training" else today + timedelta(days=ends)
        made = Credential.of(
            self.kinds[scope],
            holder=holder,
            number=f"EX-{scope[:2].upper()}-{self.dice.randrange(10**6):06}",
            issued_on=today - timedelta(days=self.dice.randrange(360, 900)),
            expires_on=term,
        )
        made.status = "submitted"
        self.made.append((made, self._look(level, odd)))

    def visit(self, clinic: Clinic) -> None:
        """An inspection of the premises now and then, by the same invented issuer."""
        self.premises += 1
        if self.premises % VISITED_EVERY == 1:
            outcome, words = VISITS[len(self.visited) % len(VISITS)]
            on = now().date() - timedelta(days=40 + 60 * (len(self.visited) % 5))
            issuer = self.kinds["premises"].issuer
            url = f"https://example-register.example/inspections/{clinic.id}"
            self.visited.append(
                Inspection(
                    clinic_id=clinic.id,
                    issuer=issuer,
                    inspected_on=on,
                    outcome=outcome,
                    words=words,
                    url=url,
                    state="shown",
                )
            )

    def _look(self, level: int, odd: str) -> Check | None:
        if not level:
            return None
        days = 400 if odd == "stale" else self.dice.randrange(5, 80)
        return Check(
            method=METHODS[level],
            result="failed" if odd == "lost" else "confirmed",
            status="verified_document" if level == 1 else "verified_primary",
            at=now() - timedelta(days=days, hours=self.dice.randrange(24)),
            matched=["name"] if odd == "lost" else ["name", "number", *(["status"] if level > 2 else [])],
            mismatched=["number"] if odd == "lost" else [],
            source=SOURCE,
        )

    def write(self) -> int:
        """Papers, then their checks, then the statuses that rest on them."""
        self.session.add_all([paper for paper, _check in self.made])
        self.session.flush()
        checked = [(paper, check) for paper, check in self.made if check is not None]
        for paper, check in checked:
            check.credential_id = paper.id
        self.session.add_all([check for _paper, check in checked])
        self.session.add_all(self.visited)
        self.session.flush()
        for paper, check in checked:
            paper.status, paper.check_id = check.status, check.id
            if check.at < paper.created_at:
                paper.created_at = check.at - timedelta(days=3)
        self.session.flush()
        return len(self.made)


def add_credentials(session: Session, seed: int) -> int:
    """Papers for the example clinics that are there; how many. The caller commits."""
    load_reference()
    writer = _Writer(session, seed)
    for clinics in _towns(session):
        for clinic, level in zip(clinics, cycle(STRENGTHS), strict=False):
            if level is not None:
                _certify(writer, session, clinic, level)
    return writer.write()


def _towns(session: Session) -> list[list[Clinic]]:
    """Clinics by town; those whose people work elsewhere too come last, so that the first have the strength drawn."""
    towns: dict[tuple[str, str], list[Clinic]] = defaultdict(list)
    twice = select(Engagement.practitioner_id).group_by(Engagement.practitioner_id).having(func.count() > 1)
    shared = set(session.scalars(select(Engagement.clinic_id).where(Engagement.practitioner_id.in_(twice))))
    query = select(Clinic).where(Clinic.is_example).options(selectinload(Clinic.services)).order_by(Clinic.id)
    for clinic in session.scalars(query):
        towns[clinic.country, clinic.region if clinic.region in ONE_TOWN else clinic.city].append(clinic)
    return [sorted(clinics, key=lambda one: (one.id in shared, one.id)) for clinics in towns.values()]


def _certify(writer: _Writer, session: Session, clinic: Clinic, level: int) -> None:
    """The people and the premises of one clinic at one level; training and insurance beside it, sometimes."""
    there = _team(session, clinic)
    agreed = Engagement.practitioner_id.in_([person.id for person in there])  # whose papers count said so themselves
    session.execute(update(Engagement).where(Engagement.clinic_id == clinic.id, agreed).values(standing=AGREED))
    team = [person for person in there if person.id not in writer.seen]
    writer.seen |= {person.id for person in team}
    odd = next(writer.odd) if level == STRENGTHS[0] else ""
    for place, person in enumerate(team):
        if place == 0 or writer.dice.random() < 0.6:
            writer.paper("person", person, level, odd=odd if place == 0 else "")
        if writer.dice.random() < 0.5:
            writer.paper("training", person, writer.dice.choice([0, 1, 2]))
        if writer.dice.random() < 0.4:
            writer.paper("insurance", person, 1)
    if not team or writer.dice.random() < 0.5:
        writer.paper("premises", clinic, level)
        if level > 1:
            writer.visit(clinic)


def _team(session: Session, clinic: Clinic) -> Sequence[Practitioner]:
    """Who works there now, longest there first."""
    query = (
        select(Practitioner)
        .join(Engagement, Engagement.practitioner_id == Practitioner.id)
        .where(Engagement.clinic_id == clinic.id, Engagement.until.is_(None))
        .order_by(Engagement.id)
    )
    return list(session.scalars(query))


def clear_credentials(session: Session, *, clinics: Any = None, people: Any = None) -> None:
    """Papers of the doomed clinics or people (queries of ids); their checks and sealed papers' rows go with them."""
    if clinics is not None:
        session.execute(delete(Inspection).where(Inspection.clinic_id.in_(clinics)), execution_options=_PLAIN)
    for column, doomed in ((Credential.clinic_id, clinics), (Credential.practitioner_id, people)):
        if doomed is not None:
            session.execute(delete(Credential).where(column.in_(doomed)), execution_options=_PLAIN)
