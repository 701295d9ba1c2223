"""What signals lead to: held for a person, shown and not counted, cleared; a bombed clinic; traces that go in time."""

from datetime import timedelta

import pytest
import sqlalchemy as sa
import time_machine
from flask import Flask

from directory.accounts.models import User
from directory.accounts.registry import erase_person, export_person
from directory.cases.models import Case
from directory.clinics.models import Clinic
from directory.db import db, now, writing
from directory.errors import Refused
from directory.ledger import LedgerRow
from directory.moderation import alerts, suspicion
from directory.moderation.signals.jobs import find_rings, tend_signals
from directory.moderation.signals.models import Signal, Sketch, Trace
from directory.moderation.signals.thresholds import ALERT_DAYS, PERIOD
from directory.reviews.models import Review, Stage
from tests import factories
from tests.accounts.people import member
from tests.moderation import rings
from tests.reviews import authors

COPY = (
    "I recently had my sessions at this studio and I am truly delighted with the result. The staff were friendly from "
    "the moment I walked in and answered all my questions. The pain was minimal and the room was spotless."
)
REASON = "The same words stand in two other reviews of this week."


def _clinic(name: str = "Ours") -> Clinic:
    made = factories.clinic(name, created_at=now() - timedelta(days=400))
    db.session.commit()
    return made


def _case(review: Review, kind: str = "suspicion") -> Case:
    query = sa.select(Case).where(Case.kind == kind, Case.subject == f"review:{review.public_id}").order_by(Case.id)
    return db.session.scalars(query).one()


def _is_shown(review: Review) -> bool:
    return any(stage.is_public for stage in review.stages)


def test_an_author_sends_and_the_desk_has_the_signals_with_the_next_job(app: Flask) -> None:
    """Two people on one device, by the front door; nothing of the address or the browser is kept with the review."""
    authors.clinic(app)
    first, second = member(app, "ann@example.org"), member(app, "bob@example.org")
    second.environ_base["REMOTE_ADDR"] = first.environ_base["REMOTE_ADDR"] = "203.0.113.61"
    for browser in (first, second):
        browser.environ_base["HTTP_USER_AGENT"] = "Lynx/2.9 (a browser nobody else has)"
        authors.send(browser)
    with app.app_context(), writing():
        rings.examined()
        one, two = rings.reviews()
        kinds = {signal.kind for signal in db.session.scalars(sa.select(Signal).order_by(Signal.id))}
        assert {"near_copy", "origin"} <= kinds  # the tests' authors all write one text
        assert _case(two, "review").priority == "high"
        assert _case(one, "review").priority == "high"  # it came first, when there was nothing to compare it with
        kept = [repr(tuple(row)) for table in db.metadata.sorted_tables for row in db.session.execute(table.select())]
        for secret in ("203.0.113.61", "Lynx"):
            assert not [row for row in kept if secret in row]


def test_a_published_copy_is_shown_not_counted_and_says_why_until_decided(app: Flask) -> None:
    with app.app_context(), writing():
        clinic = _clinic()
        first = rings.send(clinic, rings.user("a@gmail.com"), text=COPY)
        rings.examined()
        publish_time_score = first.counted
        rings.publish(first)
        second = rings.send(clinic, rings.user("b@gmail.com"), text=COPY.replace("delighted", "thrilled"))
        rings.examined()
        assert publish_time_score
        assert (first.suspicious, first.counted) == (True, False)
        assert first.uncounted_reason == "Parts of this text also stand in reviews by others. We are looking at them."
        assert first.stages[0].state == "published"
        assert (second.suspicious, second.stages[0].state) == (False, "pending")
        assert _case(second, "review").priority == "high"
        row = db.session.scalars(sa.select(LedgerRow).where(LedgerRow.act == "suspicion.raised")).one()
        assert (row.role, row.subject) == ("machine", f"review:{first.public_id}")
        case = _case(first)
        signal = suspicion.signals_of(case)[0]
        assert (signal.kind, signal.others) == ("near_copy", [second.public_id])
        assert "98% of its words" in signal.words

        suspicion.settle(case, held=False, rule="none_broken")
        case.withdraw()
        db.session.commit()
        assert (first.suspicious, first.counted, first.uncounted_reason) == (False, True, "")
        suspicion.examine(first.id)
        assert not first.suspicious, "what did not hold up is not raised again"
        assert suspicion.held_up() == {"near_copy": (0, 1)}


