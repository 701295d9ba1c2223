"""What may go wrong in words fit to show, and how it is shown: a page, or problem+json under /api.

Problem details follow RFC 9457.
"""

import sys
from collections.abc import Mapping
from http import HTTPStatus
from urllib.parse import urlsplit

from flask import Flask, Response, current_app, g, json, render_template, request
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import OperationalError
from werkzeug.exceptions import HTTPException, ServiceUnavailable, TooManyRequests

from directory.onward import page_of_ours
from directory.origin import SAFE_METHODS, is_page

EXIT_MISCONFIGURED = 78  # EX_CONFIG of sysexits.h
RETRY_SECONDS = 2


class Refused(Exception):
    """A thing may not be done; the message is fit to show to the person who asked."""


class Misconfigured(SystemExit):
    """The configuration is not safe to run: says so on standard error, one line each, and ends with status 78."""

    def __init__(self, lines: list[str]) -> None:
        super().__init__(EXIT_MISCONFIGURED)
        sys.stderr.writelines(f"{line}\n" for line in lines)


class Unprocessable(HTTPException):
    """422 with one message per field."""

    code = 422
    description = "Some values were not understood."

    def __init__(self, errors: Mapping[str, str]) -> None:
        super().__init__()
        self.errors = dict(errors)


def wants_problem() -> bool:
    """Whether this address answers errors as JSON."""
    return request.path.startswith("/api/") or request.path.endswith(".json") or request.path == "/places/suggest"


def problem(status: int, detail: str, errors: Mapping[str, str] | None = None) -> Response:
    """An RFC 9457 answer. `errors` maps a field's name to what is wrong with it."""
    body = {
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": detail,
        "errors": dict(errors or {}),
        "request_id": g.get("request_id", ""),
    }
    return Response(json.dumps(body), status, mimetype="application/problem+json")


def _own_words(error: HTTPException) -> str:
    """What a route said of its own accord; empty where only the number of the status is known."""
    own = error.description if isinstance(error, TooManyRequests) and error.retry_after else ""
    return "" if own == TooManyRequests.description else own or ""


def _way_back() -> str:
    """Where "Try again" leads: this page, or the one whose form was sent."""
    if request.method in SAFE_METHODS:
        return page_of_ours(request.full_path.rstrip("?"), "/")
    there = urlsplit(request.referrer or "")
    own = there.netloc == request.host
    return page_of_ours(f"{there.path}?{there.query}" if there.query else there.path, "/") if own else "/"


def show_http_error(error: HTTPException) -> ResponseReturnValue:
    """Any HTTP error, as a page or as a problem; redirects pass through."""
    status = error.code or 500
    if status < 400:
        return error.get_response()
    answer: Response
    if wants_problem():
        answer = problem(status, error.description or "", getattr(error, "errors", None))
    else:
        lost = isinstance(error, CSRFError)
        page = render_template(
            "errors/error.html",
            status=status,
            request_id=g.get("request_id", ""),
            unsent=lost,
            again=request.path if lost and is_page() else "",
            wait=getattr(error, "retry_after", None),
            back=_way_back(),
            message=_own_words(error),
        )
        answer = Response(page, status)
    for name, value in error.get_headers():
        if name.lower() in {"retry-after", "allow"}:
            answer.headers[name] = value
    answer.cache_control.no_store = True
    return answer


def show_refused(error: Refused) -> ResponseReturnValue:
    if wants_problem():
        return problem(409, str(error))
    page = render_template("errors/error.html", status=409, message=str(error), request_id=g.get("request_id", ""))
    return Response(page, 409, headers={"Cache-Control": "private, no-store"})


def show_crash(error: Exception) -> ResponseReturnValue:
    """A fault of ours: logged with its trace, shown with its id only."""
    current_app.logger.exception("request_failed")
    if wants_problem():
        return problem(500, "Something failed on our side.")
    page = render_template("errors/error.html", status=500, request_id=g.get("request_id", ""))
    return Response(page, 500, headers={"Cache-Control": "private, no-store"})


def show_busy(_error: OperationalError) -> ResponseReturnValue:
    """The database is away, or others kept it for longer than anybody is let wait; what was asked was not done."""
    current_app.logger.exception("database_not_answering")
    return show_http_error(
        ServiceUnavailable("The database did not answer in time; nothing was changed.", retry_after=RETRY_SECONDS)
    )


def init_app(app: Flask) -> None:
    app.register_error_handler(HTTPException, show_http_error)
    app.register_error_handler(Refused, show_refused)
    app.register_error_handler(OperationalError, show_busy)
    app.register_error_handler(Exception, show_crash)
