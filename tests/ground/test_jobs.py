"""The queue: what is asked for in a commit happens once after it, and is neither lost nor doubled."""

import threading
from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select

from directory import jobs, queue
from directory.db import db, now, writing

done: list[str] = []


class Broken(Exception):
    """What a handler may meet."""


@pytest.fixture(autouse=True)
def _kinds() -> None:
    done.clear()
    queue.carries_out("test.note")(lambda row_id, word: done.append(word))

    def fail(row_id: str, word: str) -> None:
        done.append(word)
        raise Broken("a person's name")

    queue.carries_out("test.fail")(fail)


def ask(app: Flask, kind: str, *words: str, about: str = "") -> None:
    with app.app_context(), writing():
        for word in words:
            queue.put(kind, word=word, about=about)
        db.session.commit()


def rows(app: Flask) -> list[queue.QueuedJob]:
    with app.app_context():
        return list(db.session.scalars(select(queue.QueuedJob).order_by(queue.QueuedJob.id)))


def drain(app: Flask) -> int:
    with app.app_context():
        return jobs.drain()


def test_what_was_asked_for_happens_in_order_and_once(app: Flask) -> None:
    ask(app, "test.note", "one", "two")
    assert drain(app) == 2
    assert drain(app) == 0
    assert done == ["one", "two"]
    assert [(row.state, row.payload) for row in rows(app)] == [("done", {}), ("done", {})]


def test_what_was_rolled_back_never_happens(app: Flask) -> None:
    with app.app_context(), writing():
        queue.put("test.note", word="unsaid")
        db.session.flush()
        db.session.rollback()
    assert drain(app) == 0
    assert done == []


def test_a_wish_nobody_can_carry_out_is_refused_at_once(app: Flask) -> None:
    with app.app_context(), pytest.raises(KeyError):
        queue.put("test.unknown")


def test_what_fails_is_tried_again_later_and_given_up_in_the_end(app: Flask) -> None:
    ask(app, "test.fail", "again")
    ask(app, "test.note", "other")
    pauses = []
    with time_machine.travel(now(), tick=False) as clock:
        for _ in range(queue.ATTEMPTS):
            assert drain(app) >= 1
            assert drain(app) == 0  # not before its pause is over
            row = rows(app)[0]
            pauses.append(row.due_at - now())
            clock.move_to(row.due_at + timedelta(seconds=1))
        assert drain(app) == 0
    assert rows(app)[0].state == "dead"
    assert rows(app)[0].error == "Broken"  # its text may name somebody
    assert done.count("again") == queue.ATTEMPTS
    assert done.count("other") == 1  # a broken row holds nobody up
    assert pauses[:-1] == sorted(pauses[:-1])
    assert sum(pauses[:-1], timedelta()) > timedelta(hours=24)  # a mail server may be away for a day


def test_a_row_whose_taker_died_is_taken_again(app: Flask) -> None:
    ask(app, "test.note", "one")
    with app.app_context(), writing():
        assert queue.claim() is not None
        db.session.commit()
    assert drain(app) == 0
    with time_machine.travel(now() + queue.LEASE + timedelta(seconds=1), tick=False):
        assert drain(app) == 1
    assert done == ["one"]


def test_a_row_that_kills_every_taker_is_given_up(app: Flask) -> None:
    ask(app, "test.note", "deadly")
    with time_machine.travel(now(), tick=False) as clock:
        for _ in range(queue.ATTEMPTS):
            with app.app_context(), writing():
                assert queue.claim() is not None
                db.session.commit()
            clock.shift(queue.LEASE + timedelta(seconds=1))
        drain(app)
    assert rows(app)[0].state == "dead"
    assert done == []


def test_many_takers_take_each_row_once(app: Flask) -> None:
    words = [f"w{number}" for number in range(30)]
    ask(app, "test.note", *words)
    threads = [threading.Thread(target=drain, args=(app,)) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(done) == sorted(words)


def test_what_waits_for_one_person_can_be_dropped(app: Flask) -> None:
    ask(app, "test.note", "theirs", about="a")
    ask(app, "test.note", "ours", about="b")
    with app.app_context(), writing():
        queue.drop_about("a")
        db.session.commit()
    drain(app)
    assert done == ["ours"]


def test_finished_rows_are_deleted_after_a_week(app: Flask) -> None:
    ask(app, "test.note", "one")
    drain(app)
    with app.app_context(), writing():
        assert queue.drop_old() == 0
        with time_machine.travel(now() + queue.KEPT + timedelta(minutes=1)):
            assert queue.drop_old() == 1


def test_a_commit_wakes_the_jobs_process(app: Flask) -> None:
    """The wake-up lands where the jobs process looks for it, under the name that process knows."""
    ask(app, "test.note", "one")
    waiting = jobs.open_queue(app.config["SETTINGS"])
    waiting.task(name="drain")(jobs.drain)
    assert [task.name for task in waiting.pending()] == ["drain"]


def test_many_commits_within_a_moment_wake_it_once_more_when_the_moment_is_over(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The last of them is never forgotten: whoever woke up before it saw nothing of it."""
    monkeypatch.setattr(jobs, "PAUSE_SECONDS", 2.0)
    waiting = jobs.open_queue(app.config["SETTINGS"])
    waiting.task(name="drain")(jobs.drain)
    for word in "abc":
        ask(app, "test.note", word)
    assert waiting.pending_count() == 1
    app.extensions["wake"].later.join()
    assert waiting.pending_count() == 2


def test_the_end_of_a_savepoint_wakes_nobody(app: Flask) -> None:
    """The row cannot be seen before the commit, and the wake-up that comes then is the one that counts."""
    waiting = jobs.open_queue(app.config["SETTINGS"])
    waiting.task(name="drain")(jobs.drain)
    with app.app_context(), writing():
        with db.session.begin_nested():
            queue.put("test.note", word="one")
        assert waiting.pending_count() == 0
        db.session.commit()
    assert waiting.pending_count() == 1
