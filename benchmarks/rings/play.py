"""Plays a world into a real database through the site's own verbs, at the world's own times, and says what was held."""

import os
import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple

import time_machine
from flask import Flask
from flask_migrate import upgrade
from sqlalchemy import insert, select, text

from benchmarks.rings.events import WORLD_DAYS, Place, Sent, Visit, World
from directory import queue
from directory.accounts.devices import mark_of, network_of
from directory.accounts.models import User
from directory.accounts.sessions import UserSession
from directory.cases.opening import open_case
from directory.clinics.membership import Membership
from directory.clinics.models import Clinic
from directory.config import read_settings
from directory.db import db, now, writing
from directory.factory import create_app
from directory.moderation import suspicion
from directory.moderation.signals.finding import Finding
from directory.moderation.signals.jobs import find_rings
from directory.moderation.signals.models import Signal
from directory.moderation.signals.verdict import HOLD, judge
from directory.reviews.models import STAGES, Review, Stage

BEGINNING = datetime(2026, 1, 5, tzinfo=UTC)
PUBLISHED_AFTER = 1.5  # days that a person takes to read what nothing speaks against
NIGHTS_BETWEEN = 7  # rings are looked for each night; once a week is enough to measure
GIVEN_BACK = 200  # submissions between two commits


class Outcome(NamedTuple):
    """One review: whether it was held when it came, whether it is at the end, and by which signals."""

    ring: str
    place: int
    at: float
    at_once: bool
    held: bool
    signals: tuple[str, ...]


def moment(at: float) -> datetime:
    return BEGINNING + timedelta(days=at)


class Moment(NamedTuple):
    """What is played at one moment."""

    at: float
    order: int
    what: Any


