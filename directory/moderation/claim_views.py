"""What the moderator who holds a claim does about its proof: print the letter, call, look at the site."""

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from directory.access import moderator
from directory.accounts.sessions import person
from directory.cases.models import Case
from directory.claims import proving
from directory.claims.models import CODE_LIFE, Claim
from directory.db import db, now
from directory.moderation.acts import role_of
from directory.moderation.claim_acts import claim_of
from directory.moderation.desk_forms import PlainForm
from directory.moderation.desk_queries import case_by_public_id
from directory.moderation.ties import conflict

bp = Blueprint("claim_proofs", __name__, url_prefix="/desk/claims")


def _held(public_id: str, proof: str) -> tuple[Case, Claim]:
    """The case, when it is this person's to work on now, and its claim by that proof."""
    case = case_by_public_id(public_id)
    if case is None or case.state != "open" or not case.is_leased_by(person().id) or conflict(person(), case):
        abort(404)
    claim = claim_of(case)
    if claim is None or claim.proof != proof or not PlainForm().validate_on_submit():
        abort(404)
    return case, claim


@bp.post("/<public_id>/letter")
@moderator()
def letter(public_id: str) -> ResponseReturnValue:
    """The letter to print, with a code that is shown this once; printed again, the code before is dead."""
    case, claim = _held(public_id, "letter")
    made = proving.new_code(claim, role=role_of(person()))
    moment = now()
    page = render_template(
        "claim_proofs/letter.html", case=case, claim=claim, code=made, today=moment, last=moment + CODE_LIFE
    )
    db.session.commit()
    return page


@bp.post("/<public_id>/call")
@moderator()
def call(public_id: str) -> ResponseReturnValue:
    """The number to call and the code to read out, shown this once; good for an hour."""
    case, claim = _held(public_id, "call")
    made = proving.new_code(claim, role=role_of(person()))
    page = render_template("claim_proofs/call.html", case=case, claim=claim, code=made)
    db.session.commit()
    return page


@bp.post("/<public_id>/tag")
@moderator()
def tag(public_id: str) -> ResponseReturnValue:
    """The site was opened and the tag is there."""
    case, claim = _held(public_id, "tag")
    proving.saw_tag(claim, role=role_of(person()))
    db.session.commit()
    flash(_("Noted: the tag is there."))
    return redirect(url_for("desk.show", public_id=case.public_id), 303)
