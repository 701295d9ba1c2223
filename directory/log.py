"""Structured logs, request ids and metrics.

A line holds a constant event name with data beside it. Query strings never enter it: a search says where somebody is
and what troubles them.
"""

import logging
import os
import re
import secrets
import sys
import time
import traceback
from typing import Any

import structlog
from flask import Flask, Response, g, request
from prometheus_client import CONTENT_TYPE_LATEST, REGISTRY, CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector
from sqlalchemy.exc import DBAPIError

from directory.access import operator

REQUESTS = Counter("http_requests_total", "Requests answered", ["endpoint", "status"])
SECONDS = Histogram(
    "http_request_seconds", "Time to answer", ["endpoint"], buckets=(0.005, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5)
)
_REQUEST_ID = re.compile(r"[A-Za-z0-9-]{8,64}")

log = structlog.get_logger()


class _StandardError:
    """Writes each line to what standard error is at that moment: a process may be given another one later."""

    def __init__(self, *_: object) -> None:
        pass

    def msg(self, line: str) -> None:
        sys.stderr.write(line + "\n")

    debug = info = warning = error = critical = exception = msg


class _Handler(logging.Handler):
    """The same for what comes through the standard library's loggers."""

    def emit(self, record: logging.LogRecord) -> None:
        sys.stderr.write(self.format(record) + "\n")


def _words_of(error: BaseException) -> str:
    """What an exception says. PostgreSQL tells in its details the whole row that it refused: only its first words."""
    if isinstance(error, DBAPIError) and isinstance(error.orig, BaseException):
        return f"{_words_of(error.orig)} [SQL: {error.statement}]"
    told = getattr(error, "diag", None)
    return str(error) if told is None else str(told.message_primary or "")


def _trace(exc_info: Any) -> str:
    """The way to a fault, for the log: which lines of which files, and what each exception of the chain says."""
    error, parts = exc_info[1], []
    while error is not None:
        lines = "".join(traceback.format_tb(error.__traceback__))
        parts.append(f"{lines}{type(error).__module__}.{type(error).__qualname__}: {_words_of(error)}")
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    return "\nthat led to\n".join(reversed(parts))


def configure() -> None:
    """JSON lines on standard error, UTC times; the standard library's loggers flow into the same stream."""
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.ExceptionRenderer(_trace),
    ]
    structlog.configure(
        processors=[*shared, structlog.processors.JSONRenderer()],
        logger_factory=_StandardError,
    )
    handler = _Handler()
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.JSONRenderer(),
            ],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.INFO)
    logging.getLogger("alembic").setLevel(logging.WARNING)
    # Writes the caller's address beside what was asked; how often limits close stands in the metrics as status 429.
    logging.getLogger("flask-limiter").setLevel(logging.CRITICAL)


def _begin() -> None:
    given = request.headers.get("X-Request-Id", "")
    g.request_id = given if _REQUEST_ID.fullmatch(given) else secrets.token_hex(8)
    g.started = time.perf_counter()
    structlog.contextvars.clear_contextvars()
    structlog.contextvars.bind_contextvars(request_id=g.request_id)


def _end(response: Response) -> Response:
    seconds = time.perf_counter() - g.get("started", time.perf_counter())
    endpoint = request.endpoint or "none"
    response.headers["X-Request-Id"] = g.get("request_id", "")
    REQUESTS.labels(endpoint, response.status_code).inc()
    SECONDS.labels(endpoint).observe(seconds)
    log.info(
        "request",
        method=request.method,
        endpoint=endpoint,
        status=response.status_code,
        ms=round(seconds * 1000, 1),
        **g.get("log_facts", {}),
    )
    return response


@operator
def metrics() -> Response:
    """Prometheus text of all workers together; of this process alone when it runs without gunicorn."""
    registry = REGISTRY
    if "PROMETHEUS_MULTIPROC_DIR" in os.environ:
        registry = CollectorRegistry()
        MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
    return Response(generate_latest(registry), content_type=CONTENT_TYPE_LATEST)


def init_app(app: Flask) -> None:
    app.before_request(_begin)
    app.after_request(_end)
    app.add_url_rule("/metrics", "metrics", metrics)