def test_what_held_up_is_counted_for_the_signal(app: Flask) -> None:
    with app.app_context(), writing():
        clinic = _clinic()
        sent = [rings.send(clinic, rings.user(f"{letter}@gmail.com"), text=COPY) for letter in "ab"]
        rings.examined()
        suspicion.settle(_case(sent[0], "review"), held=True, rule="copy")
        suspicion.settle(_case(sent[1], "review"), held=False, rule="none_broken")
        db.session.commit()
        assert suspicion.held_up() == {"near_copy": (1, 2)}


def test_a_bombed_clinic_keeps_its_score(app: Flask) -> None:
    """Twelve one-star reviews in a day, each published at once: frozen by the tenth, the counted ones as before."""
    with app.app_context(), writing():
        with time_machine.travel(now() - timedelta(days=200)):
            clinic = _clinic()
        for ago in range(190, 10, -20):
            with time_machine.travel(now() - timedelta(days=ago)):
                rings.publish(rings.send(clinic, rings.user(f"client{ago}@gmail.com"), 5 if ago % 3 else 4))
                rings.examined()
        before = [review.public_id for review in rings.reviews() if review.counted]
        assert len(before) == 9
        for number in range(12):
            review = rings.send(clinic, rings.user(f"bomb{number}@gmail.com"), 1)
            rings.examined()
            held = _case(review, "review").priority == "high"
            assert held or number < 9
            if not held:  # so early that a moderator saw nothing in it
                rings.publish(review)
        rings.examined()
        assert [review.public_id for review in rings.reviews() if review.counted and _is_shown(review)] == before
        words = {signal.words.partition(";")[0] for signal in db.session.scalars(sa.select(Signal).order_by(Signal.id))}
        assert "12 unproven reviews that complain in 1 day" in words


def test_many_at_one_clinic_ask_two_people_about_an_alert(app: Flask) -> None:
    with app.app_context(), writing():
        clinic = _clinic()
        for number in range(6):
            review = rings.send(clinic, rings.user(f"{number}@gmail.com"), text=f"{COPY} {number}", device="one phone")
            rings.publish(review)
        rings.examined()
        query = sa.select(Case).where(Case.subject == f"clinic:{clinic.public_id}")
        case = db.session.scalars(query).one()
        assert (case.kind, case.priority, case.clinic_id) == ("suspicion", "high", clinic.id)

        people = [rings.user(f"{name}@example.org") for name in ("first", "second")]
        case.lease_to(people[0].id)
        decision = case.decide(
            "alert", rule="r1", statement=REASON, by_id=people[0].id, role="moderator", two_people=True
        )
        db.session.flush()
        facts = {"clinic_id": clinic.id, "kind": "activity", "role": "moderator"}
        with pytest.raises(Refused, match="two people"):
            alerts.publish_alert(decision, words=REASON, **facts)
        case.second(decision, agrees=True, by_id=people[1].id, role="lead")
        with pytest.raises(Refused, match="what was seen"):
            alerts.publish_alert(decision, words="  ", **facts)
        alerts.publish_alert(decision, words=REASON, **facts)
        db.session.commit()
        shown = alerts.active_alert(clinic.id)
        assert shown is not None
        assert (shown.words, shown.ends_at - shown.starts_at) == (REASON, timedelta(days=ALERT_DAYS))
        with time_machine.travel(now() + timedelta(days=ALERT_DAYS, seconds=1)):
            assert alerts.active_alert(clinic.id) is None
            version = clinic.changed_at_version
            assert tend_signals().endswith("1 alerts ended")
            db.session.expire_all()
            assert clinic.changed_at_version > version  # cached pages hear of it
        shown.end(role="lead")
        db.session.commit()
        assert alerts.active_alert(clinic.id) is None


