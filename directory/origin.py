"""Requests that change something must come from a page of ours: what the browser says of it, beside the form's token.

A page that sends no referrer makes browsers say `Origin: null`, so Sec-Fetch-Site, which no page can set, comes first.
"""

from urllib.parse import urlsplit

from flask import Flask, abort, current_app, request

SAFE_METHODS = {"GET", "HEAD", "OPTIONS"}


def _refuse_foreign() -> None:
    if request.method in SAFE_METHODS:
        return
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        if site not in {"same-origin", "none"}:
            abort(403)
        return
    origin = request.headers.get("Origin")
    if origin is not None and urlsplit(origin).netloc not in {
        request.host,
        urlsplit(current_app.config["SETTINGS"].base_url).netloc,
    }:
        abort(403)


def is_page() -> bool:
    """Whether the address that was asked can also be opened, and not only be sent to."""
    return request.url_rule is not None and "GET" in (request.url_rule.methods or ())


def init_app(app: Flask) -> None:
    app.before_request(_refuse_foreign)