class Player:
    """One world, one database."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.clinics: dict[int, int] = {}
        self.users: dict[str, int] = {}
        self.reviews: dict[tuple[str, int], int] = {}
        self.first: dict[int, Sent] = {}
        self.at_once: set[int] = set()
        self.signed_in = 0
        self.sessions: list[dict[str, Any]] = []

    def _clinic(self, place: Place) -> None:
        name = f"Place {place.number}"
        made = Clinic(
            slug=f"place-{place.number}",
            name=name,
            name_key=name.lower(),
            country="GB",
            city_key="",
            lat=place.lat,
            lon=place.lon,
            created_at=moment(place.opens),
        )
        db.session.add(made)
        db.session.flush()
        self.clinics[place.number] = made.id
        if place.owned:
            owner_id = self._user(f"owner {place.number}", moment(place.opens))
            db.session.add(Membership(user_id=owner_id, clinic_id=made.id, level="owner"))

    def _visits(self, visits: list[Visit]) -> None:
        """Those who signed in since the last review, all at once: nobody asked for them in the meantime."""
        if not visits:
            return
        keys = [
            f"owner {one.place}" if one.place >= 0 else f"reader{self.signed_in + number}"
            for number, one in enumerate(visits, 1)
        ]
        fresh = list(dict.fromkeys(key for key in keys if key not in self.users))
        self._users([(key, now()) for key in fresh])
        for key, visit in zip(keys, visits, strict=True):
            self._session(self.users[key], visit.network, visit.device, moment(visit.at))
        visits.clear()

    def _session(self, user_id: int, network: str, device: str, at: datetime) -> None:
        self.signed_in += 1
        self.sessions.append(
            {
                "user_id": user_id,
                "digest": str(self.signed_in),
                "epoch": 1,
                "network": network_of(network),
                "device_mark": mark_of(device),
                "created_at": at,
            }
        )

    def _users(self, people: list[tuple[str, datetime]]) -> None:
        """Accounts of these names, opened then."""
        rows = [{"email": f"{key.replace(' ', '-')}@gmail.com", "created_at": since} for key, since in people]
        if rows:
            made = insert(User).returning(User.id, sort_by_parameter_order=True)
            self.users.update(zip([key for key, _since in people], db.session.scalars(made, rows), strict=True))

    def _user(self, key: str, since: datetime) -> int:
        if key not in self.users:
            self._users([(key, since)])
        return self.users[key]

    def _send(self, sent: Sent) -> Stage | None:
        """As the author's page does: the stage waits for the desk, its trace is noted, the job is queued."""
        pair = (sent.person.key, sent.place)
        author_id = self._user(sent.person.key, moment(sent.person.signed_up))
        self._session(author_id, sent.network, sent.device, now())
        db.session.execute(insert(UserSession), self.sessions)
        self.sessions.clear()
        review = db.session.get(Review, self.reviews[pair]) if pair in self.reviews else None
        if review is None:
            review = Review(
                clinic_id=self.clinics[sent.place],
                author_id=author_id,
                pseudonym="somebody",
                treated_month=moment(sent.at).strftime("%Y-%m"),
                verification="visit" if sent.proven else "contact",
            )
            db.session.add(review)
        elif any(stage.stage == sent.stage for stage in review.stages):
            return None  # the same person at the same clinic again: an edit, which the world does not play
        stage = Stage(
            review=review,
            stage=sent.stage,
            position=STAGES.index(sent.stage),
            overall=sent.overall,
            text=sent.text,
            state="pending",
            submitted_at=now(),
        )
        db.session.add(stage)
        db.session.flush()
        self.reviews[pair] = review.id
        self.first.setdefault(review.id, sent)
        open_case(
            "stage",
            subject=f"stage:{stage.public_id}",
            subject_id=stage.id,
            clock="review",
            priority="low",
            reason="new review",
            author_id=review.author_id,
        )
        suspicion.note_submission(stage, caller=sent.network.removesuffix("0") + "7", device=sent.device)
        return stage

    def _work(self) -> None:
        """What the jobs process does, in this transaction."""
        db.session.flush()
        while rows := list(db.session.scalars(select(queue.QueuedJob).order_by(queue.QueuedJob.id))):
            for row in rows:
                queue.handler_of(row.kind)(row.public_id, **row.payload)
                db.session.delete(row)
            db.session.flush()

    def _publish(self, stage_id: int) -> None:
        stage = db.session.get_one(Stage, stage_id)
        if not self._held(stage.review_id):
            stage.publish()

    def _commit(self) -> None:
        """Without the scores: what is measured is who is held, and a score changes nothing of it."""
        db.session.flush()
        db.session.info.pop("rerate", None)
        db.session.commit()

    def _held(self, review_id: int) -> bool:
        open_ = select(Signal).where(Signal.review_id == review_id, Signal.confirmed.is_(None)).order_by(Signal.id)
        found = (Finding(one.kind, one.strength, one.words) for one in db.session.scalars(open_))
        return judge(found).act == HOLD

    def play(self) -> list[Outcome]:
        """Everything in order of time."""
        sent = [Moment(one.at, 1, one) for one in self.world.sent]
        visits = [Moment(one.at, 0, one) for one in self.world.visits]
        nights = [Moment(float(at), 3, "night") for at in range(NIGHTS_BETWEEN, WORLD_DAYS + 8, NIGHTS_BETWEEN)]
        coming = sorted([*sent, *visits, *nights], key=lambda one: (one.at, one.order))
        due: list[tuple[float, int]] = []
        here: list[Visit] = []
        with writing(), time_machine.travel(BEGINNING, tick=False) as clock:
            for place in self.world.places:
                self._clinic(place)
            for number, (at, _order, what) in enumerate(coming):
                clock.move_to(moment(at))
                while due and due[0][0] <= at:
                    self._publish(due.pop(0)[1])
                if isinstance(what, Visit):
                    here.append(what)
                elif isinstance(what, Sent):
                    self._visits(here)
                    self._one(what, due)
                else:
                    self._commit()
                    find_rings()
                    self._work()
                if number % GIVEN_BACK == 0:
                    self._commit()
                    db.session.expunge_all()
            self._commit()
        return self._outcomes()

    def _one(self, sent: Sent, due: list[tuple[float, int]]) -> None:
        stage = self._send(sent)
        if stage is None:
            return
        self._work()
        due.append((sent.at + PUBLISHED_AFTER, stage.id))
        if sent.stage == "fresh" and self._held(stage.review_id):
            self.at_once.add(stage.review_id)

    def _outcomes(self) -> list[Outcome]:
        said: dict[int, list[tuple[str, str]]] = {}
        for review_id, kind, strength in db.session.execute(
            select(Signal.review_id, Signal.kind, Signal.strength).order_by(Signal.id)
        ):
            said.setdefault(review_id, []).append((kind, strength))
        found = []
        for review_id, sent in self.first.items():
            signals = said.get(review_id, [])
            held = judge(Finding(kind, strength, "words") for kind, strength in signals).act == HOLD
            names = tuple(f"{kind} {strength}" for kind, strength in sorted(signals))
            found.append(Outcome(sent.ring, sent.place, sent.at, review_id in self.at_once, held, names))
        return found


class Site:
    """The site on SQLite: one data folder, and for each world a database copied from a migrated, empty one."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.template = folder / "empty.sqlite"
        with self._app(self.template).app_context():
            upgrade()
            db.session.execute(text("PRAGMA wal_checkpoint(TRUNCATE)"))
            db.session.remove()
            db.engine.dispose()

    def _app(self, database: Path) -> Flask:
        environ = {**os.environ, "MODE": "local", "DATA": str(self.folder), "DATABASE_URL": f"sqlite:///{database}"}
        return create_app(read_settings(environ), purpose="command")

    def play(self, world: World) -> list[Outcome]:
        """Play a world on a database that is thrown away after."""
        database = self.folder / f"seed-{world.seed}.sqlite"
        shutil.copyfile(self.template, database)
        try:
            with self._app(database).app_context():
                outcomes = Player(world).play()
                db.session.remove()
                db.engine.dispose()
            return outcomes
        finally:
            for path in self.folder.glob(f"{database.name}*"):
                path.unlink()
