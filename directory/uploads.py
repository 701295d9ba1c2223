"""Routes that take a file: only they read a large body, and each file is read whole once, by its length first.

Every other route stops at 64 KiB (see `factory`). The limit must stand before anything reads the form, so it is set
from the route's mark before the check of the form's token.
"""

from collections.abc import Callable
from typing import Any, TypeVar

from flask import Flask, current_app, request
from werkzeug.datastructures import FileStorage

View = TypeVar("View", bound=Callable[..., Any])
# Somebody who sends a few megabytes too much is told so on the form; beyond that the answer is a bare 413.
LARGEST_BODY = 12 * 1024**2


def takes_file(view: View) -> View:
    """The route reads a body of up to LARGEST_BODY, if it is of the kind that holds files."""
    view.takes_file = True  # type: ignore[attr-defined]
    return view


def content_of(file: FileStorage | None, most: int) -> bytes:
    """The bytes of a file that was sent, one byte more than `most` when it is larger; empty when none was chosen."""
    return file.stream.read(most + 1) if file is not None and file.filename else b""


def init_app(app: Flask) -> None:
    """Register before whatever reads forms."""

    @app.before_request
    def widen() -> None:
        view = current_app.view_functions.get(request.endpoint or "")
        if getattr(view, "takes_file", False) and request.mimetype == "multipart/form-data":
            request.max_content_length = LARGEST_BODY
