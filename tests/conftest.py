"""Applications on real databases: every test that takes `app` runs on SQLite and on PostgreSQL."""

import os
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path
from types import CodeType

import psycopg
import pytest
from flask import Flask
from flask.testing import FlaskClient
from flask_migrate import upgrade
from jinja2.bccache import Bucket, BytecodeCache
from werkzeug.test import TestResponse

from directory import db as db_module
from directory.config import Settings, read_settings
from directory.db import db
from directory.factory import create_app
from directory.places.gazetteer import Gazetteer
from directory.search import live
from tests.engines import postgresql_cluster

pytest_plugins: list[str] = []
PATIENT_LIMITS = "-c timezone=UTC -c statement_timeout=20000 -c lock_timeout=20000"


class Compiled(BytecodeCache):
    """Templates compiled once for all applications of one run: making them anew was a quarter of its time."""

    def __init__(self) -> None:
        self.held: dict[tuple[str, str], CodeType] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        bucket.code = self.held.get((bucket.key, bucket.checksum))

    def dump_bytecode(self, bucket: Bucket) -> None:
        assert bucket.code is not None
        self.held[bucket.key, bucket.checksum] = bucket.code


Flask.jinja_options = {**Flask.jinja_options, "bytecode_cache": Compiled()}


@pytest.fixture(scope="session", autouse=True)
def _clean_environment() -> None:
    """Tests say themselves which settings they want."""
    for name in ("DATABASE_URL", "MIGRATE_URL", "REDIS_URL", "MODE", "DATA", "BASE_URL", "GEOCODER_URL", "TILES_URL"):
        os.environ.pop(name, None)


@pytest.fixture(autouse=True)
def _no_haste(monkeypatch: pytest.MonkeyPatch) -> None:
    """What a test finds does not depend on how busy the machine is.

    Search looks at the version each time it is asked (that it lags in a process of its own is tested with two), and
    PostgreSQL lets visitors wait longer; what becomes of one who waited too long is tested by itself.
    """
    monkeypatch.setattr(live, "LOOK_SECONDS", 0.0)
    monkeypatch.setattr(db_module, "WEB_LIMITS", PATIENT_LIMITS)


@pytest.fixture(scope="session")
def postgresql() -> Iterator[str]:
    """URL of a throwaway PostgreSQL cluster, without a database name."""
    with postgresql_cluster() as url:
        yield url


def settings_for(data: Path, database_url: str = "", **more: str) -> Settings:
    environ = {
        "MODE": "local",
        "DATA": str(data),
        "RATE_SEARCH": "100000 per minute",
        "RATE_SUGGEST": "100000 per minute",
        "RATE_API": "100000 per minute",
        **more,
    }
    if database_url:
        environ["DATABASE_URL"] = database_url
    return read_settings(environ)


def migrated(settings: Settings) -> None:
    """Bring an empty database up to the newest migration."""
    app = create_app(settings, purpose="command")
    with app.app_context():
        upgrade()
        db.session.remove()
        for engine in db.engines.values():
            engine.dispose()


@pytest.fixture(scope="session")
def template_data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with the gazetteer unpacked and an SQLite database migrated; copied for each test."""
    data = tmp_path_factory.mktemp("template")
    # Unpacking takes ten seconds: the workers of one run share it.
    shared = tmp_path_factory.getbasetemp().parent / "hairline-gazetteer"
    assert Gazetteer.open(shared).edition == "lite"
    shutil.copytree(shared, data, dirs_exist_ok=True, copy_function=os.link)
    migrated(settings_for(data))
    with sqlite3.connect(data / "hairline.sqlite") as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return data


@pytest.fixture(scope="session")
def template_database(postgresql: str, template_data: Path) -> str:
    """Name of a migrated PostgreSQL database to copy from."""
    _run_sql(postgresql, "CREATE DATABASE hairline_template")
    migrated(settings_for(template_data, f"{postgresql}/hairline_template"))
    return "hairline_template"


def _run_sql(cluster: str, statement: str) -> None:
    url = cluster.replace("+psycopg", "") + "/postgres"
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(statement)  # type: ignore[call-overload]


@pytest.fixture
def data_folder(tmp_path: Path, template_data: Path) -> Path:
    """A data folder of the test's own; big read-only files are linked, not copied."""
    data = tmp_path / "data"
    shutil.copytree(template_data, data, copy_function=_copy_or_link)
    return data


def _copy_or_link(source: str, target: str) -> None:
    if source.endswith("hairline.sqlite"):
        shutil.copyfile(source, target)
    else:
        os.link(source, target)


_serial = iter(range(1, 1_000_000))


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, data_folder: Path) -> Iterator[str]:
    """URL of a migrated, empty database."""
    if request.param == "sqlite":
        yield f"sqlite:///{data_folder / 'hairline.sqlite'}"
        return
    cluster: str = request.getfixturevalue("postgresql")
    template: str = request.getfixturevalue("template_database")
    name = f"t{os.getpid()}_{next(_serial)}"
    _run_sql(cluster, f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY FILE_COPY")
    yield f"{cluster}/{name}"
    _run_sql(cluster, f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def settings(data_folder: Path, database_url: str) -> Settings:
    return settings_for(data_folder, database_url)


@pytest.fixture
def app(settings: Settings) -> Iterator[Flask]:
    """The application as visitors meet it, on a migrated, empty database."""
    application = create_app(settings)
    yield application
    with application.app_context():
        db.session.remove()
        for engine in db.engines.values():
            engine.dispose()


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A visitor. Make requests outside any pushed application context."""
    return app.test_client()


@pytest.fixture
def run(app: Flask, settings: Settings) -> Callable[..., object]:
    """Run a command of the site on the same database: run("clinics", "export", "x.csv")."""
    command_app = create_app(settings, purpose="command")

    def invoke(*words: str) -> object:
        return command_app.test_cli_runner().invoke(args=[str(word) for word in words])

    return invoke


@pytest.fixture
def page(client: FlaskClient) -> Callable[[str], TestResponse]:
    """GET an address and insist that it worked."""

    def get(address: str) -> TestResponse:
        answer = client.get(address)
        assert answer.status_code == 200, f"{address}: {answer.status_code}"
        return answer

    return get
