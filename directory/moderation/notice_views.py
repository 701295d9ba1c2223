"""The author's page about a legal notice: read what is complained of, then choose."""

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from directory.access import member
from directory.accounts.sessions import person
from directory.cases.queries import statement_to
from directory.db import db
from directory.forms import show as show_form
from directory.moderation.contacts import own_contact, own_contacts
from directory.moderation.outcomes import outcome_of
from directory.moderation.report_forms import AnswerForm

bp = Blueprint("notices", __name__, url_prefix="/account/notices")


@bp.get("/")
@member()
def index() -> str:
    """The legal notices about what this person wrote."""
    return render_template("notices/index.html", contacts=own_contacts(person()))


@bp.route("/<public_id>", methods=["GET", "POST"])
@member()
def show(public_id: str) -> ResponseReturnValue:
    """One notice, and the author's answer to it."""
    contact = own_contact(person(), public_id) or abort(404)
    form = AnswerForm()
    if not form.validate_on_submit():
        outcome = outcome_of(contact.case)
        decided = {"outcome": outcome, "statement": statement_to(person(), contact.case)} if outcome.decided_at else {}
        return show_form("notices/show.html", form, contact=contact, **decided)
    contact.give(form.answer.data)
    db.session.commit()
    flash(_("We have your answer."))
    return redirect(url_for(".show", public_id=public_id), 303)
