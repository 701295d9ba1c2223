"""304 before rendering: a strong ETag made from versions that are known without drawing the page."""

import hashlib

from flask import Flask, Response, current_app, g, request

TAG_BYTES = 12


def unchanged(*versions: object) -> Response | None:
    """A 304 when the visitor already holds this version; else None, and the answer will carry the tag.

    `versions` must hold everything the page is made from beside its address and the release: data versions, and the
    minute when opening hours are shown.
    """
    parts = (current_app.config["RELEASE"], request.full_path, *versions)
    digest = hashlib.blake2b(repr(parts).encode(), digest_size=TAG_BYTES).hexdigest()
    g.etag = digest
    # Compression marks the tag with its method ("…:br"); the versions behind it are the same.
    held = {tag.rpartition(":")[0] or tag for tag in request.if_none_match.as_set()}
    return Response(status=304) if digest in held else None


def _tag(response: Response) -> Response:
    tag = g.get("etag")
    if tag and response.status_code in {200, 304} and "ETag" not in response.headers:
        response.set_etag(tag)
    return response


def init_app(app: Flask) -> None:
    app.after_request(_tag)
