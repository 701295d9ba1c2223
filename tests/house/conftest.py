"""One application for all tests of a file, on each database: for worlds that take seconds to make."""

import os
import shutil
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import pytest
from flask import Flask

from directory.db import db
from directory.factory import create_app
from tests.conftest import _copy_or_link, _run_sql, _serial, settings_for


class House(NamedTuple):
    """An application, and commands of the site on the same database."""

    app: Flask
    run: Callable[..., Any]


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def house(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, template_data: Any
) -> Iterator[House]:
    data = tmp_path_factory.mktemp("house") / "data"
    shutil.copytree(template_data, data, copy_function=_copy_or_link)
    url, name = f"sqlite:///{data / 'hairline.sqlite'}", f"house{os.getpid()}_{next(_serial)}"
    if request.param == "postgresql":
        cluster: str = request.getfixturevalue("postgresql")
        template: str = request.getfixturevalue("template_database")
        _run_sql(cluster, f"CREATE DATABASE {name} TEMPLATE {template}")
        url = f"{cluster}/{name}"
    settings = settings_for(data, url)
    app, commands = create_app(settings), create_app(settings, purpose="command")
    yield House(app, lambda *words: commands.test_cli_runner().invoke(args=[str(word) for word in words]))
    with app.app_context():
        db.session.remove()
        for engine in db.engines.values():
            engine.dispose()
    if request.param == "postgresql":
        _run_sql(cluster, f"DROP DATABASE {name} WITH (FORCE)")
