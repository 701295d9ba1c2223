"""Redis, when it is set: limits count over all machines, jobs are woken through it, and its death stops nobody."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from directory.factory import create_app
from directory.jobs import open_queue
from tests.conftest import settings_for
from tests.engines import redis_server


@pytest.fixture
def two_machines(data_folder: Path) -> Iterator[tuple[list[Flask], object]]:
    """Two applications that share a Redis and allow three suggestions a minute."""
    with redis_server() as (url, process):
        settings = settings_for(data_folder, REDIS_URL=url, RATE_SUGGEST="3 per minute")
        yield [create_app(settings), create_app(settings)], process


def _ask(app: Flask) -> int:
    return app.test_client().get("/places/suggest?q=lee").status_code


def test_limits_count_over_all_machines(two_machines: tuple[list[Flask], object]) -> None:
    first, second = two_machines[0]
    assert [_ask(first), _ask(second), _ask(first)] == [200, 200, 200]
    assert _ask(second) == 429


def test_reading_goes_on_when_redis_dies(two_machines: tuple[list[Flask], object]) -> None:
    (app, _), process = two_machines
    assert _ask(app) == 200
    process.kill()  # type: ignore[attr-defined]
    process.wait()  # type: ignore[attr-defined]
    assert _ask(app) == 200
    assert app.test_client().get("/search?near=Leeds").status_code == 200


def test_jobs_are_woken_through_it(data_folder: Path) -> None:
    with redis_server() as (url, _):
        settings = settings_for(data_folder, REDIS_URL=url)
        heard: list[str] = []

        here, there = open_queue(settings), open_queue(settings)
        listen = here.task(name="wake")(heard.append)
        there.task(name="wake")(heard.append)
        listen("a wake-up")
        woken = there.dequeue()
        there.execute(woken)
        assert heard == ["a wake-up"]
