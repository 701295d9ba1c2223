"""What was changed on a clinic's page, by whom and when; and taking a change back."""

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from directory.access import clinic_staff
from directory.accounts.sessions import person
from directory.clinics.editing import PER_PAGE, Conflict, revision_of, revisions
from directory.clinics.sections import SECTIONS
from directory.db import db
from directory.errors import Refused
from directory.forms import Form
from directory.manage import diffs
from directory.manage.revising import take_back
from directory.manage.views import bp, clinic_named


@bp.get("/<slug>/history")
@clinic_staff()
def history(slug: str) -> ResponseReturnValue:
    """Every change, newest first."""
    clinic = clinic_named(slug)
    page = max(1, min(request.args.get("page", 1, type=int), 10_000))
    found = revisions(clinic, page)
    return render_template(
        "manage/history.html",
        clinic=clinic,
        changes=[(one, diffs.lines(one.before, one.after)) for one in found[:PER_PAGE]],
        more=len(found) > PER_PAGE,
        page=page,
        sections=SECTIONS,
        me=person().id,
        form=Form(),
    )


@bp.post("/<slug>/history/<int(max=999999999):number>/undo")
@clinic_staff()
def undo_change(slug: str, number: int) -> ResponseReturnValue:
    """Bring back what stood before; the way there stays in the history."""
    revision = revision_of(clinic_named(slug), number) or abort(404)
    try:
        take_back(revision, by=person())
        db.session.commit()
        flash(_("Taken back: the page says again what it said before."))
    except (Conflict, Refused) as refused:
        db.session.rollback()
        flash(str(refused))
    return redirect(url_for(".history", slug=slug), 303)
