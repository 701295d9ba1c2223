"""One review at an address of its own, and the button of whoever found it helpful."""

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.exc import IntegrityError

from directory.access import member, public
from directory.accounts.forms import PlainForm
from directory.accounts.sessions import person
from directory.clinics.changes import note_change
from directory.clinics.queries import clinic_by_slug
from directory.conditional import unchanged
from directory.db import db
from directory.errors import Refused
from directory.reviews import choices
from directory.reviews.models import Review
from directory.reviews.queries import works_there
from directory.reviews.shown import accounts, place_of
from directory.reviews.views import bp
from directory.reviews.votes import HelpfulVote

bp.record_once(lambda state: state.app.jinja_env.globals.update(review_words=choices))


@bp.get("/reviews/<public_id>")
@public(cache="checked")
def show(public_id: str) -> ResponseReturnValue:
    """One review, for whoever was sent a link to it; the clinic's page says what it stands among."""
    place = place_of(public_id) or abort(404)
    if (answer := unchanged(place)) is not None:
        return answer
    [account] = accounts([place.review_id])
    return render_template("reviews/show.html", one=account, clinic=clinic_by_slug(place.slug) or abort(404))


@bp.route("/reviews/<public_id>/helpful", methods=["GET", "POST"])
@member()
def helpful(public_id: str) -> ResponseReturnValue:
    """Say that a review helped, or take that back; the rows are counted, nothing else is."""
    place = place_of(public_id, told="now") or abort(404)
    user, review = person(), db.session.get_one(Review, place.review_id)
    if review.author_id == user.id or works_there(user, place.clinic_id):
        raise Refused(_("Whoever wrote a review or works at the clinic does not judge how helpful it is."))
    held = db.session.get(HelpfulVote, (review.id, user.id))
    form, wanted = PlainForm(), request.form.get("want") == "yes"
    if not form.validate_on_submit():
        [account] = accounts([review.id])
        return render_template("reviews/helpful.html", form=form, one=account, clinic=review.clinic, is_held=bool(held))
    if wanted != bool(held):
        _change(review.id, user.id, held)
        note_change(db.session(), place.clinic_id)
        db.session.commit()
    flash(_("Noted. Thank you.") if wanted else _("Taken back."))
    return redirect(url_for(".helpful", public_id=public_id), 303)


def _change(review_id: int, user_id: int, held: HelpfulVote | None) -> None:
    """One row, or none; pressed twice at once, it stays one."""
    if held is not None:
        db.session.delete(held)
        return
    try:
        with db.session.begin_nested():
            db.session.add(HelpfulVote(review_id=review_id, user_id=user_id))
            db.session.flush()
    except IntegrityError:
        return
