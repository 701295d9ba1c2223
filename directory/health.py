"""Is the process alive, and may it be given visitors?"""

import time

from flask import Flask, Response, current_app, jsonify
from sqlalchemy import text

from directory.access import public
from directory.db import db
from directory.doctor import migration_lag


@public(cache="private")
def healthz() -> Response:
    """The process answers; nothing else is asked."""
    return Response("ok\n", mimetype="text/plain")


@public(cache="private")
def readyz() -> tuple[Response, int]:
    """Database reached, schema at head, index loaded; 503 with the first that is not."""
    checks: dict[str, str] = {}
    began = time.perf_counter()
    try:
        db.session.execute(text("SELECT 1"))
        checks["database"] = "ok"
        checks["migrations"] = migration_lag() or "ok"
    except Exception as error:  # any fault of the driver means the same here: not ready
        checks["database"] = type(error).__name__
    if checks.get("migrations") == "ok":
        checks["index"] = current_app.extensions["search_ready"]()
    ready = set(checks.values()) == {"ok"} and "index" in checks
    return jsonify(ready=ready, checks=checks, ms=round((time.perf_counter() - began) * 1000)), 200 if ready else 503


def init_app(app: Flask) -> None:
    app.add_url_rule("/healthz", "healthz", healthz)
    app.add_url_rule("/readyz", "readyz", readyz)
