"""gunicorn: one worker a core with a few threads each; measured to be the best of the usual shapes on two cores."""

import os
import shutil
from pathlib import Path
from typing import Any

from directory.config import read_settings
from directory.errors import Misconfigured
from directory.factory import find_faults_at_start

_settings = read_settings()
_metrics = _settings.run_folder / "metrics"

bind = f"{os.environ.get('BIND', '127.0.0.1')}:{_settings.port}"
worker_class = "gthread"
workers = _settings.web_workers
threads = 4
timeout = 30
graceful_timeout = 10
keepalive = 5
max_requests = 50_000
max_requests_jitter = 5_000
# Behind the proxy of deploy/ lines end at 8 kB. On one's own machine a long paste reaches the page, which names it.
limit_request_line = 8190 if _settings.is_production else 0
# No header of a visitor may move the application to another address (SCRIPT_NAME) on its own links.
forwarder_headers = ""
accesslog = None
errorlog = "-"
# At "warning" gunicorn writes a line it could not read, search words and the caller's address with it.
loglevel = "error"
control_socket_disable = True

os.environ["PROMETHEUS_MULTIPROC_DIR"] = str(_metrics)


def on_starting(server: object) -> None:
    """Refuse what is unsafe before the first visitor; drop the counters of processes that are gone."""
    faults = find_faults_at_start(_settings)
    if faults:
        raise Misconfigured(faults)
    shutil.rmtree(_metrics, ignore_errors=True)
    Path(_metrics).mkdir(parents=True)


def worker_exit(server: object, worker: Any) -> None:
    """What this worker counted and had not written yet."""
    app = worker.wsgi
    if app is not None:
        app.extensions["sightings"].write()


def child_exit(server: object, worker: object) -> None:
    from prometheus_client.multiprocess import mark_process_dead

    mark_process_dead(worker.pid)
