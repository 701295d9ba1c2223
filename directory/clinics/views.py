"""A clinic's page, its cover and its small map."""

from collections.abc import Hashable
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

from flask import Blueprint, Response, abort, current_app, redirect, render_template, request, url_for
from flask.sansio.blueprints import BlueprintSetupState
from flask.typing import ResponseReturnValue
from flask_babel import get_locale

from directory.access import public
from directory.clinics import sheet, sightings
from directory.clinics.closing import beginning_of, moved_from, moved_to
from directory.clinics.cover import cover_svg
from directory.clinics.editing import stated_on
from directory.clinics.filters import FILTERS
from directory.clinics.forms import SLUG
from directory.clinics.hours import zone
from directory.clinics.kept import Kept, KeptPages
from directory.clinics.locator import MOST_TOWNS, TOWNS_KM, locator_svg
from directory.clinics.models import CLOSED, ERASED, SUSPENDED, Clinic
from directory.clinics.organisations import siblings_of
from directory.clinics.queries import Mark, clinic_by_slug, clinic_moved_from, mark_of
from directory.clinics.structured import structured_data
from directory.conditional import unchanged
from directory.credentials.reference_files import reference
from directory.credentials.showing import occupational, showing
from directory.db import now
from directory.moderation.alerts import Alert, active_alert
from directory.portfolio.showing import gallery_of
from directory.practitioners.queries import people_at
from directory.reviews.panel import panel_of
from directory.reviews.shown import View, shown
from directory.vocabulary import ACCESS, FACTS, GOALS, MATERIALS, TREATMENTS

bp = Blueprint("clinics", __name__)
SVG = "image/svg+xml"
SQUARE, WIDE = 208, 420
_STATED = {"policies": FACTS, "treatments": TREATMENTS, "materials": MATERIALS, "access": ACCESS}
COVER_HEIGHTS = {SQUARE: 208, WIDE: 105}


@bp.record_once
def _prepare(state: BlueprintSetupState) -> None:
    environment = state.app.jinja_env
    environment.filters.update(FILTERS)
    environment.globals["goal_table"] = GOALS
    state.app.extensions["clinic_pages"] = KeptPages()


@bp.get("/clinics/<slug>")
@public(cache="checked")
def show(slug: str) -> ResponseReturnValue:
    """The clinic's facts, each in its place; an address it once had leads to the present one for ever."""
    mark, moment = mark_of(slug), now()
    if mark is None or mark.status == CLOSED:
        moved = clinic_moved_from(slug)
        if moved is not None and moved.slug != slug:
            return redirect(url_for("clinics.show", slug=moved.slug), 301)
    mark = refuse_hidden(mark)
    pages: KeptPages = current_app.extensions["clinic_pages"]
    view = View.of(request.args)
    key = (slug, str(get_locale()), view)
    version = (mark, current_app.extensions["live"].invented, reference().stamp)
    kept = pages.find(key, version, moment) or pages.keep(key, _draw(slug, view, version, moment, is_read=mark.is_read))
    sightings.note("views", (mark.id,))
    return unchanged(kept.version, kept.until) or Response(kept.html, mimetype="text/html")


def refuse_hidden(mark: Mark | None) -> Mark:
    """404 when there is no such clinic or it is hidden, 410 when it was erased."""
    if mark is None or mark.status == SUSPENDED:
        abort(404)
    if mark.status == ERASED:
        abort(410)
    return mark


def _draw(slug: str, view: View, version: Hashable, moment: datetime, *, is_read: bool) -> Kept:
    """The page as it stands until the clinic opens or closes next, a licence or an alert ends, or its day does."""
    clinic = clinic_by_slug(slug) or abort(404)
    came_from = moved_from(clinic)
    state, alert = sheet.state_of(clinic, moment), _alert_at(clinic, came_from)
    today = moment.astimezone(zone(clinic.timezone)).date()
    canonical = current_app.config["SETTINGS"].base_url.rstrip("/") + url_for("clinics.show", slug=slug)
    page, panel = shown(clinic.id, view), panel_of(clinic.id)
    if view.page > 1 and not page.accounts:
        abort(404)
    held = showing(clinic, moment)
    structured = None
    if view == View():
        certified = occupational(held.credentials, moment)
        structured = structured_data(clinic, canonical, panel, page.accounts, certified)
    html = render_template(
        "clinics/show.html",
        held=held,
        today=today,
        law=held.law,
        clinic=clinic,
        state_words=sheet.state_words(state, moment),
        people=people_at([clinic.id], today).get(clinic.id, []),
        **_sheet(clinic, moment),
        canonical=canonical,
        structured=structured,
        shown=page,
        gallery=gallery_of(clinic.id),
        panel=panel,
        alert=alert,
        changes=page.changes,
        came_from=came_from,
        went_to=moved_to(clinic) if clinic.status == CLOSED else None,
        beside=siblings_of(clinic),
        is_read=is_read,
    )
    tomorrow = beginning_of(today + timedelta(days=1), clinic)
    ends = (tomorrow, held.law.until, state and state.at, alert and alert.ends_at)
    return Kept(version, min(end for end in ends if end), html)


def _sheet(clinic: Clinic, moment: datetime) -> dict[str, Any]:
    """What the clinic says of itself, line by line."""
    return {
        "hours": sheet.hours_lines(clinic, moment),
        "prices": sheet.price_lines(clinic),
        "origins": list(sheet.origin_lines(clinic)),
        "lines": {table: sheet.stated_lines(clinic, words) for table, words in _STATED.items()},
        "stated_on": stated_on(clinic),
    }


def _alert_at(clinic: Clinic, came_from: Clinic | None) -> Alert | None:
    """The alert on its page; nobody leaves one behind by moving."""
    return active_alert(clinic.id) or (active_alert(came_from.id) if came_from is not None else None)


@lru_cache(512)
def _cover(slug: str, width: int) -> str:
    return cover_svg(slug, width, COVER_HEIGHTS[width])


@bp.get("/clinics/<slug>/cover.svg", defaults={"width": SQUARE})
@bp.get("/clinics/<slug>/cover-wide.svg", defaults={"width": WIDE})
@public(cache="asset")
def cover(slug: str, width: int) -> Response:
    """The stippled picture, drawn from the slug alone: it tells nothing about whether such a clinic exists."""
    if not SLUG.fullmatch(slug):
        abort(404)
    return Response(_cover(slug, width), mimetype=SVG)


@bp.get("/clinics/<slug>/map.svg")
@public(cache="checked")
def locator(slug: str) -> Response:
    """The small map: towns around from the gazetteer, the public point in the middle."""
    mark = mark_of(slug)
    refuse_hidden(mark)
    if (answer := unchanged(mark)) is not None:
        return answer
    clinic = clinic_by_slug(slug) or abort(404)
    towns = current_app.extensions["gazetteer"].towns_around(clinic.lat, clinic.lon, TOWNS_KM, MOST_TOWNS)
    return Response(locator_svg(clinic, towns), mimetype=SVG)
