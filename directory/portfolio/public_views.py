"""What everybody sees: a clinic's results on a page of their own, and the files."""

from flask import Blueprint, Response, abort, current_app, render_template, url_for
from flask.typing import ResponseReturnValue

from directory.access import public
from directory.clinics.models import CLOSED, PUBLISHED
from directory.clinics.queries import clinic_by_slug, mark_of
from directory.conditional import unchanged
from directory.imaging.answers import picture_answer
from directory.portfolio import showing
from directory.portfolio.queries import shown_picture

bp = Blueprint("results", __name__)
bp.add_app_template_filter(showing.alt_of, "alt_of")


@bp.get("/clinics/<slug>/results")
@public(cache="checked")
def at_clinic(slug: str) -> ResponseReturnValue:
    """All results a clinic shows, those that healed longest first; a page for those it has, or none."""
    mark = mark_of(slug)
    if mark is None or mark.status not in (PUBLISHED, CLOSED):
        abort(404)
    if (answer := unchanged(mark, current_app.extensions["live"].invented)) is not None:
        return answer
    clinic = clinic_by_slug(slug) or abort(404)
    gallery = showing.gallery_of(clinic.id)
    if not gallery.results:
        abort(404)
    canonical = current_app.config["SETTINGS"].base_url.rstrip("/") + url_for(".at_clinic", slug=slug)
    return render_template("results/at_clinic.html", clinic=clinic, gallery=gallery, canonical=canonical)


@bp.get("/pictures/<public_id>/<size>")
@public(cache="checked")
def picture(public_id: str, size: str) -> Response:
    """A picture that is shown. Browsers may keep it but ask again each time: a withdrawal must show at once."""
    found = shown_picture(public_id) or abort(404)
    return unchanged(found.key) or picture_answer(found, size)
