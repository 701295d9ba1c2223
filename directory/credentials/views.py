"""The provenance card of a credential, its QR code, and a clinic's live badge."""

from flask import Blueprint, Response, abort, current_app, render_template, url_for
from flask.typing import ResponseReturnValue

from directory.access import public
from directory.accounts.second_factor import qr_path
from directory.clinics.models import PUBLISHED, Clinic
from directory.clinics.queries import clinic_by_slug
from directory.conditional import unchanged
from directory.credentials.badge import badge, badge_svg
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
    """What stands now, for a clinic's own site: asked for anew each time, readable from anywhere, with no cookie."""
    clinic = clinic_by_slug(slug)
    if clinic is None or clinic.status != PUBLISHED:
        abort(404)
    summary = summaries([clinic], now())[clinic.id]
    drawn = badge(current_app.config["SETTINGS"].site_name, summary.law.strongest, summary.strength)
    answer = unchanged(drawn) or Response(badge_svg(drawn), mimetype=SVG)
    answer.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    return answer
