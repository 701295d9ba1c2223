"""What a decision says to whom it concerns: the statement of reasons, and the appeal against it."""

from secrets import token_urlsafe

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from directory.access import member
from directory.accounts.sessions import person
from directory.cases.again import carried_out, later_of
from directory.cases.appealing import appeal as appeal_against
from directory.cases.appealing import may_appeal
from directory.cases.clocks import CLOCKS
from directory.cases.decisions import Decision, Statement
from directory.cases.forms import AppealForm
from directory.cases.holds import HELD, Hold, hold_of, is_hold
from directory.cases.models import APPEAL_WINDOW
from directory.cases.queries import own_appeal, own_statement, own_statements
from directory.db import db
from directory.forms import show
from directory.once import claim

bp = Blueprint("cases", __name__, url_prefix="/account")

RESTRICTIONS = {
    "not_published": _l("It was not published"),
    "refused": _l("It was not published"),
    "needs_edit": _l("It needs a change before it can be published"),
    "redacted": _l("It is published without one part"),
    "removed": _l("It was taken down"),
    HELD: _l("It is hidden for a day at the most"),
    "set_aside": _l("It is shown, and does not count"),
    "photo_removed": _l("A photo is not shown"),
    "photo_not_published": _l("A photo is not shown"),
    "reply_refused": _l("The reply is not shown"),
    "needs_info": _l("The desk asks for something before it can check your credential"),
    "not_verified": _l("The credential could not be confirmed"),
    "claim_asks": _l("The desk asks for something before it can decide on your claim"),
    "claim_refused": _l("Your claim of the listing was refused"),
    "listing_passes_on": _l("The listing passes on to somebody else"),
    "listing_taken_away": _l("The listing is not yours any more"),
    "put_back": _l("It is as it was before"),
    "picture_needs_edit": _l("A picture needs a change before it is shown"),
    "picture_refused": _l("A picture is not shown"),
    "picture_removed": _l("A picture was taken down"),
    "inspection_shown": _l("An authority's inspection is shown on your page"),
    "sanction_shown": _l("A measure of an authority is shown on your page"),
    "page_refused": _l("The page was not linked with your account"),
    "name_hidden": _l("A name is no longer shown"),
    "name_shown": _l("A name is shown again"),
    "kept": _l("It stays as it is"),
    "upheld": _l("The decision stands"),
    "reversed": _l("The decision was reversed"),
}


def restriction_words(key: str) -> str:
    """What was done, in words; an unknown key reads as its own words."""
    return str(RESTRICTIONS.get(key) or key.replace("_", " ").capitalize())


def statement_words(statement: Statement) -> str:
    """What was done, in words; of what was hidden provisionally, also how that ended."""
    if not is_hold(statement):
        return restriction_words(statement.restriction)
    return hold_words(hold_of(statement.decision))


def hold_words(hold: Hold) -> str:
    """How a provisional decision stands, in one line."""
    if hold.ended_at is None:
        return restriction_words(HELD)
    if not hold.decided:
        return str(_("It was hidden for a day; nobody decided, so it shows again"))
    stays = _("It was hidden until it was decided: it stays")
    return str(stays if hold.kept else _("It was hidden until it was decided"))


def looked_at_again(statement: Statement) -> Decision | None:
    """The decision of somebody else who looked again at what this statement explains."""
    later = later_of(statement.decision.case)
    return carried_out(later) if later is not None else None


for _words in (restriction_words, statement_words, hold_of, looked_at_again, is_hold):
    bp.app_template_global(_words.__name__)(_words)


@bp.get("/statements")
@member()
def statements() -> str:
    """All reasons this person was given."""
    return render_template("cases/statements.html", statements=own_statements(person()))


@bp.get("/statements/<public_id>")
@member()
def statement(public_id: str) -> str:
    """One statement of reasons: what was done, by which rule, why, and what can be done about it."""
    user = person()
    found = own_statement(user, public_id) or abort(404)
    return render_template(
        "cases/statement.html",
        statement=found,
        appeal=own_appeal(user, found.decision_id),
        may_appeal=may_appeal(found),
        last_day=(found.at + APPEAL_WINDOW).date(),
        days=CLOCKS["appeal"].hours // 24,
    )


@bp.route("/statements/<public_id>/appeal", methods=["GET", "POST"])
@member()
def appeal(public_id: str) -> ResponseReturnValue:
    """Appeal once, in one's own words."""
    user = person()
    found = own_statement(user, public_id) or abort(404)
    there = url_for(".statement", public_id=public_id)
    if own_appeal(user, found.decision_id) is not None or not may_appeal(found):
        return redirect(there, 303)
    form = AppealForm()
    if not form.validate_on_submit():
        return show("cases/appeal.html", form, statement=found, days=CLOCKS["appeal"].hours // 24)
    sent = claim(user.public_id, form.once.data or token_urlsafe())
    if not sent.result and appeal_against(found, form.text.data, by=user) is not None:
        sent.result = there
        db.session.commit()
        flash(_("We have your appeal. Somebody who took no part in the decision reads it."))
    return redirect(there, 303)
