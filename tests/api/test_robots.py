"""robots.txt and the sitemap."""

import re
import urllib.robotparser
from collections.abc import Callable
from typing import Any
from xml.etree import ElementTree

import pytest
from flask import Flask
from flask.testing import FlaskClient

from directory.api import sitemap
from tests.factories import clinic, practitioner, saved


def _addresses(client: FlaskClient, path: str) -> list[str]:
    answer = client.get(path)
    assert answer.status_code == 200
    assert answer.mimetype == "application/xml"
    root = ElementTree.fromstring(answer.data)  # noqa: S314 (our own answer)
    return [place.text or "" for place in root.iter("{http://www.sitemaps.org/schemas/sitemap/0.9}loc")]


def _all(client: FlaskClient) -> list[str]:
    parts = [re.sub("^http://localhost:8000", "", part) for part in _addresses(client, "/sitemap.xml")]
    return [address for part in parts for address in _addresses(client, part)]


def test_real_published_clinics_and_people_are_told(app: Flask, client: FlaskClient) -> None:
    saved(
        app,
        lambda: clinic(slug="real"),
        lambda: clinic(slug="invented", is_example=True),
        lambda: clinic(slug="hidden", status="suspended"),
        lambda: practitioner(slug="amara"),
        lambda: practitioner(slug="invented", is_example=True),
    )
    told = _all(client)
    assert "http://localhost:8000/clinics/real" in told
    assert "http://localhost:8000/practitioners/amara" in told
    assert "http://localhost:8000/guide/" in told
    assert not [address for address in told if "invented" in address or "hidden" in address or "/search" in address]
    assert len(told) == len(set(told))


def test_every_address_told_can_be_opened(app: Flask, client: FlaskClient) -> None:
    saved(app, lambda: clinic(slug="real"), lambda: practitioner(slug="amara"))
    for address in _all(client):
        assert client.get(address.removeprefix("http://localhost:8000")).status_code == 200, address


def test_examples_are_never_told(run: Callable[..., Any], client: FlaskClient) -> None:
    run("demo", "load")
    assert not [address for address in _all(client) if "/clinics/" in address or "/practitioners/" in address]


def test_parts_are_small(app: Flask, client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sitemap, "PART", 5)
    saved(app, lambda: [clinic(slug=f"clinic-number-{n}") for n in range(12)])
    parts = [part for part in _addresses(client, "/sitemap.xml") if "/clinics-" in part]
    assert len(parts) >= 3
    assert len([address for address in _all(client) if "/clinics/" in address]) == 12


@pytest.mark.parametrize("part", ["clinics-99", "clinics-999999999999999999999", "users-0"])
def test_a_part_without_anything_is_missing(example_app: Flask, part: str) -> None:
    assert example_app.test_client().get(f"/sitemap/{part}.xml").status_code == 404


def test_robots_may_walk_pages_but_not_searches(example_app: Flask) -> None:
    rules = urllib.robotparser.RobotFileParser()
    text = example_app.test_client().get("/robots.txt").text
    rules.parse(text.splitlines())
    for path in ("/", "/clinics/real", "/guide/", "/policy/ranking", "/api/"):
        assert rules.can_fetch("*", path), path
    for path in ("/search?near=Leeds", "/saved", "/compare?c=a", "/preferences", "/api/v1/clinics"):
        assert not rules.can_fetch("*", path), path
    assert "Sitemap: http://localhost:8000/sitemap.xml" in text
