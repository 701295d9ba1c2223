"""A site with the example clinics, for what only reads."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from directory.db import db
from directory.factory import create_app
from tests.conftest import _copy_or_link, settings_for


@pytest.fixture(scope="session")
def example_app(template_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """The application on SQLite with the small example set. Tests must not change it."""
    data = tmp_path_factory.mktemp("examples") / "data"
    shutil.copytree(template_data, data, copy_function=_copy_or_link)
    settings = settings_for(data)
    loaded = create_app(settings, purpose="command").test_cli_runner().invoke(args=["demo", "load"])
    assert loaded.exit_code == 0, loaded.output
    application = create_app(settings)
    yield application
    with application.app_context():
        db.session.remove()
        for engine in db.engines.values():
            engine.dispose()
