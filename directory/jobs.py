"""Work that runs with no visitor: when each job last ran, the process that runs the timetable and drains the queue.

huey wakes the jobs; what is to be done always follows from the database, so nothing is lost with the queue's file.
"""

import threading
import time
from collections.abc import Callable
from datetime import datetime
from typing import NamedTuple

from flask import Flask
from huey import Huey, PriorityRedisHuey, SqliteHuey, crontab
from sqlalchemy import Index, String, Text, select
from sqlalchemy.orm import Mapped, mapped_column

from directory import queue
from directory.config import Settings
from directory.db import Base, UTCDateTime, db, now, writing
from directory.log import log

KEPT_RUNS = 50
DRAIN_AT_MOST = 500
PAUSE_SECONDS = 0.25


class Job(NamedTuple):
    """One line of the timetable. `every` is minutes and hours as crontab words; `run` returns what it did in words."""

    name: str
    minute: str
    hour: str
    run: Callable[[], str]
    about: str


class JobRun(Base):
    """One run of one job: what it did, or the fault it ended with."""

    __tablename__ = "job_run"
    __table_args__ = (Index("ix_job_run_name_id", "name", "id"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(60))
    started_at: Mapped[datetime] = mapped_column(UTCDateTime, default=now)
    ended_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    outcome: Mapped[str] = mapped_column(Text, default="")
    failed: Mapped[bool] = mapped_column(default=False)


def run_once(job: Job) -> JobRun:
    """Run one job now and record it. The job's own fault is recorded, not raised."""
    run = JobRun(name=job.name, started_at=now())
    try:
        run.outcome = job.run()
    except Exception as error:  # one broken job must not stop the others
        db.session.rollback()
        log.exception("job_failed", job=job.name)
        run.outcome, run.failed = f"{type(error).__name__}: {error}"[:2000], True
    run.ended_at = now()
    with writing():
        db.session.add(run)
        db.session.flush()
        kept = select(JobRun.id).where(JobRun.name == job.name).order_by(JobRun.id.desc()).limit(KEPT_RUNS)
        oldest_kept = min(db.session.scalars(kept), default=0)
        db.session.query(JobRun).filter(JobRun.name == job.name, JobRun.id < oldest_kept).delete()
        db.session.commit()
    log.info("job_done", job=job.name, failed=run.failed)
    return run


def last_runs() -> dict[str, JobRun]:
    """The newest run of each job, by name."""
    newest: dict[str, JobRun] = {}
    for run in db.session.scalars(select(JobRun).order_by(JobRun.id.desc()).limit(1000)):
        newest.setdefault(run.name, run)
    return newest


def open_queue(settings: Settings) -> Huey:
    """The queue that wakes jobs: Redis when set, else its own SQLite file."""
    if settings.redis_url:
        return PriorityRedisHuey("hairline", url=settings.redis_url)
    settings.run_folder.mkdir(parents=True, exist_ok=True)
    return SqliteHuey("hairline", filename=str(settings.run_folder / "jobs.sqlite"))


def _carry_out_next() -> bool:
    """Take one row of the queue and do what it asks; False when nothing is due."""
    job_id = queue.claim()
    db.session.commit()
    if job_id is None:
        return False
    row = db.session.get_one(queue.QueuedJob, job_id)
    kind, public_id, payload, attempts = row.kind, row.public_id, row.payload, row.attempts
    if attempts > queue.ATTEMPTS:
        row.give_up()  # whoever took it died each time
        db.session.commit()
        return True
    db.session.commit()  # a letter may take seconds: no transaction waits for it
    try:
        queue.handler_of(kind)(public_id, **payload)
        db.session.get_one(queue.QueuedJob, job_id).finish()
        db.session.commit()
    except Exception as error:  # one broken row must not stop the others
        db.session.rollback()
        log.exception("queued_job_failed", kind=kind, attempts=attempts)
        db.session.get_one(queue.QueuedJob, job_id).fail(error)
        db.session.commit()
    return True


def drain() -> int:
    """Carry out what is due in the queue; returns how many rows were taken."""
    with writing():
        taken = 0
        while taken < DRAIN_AT_MOST and _carry_out_next():
            taken += 1
    return taken


class Waker:
    """Tells the jobs process that there is work; opened on first use, because a connection must not outlive a fork.

    Each call is a transaction of the queue, so of many calls within PAUSE_SECONDS the first is made at once, and one
    more for all the others when the pause is over.
    """

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.task: Callable[[], object] | None = None
        self.lock = threading.Lock()
        self.called_at = -PAUSE_SECONDS
        self.later: threading.Timer | None = None

    def __call__(self) -> None:
        with self.lock:
            if self.later is not None:
                return
            wait = self.called_at + PAUSE_SECONDS - time.monotonic()
            if wait > 0:
                self.later = threading.Timer(wait, self._call_for_all)
                self.later.start()
                return
            self.called_at = time.monotonic()
        self._call()

    def _call_for_all(self) -> None:
        with self.lock:
            self.later, self.called_at = None, time.monotonic()
        self._call()

    def _call(self) -> None:
        try:
            if self.task is None:
                self.task = open_queue(self.settings).task(name="drain")(drain)
            self.task()
        except Exception:  # the row is committed: the timetable finds it within a minute
            log.exception("wake_failed")


def init_app(app: Flask, settings: Settings) -> None:
    app.extensions["wake"] = Waker(settings)


def work(app: Flask, settings: Settings, timetable: list[Job]) -> None:
    """Run the timetable and the queue until the process is told to stop (SIGTERM, SIGINT)."""
    wakeups = open_queue(settings)
    wakeups.flush()  # a wake-up missed while nothing ran is not worth repeating: the next one sees the same database

    def drain_inside() -> None:
        with app.app_context():
            drain()

    wakeups.task(name="drain")(drain_inside)
    for job in timetable:
        _schedule(app, wakeups, job)
    drain_inside()
    wakeups.create_consumer(workers=2, periodic=True, check_worker_health=True, scheduler_interval=1, max_delay=1).run()


def _schedule(app: Flask, wakeups: Huey, job: Job) -> None:
    @wakeups.periodic_task(crontab(minute=job.minute, hour=job.hour), name=job.name)
    @wakeups.lock_task(job.name)
    def wake() -> None:
        with app.app_context():
            run_once(job)
