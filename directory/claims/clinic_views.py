"""The owner's side of a rival claim: told at once, asked what speaks against it; who claims is not said."""

from secrets import token_urlsafe

from flask import Blueprint, abort, flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from directory.access import clinic_staff
from directory.accounts.allowances import DAY, refuse_unless
from directory.accounts.sessions import person
from directory.allowance import Allowance, spend
from directory.claims import opening, queries
from directory.claims.forms import WordsForm
from directory.clinics.queries import clinic_by_slug
from directory.db import db
from directory.forms import show as show_form
from directory.once import claim as claim_once

bp = Blueprint("claim_answers", __name__, url_prefix="/manage/<slug>/claims")
ANSWERS = Allowance("claim/answers", 10, DAY)


@bp.route("/", methods=["GET", "POST"])
@clinic_staff(level="owner")
def index(slug: str) -> ResponseReturnValue:
    """Claims of this listing by others, and what its owner says to all of them at once."""
    clinic, form = clinic_by_slug(slug) or abort(404), WordsForm()
    others = [claim for claim in queries.active_claims(clinic.id) if claim.user_id != person().id]
    if not others or not form.validate_on_submit():
        return show_form("claim_answers/index.html", form, clinic=clinic, claims=others)
    allowed = spend(ANSWERS, clinic.public_id)
    db.session.commit()
    refuse_unless(allowed, ANSWERS.seconds)
    sent = claim_once(person().public_id, form.once.data or token_urlsafe())
    if not sent.result:
        for claim in others:
            opening.say(claim, "owner", form.text.data or "", by=person())
        sent.result = "said"
    db.session.commit()
    flash(_("It lies with the case now; only the desk reads it."))
    return redirect(url_for(".index", slug=slug), 303)
