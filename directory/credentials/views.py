"""The provenance card of a credential, its QR code, and a clinic's live badge."""

from flask import Blueprint, Response, abort, current_app, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response as BaseResponse

from directory.access import public
from directory.accounts.second_factor import qr_path
from directory.clinics.closing import moved_to
from directory.clinics.models import CLOSED, PUBLISHED, Clinic
from directory.clinics.queries import clinic_by_slug, clinic_moved_from
from directory.conditional import unchanged
from directory.credentials.badge import Badge, badge, badge_of_closed, badge_svg
from directory.credentials.card import card
from directory.credentials.outside_words import FILTERS
from directory.credentials.queries import visible_credential
from directory.credentials.showing import summaries
from directory.db import now
from directory.mail import link

bp = Blueprint("credentials", __name__)
SVG = "image/svg+xml"
bp.record_once(lambda state: state.app.jinja_env.filters.update(FILTERS))


@bp.get("/credentials/<public_id>")
@public(cache="checked")
def show(public_id: str) -> ResponseReturnValue:
    """What it is, who checked it how and when, what it does not tell."""
    one = visible_credential(public_id) or abort(404)
    drawn = card(one, now())
    holder = one.holder
    if (answer := unchanged(drawn, holder.slug, holder.name)) is not None:
        return answer
    home = "clinics.show" if isinstance(holder, Clinic) else "practitioners.show"
    page = render_template(
        "credentials/show.html",
        credential=one,
        card=drawn,
        holder=holder,
        home=url_for(home, slug=holder.slug),
        canonical=link("credentials.show", public_id=public_id),
        qr=qr_path(link("credentials.show", public_id=public_id)),
    )
    return Response(page, mimetype="text/html")


@bp.get("/credentials/<public_id>/qr.svg")
@public(cache="checked")
def qr(public_id: str) -> ResponseReturnValue:
    """The address of the card as a QR code, to print beside a certificate on the wall."""
    one = visible_credential(public_id) or abort(404)
    if (answer := unchanged(one.public_id)) is not None:
        return answer
    path, side = qr_path(link("credentials.show", public_id=public_id))
    return Response(render_template("credentials/qr.svg", path=path, side=side), mimetype=SVG)


@bp.get("/badges/<slug>.svg")
@public(cache="checked")
def badge_picture(slug: str) -> ResponseReturnValue:
    """What stands now, for a clinic's own site: asked for anew each time, readable from anywhere, with no cookie.

    Where the clinic's page leads on, so does its badge; one that closed or moved says so.
    """
    clinic = clinic_by_slug(slug)
    if clinic is None or clinic.status == CLOSED:
        successor = clinic_moved_from(slug)
        if successor is not None and successor.slug != slug:
            return _from_anywhere(redirect(url_for(".badge_picture", slug=successor.slug), 301))
    if clinic is None or clinic.status not in (PUBLISHED, CLOSED):
        abort(404)
    drawn = _badge_of(clinic)
    return _from_anywhere(unchanged(drawn) or Response(badge_svg(drawn), mimetype=SVG))


def _badge_of(clinic: Clinic) -> Badge:
    site = current_app.config["SETTINGS"].site_name
    if clinic.status == CLOSED:
        return badge_of_closed(site, is_moved=moved_to(clinic) is not None)
    summary = summaries([clinic], now())[clinic.id]
    return badge(site, summary.law.strongest, summary.strength)


def _from_anywhere(answer: BaseResponse) -> BaseResponse:
    answer.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    return answer
