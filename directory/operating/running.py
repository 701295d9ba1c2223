"""Running a job of the timetable now, and trying what failed again: asked here, carried out by the jobs process."""

from typing import NamedTuple

from sqlalchemy import select, update

from directory import queue
from directory.db import db, now
from directory.jobs import Job, JobRun, last_runs, run_once
from directory.ledger import record
from directory.queue import DEAD, WAITING, QueuedJob
from directory.timetable import TIMETABLE

RUN = "operating.run"
SHOWN = 50
# Carries out the very row that would ask for it.
NEVER = {"queue"}


class Line(NamedTuple):
    """A job of the timetable with its last run; `fault` is the kind of its fault, whose text may quote a person."""

    job: Job
    run: JobRun | None
    fault: str
    may_run: bool


def timetable_lines() -> list[Line]:
    runs = last_runs()
    return [_line(job, runs.get(job.name)) for job in TIMETABLE]


def _line(job: Job, run: JobRun | None) -> Line:
    fault = run.outcome.partition(":")[0] if run is not None and run.failed else ""
    return Line(job, run, fault, job.name not in NEVER)


def job_named(name: str) -> Job | None:
    return next((job for job in TIMETABLE if job.name == name and name not in NEVER), None)


def ask(job: Job) -> None:
    """The jobs process runs it next."""
    queue.put(RUN, name=job.name)
    record("job.asked", role="operator", subject=f"job:{job.name}")


@queue.carries_out(RUN)
def _run(row_id: str, name: str) -> None:
    job = job_named(name)
    if job is not None:
        run_once(job)


def troubled() -> list[QueuedJob]:
    """Rows that failed and wait for another try, and those given up; newest first."""
    query = (
        select(QueuedJob)
        .where((QueuedJob.state == DEAD) | ((QueuedJob.state == WAITING) & (QueuedJob.error != "")))
        .order_by(QueuedJob.id.desc())
        .limit(SHOWN)
    )
    return list(db.session.scalars(query))


def try_again(public_id: str) -> bool:
    """Try a row that waits now; False when none waits. What was given up has lost its words and cannot be tried."""
    moved = (
        update(QueuedJob)
        .where(QueuedJob.public_id == public_id, QueuedJob.state == WAITING, QueuedJob.error != "")
        .values(due_at=now())
        .returning(QueuedJob.kind)
    )
    kind = db.session.scalar(moved, execution_options={"synchronize_session": False})
    if kind is not None:
        record("queue.tried_again", role="operator", subject=f"queue:{public_id}", kind=kind)
    return kind is not None
