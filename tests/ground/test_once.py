"""A form sent twice, or by many threads at once, does its work once."""

import threading
from datetime import timedelta

import time_machine
from flask import Flask
from sqlalchemy import func, select

from directory import once
from directory.db import db, now, writing


def send(app: Flask, key: str, result: str, actor: str = "somebody") -> str:
    """What a view does: the address the sender is led to."""
    with app.app_context(), writing():
        sent = once.claim(actor, key)
        if not sent.result:
            sent.result = result
            db.session.commit()
        return sent.result


def count(app: Flask) -> int:
    with app.app_context():
        return db.session.scalar(select(func.count()).select_from(once.SentForm)) or 0


def test_the_second_is_led_where_the_first_was(app: Flask) -> None:
    assert send(app, "k", "/first") == "/first"
    assert send(app, "k", "/second") == "/first"
    assert send(app, "other", "/second") == "/second"
    assert send(app, "k", "/third", actor="somebody else") == "/third"


def test_work_that_failed_may_be_sent_again(app: Flask) -> None:
    with app.app_context(), writing():
        once.claim("somebody", "k")
        db.session.rollback()
    assert send(app, "k", "/again") == "/again"


def test_sixteen_at_once(app: Flask) -> None:
    led: list[str] = []
    threads = [threading.Thread(target=lambda n=n: led.append(send(app, "k", f"/{n}"))) for n in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(led) == 16
    assert len(set(led)) == 1
    assert count(app) == 1


def test_nothing_says_who_sent_it_and_it_goes_after_a_week(app: Flask) -> None:
    send(app, "k", "/first", actor="192.0.2.7")
    with app.app_context():
        row = db.session.scalars(select(once.SentForm)).one()
        assert "192.0.2.7" not in row.actor
    with time_machine.travel(now() + timedelta(days=8)), app.app_context(), writing():
        assert once.drop_old() == 1
        db.session.commit()
    assert send(app, "k", "/anew") == "/anew"
