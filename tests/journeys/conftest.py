"""A site with example data, served as in real life, and a browser to visit it."""

import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlsplit

import pytest
from flask import Flask
from flask.testing import FlaskClient
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from directory.db import db
from directory.factory import create_app
from tests.conftest import settings_for
from tests.engines import chromium_path, free_port, wait_for_port
from tests.journeys.crowd import settle

OUTPUT = Path(__file__).parent.parent / "output" / "screens"
ROOT = Path(__file__).parent.parent.parent
VISITS = count(1)
# A photo is drawn anew and a letter written while a page waits: a slow machine takes its time and is not wrong.
PATIENCE_MS = 20_000
expect.set_options(timeout=PATIENCE_MS)
# Said by the graphics driver of a machine without one; nothing of ours.
DRIVER_NOISE = re.compile("GL Driver Message|GPU stall|WebGL")


class Site(NamedTuple):
    """Where the site answers, and its data folder."""

    url: str
    data: Path


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """One process drives the browser: the site and its data are made once."""
    for item in items:
        if "journeys" in item.path.parts:
            item.add_marker(pytest.mark.browser)
            item.add_marker(pytest.mark.xdist_group("browser"))


@pytest.fixture(scope="session")
def site(template_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The example data and, among it, listings that are hard to show; served by gunicorn on a free port."""
    data = tmp_path_factory.mktemp("site") / "data"
    subprocess.run(["cp", "-r", template_data, data], check=True)
    port = free_port()
    more = {"PORT": str(port), "BASE_URL": f"http://localhost:{port}", "PROXY_HOPS": "1"}
    settings = settings_for(data, **more)
    app = create_app(settings, purpose="command")
    runner = app.test_cli_runner()
    for command in (["prepare"], ["demo", "load"]):
        done = runner.invoke(args=command)
        assert done.exit_code == 0, done.output
    with app.app_context():
        settle()
        db.session.remove()
        db.engine.dispose()
    rates = {f"RATE_{name}": "100000 per minute" for name in ("SEARCH", "SUGGEST", "API")}
    environment = {**os.environ, **rates, **more, "MODE": "local", "DATA": str(data), "WEB_WORKERS": "1"}
    server = subprocess.Popen([sys.executable, "-m", "gunicorn", "wsgi:app"], cwd=ROOT, env=environment)
    try:
        wait_for_port(port, server)
        yield Site(more["BASE_URL"], data)
    finally:
        server.terminate()
        server.wait(60)  # its workers finish what browsers still hold open


@pytest.fixture(scope="session")
def office(site: Site) -> Iterator[Flask]:
    """The same site from inside: sets a scene, runs the jobs when a mailbox is opened, acts for who is elsewhere."""
    app = create_app(settings_for(site.data, PORT=str(urlsplit(site.url).port), BASE_URL=site.url), purpose="command")
    yield app
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    path = chromium_path()
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield started
        started.close()


class Visitor:
    """One person with a browser: keeps what the console said and which origins were asked."""

    def __init__(self, context: BrowserContext, site: Site) -> None:
        self.context = context
        self.site = site
        self.origins: set[str] = set()
        self.complaints: list[str] = []
        self.page: Page = context.new_page()
        self.page.on("request", lambda request: self.origins.add("/".join(request.url.split("/")[:3])))
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("console", self._hear)

    def _hear(self, message: object) -> None:
        text = getattr(message, "text", "")
        if getattr(message, "type", "") in {"error", "warning"} and not DRIVER_NOISE.search(text):
            self.complaints.append(text)

    def open(self, path: str) -> Page:
        self.page.goto(self.site.url + path)
        return self.page

    def sit_down(self, client: FlaskClient) -> None:
        """The person of that test browser goes on in this real one."""
        cookie = client.get_cookie("sid")
        assert cookie is not None
        self.context.add_cookies([{"name": "sid", "value": cookie.value, "url": self.site.url}])

    def insist_on_calm(self) -> None:
        """One origin was asked, and the console stayed silent."""
        assert {origin for origin in self.origins if not origin.startswith(("data:", "blob:"))} == {self.site.url}
        assert self.complaints == []


@pytest.fixture
def visit(browser: Browser, site: Site) -> Iterator[Callable[..., Visitor]]:
    """A new visitor: visit(width=390, dark=True, script=False)."""
    contexts: list[BrowserContext] = []
    number = next(VISITS)

    def come(width: int = 1280, *, dark: bool = False, script: bool = True, height: int = 900) -> Visitor:
        context = browser.new_context(
            viewport={"width": width, "height": height},
            color_scheme="dark" if dark else "light",
            java_script_enabled=script,
            reduced_motion="reduce",
            # Each visitor has a network of their own, as told by the proxy in front: no two share an allowance.
            extra_http_headers={"X-Forwarded-For": f"10.{number >> 8 & 255}.{number & 255}.{len(contexts) + 1}"},
        )
        context.set_default_timeout(PATIENCE_MS)
        contexts.append(context)
        return Visitor(context, site)

    yield come
    for context in contexts:
        context.close()
