"""One layer around the whole application, so that every status, static files and faults included, is covered.

It sets the security headers, and refuses what no view should have to think about: bodies without a length (gunicorn
would cut them silently at the limit), NUL characters (PostgreSQL takes none), over-long addresses, too many
parameters.
"""

import json
import secrets
from collections.abc import Callable, Iterable
from typing import Any
from urllib.parse import urlsplit

from werkzeug.datastructures import Headers

MAX_PATH = 512
MAX_QUERY = 16_384
MAX_PARAMETERS = 30
BODY_METHODS = {"POST", "PUT", "PATCH", "DELETE"}

CONTENT_POLICY = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self' data: blob:",
    "font-src": "'self'",
    "connect-src": "'self'",
    "worker-src": "'self'",
    "manifest-src": "'self'",
    "form-action": "'self'",
    "base-uri": "'none'",
    "frame-ancestors": "'none'",
}

FIXED = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cross-Origin-Embedder-Policy": "require-corp",
    "X-Frame-Options": "DENY",
    "Permissions-Policy": "geolocation=(self), camera=(), microphone=(), payment=(), usb=(), interest-cohort=()",
}
HSTS = "max-age=63072000; includeSubDomains"

StartResponse = Callable[..., Any]
Application = Callable[[dict[str, Any], StartResponse], Iterable[bytes]]


def _policy(tiles_url: str) -> str:
    policy = dict(CONTENT_POLICY)
    if tiles_url.startswith("https://"):
        origin = "https://" + urlsplit(tiles_url).netloc
        policy["img-src"] += f" {origin}"
        policy["connect-src"] += f" {origin}"
    return "; ".join(f"{name} {value}" for name, value in policy.items())


class Guard:
    """WSGI middleware around the application and its static files."""

    def __init__(self, application: Application, *, https: bool, tiles_url: str = "") -> None:
        self.application = application
        self.headers = {"Content-Security-Policy": _policy(tiles_url), **FIXED}
        if tiles_url.startswith("https://"):
            self.headers["Cross-Origin-Embedder-Policy"] = "credentialless"
        if https:
            self.headers["Strict-Transport-Security"] = HSTS

    def __call__(self, environ: dict[str, Any], start_response: StartResponse) -> Iterable[bytes]:
        def start(status: str, headers: list[tuple[str, str]], exc_info: Any = None) -> Any:
            merged = Headers(headers)
            for name, value in self.headers.items():
                merged.setdefault(name, value)
            merged.remove("Server")
            return start_response(status, merged.to_wsgi_list(), exc_info)

        # Links are made from BASE_URL's root alone; a prefix claimed from outside would end up on other people's pages.
        environ["SCRIPT_NAME"] = ""
        refusal = self._refusal(environ)
        if refusal is None:
            return self.application(environ, start)
        status, detail = refusal
        # The shape of `errors.problem`, which needs the application and its request; neither exists yet.
        number = secrets.token_hex(8)
        problem = {"type": "about:blank", "title": status[4:], "status": int(status[:3]), "detail": detail}
        body = json.dumps({**problem, "errors": {}, "request_id": number})
        start(
            status,
            [
                ("Content-Type", "application/problem+json"),
                ("X-Request-Id", number),
                ("Content-Length", str(len(body))),
                ("Cache-Control", "private, no-store"),
                ("Connection", "close"),
            ],
        )
        return [body.encode()]

    @staticmethod
    def _refusal(environ: dict[str, Any]) -> tuple[str, str] | None:
        if not environ.get("HTTP_HOST"):
            return "400 Bad Request", "The Host header is missing."
        if "\0" in environ.get("PATH_INFO", ""):
            return "400 Bad Request", "The path holds a NUL character."
        if environ["REQUEST_METHOD"] in BODY_METHODS and not environ.get("CONTENT_LENGTH"):
            return "411 Length Required", "Send a Content-Length with the body."
        if len(environ.get("PATH_INFO", "")) > MAX_PATH:
            return "414 Request-URI Too Long", f"The path may have {MAX_PATH} characters."
        query = environ.get("QUERY_STRING", "")
        if len(query) > MAX_QUERY:
            return "414 Request-URI Too Long", f"The part after ? may have {MAX_QUERY} characters."
        if query.count("&") >= MAX_PARAMETERS:
            return "414 Request-URI Too Long", f"At most {MAX_PARAMETERS} parameters are read."
        return None
