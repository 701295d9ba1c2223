"""A person's own reviews: what state each is in, what waits, and everything its author may do with it."""

from secrets import token_urlsafe

from flask import abort, flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from directory.access import member, public
from directory.accounts.forms import PlainForm
from directory.accounts.sessions import person
from directory.cases.queries import public_ids
from directory.db import db, now
from directory.errors import Refused
from directory.forms import show
from directory.once import claim
from directory.reviews import choices, pages
from directory.reviews.episodes import stage_for
from directory.reviews.forms import AfterwardsForm, EditForm, SureForm
from directory.reviews.letters import review_of
from directory.reviews.parting import wish
from directory.reviews.queries import own_review, own_reviews, own_stage, review_by_public_id
from directory.reviews.sending import close_cases, receipt_of, send_edit
from directory.reviews.views import bp, hand_in


@bp.get("/account/reviews")
@member()
def mine() -> str:
    """All of them, with what waits."""
    reviews = own_reviews(person())
    form = AfterwardsForm(reviews="stay" if any(review.stays for review in reviews) else "go")
    return render_template("reviews/mine.html", reviews=reviews, words=choices, form=form)


@bp.get("/account/reviews/<public_id>")
@member()
def own(public_id: str) -> str:
    """One of them: its stages, photos, proofs, and what can be done next."""
    user = person()
    review = own_review(user, public_id) or abort(404)
    stage = stage_for(review.treated_month, now().date())
    told = {one.stage for one in review.stages}
    may_add = review.draft is None and stage not in told and any(one.is_public for one in review.stages)
    return render_template(
        "reviews/own.html",
        review=review,
        form=PlainForm(),
        words=choices,
        next_stage=stage if may_add else "",
        receipt_of=receipt_of,
        statements=public_ids(
            user,
            [
                review.set_aside_id,
                *(one.statement_id for one in review.stages),
                *(one.statement_id for one in review.photos),
            ],
        ),
        next_step=pages.next_step(review),
    )


@bp.route("/account/reviews/<public_id>/stages/<stage_id>/edit", methods=["GET", "POST"])
@member()
def edit(public_id: str, stage_id: str) -> ResponseReturnValue:
    """Other words: proposed for what is public, mended where a moderator asked for it."""
    user = person()
    stage = own_stage(user, stage_id, lock=request.method == "POST")
    if stage is None or stage.review.public_id != public_id or not (stage.is_public or stage.state == "needs_edit"):
        abort(404)
    form = EditForm(data=None if request.method == "POST" else {"text": stage.proposed_text or stage.text})
    if not form.validate_on_submit():
        told = public_ids(user, [stage.statement_id])
        return show("reviews/edit.html", form, review=stage.review, stage=stage, statements=told)
    there = url_for(".own", public_id=public_id)
    sent = claim(user.public_id, form.once.data or token_urlsafe())
    if sent.result:
        return redirect(sent.result, 303)
    if stage.is_public:
        send_edit(stage, form.text.data, by=user)
    else:
        stage.text = form.text.data
        hand_in(stage, user)
    sent.result = there
    db.session.commit()
    flash(_("We have it. What is public stays as it is until it was read."))
    return redirect(there, 303)


@bp.post("/account/reviews/<public_id>/discard")
@member()
def discard(public_id: str) -> ResponseReturnValue:
    """Throw a draft away, with its photos; what was sent in before stays."""
    review = own_review(person(), public_id) or abort(404)
    review.discard_draft()
    if not review.stages:
        db.session.delete(review)
    db.session.commit()
    flash(_("The draft is erased."))
    return redirect(url_for(".mine"), 303)


@bp.post("/account/reviews/<public_id>/letters/end")
@member()
def end_own_letters(public_id: str) -> ResponseReturnValue:
    """No letter asks again how it has settled."""
    review = own_review(person(), public_id) or abort(404)
    review.letter_at = None
    db.session.commit()
    flash(_("We will not ask."))
    return redirect(url_for(".own", public_id=public_id), 303)


@bp.route("/account/letters/<token>", methods=["GET", "POST"])
@public(cache="private")
def end_letters(token: str) -> ResponseReturnValue:
    """The link of a letter: one press, no signing in. Opening it changes nothing: mail programs open links too."""
    review = review_by_public_id(review_of(token) or "") or abort(404)
    form = PlainForm()
    if form.validate_on_submit():
        review.letter_at = None
        db.session.commit()
    answer = make_response(render_template("reviews/end_letters.html", form=form, ended=review.letter_at is None))
    answer.headers["Referrer-Policy"] = "no-referrer"
    return answer


@bp.post("/account/reviews/afterwards")
@member()
def afterwards() -> ResponseReturnValue:
    """What becomes of the reviews should the account be erased one day."""
    form = AfterwardsForm()
    if form.validate_on_submit():
        wish(person(), form.reviews.data)
        db.session.commit()
        flash(_("We will do as you wish."))
    return redirect(url_for(".mine"), 303)


@bp.route("/account/reviews/<public_id>/withdraw", methods=["GET", "POST"])
@member()
def withdraw(public_id: str) -> ResponseReturnValue:
    """Take all of it back: words, figures and photos are gone at once."""
    review = own_review(person(), public_id) or abort(404)
    if review.is_withdrawn or not review.is_submitted:
        return redirect(pages.next_step(review), 303)
    form = SureForm()
    if not form.validate_on_submit():
        return show("reviews/withdraw.html", form, review=review)
    close_cases(review)
    review.withdraw()
    review.record_withdrawal()
    db.session.commit()
    flash(_("It is taken back. Nothing of what you wrote is left."))
    return redirect(url_for(".mine"), 303)


@bp.route("/account/reviews/<public_id>/photo-consent", methods=["GET", "POST"])
@member()
def withdraw_photos(public_id: str) -> ResponseReturnValue:
    """Take the consent to photos back: they are gone at once, the words stay."""
    review = own_review(person(), public_id) or abort(404)
    if not any(photo.state != "withdrawn" for photo in review.photos):
        raise Refused(_("There are no photos."))
    form = SureForm()
    if not form.validate_on_submit():
        return show("reviews/withdraw_photos.html", form, review=review)
    close_cases(review, photos_only=True)
    review.withdraw_photos()
    db.session.commit()
    flash(_("The photos are gone."))
    return redirect(url_for(".own", public_id=public_id), 303)
