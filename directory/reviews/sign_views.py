"""Step 3 of a review: the name under it, what is vouched for and consented to, a document that shows the visit.

Nothing that is vouched for is kept before it is sent in: while its author sends a document, or goes back to the result,
the answers wait in the author's own browser, in the cookie of its forms.
"""

from secrets import token_urlsafe
from typing import Any

from flask import abort, flash, redirect, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from directory import transit
from directory.access import member
from directory.accounts.models import User
from directory.accounts.sessions import person
from directory.db import db, write_from_here
from directory.errors import Refused
from directory.imaging.bounds import DOCUMENT_BYTES
from directory.imaging.redraw import Unreadable, studio
from directory.moderation.suspicion import draw
from directory.once import use_up
from directory.reviews import pages
from directory.reviews.consents import HEALTH, PHOTOS
from directory.reviews.forms import SignForm
from directory.reviews.models import Review
from directory.reviews.proofs import Proof
from directory.reviews.queries import own_review, stage_to_send
from directory.reviews.result_views import count_upload, is_chosen
from directory.reviews.stages import Stage
from directory.reviews.views import bp, hand_in, refuse_staff
from directory.uploads import content_of, takes_file

PUT_BY = "sign"
ANSWERS = ("pseudonym", "own", "no_tie", "incentive", "incentive_text")
CONSENTS = ("health", "photos")


def _form(user: User, review: Review, stage: Stage) -> SignForm:
    """The form, with what was put by unless something was typed."""
    data: dict[str, Any] | None = None
    if request.method != "POST":
        kept = session.get(PUT_BY, {})
        data = {"pseudonym": review.pseudonym, **(kept if kept.get("of") == review.public_id else {})}
    form = SignForm(email=user.email, has_photos=bool(stage.photos), data=data)
    if review.is_submitted:
        del form.pseudonym
    if review.is_submitted or review.verification == "visit" or review.code_digest:
        del form.document
    if review.has_consent(HEALTH):
        del form.health
    if not stage.photos or review.has_consent(PHOTOS):
        del form.photos
    return form


def _put_by(review: Review, form: SignForm, *names: str) -> None:
    """What was answered waits in the browser, until it is sent in or the person signs out."""
    told = {name: form[name].data for name in names if name in form and form[name].raw_data}
    session[PUT_BY] = {"of": review.public_id, **told}


@bp.route("/account/reviews/<public_id>/sign", methods=["GET", "POST"])
@member(reads_first=True)
@takes_file
def sign(public_id: str) -> ResponseReturnValue:
    """The name, what is vouched for and consented to, a last look, and off it goes, with a document that was chosen."""
    user = person()
    review = own_review(user, public_id) or abort(404)
    stage = review.draft
    if stage is None:
        return redirect(pages.next_step(review), 303)
    if not pages.is_told(stage):
        flash(_("Something is still missing here."))
        return redirect(url_for(".result", public_id=public_id), 303)
    form = _form(user, review, stage)
    fine = form.validate_on_submit()
    if form.document is not None and is_chosen("document"):
        write_from_here()
        try:
            _seal(public_id)
        except Unreadable as error:
            return _refused(public_id, form, error)
        review, stage = _again(public_id)
    if request.form.get("go") == "back":  # what is consented to may change there: that is asked anew
        _put_by(review, form, *ANSWERS)
        return redirect(url_for(".result", public_id=public_id), 303)
    if not fine:
        return pages.draw("reviews/sign.html", form, review=review, stage=stage)
    return _sent(person(), review, stage, form)


def _sent(user: User, review: Review, seen: Stage, form: SignForm) -> ResponseReturnValue:
    """Send it in once, however often and by however many it is pressed."""
    there, drawn = url_for(".own", public_id=review.public_id), draw(seen)
    led = use_up(user.public_id, form.once.data or token_urlsafe(), leads_to=there)
    stage = stage_to_send(user, seen.public_id)
    if led or stage is None or stage.state != "draft":
        return redirect(led or there, 303)
    refuse_staff(user, review.clinic_id)
    if form.pseudonym is not None:
        review.pseudonym = form.pseudonym.data
    review.vouch(incentive=form.incentive_text.data if form.incentive.data == "yes" else "")
    review.consent_to(HEALTH)
    if stage.photos:
        review.consent_to(PHOTOS)
    hand_in(stage, user, drawn)
    db.session.commit()
    session.pop(PUT_BY, None)
    flash(_("We have it. Thank you."))
    return redirect(there, 303)


@bp.post("/account/reviews/<public_id>/proof")
@member()
@takes_file
def add_proof(public_id: str) -> ResponseReturnValue:
    """Seal a document that shows the visit; a moderator looks at it once, then it is destroyed."""
    review = own_review(person(), public_id) or abort(404)
    if review.draft is None or review.verification == "visit":
        abort(404)
    form = _form(person(), review, review.draft)
    _put_by(review, form, *ANSWERS, *CONSENTS)
    try:
        _seal(public_id)
    except Unreadable as error:
        return _refused(public_id, form, error)
    return redirect(url_for(".sign", public_id=public_id, _anchor="proof"), 303)


def _seal(public_id: str) -> None:
    """Take the document that was chosen, in place of one that was there. Raises Unreadable."""
    review = own_review(person(), public_id) or abort(404)
    review_id = review.id
    count_upload(person().public_id)
    drawn = studio().document(content_of(request.files.get("document"), DOCUMENT_BYTES))
    proof = Proof.of(review_id, drawn)
    transit.announce(proof.keys)
    db.session.commit()
    proof.seal(drawn)
    review = own_review(person(), public_id) or abort(404)
    if review.draft is None:
        raise Refused(_("This draft was sent in or erased meanwhile."))
    if review.proof is not None:
        review.drop_proof()
        db.session.flush()
    transit.arrived(proof.keys)
    review.proof = proof
    db.session.commit()


def _again(public_id: str) -> tuple[Review, Stage]:
    review = own_review(person(), public_id) or abort(404)
    return review, review.draft or abort(404)


def _refused(public_id: str, form: SignForm, error: Unreadable) -> ResponseReturnValue:
    """The page again, with what was typed and why the document was not taken."""
    db.session.rollback()
    review, stage = _again(public_id)
    if form.document is None:  # by now the visit is proven
        raise error
    form.document.errors = [str(error)]
    return pages.draw("reviews/sign.html", form, status=error.status, review=review, stage=stage)


@bp.post("/account/reviews/<public_id>/proof/remove")
@member()
@takes_file
def drop_proof(public_id: str) -> ResponseReturnValue:
    """Take the document back; it is destroyed at once."""
    review = own_review(person(), public_id) or abort(404)
    if review.draft is not None:
        _put_by(review, _form(person(), review, review.draft), *ANSWERS, *CONSENTS)
    if review.proof is not None:
        review.drop_proof()
        db.session.commit()
    return redirect(pages.next_step(review) if review.draft is None else url_for(".sign", public_id=public_id), 303)
