"""What runs and when, what waits and what failed."""

from flask import abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from directory import queue
from directory.access import operators
from directory.db import db
from directory.operating.forms import PlainForm
from directory.operating.running import ask, job_named, timetable_lines, troubled, try_again
from directory.operating.views import bp


@bp.get("/jobs")
@operators()
def jobs() -> str:
    """The timetable with each job's last run; the queue and what failed in it."""
    return render_template(
        "operator/jobs.html",
        lines=timetable_lines(),
        counts=queue.counts(),
        troubled=troubled(),
        form=PlainForm(),
    )


@bp.post("/jobs/<name>/run")
@operators(fresh=True)
def run(name: str) -> ResponseReturnValue:
    """Have the jobs process run it next."""
    ask(job_named(name) or abort(404))
    db.session.commit()
    flash(_("The jobs process runs it next."))
    return redirect(url_for(".jobs"), 303)


@bp.post("/jobs/queue/<public_id>/again")
@operators(fresh=True)
def try_row_again(public_id: str) -> ResponseReturnValue:
    """Try now what failed and waits."""
    if not try_again(public_id):
        abort(404)
    db.session.commit()
    flash(_("It is tried again now."))
    return redirect(url_for(".jobs"), 303)
