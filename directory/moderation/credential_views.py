"""A page of a holder's paper, for whoever holds the case or an appeal; each look is written down first."""

from flask import Blueprint, Response, abort
from flask.typing import ResponseReturnValue

from directory.access import desk
from directory.accounts.sessions import person
from directory.credentials.evidence import evidence_by_public_id
from directory.db import db, writing
from directory.moderation import looks
from directory.moderation.acts import role_of
from directory.moderation.looking import looked

bp = Blueprint("credential_papers", __name__, url_prefix="/desk/papers")


@bp.get("/<public_id>/<int:number>")
@desk()
def page(public_id: str, number: int) -> ResponseReturnValue:
    """One page as a picture. Without the case in hand, or an appeal against its decision, there is no such page.

    Decrypted, then recorded and committed, then sent: whoever dies in between has sent nothing.
    """
    paper = evidence_by_public_id(public_id) or abort(404)
    held = looks.in_hand_about(person(), "credential", paper.credential.subject) or abort(404)
    role = "checker" if held.kind == "credential" else role_of(person())
    picture = paper.page(number) or abort(404)
    db.session.rollback()  # the look is a transaction of its own that begins as a writing one
    with writing():
        (evidence_by_public_id(public_id) or abort(404)).look(number, role=role)
        looks.keep(person(), held, looks.page_of("paper", public_id, number))
        looked(person())
        db.session.commit()
    answer = Response(picture, mimetype="image/png")
    answer.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return answer
