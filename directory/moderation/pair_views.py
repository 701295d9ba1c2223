"""Imported pairs settled together from the list: nothing about a person is ever decided in bulk."""

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from directory.access import desk
from directory.accounts.sessions import person
from directory.db import db
from directory.errors import Refused
from directory.moderation import deciding, desk_queries
from directory.moderation.desk_forms import PlainForm
from directory.moderation.desk_views import bp, case_named, queue_of
from directory.moderation.pairs import bulk_words, pairs_of
from directory.moderation.rules import FINDING


@bp.post("/bulk")
@desk()
def bulk() -> ResponseReturnValue:
    """The ticked pairs are two places each; the reason that is kept says that they were decided from the list."""
    if not PlainForm().validate_on_submit():
        abort(400)
    cases = [case_named(public_id) for public_id in request.form.getlist("item")[: desk_queries.PAGE]]
    if not cases:
        return _not_settled(_("Tick the pairs that are two places each; nothing was decided."))
    if any(case.kind != "duplicate" for case in cases):
        raise Refused(_("Only imported pairs are decided together."))
    pairs = pairs_of([case.subject_id for case in cases])
    if not all(case.subject_id in pairs and pairs[case.subject_id].is_told_apart for case in cases):
        return _not_settled(_("A pair of which the list shows no difference is opened and read by itself."))
    for case in cases:
        deciding.take(case, person())
        words = bulk_words(pairs[case.subject_id], len(cases))
        deciding.decide(case, "different", rule=FINDING, statement=words, by=person(), extra={})
    db.session.commit()
    flash(ngettext("%(num)s pair is two places.", "%(num)s pairs are two places each.", len(cases)))
    return redirect(url_for(".index", kind="duplicate"), 303)


def _not_settled(why: str) -> ResponseReturnValue:
    return render_template("desk/index.html", **queue_of("open", "duplicate"), not_settled=why), 422
