"""A practitioner's page: what the clinics say of the person, and where the person works."""

from functools import lru_cache

from flask import Blueprint, Response, abort, current_app, render_template, url_for
from flask.typing import ResponseReturnValue

from directory.access import public
from directory.clinics.cover import cover_svg
from directory.clinics.forms import SLUG
from directory.conditional import unchanged
from directory.credentials.outside import outside
from directory.credentials.showing import ledger_of
from directory.db import now
from directory.practitioners.models import Practitioner
from directory.practitioners.queries import engagements_of, practitioner_by_slug

bp = Blueprint("practitioners", __name__)


@bp.get("/practitioners/<slug>")
@public(cache="checked")
def show(slug: str) -> ResponseReturnValue:
    """The person's page: 404 when unknown or hidden, 410 when erased."""
    person = practitioner_by_slug(slug)
    if person is None or person.status == "suspended":
        abort(404)
    if person.status == "erased":
        abort(410)
    engagements = engagements_of(person.id)
    today = now().date()
    # A person has no version of their own: the few words of the page are the version.
    words = _words(person)
    places = [(one.id, one.role, one.until, one.standing, one.clinic.changed_at_version) for one in engagements]
    examples = current_app.extensions["live"].invented
    lines, changes = ledger_of(person.id, now())
    found = outside(None, [person.id], today)
    told = [one.public_id for one in found.sanctions]
    if (answer := unchanged(person.id, words, places, today, examples, lines, changes, told)) is not None:
        return answer
    base = current_app.config["SETTINGS"].base_url.rstrip("/")
    page = render_template(
        "practitioners/show.html",
        person=person,
        lines=lines,
        found=found,
        today=today,
        present=[one for one in engagements if one.until is None or one.until >= today],
        past=[one for one in engagements if one.until is not None and one.until < today],
        canonical=base + url_for("practitioners.show", slug=slug),
    )
    return Response(page, mimetype="text/html")


def _words(person: Practitioner) -> tuple[object, ...]:
    """All that the page says of the person."""
    fields = ("name", "name_lang", "gender", "languages", "goals", "about", "about_lang")
    return tuple(getattr(person, field) for field in fields)


@lru_cache(256)
def _cover(slug: str) -> str:
    return cover_svg(slug, 112, 112)


@bp.get("/practitioners/<slug>/cover.svg")
@public(cache="asset")
def cover(slug: str) -> Response:
    """The stippled picture beside a name, drawn from the slug alone."""
    if not SLUG.fullmatch(slug):
        abort(404)
    return Response(_cover(slug), mimetype="image/svg+xml")
