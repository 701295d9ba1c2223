"""A page of a holder's paper, for the checker who holds the case; each look is written down first."""

from flask import Blueprint, Response, abort
from flask.typing import ResponseReturnValue

from directory.access import checker
from directory.accounts.sessions import person
from directory.cases.opening import case_about
from directory.credentials.evidence import evidence_by_public_id
from directory.db import db, writing
from directory.moderation.looking import looked

bp = Blueprint("credential_papers", __name__, url_prefix="/desk/papers")


@bp.get("/<public_id>/<int:number>")
@checker()
def page(public_id: str, number: int) -> ResponseReturnValue:
    """One page as a picture. Without the case in hand there is no such page.

    Decrypted, then recorded and committed, then sent: whoever dies in between has sent nothing.
    """
    paper = evidence_by_public_id(public_id) or abort(404)
    case = case_about("credential", paper.credential.subject)
    if case is None or not case.is_leased_by(person().id):
        abort(404)
    picture = paper.page(number) or abort(404)
    db.session.rollback()  # the look is a transaction of its own that begins as a writing one
    with writing():
        (evidence_by_public_id(public_id) or abort(404)).look(number, role="checker")
        looked(person())
        db.session.commit()
    answer = Response(picture, mimetype="image/png")
    answer.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return answer
