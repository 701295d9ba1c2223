"""The read API: clinics, practitioners, places, the open data and its description. No key, no cookie, no session."""

import json
from datetime import datetime
from typing import Any

from flask import (
    Blueprint,
    Response,
    abort,
    current_app,
    redirect,
    render_template,
    request,
    send_file,
    stream_with_context,
    url_for,
)
from flask.typing import ResponseReturnValue

from directory.access import public
from directory.api import export as open_data
from directory.api.credentials import credential_resource
from directory.api.document import openapi
from directory.api.parameters import CLINIC_PARAMETERS, PLACE_PARAMETERS, unknown_names
from directory.api.resources import clinic_resource, practitioner_resource
from directory.api.results import kept_answers, make_room, results_json, standing_facts
from directory.api.schema import PlaceFound
from directory.clinics.forms import SLUG
from directory.clinics.models import CLOSED, ERASED, SUSPENDED
from directory.clinics.queries import clinic_by_slug, clinic_moved_from
from directory.conditional import unchanged
from directory.config import Settings
from directory.credentials.outside import outside
from directory.credentials.queries import visible_credential
from directory.credentials.showing import summaries
from directory.db import now
from directory.errors import Unprocessable
from directory.limits import limiter
from directory.places import countries
from directory.places.gazetteer import Gazetteer
from directory.practitioners.queries import engagements_of, people_at, practitioner_by_slug
from directory.search.forms import LONGEST_PLACE, read_query
from directory.search.run import Outcome, run
from directory.words import visible

bp = Blueprint("api", __name__)
bp.record_once(lambda state: make_room(state.app))
PREFIX = "/api/v1/"
JSON = "application/json"


def _rate() -> str:
    rate: str = current_app.config["RATE_API"]
    return rate


def _settings() -> Settings:
    settings: Settings = current_app.config["SETTINGS"]
    return settings


def _answer(body: Any) -> Response:
    text = body if isinstance(body, str) else json.dumps(body, ensure_ascii=False)
    return Response(text, mimetype=JSON)


@bp.after_app_request
def _open_to_other_sites(response: Response) -> Response:
    """Pages elsewhere may read the API, errors included; there is no cookie or key that this could lend them."""
    if request.path.startswith(PREFIX):
        response.headers["Access-Control-Allow-Origin"] = "*"
        response.headers["Access-Control-Expose-Headers"] = "ETag, Retry-After, X-Request-Id"
        response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
        if request.method == "OPTIONS":
            response.headers["Access-Control-Allow-Methods"] = "GET, HEAD, OPTIONS"
            response.headers["Access-Control-Allow-Headers"] = "If-None-Match, X-Request-Id"
    return response


@bp.get("/api/v1/clinics")
@limiter.limit(_rate)
@public(cache="checked")
def clinics() -> ResponseReturnValue:
    """One page of results. Opening hours decide only when asked for, so only then is the minute part of the tag.

    Days of expiry end on a quarter of an hour wherever they end. Every other moment at which something said here stops
    to be so is known once the answer is made, so that it is part of the tag; a kept answer tells it without making it.
    """
    moment, state = now(), current_app.extensions["live"].current()
    minute = int(moment.timestamp()) // (60 if "open_now" in request.args else 900)
    made_from = (state.stamp, minute, state.index.turned(moment))
    key = (*made_from, request.query_string)
    held = kept_answers().get(key)
    if held is None or moment >= held.until:
        held = results_json(_found(moment))
        kept_answers().put(key, held)
    return unchanged(*made_from, held.until) or _answer(held.text)


def _found(moment: datetime) -> Outcome:
    """Search for what the address says; raises Unprocessable with everything in it that was not understood."""
    query = read_query(request.args)
    query.messages.update(unknown_names(request.args, CLINIC_PARAMETERS))
    if query.cursor and query.typed.get("page"):
        query.messages["page"] = "Give a page or a cursor, not both."
    if query.messages:
        raise Unprocessable(query.messages)
    outcome = run(query, now=moment)
    if query.messages:
        raise Unprocessable(query.messages)
    return outcome


