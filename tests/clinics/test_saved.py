"""A visitor keeps clinics for later, on this device and without an account."""

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.factories import clinic, saved
from tests.reading import text_of

# The pages read through the same queries on both databases; one is enough here.
pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def listed(app: Flask) -> None:
    saved(app, lambda: [clinic(f"Room {n}", slug=f"room-{n}") for n in range(3)])


def press(client: FlaskClient, address: str, act: str, slug: str = "") -> TestResponse:
    """Send the form of that page that does `act` to `slug`, as the browser would."""
    page = client.get(address).text
    token = re.search(r'name="csrf_token" value="([^"]+)"', page)
    assert token
    assert f'name="act" value="{act}"><input type="hidden" name="slug" value="{slug}"' in page
    answer = client.post("/saved", data={"csrf_token": token[1], "act": act, "slug": slug})
    assert answer.status_code == 303
    return client.get(answer.location)


@pytest.mark.usefixtures("listed")
def test_save_look_take_off_and_clear(client: FlaskClient) -> None:
    assert "Nothing is saved yet." in text_of(client.get("/saved"))
    asked = client.get("/saved?add=room-1")
    assert "Save this clinic on this device?" in text_of(asked)
    assert client.get_cookie("saved") is None, "a GET saves nothing"

    kept = press(client, "/saved?add=room-1", "add", "room-1")
    assert "Saved on this device." in text_of(kept)
    press(client, "/saved?add=room-0", "add", "room-0")
    cookie = client.get_cookie("saved")
    assert cookie is not None
    assert cookie.value == "room-0.room-1", "newest first"
    listing = text_of(client.get("/saved"))
    assert "2 saved clinics" in listing
    assert listing.index("Room 0") < listing.index("Room 1")

    assert "Room 0" not in text_of(press(client, "/saved", "remove", "room-0"))
    assert "The list is empty now." in text_of(press(client, "/saved", "clear"))
    assert client.get_cookie("saved") is None


@pytest.mark.usefixtures("listed")
def test_the_list_leads_to_compare(client: FlaskClient) -> None:
    client.set_cookie("saved", "room-0.room-1")
    page = client.get("/saved").text
    assert '<form class="compare-bar" id="compare-form" action="/compare" method="get"' in page
    assert page.count('name="c" value="room-') == 2


@pytest.mark.usefixtures("listed")
@pytest.mark.parametrize(
    "cookie",
    [
        "<script>alert(1)</script>",
        "room-0",
        ".....",
        "room-0." * 500,
        "../../etc",
        "\x7f\x01",
        "ROOM-0",
        "a" * 3000,
        "%00",
    ],
)
def test_a_hostile_cookie_is_passed_over(client: FlaskClient, cookie: str) -> None:
    client.set_cookie("saved", cookie)
    answer = client.get("/saved")
    assert answer.status_code == 200
    assert "<script>alert" not in answer.text
    assert ("Room 0" in answer.text) == cookie.startswith("room-0")
    assert answer.text.count('class="result-head"') <= 1


@pytest.mark.usefixtures("listed")
def test_a_clinic_no_longer_listed_is_named_and_can_be_taken_off(app: Flask, client: FlaskClient) -> None:
    saved(app, lambda: clinic("Hidden Name", slug="hidden", status="suspended"))
    client.set_cookie("saved", "room-0.hidden")
    page = client.get("/saved")
    assert "“hidden” is no longer listed here." in text_of(page)
    assert "Hidden Name" not in page.text
    assert "no longer listed" not in text_of(press(client, "/saved", "remove", "hidden"))


def test_a_clinic_nobody_knows_cannot_be_saved(client: FlaskClient) -> None:
    assert client.get("/saved?add=never").status_code == 404


@pytest.mark.usefixtures("listed")
def test_a_full_list_says_so(client: FlaskClient) -> None:
    client.set_cookie("saved", ".".join(f"other-{n}" for n in range(60)))
    page = text_of(client.get("/saved?add=room-0"))
    assert "The list holds 60 clinics and is full." in page


@pytest.mark.usefixtures("listed")
def test_another_site_cannot_fill_the_list(client: FlaskClient) -> None:
    answer = client.post("/saved", data={"act": "add", "slug": "room-0"})
    assert answer.status_code == 400
    assert client.get_cookie("saved") is None


@pytest.mark.usefixtures("listed")
def test_the_list_stays_with_its_visitor(client: FlaskClient) -> None:
    answer = client.get("/saved")
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert "noindex" in answer.text
