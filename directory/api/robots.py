"""What machines that walk the site are told: robots.txt and the sitemap."""

from flask import Blueprint, Response, abort, current_app, render_template

from directory.access import public
from directory.api import sitemap as maps
from directory.conditional import unchanged
from directory.config import Settings
from directory.guide.topics import POLICIES, TOPICS

bp = Blueprint("robots", __name__)
XML = "application/xml"


def _base() -> str:
    settings: Settings = current_app.config["SETTINGS"]
    return settings.base_url


@bp.get("/robots.txt")
@public(cache="page")
def robots() -> Response:
    """Everything but searches, private pages and the data interface may be walked."""
    closed = "".join(f"Disallow: {path}\n" for path in maps.CLOSED_TO_ROBOTS)
    return Response(f"User-agent: *\n{closed}\nSitemap: {_base()}/sitemap.xml\n", mimetype="text/plain")


@bp.get("/sitemap.xml")
@public(cache="checked")
def index() -> Response:
    """The parts of the sitemap."""
    if (answer := unchanged(current_app.extensions["live"].current().stamp)) is not None:
        return answer
    parts = [f"/sitemap/{kind}-{part}.xml" for kind in maps.KINDS for part in maps.parts(kind)]
    page = render_template("api/sitemap_index.xml", base=_base(), parts=["/sitemap/pages.xml", *parts])
    return Response(page, mimetype=XML)


@bp.get("/sitemap/pages.xml")
@public(cache="page")
def pages() -> Response:
    """The pages that are not about one clinic or person."""
    guide = ["/guide/", *(f"/guide/{topic.slug}" for topic in TOPICS)]
    paths = ["/", *guide, *(f"/policy/{name}" for name in POLICIES), "/transparency", "/transparency/log", "/api/"]
    return Response(render_template("api/sitemap.xml", base=_base(), paths=paths), mimetype=XML)


@bp.get("/sitemap/<any('clinics', 'practitioners'):kind>-<int:part>.xml")
@public(cache="checked")
def part(kind: str, part: int) -> Response:
    """One part: up to `sitemap.PART` addresses."""
    if (answer := unchanged(current_app.extensions["live"].current().stamp)) is not None:
        return answer
    if part > maps.LAST_PART:
        abort(404)
    paths = [f"/{kind}/{slug}" for slug in maps.slugs(kind, part)]
    if not paths:
        abort(404)
    return Response(render_template("api/sitemap.xml", base=_base(), paths=paths), mimetype=XML)
