"""A healed result from the clinic's desk to the page: added on a computer, agreed to and taken back on a phone."""

from collections.abc import Callable
from urllib.parse import urlsplit

import pytest
from flask import Flask
from flask.testing import FlaskClient
from playwright.sync_api import Page, expect

from directory.db import db, writing
from directory.portfolio.models import Picture
from tests.consultations.people import clinic_with_owner
from tests.imaging.corpus import photo, written
from tests.journeys.conftest import Site, Visitor
from tests.journeys.test_review import look
from tests.portfolio.clinic import month_ago

Visit = Callable[..., Visitor]
CLINIC = "pictured-at"


@pytest.fixture(scope="module")
def owner(office: Flask) -> FlaskClient:
    return clinic_with_owner(office, CLINIC, "pictured@clinic.example")


def _add(page: Page, kind: str, taken: str, seed: int) -> None:
    content = written(photo(320, 240, seed=seed))
    page.get_by_label("Picture", exact=True).set_input_files(
        {"name": "a.jpg", "mimeType": "image/jpeg", "buffer": content}
    )
    page.get_by_label("What does it show?").select_option(kind)
    page.get_by_label("Month it was taken").select_option(taken)
    page.get_by_label("Light").select_option("harsh")
    page.get_by_label("Length of the hair").select_option("shaved")
    page.get_by_label("No filter, no retouching").check()
    page.get_by_role("button", name="Add this picture").click()


def _published(office: Flask) -> None:
    """What the moderators do is told elsewhere; here they have read it."""
    with office.app_context(), writing():
        for picture in db.session.query(Picture).filter_by(state="pending"):
            picture.publish()
        db.session.commit()


def test_shown_while_the_person_agrees(site: Site, visit: Visit, office: Flask, owner: FlaskClient) -> None:
    boss = visit(width=1280)
    boss.sit_down(owner)
    page = boss.open(f"/manage/{CLINIC}/results/new")
    page.get_by_label("What was done?").select_option("hairline")
    page.get_by_label("Month of the last session").select_option(month_ago(13))
    page.get_by_label("Kind of pigment").select_option("permanent")
    page.get_by_role("button", name="Go on to the pictures").click()
    expect(page.get_by_role("heading", name="Add a picture")).to_be_visible()
    for number, (kind, months) in enumerate((("before", 14), ("12m", 1)), 1):
        _add(page, kind, month_ago(months), 60 + number)
        expect(page.locator(".own-pictures > li")).to_have_count(number)
    assert look(page, "result-desk") == []
    link = page.locator(".code-line code").inner_text()
    client = visit(width=390)
    phone = client.open(urlsplit(link).path)
    assert look(phone, "pictured") == []
    for left in (1, 0):
        phone.get_by_role("button", name="I agree to this picture").first.click()
        expect(phone.get_by_role("button", name="I agree to this picture")).to_have_count(left)
    page.reload()
    page.get_by_role("button", name="Send 2 pictures to the moderators").click()
    expect(page.get_by_text("2 pictures are with the moderators.")).to_be_visible()
    _published(office)
    seeker = visit(width=390)
    shown = seeker.open(f"/clinics/{CLINIC}/results")
    slider = shown.get_by_role("slider")
    slider.focus()
    slider.press("ArrowRight")
    expect(slider).to_have_value("51")
    shown.get_by_role("button", name="Side by side instead").click()
    expect(slider).to_be_hidden()
    assert look(shown, "results") == []
    phone.get_by_role("button", name="Take all of them back").click()
    expect(phone.get_by_text("No picture of you is here.")).to_be_visible()
    gone = shown.goto(f"{site.url}/clinics/{CLINIC}")
    assert gone is not None
    expect(shown.get_by_text("1 result was withdrawn by the person in it.")).to_be_visible()
