"""A picture as an answer: its bytes, closed to anything but being looked at."""

from flask import Response, abort

from directory.imaging.stored import SIZES, TYPES, Stored

SANDBOX = "sandbox; default-src 'none'"


def picture_answer(picture: Stored, size: str) -> Response:
    """One size of a picture that this visitor may see; 404 when there is no such size, or it is gone."""
    if size not in SIZES:
        abort(404)
    content = picture.bytes(size) or abort(404)
    answer = Response(content, mimetype=TYPES[size.rpartition(".")[2]])
    answer.headers["Content-Security-Policy"] = SANDBOX
    return answer
