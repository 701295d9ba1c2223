"""Replying to a review: written under the guard, read by a moderator, shown."""

from secrets import token_urlsafe

from flask import abort, flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from directory.access import clinic_staff
from directory.accounts.sessions import person
from directory.db import db
from directory.forms import Form, show
from directory.manage.complaints import reasons_of
from directory.manage.forms import ReplyForm
from directory.manage.guard import KINDS, marked
from directory.manage.replying import SAFE_WORDS, names_at, reply_to, review_at, take_back
from directory.manage.views import bp, clinic_named
from directory.once import claim


@bp.route("/<slug>/reviews/<public_id>/reply", methods=["GET", "POST"])
@clinic_staff()
def reply(slug: str, public_id: str) -> ResponseReturnValue:
    """Write the clinic's one reply, or change it. What could name the reviewer is shown before it is sent."""
    clinic = clinic_named(slug)
    review = review_at(clinic, public_id) or abort(404)
    written = review.reply
    form = ReplyForm(text=(written.proposed_text or written.text) if written else "")
    marks = marked(form.text.data or "", names_at(clinic)) if form.is_submitted() else []
    fine = form.validate_on_submit()
    if not fine or (marks and not form.knowing.data):
        told = {"reasons": reasons_of(clinic, [review]), "marks": marks, "kinds": KINDS, "safe": SAFE_WORDS}
        answer = show("manage/reply.html", form, clinic=clinic, review=review, **told)
        return (answer[0], 422) if fine else answer  # type: ignore[index,return-value]
    user = person()
    sent = claim(user.public_id, form.once.data or token_urlsafe())
    if not sent.result:
        reply_to(review, form.text.data, by_id=user.id, marks=marks)
        sent.result = url_for(".reviews", slug=slug)
    answer = redirect(sent.result, 303)
    db.session.commit()
    flash(_("Your reply is with a moderator. It shows once it was read."))
    return answer


@bp.route("/<slug>/reviews/<public_id>/reply/withdraw", methods=["GET", "POST"])
@clinic_staff()
def withdraw_reply(slug: str, public_id: str) -> ResponseReturnValue:
    """Take the reply back; its words go at once."""
    clinic = clinic_named(slug)
    review = review_at(clinic, public_id) or abort(404)
    if review.reply is None or not review.reply.may_change:
        abort(404)
    form = Form()
    if not form.validate_on_submit():
        return show("manage/withdraw_reply.html", form, clinic=clinic, review=review)
    take_back(review.reply)
    db.session.commit()
    flash(_("The reply is gone."))
    return redirect(url_for(".reviews", slug=slug), 303)
