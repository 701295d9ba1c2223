"""Photos of a question: added one at a time by whoever asks, and taken away again.

A file is opened and drawn anew outside any transaction, then announced, written, and only then made part of the
question: nothing that dies in between leaves a file nobody points at (see `directory.transit`).
"""

from flask import Response, abort, flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.exc import IntegrityError

from directory import transit
from directory.access import member
from directory.accounts.allowances import refuse_unless
from directory.accounts.sessions import person
from directory.allowance import Allowance, spend
from directory.consultations import queries
from directory.consultations.asking_views import send_out
from directory.consultations.forms import PhotoForm, PlainForm
from directory.consultations.inquiries import UNCONFIRMED_LIFE, Inquiry
from directory.consultations.photos import MOST_PHOTOS, SIZE, QuestionPhoto, own_question_photo
from directory.consultations.views import bp
from directory.consultations.words import PHOTO_CONSENT_VERSION
from directory.db import db
from directory.forms import show as show_form
from directory.imaging.bounds import PHOTO_BYTES
from directory.imaging.redraw import Unreadable, studio
from directory.uploads import content_of, takes_file

HALF_HOUR = 1_800
UPLOADS = Allowance("consultation/photos", 20, HALF_HOUR)
SANDBOX = "sandbox; default-src 'none'"


def _open(public_id: str) -> Inquiry:
    inquiry = queries.own_inquiry(person(), public_id) or abort(404)
    if not inquiry.is_open:
        abort(404)
    return inquiry


@bp.route("/account/questions/<public_id>/photos", methods=["GET", "POST"])
@member()
@takes_file
def photos(public_id: str) -> ResponseReturnValue:
    """The photos of a question that is not sent or not settled; add one."""
    _open(public_id)
    form = PhotoForm()
    if not form.is_submitted() or not _is_added(public_id, form):
        return _shown(form, public_id)
    flash(_("The photo is added."))
    return redirect(url_for(".photos", public_id=public_id), 303)


@bp.post("/account/questions/<public_id>/send")
@member()
@takes_file
def send(public_id: str) -> ResponseReturnValue:
    """The question that waited for its photos goes out; one that was chosen and not added goes along."""
    if (queries.own_inquiry(person(), public_id) or abort(404)).sent_at is None:
        form = PhotoForm()
        if form.photo.data and not _is_added(public_id, form):
            return _shown(form, public_id)
    send_out(queries.own_inquiry(person(), public_id) or abort(404), person())
    db.session.commit()
    return redirect(url_for(".list_own"), 303)


def _is_added(public_id: str, form: PhotoForm) -> bool:
    """Add the photo that was chosen; where it cannot be taken, the form says why."""
    full, allowed = len(_open(public_id).photos) >= MOST_PHOTOS, spend(UPLOADS, person().public_id)
    db.session.commit()  # opening a stranger's file takes seconds: no transaction waits for it
    refuse_unless(allowed, HALF_HOUR)
    if not form.validate_on_submit():
        return False
    try:
        if full:
            raise Unreadable(_("There are %(number)s photos already. Remove one to add another.", number=MOST_PHOTOS))
        _keep(public_id, studio().photo(content_of(form.photo.data, PHOTO_BYTES)).files[SIZE])
    except Unreadable as reason:
        db.session.rollback()
        form.photo.errors = [str(reason)]
        return False
    return True


def _shown(form: PhotoForm, public_id: str) -> ResponseReturnValue:
    """The page, with what is wrong with the photo."""
    facts = {"inquiry": _open(public_id), "most": MOST_PHOTOS, "unsent_days": UNCONFIRMED_LIFE.days}
    return show_form("consultations/photos.html", form, plain=PlainForm(), **facts)


def _keep(public_id: str, drawn: bytes) -> None:
    """Write the file, then make it part of the question if that still has room for it. Raises Unreadable."""
    photo = QuestionPhoto.of(PHOTO_CONSENT_VERSION)
    transit.announce([photo.key])
    db.session.commit()
    photo.seal(person(), drawn)
    inquiry = _open(public_id)
    free = sorted({*range(1, MOST_PHOTOS + 1)} - {other.place for other in inquiry.photos})
    try:
        photo.place = free[0] if free else 0
        inquiry.photos.append(photo)
        transit.arrived([photo.key])
        db.session.commit()
    except IntegrityError as error:
        raise Unreadable(_("Another photo arrived at the same moment. Please add this one again."), 409) from error


@bp.get("/account/questions/<public_id>/photos/<photo_id>")
@member()
def photo(public_id: str, photo_id: str) -> Response:
    """One's own photo, as the clinics see it."""
    return picture(own_question_photo(person(), public_id, photo_id) or abort(404))


@bp.post("/account/questions/<public_id>/photos/<photo_id>/remove")
@member()
def drop_photo(public_id: str, photo_id: str) -> ResponseReturnValue:
    """Erase one photo at once, for the clinics too."""
    found = own_question_photo(person(), public_id, photo_id) or abort(404)
    inquiry = found.inquiry
    found.forget()
    db.session.delete(found)
    db.session.commit()
    flash(_("The photo is erased, for you and for the clinics you asked."))
    if inquiry.is_open:
        return redirect(url_for(".photos", public_id=public_id), 303)
    return redirect(url_for(".show", public_id=inquiry.consultations[0].public_id), 303)


def picture(found: QuestionPhoto) -> Response:
    """The bytes, closed to anything but being looked at."""
    content = found.content()
    if content is None:
        abort(404)
    answer = Response(content, mimetype="image/jpeg")
    answer.headers["Content-Security-Policy"] = SANDBOX
    return answer
