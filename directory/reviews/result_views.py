"""Step 2 of a review: the result, and its photos one at a time; every button of the page saves what was typed.

A file is opened and drawn anew outside any transaction, then announced, written, and only then made part of the draft:
nothing that dies in between leaves a file nobody points at (see `directory.transit`).
"""

from flask import abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.exceptions import TooManyRequests

from directory import transit
from directory.access import member
from directory.accounts.sessions import person
from directory.allowance import Allowance, spend
from directory.db import db
from directory.imaging.bounds import PHOTO_BYTES
from directory.imaging.redraw import Drawn, Unreadable, studio
from directory.reviews import pages
from directory.reviews.forms import ResultForm
from directory.reviews.models import Review
from directory.reviews.photos import MOST_BYTES, MOST_PER_STAGE, Photo
from directory.reviews.queries import own_photo, own_review, own_stage, photo_bytes
from directory.reviews.stages import Stage
from directory.reviews.views import bp
from directory.uploads import content_of, takes_file

HALF_HOUR = 1_800
UPLOADS = Allowance("upload", 30, HALF_HOUR)


def count_upload(public_id: str) -> None:
    """One more within the half hour, and the end of the transaction: nothing is locked while a file is opened."""
    allowed = spend(UPLOADS, public_id)
    db.session.commit()
    if not allowed:
        raise TooManyRequests(retry_after=HALF_HOUR)


def is_chosen(name: str) -> bool:
    """Whether a file came with the form under that name."""
    file = request.files.get(name)
    return file is not None and bool(file.filename)


@bp.route("/account/reviews/<public_id>/result", methods=["GET", "POST"])
@member()
@takes_file
def result(public_id: str) -> ResponseReturnValue:
    """What became of it. Whoever goes back, or away, finds what was typed; a photo that was chosen comes along."""
    review = own_review(person(), public_id) or abort(404)
    stage = review.draft
    if stage is None:
        return redirect(pages.next_step(review), 303)
    form = _form(review, stage)
    fine, leaves = form.validate_on_submit(), request.form.get("go", "") in {"back", "list"}
    if is_chosen("photo"):
        try:
            _add_photo(review, stage, form)
        except Unreadable as error:
            return _refused(public_id, form, str(error), error.status)
        review = own_review(person(), public_id) or abort(404)
        stage = review.draft or abort(404)
    if not fine and not leaves:
        return pages.draw("reviews/result.html", form, review=review, stage=stage)
    _keep(review, stage, form)
    stage.step = 2 if leaves else 3
    db.session.commit()
    there = {"back": "visit", "list": "mine"}.get(request.form.get("go", ""), "sign")
    return redirect(url_for(".mine") if there == "mine" else url_for(f".{there}", public_id=public_id), 303)


def _form(review: Review, stage: Stage) -> ResultForm:
    """The form, with what the draft holds unless something was typed."""
    taken = {one.stage for one in review.stages if one is not stage}
    data = None if request.method == "POST" else pages.result_of(stage)
    return ResultForm(treated_month=review.treated_month, taken=taken, data=data)


def _keep(review: Review, stage: Stage, form: ResultForm) -> None:
    """Save what was typed and nothing is wrong with."""
    stage.keep(form.kept())
    if form.language.raw_data and not form.language.errors:
        review.language = form.language.data


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
    review = own_review(person(), public_id) or abort(404)
    stage = review.draft or abort(404)
    form = _form(review, stage)
    form.validate()
    try:
        _add_photo(review, stage, form)
    except Unreadable as error:
        return _refused(public_id, form, str(error), error.status)
    flash(_("The photo is added."))
    return redirect(url_for(".result", public_id=public_id, _anchor="photos"), 303)


def _add_photo(review: Review, stage: Stage, form: ResultForm) -> None:
    """Save what was typed, then the photo that was chosen. Raises Unreadable."""
    _keep(review, stage, form)
    who, stage_id, full = person().public_id, stage.public_id, _room_in(stage)
    count_upload(who)
    if full:
        raise Unreadable(full)
    _keep_photo(stage_id, studio().photo(content_of(request.files.get("photo"), PHOTO_BYTES)), form)


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
    photo = own_photo(person(), photo_id) or abort(404)
    stage = photo.stage
    if stage.state != "draft" or stage.review.public_id != public_id:
        abort(404)
    form = _form(stage.review, stage)
    form.validate()
    _keep(stage.review, stage, form)
    photo.forget()
    stage.photos.remove(photo)
    db.session.commit()
    return redirect(url_for(".result", public_id=public_id, _anchor="photos"), 303)