@bp.get("/api/v1/clinics/<slug>")
@limiter.limit(_rate)
@public(cache="checked")
def clinic(slug: str) -> ResponseReturnValue:
    """One clinic: 301 from an address it once had, 404 when hidden, 410 when erased."""
    found = clinic_by_slug(slug) if SLUG.fullmatch(slug) else None
    if found is None or found.status == CLOSED:
        moved = clinic_moved_from(slug)
        if moved is not None and moved.slug != slug:
            return redirect(url_for("api.clinic", slug=moved.slug), 301)
    if found is None or found.status == SUSPENDED:
        abort(404, "There is no such clinic.")
    if found.status == ERASED:
        abort(410, "This listing was erased.")
    today = now().date()
    shows = standing_facts(summaries([found], now())[found.id])
    if (answer := unchanged(found.id, found.changed_at_version, today, shows)) is not None:
        return answer
    team = people_at([found.id], today).get(found.id, [])
    published = outside(found.id, [post.practitioner_id for post in team], today)
    return _answer(clinic_resource(found, team, shows, published))


@bp.get("/api/v1/practitioners/<slug>")
@limiter.limit(_rate)
@public(cache="checked")
def practitioner(slug: str) -> ResponseReturnValue:
    """One person: 404 when hidden, 410 when erased."""
    person = practitioner_by_slug(slug) if SLUG.fullmatch(slug) else None
    if person is None or person.status == "suspended":
        abort(404, "There is no such practitioner.")
    if person.status == "erased":
        abort(410, "This entry was erased.")
    # A person has no version of their own: the answer's own text is the version.
    published = outside(None, [person.id], now().date())
    body = json.dumps(practitioner_resource(person, engagements_of(person.id), published), ensure_ascii=False)
    return unchanged(body) or _answer(body)


@bp.get("/api/v1/credentials/<public_id>")
@limiter.limit(_rate)
@public(cache="checked")
def credential(public_id: str) -> ResponseReturnValue:
    """One credential at this moment: 404 when it, or its holder, may not be seen."""
    one = visible_credential(public_id)
    if one is None:
        abort(404, "There is no such credential.")
    body = json.dumps(credential_resource(one), ensure_ascii=False)
    return unchanged(body) or _answer(body)


@bp.get("/api/v1/places")
@limiter.limit(_rate)
@public(cache="asset")
def places() -> ResponseReturnValue:
    """What a text means as a place, best first; empty when it means none."""
    typed, country = request.args.get("q", ""), request.args.get("country", "").upper()
    errors = unknown_names(request.args, PLACE_PARAMETERS)
    if not visible(typed, limit=LONGEST_PLACE):
        errors["q"] = "Say which place to look for."
    elif len(typed) > LONGEST_PLACE:
        errors["q"] = f"A place has at most {LONGEST_PLACE} letters."
    if country and country not in countries.table():
        errors["country"] = "A country is a code of two letters, such as GB."
    errors.update({name: "Give this only once." for name in request.args if len(request.args.getlist(name)) > 1})
    if errors:
        raise Unprocessable(errors)
    gazetteer: Gazetteer = current_app.extensions["gazetteer"]
    if (answer := unchanged(gazetteer.edition)) is not None:
        return answer
    found = gazetteer.resolve(typed, country=country or _settings().site_country or None)
    readings: list[PlaceFound] = [
        {
            "name": place.name,
            "region": place.region,
            "country": place.country,
            "lat": place.lat,
            "lon": place.lon,
            "kind": place.kind,
            "population": place.population,
        }
        for place in ((found.place, *found.others) if found.place else ())
    ]
    return _answer({"results": readings})


@bp.get("/api/v1/openapi.json")
@limiter.limit(_rate)
@public(cache="page")
def description() -> ResponseReturnValue:
    """The OpenAPI document."""
    return _answer(openapi(_settings().site_name, _settings().base_url))


@bp.get("/api/v1/export/<any('clinics.csv', 'clinics.jsonl'):name>")
@limiter.limit(_rate)
@public(cache="checked")
def export(name: str) -> ResponseReturnValue:
    """The open data of last night; before the first night it is written while it is sent."""
    kind, lines = open_data.FORMATS[name]
    path = open_data.made_file(name)
    if path is None:
        answer = Response(stream_with_context(lines(open_data.rows())), content_type=f"{kind}; charset=utf-8")
    else:
        answer = send_file(path, mimetype=kind, conditional=True, etag=True)
        answer.headers.pop("Cache-Control", None)
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


@bp.get("/api/v1/export/dictionary.json")
@limiter.limit(_rate)
@public(cache="page")
def dictionary() -> ResponseReturnValue:
    """What the columns of the open data mean."""
    return _answer(open_data.dictionary())


@bp.get("/api/")
@public(cache="page")
def docs() -> str:
    """The same document for people."""
    document = openapi(_settings().site_name, _settings().base_url)
    return render_template("api/docs.html", document=document, dictionary=open_data.dictionary())