def test_a_night_finds_the_group(app: Flask) -> None:
    """Six accounts go from buyer to buyer. Alone, the first reviews of each looked like nothing."""
    with app.app_context(), writing():
        clinics = [_clinic(f"Place {number}") for number in range(6)]
        group = [rings.user(f"farm{number}@gmail.com") for number in range(6)]
        for day in range(3):
            with time_machine.travel(now() - timedelta(days=60 - 20 * day)):
                for number, who in enumerate(group):
                    at = clinics[(number + day) % 4]
                    network = f"10.{number}.{day}.1"
                    rings.publish(rings.send(at, who, 5 - day % 2, network=network, text=f"{day} {number} good"))
        alone = rings.send(clinics[0], rings.user("ann@gmail.com"), 5, text="Calm people.")
        rings.publish(alone)
        rings.examined()
        find_rings()
        rings.examined()
        held = {review.author_id for review in rings.reviews() if review.suspicious}
        assert held == {who.id for who in group}
        assert not db.session.get_one(Review, alone.id).suspicious


def test_traces_meet_the_neighbouring_period_and_no_other(app: Flask) -> None:
    with app.app_context(), writing():
        clinic = _clinic()
        sent = []
        for number, periods in enumerate((2, 1, 0)):
            with time_machine.travel(now() - periods * PERIOD):
                sent.append(rings.send(clinic, rings.user(f"{number}@gmail.com"), network="203.0.113.5", device="one"))
        rings.examined()
        said = {
            signal.review_id: set(signal.others)
            for signal in db.session.scalars(sa.select(Signal).where(Signal.kind == "origin").order_by(Signal.id))
        }
        first, second, third = sent
        assert said[first.id] == {second.public_id}
        assert said[second.id] == {first.public_id, third.public_id}
        assert said[third.id] == {second.public_id}


def test_traces_go_when_the_time_of_their_key_is_over(app: Flask) -> None:
    with app.app_context(), writing():
        rings.send(_clinic(), rings.user("a@gmail.com"))
        with time_machine.travel(now() + PERIOD):
            tend_signals()
            assert db.session.scalar(sa.select(sa.func.count()).select_from(Trace)) == 1
        with time_machine.travel(now() + 2 * PERIOD):
            tend_signals()
            assert db.session.scalar(sa.select(sa.func.count()).select_from(Trace)) == 0


def test_what_signals_keep_is_handed_out_and_goes_with_the_person(app: Flask) -> None:
    with app.app_context(), writing():
        clinic = _clinic()
        ann = rings.user("ann@gmail.com")
        rings.send(clinic, ann, text=COPY)
        rings.send(clinic, rings.user("b@gmail.com"), text=COPY)
        rings.examined()
        export = export_person(ann)
        assert "near_copy" in {one["about"] for one in export["Signals about your reviews"]}
        assert (
            len(export["Where your reviews were sent from"]) == len(export["How copies of your texts are found"]) == 1
        )
        erase_person(db.session.get_one(User, ann.id))
        db.session.commit()
        left = sa.select(Stage.id).join(Review).where(Review.author_id.is_not(None)).scalar_subquery()
        for table in (Trace, Sketch):
            mine = sa.select(sa.func.count()).select_from(table).where(table.stage_id.not_in(left))
            assert db.session.scalar(mine) == 0
        left_ = sa.select(Review.id).where(Review.author_id.is_not(None)).scalar_subquery()
        assert not db.session.scalars(sa.select(Signal.id).where(Signal.review_id.not_in(left_))).all()


def test_an_examination_asks_the_same_few_questions_however_many_reviews_there_are(app: Flask) -> None:
    with app.app_context(), writing():
        counts = []
        for more in (3, 30):
            clinic = _clinic(f"Clinic of {more}")
            for number in range(more):
                who = rings.user(f"{more}-{number}@gmail.com")
                review = rings.send(clinic, who, 3 + number % 3, network="203.0.113.5")
            examined = review.id
            db.session.commit()
            db.session.expire_all()
            asked: list[str] = []

            def note(
                _connection: object, _cursor: object, statement: str, *_more: object, to: list[str] = asked
            ) -> None:
                to.append(statement)

            sa.event.listen(db.engine, "before_cursor_execute", note)
            suspicion.examine(examined, onward=False)
            sa.event.remove(db.engine, "before_cursor_execute", note)
            db.session.rollback()
            counts.append(sum(statement.startswith("SELECT") for statement in asked))
        assert counts[1] <= counts[0] + 3
        assert counts[1] <= 30
