"""Asking that somebody else looks again at what was decided."""

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from directory.access import desk
from directory.accounts.sessions import person
from directory.db import db
from directory.errors import Refused
from directory.moderation import deciding, looking_again
from directory.moderation.desk_forms import AgainForm
from directory.moderation.desk_views import bp, case_named, shown
from directory.moderation.naming import named


@bp.post("/items/<public_id>/again")
@desk()
def again(public_id: str) -> ResponseReturnValue:
    """It comes back to the desk for somebody else than whoever decided it."""
    case, form = case_named(public_id), AgainForm()
    if not form.validate_on_submit():
        return shown(case, again=form)
    try:
        deciding.refuse_conflict(person(), case)
        made = looking_again.look_again(case, form.why.data or "", by=person())
    except Refused as why:
        db.session.rollback()
        form.why.errors = [str(why)]
        return shown(case_named(public_id), again=form)
    db.session.commit()
    flash(named(made, _("It waits for somebody else to look again.")))
    return redirect(url_for(".index"), 303)
