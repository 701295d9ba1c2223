"""The page of the person in the pictures: they agree, and they take back with one press, without an account.

Whoever holds the link is taken for the person: the clinic gave it to them, and no address or name ever comes here.
"""

from flask import Blueprint, Response, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from directory.access import public
from directory.db import db
from directory.errors import Refused
from directory.imaging.answers import picture_answer
from directory.portfolio import consent, sending
from directory.portfolio.forms import PressForm
from directory.portfolio.models import Picture, ResultSet, hold
from directory.portfolio.queries import set_by_link

bp = Blueprint("pictured", __name__, url_prefix="/p")


@bp.after_request
def _quiet(response: Response) -> Response:
    """Not in the log of the next site: the address is the key."""
    response.headers["Referrer-Policy"] = "no-referrer"
    return response


def _set(token: str) -> ResultSet:
    return set_by_link(token[:80]) or abort(404)


def _chosen(one: ResultSet) -> list[Picture]:
    """The picture that the button named, all of them where it named none."""
    name = request.form.get("picture", "")
    found = [picture for picture in one.kept if name in {"", picture.public_id}]
    return found or abort(404)


@bp.get("/<token>")
@public(cache="private")
def show(token: str) -> str:
    """The pictures, what stands beside them, and whether each is agreed to."""
    one = _set(token)
    words = consent.words_of(consent.LINK)
    return render_template("pictured/show.html", one=one, token=token, press=PressForm(), words=words)


@bp.post("/<token>/agree")
@public(cache="private")
def agree(token: str) -> ResponseReturnValue:
    """The person's own word for one picture, in the words of the page."""
    one = _set(token)
    if not PressForm().validate_on_submit() or not request.form.get("picture"):
        abort(400)
    db.session.refresh(one, with_for_update=True)  # what stands beside it now, and until this is kept
    chosen = _chosen(one)
    hold(chosen)
    for picture in chosen:
        if picture.stated != request.form.get("stated"):
            raise Refused(_("The clinic changed what stands beside this picture. Please look again."))
        if picture.consent_how != consent.LINK:
            picture.allow(consent.LINK)
    db.session.commit()
    flash(_("Thank you. You can take it back here at any time: keep this link."))
    return redirect(url_for(".show", token=token), 303)


@bp.post("/<token>/withdraw")
@public(cache="private")
def withdraw(token: str) -> ResponseReturnValue:
    """Taken back: the files are erased with this, and nobody asks why."""
    one = _set(token)
    if not PressForm().validate_on_submit():
        abort(400)
    for picture in _chosen(one):
        sending.withdraw(picture, consent.PERSON)
    db.session.commit()
    flash(_("Done. It is not shown any more, and its files are being erased."))
    return redirect(url_for(".show", token=token), 303)


@bp.get("/<token>/<picture>/<size>")
@public(cache="private")
def picture(token: str, picture: str, size: str) -> Response:
    """One of the pictures, whatever its state."""
    found = next((one for one in _set(token).kept if one.public_id == picture), None)
    return picture_answer(found or abort(404), size)
