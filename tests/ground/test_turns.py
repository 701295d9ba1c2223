"""Whoever writes has a turn, who only reads waits for nobody, and nothing rests on what was read before the turn."""

import threading

import pytest
from flask import Flask
from sqlalchemy import select, text

from directory import ledger
from directory.allowance import Allowance, RateEvent, spend
from directory.clinics.models import Clinic
from directory.db import db, insert_unless_there, is_sqlite, writing
from directory.once import SentForm, use_up
from tests import chains, factories
from tests.reviews.authors import author, clinic, draft, fill, reviews, signed


def test_a_form_that_is_wrong_is_told_so_while_somebody_else_writes(app: Flask) -> None:
    """On SQLite the whole database is somebody else's meanwhile."""
    clinic(app)
    ann = author(app)
    address = draft(ann)
    with app.app_context(), writing(), db.engine.connect() as holder:
        holder.execute(text("UPDATE search_version SET version = version"))
        wrong = fill(ann, f"{address}/sign", **signed(pseudonym=""))
        holder.rollback()
    assert wrong.status_code == 422
    assert fill(ann, f"{address}/sign", **signed()).status_code == 303


def test_what_was_read_before_the_turn_does_not_fork_the_record(app: Flask) -> None:
    """Somebody else appends between another's first look at the record and that other's row: both stand, in a chain."""
    chains.append(app, 1)
    with app.app_context():
        assert ledger.head()[0] == 1
        other = threading.Thread(target=chains.append, args=(app, 1))
        other.start()
        other.join()
        ledger.record("review.published", role="moderator-1", subject="review:late")
        db.session.commit()
    assert ledger.verify(chains.read(app)) is None
    assert len(chains.read(app)) == 3


def _rename(app: Flask, clinic_id: int, name: str) -> None:
    with app.app_context():
        db.session.get_one(Clinic, clinic_id, with_for_update=True).name += name
        db.session.commit()


LOCKS = [
    lambda number: select(Clinic).where(Clinic.id == number).with_for_update(),
    lambda number: select(Clinic.name).where(Clinic.id == number).with_for_update(of=Clinic),
    lambda number: text("UPDATE clinic SET name = name WHERE id = :number").bindparams(number=number),
]


@pytest.mark.parametrize("lock", LOCKS, ids=["a thing", "a column", "a statement of words"])
def test_a_row_that_was_asked_for_stays_as_it_is_until_the_end(app: Flask, lock: object) -> None:
    factories.saved(app, lambda: factories.clinic(slug="one", name="One"))
    with app.app_context():
        number, name = db.session.execute(select(Clinic.id, Clinic.name)).one()
        assert name == "One"
        db.session.execute(lock(number))  # type: ignore[operator]
        other = threading.Thread(target=_rename, args=(app, number, " of theirs"))
        other.start()
        other.join(0.3)
        assert other.is_alive()
        seen = db.session.scalars(select(Clinic).where(Clinic.id == number)).one()
        assert seen.name == "One"
        seen.name += " of ours"
        db.session.commit()
    other.join()
    with app.app_context():
        assert db.session.get_one(Clinic, number).name == "One of ours of theirs"


def test_a_savepoint_is_a_turn_too(app: Flask) -> None:
    """It is set inside the transaction that writes, not in the one that only read."""
    with app.app_context():
        assert db.session.scalar(select(Clinic.id).limit(1)) is None
        with db.session.begin_nested():
            factories.clinic(slug="one")
            db.session.flush()
        other = threading.Thread(target=chains.append, args=(app, 1))
        other.start()
        if is_sqlite():
            other.join(0.3)
            assert other.is_alive()
        db.session.commit()
    other.join()
    with app.app_context():
        assert db.session.scalar(select(Clinic.slug)) == "one"


def test_four_read_and_then_spend_what_is_left(app: Flask) -> None:
    """All have looked before the first of them spends; no more than two get through."""
    two, ready, got = Allowance("test", 2, 3_600), threading.Barrier(4, timeout=20), []

    def try_it() -> None:
        with app.app_context():
            db.session.scalar(select(RateEvent.id).limit(1))
            ready.wait()
            got.append(spend(two, "somebody"))
            db.session.commit()

    threads = [threading.Thread(target=try_it) for _number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(got) == [False, False, True, True]


def test_a_row_that_is_there_already_is_left_alone(app: Flask) -> None:
    with app.app_context():
        assert use_up("somebody", "k", leads_to="/first") == ""
        assert use_up("somebody", "k", leads_to="/second") == "/first"
        again = insert_unless_there(SentForm).values(actor="a", key="k", result="").returning(SentForm.id)
        assert db.session.scalar(again) is not None
        assert db.session.scalar(again) is None
        db.session.commit()


def test_a_review_pressed_by_sixteen_at_once_is_sent_in_once(app: Flask) -> None:
    """Each with a key of its own: the stage's own state decides, read again under the turn."""
    clinic(app)
    ann = author(app)
    address = draft(ann)
    page = ann.get(f"{address}/sign")
    token = page.text.split('name="csrf_token"')[1].split('value="')[1].split('"')[0]
    statuses: list[int] = []
    cookies = {"Cookie": "; ".join(f"{one.key}={one.value}" for one in ann._cookies.values())}

    def press(number: int) -> None:
        data = {**signed(), "csrf_token": token, "once": f"key-{number}"}
        answer = app.test_client(use_cookies=False).post(f"{address}/sign", data=data, headers=cookies)
        statuses.append(answer.status_code)

    threads = [threading.Thread(target=press, args=(number,)) for number in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert set(statuses) == {303}
    (review,) = reviews(app)
    assert len(review.consents) == 1
    assert [row.act for row in chains.read(app)].count("review.submitted") == 1
