"""A page of a clinic's document, for whoever holds the case or an appeal; each look is written down first."""

from flask import Blueprint, Response, abort

from directory.access import moderator
from directory.accounts.sessions import person
from directory.db import db, writing
from directory.ledger import record
from directory.moderation import looks
from directory.moderation.evidence import evidence_by_public_id
from directory.moderation.looking import looked

bp = Blueprint("evidence", __name__, url_prefix="/desk/evidence")


@bp.get("/<public_id>/<int:number>")
@moderator()
def page(public_id: str, number: int) -> Response:
    """One page as a picture. Without the case in hand, or an appeal against its decision, there is no such page."""
    evidence = evidence_by_public_id(public_id) or abort(404)
    held = looks.in_hand(person(), evidence.report.case) or abort(404)
    picture = evidence.page(number) or abort(404)
    db.session.rollback()  # the look is a transaction of its own that begins as a writing one
    with writing():
        record("evidence.seen", role="moderator", subject=f"evidence:{public_id}", page=number)
        looks.keep(person(), held, looks.page_of("evidence", public_id, number))
        looked(person())
        db.session.commit()
    answer = Response(picture, mimetype="image/png")
    answer.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return answer
