"""Photos and proofs: taken into a draft one at a time, and handed out to whoever may see them.

A file is opened and drawn anew outside any transaction, then announced, written, and only then made part of the draft:
nothing that dies in between leaves a file nobody points at (see `directory.transit`).
"""

from flask import Response, abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.exceptions import TooManyRequests

from directory import transit
from directory.access import member, public
from directory.accounts.sessions import person
from directory.allowance import Allowance, spend
from directory.conditional import unchanged
from directory.db import db
from directory.errors import Refused
from directory.imaging.answers import picture_answer
from directory.imaging.bounds import DOCUMENT_BYTES, PHOTO_BYTES
from directory.imaging.redraw import Drawn, Unreadable, studio
from directory.reviews import pages
from directory.reviews.forms import ProofForm, ResultForm
from directory.reviews.photos import MOST_BYTES, MOST_PER_STAGE, Photo
from directory.reviews.proofs import Proof
from directory.reviews.queries import own_photo, own_review, own_stage, photo_bytes, shown_photo
from directory.reviews.stages import Stage
from directory.reviews.views import bp, result_form
from directory.uploads import content_of, takes_file

HALF_HOUR = 1_800
UPLOADS = Allowance("upload", 30, HALF_HOUR)


def _count_upload(public_id: str) -> None:
    """One more within the half hour, and the end of the transaction: nothing is locked while a file is opened."""
    allowed = spend(UPLOADS, public_id)
    db.session.commit()
    if not allowed:
        raise TooManyRequests(retry_after=HALF_HOUR)


def _room_in(stage: Stage) -> str:
    """Why no photo more may be added; empty when one may."""
    if len([photo for photo in stage.photos if photo.state != "withdrawn"]) >= MOST_PER_STAGE:
        return str(_("There are %(number)s photos already. Remove one to add another.", number=MOST_PER_STAGE))
    author = stage.review.author_id
    if author is not None and photo_bytes(author) >= MOST_BYTES:
        return str(_("Your photos fill the room that one person has. Remove some to add others."))
    return ""


@bp.post("/account/reviews/<public_id>/photos")
@member()
@takes_file
def add_photo(public_id: str) -> ResponseReturnValue:
    """Add one photo to the draft; the answers typed beside it are saved with it."""
    user = person()
    review = own_review(user, public_id) or abort(404)
    stage = review.draft or abort(404)
    form = result_form(review, stage)
    form.validate()
    stage.keep(form.kept())
    who, stage_id, full = user.public_id, stage.public_id, _room_in(stage)
    _count_upload(who)
    try:
        if full:
            raise Unreadable(full)
        drawn = studio().photo(content_of(request.files.get("photo"), PHOTO_BYTES))
        _keep_photo(stage_id, drawn, form)
    except Unreadable as error:
        return _refused(public_id, form, str(error), error.status)
    flash(_("The photo is added."))
    return redirect(url_for(".result", public_id=public_id, _anchor="photos"), 303)


def _keep_photo(stage_id: str, drawn: Drawn, form: ResultForm) -> None:
    """Write the files, then make them part of the draft if it is still one and has room. Raises Unreadable."""
    photo = Photo.of(drawn)
    photo.light, photo.hair_length = form.light.data, form.hair_length.data
    transit.announce(photo.keys)
    db.session.commit()
    photo.store(drawn)
    stage = own_stage(person(), stage_id, lock=True)
    if stage is None or stage.state != "draft":
        raise Unreadable(_("This draft was sent in or erased meanwhile."), 409)
    if any(held.thumb == photo.thumb for held in stage.photos):  # sent twice
        transit.send_off(photo.keys)
    elif full := _room_in(stage):
        raise Unreadable(full)
    else:
        transit.arrived(photo.keys)
        stage.photos.append(photo)
    db.session.commit()


def _refused(public_id: str, form: ResultForm, reason: str, status: int) -> ResponseReturnValue:
    """The page again, with what was typed and why the file was not taken; nothing else is complained of."""
    db.session.rollback()
    review = own_review(person(), public_id) or abort(404)
    stage = review.draft
    if stage is None:
        return redirect(pages.next_step(review), 303)
    for field in form:
        field.errors = []
    form.photo.errors = [reason]
    return pages.draw("reviews/result.html", form, status=status, review=review, stage=stage)


@bp.post("/account/reviews/<public_id>/photos/<photo_id>/remove")
@member()
@takes_file
def drop_photo(public_id: str, photo_id: str) -> ResponseReturnValue:
    """Take one photo out of the draft; its files go at once."""
    user = person()
    photo = own_photo(user, photo_id) or abort(404)
    stage = photo.stage
    if stage.state != "draft" or stage.review.public_id != public_id:
        abort(404)
    form = result_form(stage.review, stage)
    form.validate()
    stage.keep(form.kept())
    photo.forget()
    stage.photos.remove(photo)
    db.session.commit()
    return redirect(url_for(".result", public_id=public_id, _anchor="photos"), 303)


@bp.get("/account/photos/<public_id>/<size>")
@member()
def own_photo_file(public_id: str, size: str) -> Response:
    """A photo as its author sees it, whatever its state."""
    photo = own_photo(person(), public_id) or abort(404)
    return picture_answer(photo, size)


@bp.get("/photos/<public_id>/<size>")
@public(cache="checked")
def photo(public_id: str, size: str) -> Response:
    """A published photo. Browsers and proxies may keep it but ask again each time: a removal must show at once."""
    found = shown_photo(public_id) or abort(404)
    return unchanged(found.key) or picture_answer(found, size)


@bp.post("/account/reviews/<public_id>/proof")
@member()
@takes_file
def add_proof(public_id: str) -> ResponseReturnValue:
    """Seal a document that shows the visit; a moderator looks at it once, then it is destroyed."""
    user = person()
    review = own_review(user, public_id) or abort(404)
    if review.draft is None or review.verification == "visit":
        abort(404)
    if not ProofForm().validate():
        abort(400)
    review_id = review.id
    _count_upload(user.public_id)
    try:
        drawn = studio().document(content_of(request.files.get("document"), DOCUMENT_BYTES))
    except Unreadable as error:
        flash(str(error))
        return redirect(url_for(".sign", public_id=public_id, _anchor="proof"), 303)
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
    return redirect(url_for(".sign", public_id=public_id, _anchor="proof"), 303)


@bp.post("/account/reviews/<public_id>/proof/remove")
@member()
def drop_proof(public_id: str) -> ResponseReturnValue:
    """Take the document back; it is destroyed at once."""
    review = own_review(person(), public_id) or abort(404)
    if review.proof is not None:
        review.drop_proof()
        db.session.commit()
    return redirect(pages.next_step(review) if review.draft is None else url_for(".sign", public_id=public_id), 303)
