"""Pictures as they come in, one at a time, and as they are handed out: to the clinic, to everybody."""

from flask import Response, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.exceptions import TooManyRequests

from directory import transit
from directory.access import clinic_staff
from directory.accounts.sessions import person
from directory.allowance import spend
from directory.clinics.models import Clinic
from directory.db import db
from directory.errors import Refused
from directory.forms import show as show_form
from directory.imaging.answers import picture_answer
from directory.imaging.redraw import Unreadable
from directory.portfolio import consent, sending, taking_in
from directory.portfolio.forms import AddForm, DescribeForm, PlaceForm, PressForm
from directory.portfolio.models import MOST_IN_SET, MOST_OF_PLACE, OPEN, Picture, hold
from directory.portfolio.queries import picture_of, places_of, set_of
from directory.portfolio.views import bp, clinic_named, draw, set_named
from directory.uploads import takes_file


def _count_upload() -> None:
    """One more within the half hour, and the end of the transaction: nothing is locked while a file is opened."""
    allowed = spend(taking_in.UPLOADS, person().public_id)
    db.session.commit()
    if not allowed:
        raise TooManyRequests(retry_after=taking_in.HALF_HOUR)


def _announced(clinic_id: int, **facts: object) -> Picture:
    """The file that was sent, written under keys that are announced; part of nothing yet."""
    drawn = taking_in.drawn(request.files.get("photo"))
    picture = Picture.of(drawn)
    picture.clinic_id = clinic_id
    for name, value in facts.items():
        setattr(picture, name, value)
    transit.announce(picture.keys)
    db.session.commit()
    picture.store(drawn)
    return picture


@bp.post("/results/<public_id>/pictures")
@takes_file
@clinic_staff()
def add(slug: str, public_id: str) -> ResponseReturnValue:
    """Add one picture to a result; it stays a draft until it was agreed to and sent in."""
    one = set_named(slug, public_id)
    form, clinic_id = AddForm(finished=one.finished), one.clinic_id
    fine = form.validate_on_submit()
    _count_upload()
    if not fine:
        return draw(set_named(slug, public_id), form, 422)
    try:
        taking_in.refuse_full(set_named(slug, public_id).kept, MOST_IN_SET, clinic_id)
        db.session.rollback()
        picture = _announced(clinic_id)
        one = set_of(clinic_named(slug), public_id, lock=True) or abort(404)
        taking_in.refuse_full(one.kept, MOST_IN_SET, clinic_id)
        picture.result_id = one.id
        picture.describe(**form.facts())
        is_new = taking_in.place(picture, one.kept)
        db.session.commit()
    except Unreadable as error:
        db.session.rollback()
        form.photo.errors = [str(error)]
        return draw(set_named(slug, public_id), form, error.status)
    flash(_("The picture is added. Now it needs the consent of the person in it.") if is_new else _("It is here."))
    return redirect(url_for(".result", slug=slug, public_id=public_id), 303)


def _draw_places(clinic: Clinic, form: PlaceForm, status: int = 200) -> ResponseReturnValue:
    page = render_template(
        "portfolio/pictures.html",
        clinic=clinic,
        form=form,
        press=PressForm(),
        pictures=places_of(clinic),
        most=MOST_OF_PLACE,
    )
    return page, status


@bp.get("/pictures")
@clinic_staff()
def pictures(slug: str) -> ResponseReturnValue:
    """The pictures of the place, and one more."""
    return _draw_places(clinic_named(slug), PlaceForm())


@bp.post("/pictures")
@takes_file
@clinic_staff()
def add_place(slug: str) -> ResponseReturnValue:
    """Add one picture of the place; it goes to the moderators at once."""
    clinic, form = clinic_named(slug), PlaceForm()
    fine, clinic_id, by_id = form.validate_on_submit(), clinic.id, person().id
    _count_upload()
    if not fine:
        return _draw_places(clinic_named(slug), form, 422)
    try:
        taking_in.refuse_full(places_of(clinic_named(slug)), MOST_OF_PLACE, clinic_id)
        db.session.rollback()
        picture = _announced(clinic_id, kind=form.kind.data, unedited=True)
        held = places_of(clinic_named(slug))
        taking_in.refuse_full(held, MOST_OF_PLACE, clinic_id)
        if taking_in.place(picture, held):
            picture.allow(consent.NOBODY)
            db.session.flush()
            sending.send_place(picture, by_id=by_id)
        db.session.commit()
    except Unreadable as error:
        db.session.rollback()
        form.photo.errors = [str(error)]
        return _draw_places(clinic_named(slug), form, error.status)
    flash(_("The picture is with the moderators."))
    return redirect(url_for(".pictures", slug=slug), 303)


@bp.route("/pictures/<public_id>", methods=["GET", "POST"])
@clinic_staff()
def describe(slug: str, public_id: str) -> ResponseReturnValue:
    """State otherwise what a picture shows, before it is read or after it was sent back."""
    picture = picture_of(clinic_named(slug), public_id) or abort(404)
    one = picture.result
    if one is None or picture.state not in OPEN:
        abort(404)
    form = DescribeForm(obj=picture, finished=one.finished)
    if not form.validate_on_submit():
        return show_form("portfolio/describe.html", form, clinic=one.clinic, one=one, picture=picture)
    hold([picture])
    if picture.state not in OPEN:
        raise Refused(_("This picture was sent in or withdrawn meanwhile."))
    picture.describe(**form.facts())
    db.session.commit()
    return redirect(url_for(".result", slug=slug, public_id=one.public_id), 303)


@bp.get("/pictures/<public_id>/<size>")
@clinic_staff()
def own_file(slug: str, public_id: str, size: str) -> Response:
    """A picture as its clinic sees it, whatever its state."""
    return picture_answer(picture_of(clinic_named(slug), public_id) or abort(404), size)
