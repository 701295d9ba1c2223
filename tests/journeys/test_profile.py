"""An owner with a phone keeps the page true: from the first page of the desk through three parts of the profile."""

import time

import pytest
from flask import Flask
from flask.testing import FlaskClient
from playwright.sync_api import expect

from directory.accounts.queries import user_by_email
from directory.clinics.membership import give_owner
from directory.db import db, writing
from tests import factories
from tests.accounts.people import member, set_up_app
from tests.journeys.test_pages import Visit, fits

SLUG = "quiet-rooms"


@pytest.fixture(scope="module")
def owner(office: Flask) -> FlaskClient:
    """The owner of a clinic that states nothing."""
    factories.saved(office, lambda: factories.clinic(slug=SLUG, name="Quiet Rooms", goals=["crown", "hairline"]))
    browser = member(office, "quiet@example.org")
    set_up_app(browser, time.time())
    with office.app_context(), writing():
        user = user_by_email("quiet@example.org")
        assert user is not None
        give_owner(user, SLUG)
        db.session.commit()
    return browser


def test_an_owner_keeps_the_page_true_on_a_phone(visit: Visit, owner: FlaskClient) -> None:
    visitor = visit(width=390)
    visitor.sit_down(owner)
    page = visitor.open("/manage/")
    expect(page.get_by_role("heading", name="things to do")).to_be_visible()
    fits(page)
    page.get_by_role("link", name="Say it: Prices").click()
    expect(page.get_by_role("heading", name="Prices", level=1)).to_be_visible()
    page.locator("#price-0 summary").click()
    page.get_by_label("From").first.fill("900")
    page.get_by_label("Up to").first.fill("800")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("alert")).to_contain_text("less than the price")
    fits(page)
    visitor.complaints.clear()  # the browser tells the console of every 422
    page.get_by_label("Up to").first.fill("1200")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Saved. Your page says so now.")).to_be_visible()
    page.get_by_role("link", name="Opening hours").click()
    expect(page.get_by_role("heading", name="Opening hours", level=1)).to_be_visible()
    page.get_by_label("Opens", exact=True).first.fill("09:00")
    page.get_by_label("closes", exact=True).first.fill("17:30")
    fits(page)
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Saved. Your page says so now.")).to_be_visible()
    page.get_by_role("link", name="Policies").click()
    expect(page.get_by_role("heading", name="Policies", level=1)).to_be_visible()
    page.get_by_text("Patch test", exact=True).click()
    page.get_by_role("group", name="A patch test is offered").get_by_label("Yes").check()
    page.get_by_label("How many hours before the treatment?").fill("48")
    fits(page)
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Offered, 48 hours before")).to_be_visible()
    page.get_by_role("link", name="What was changed, and undo").click()
    expect(page.get_by_role("button", name="Take back change 3")).to_be_visible()
    fits(page)
    page.goto(f"{visitor.site.url}/clinics/{SLUG}")
    expect(page.get_by_text("£900 to £1,200").first).to_be_visible()
    visitor.insist_on_calm()


def test_the_other_parts_at_a_desk_by_night(visit: Visit, owner: FlaskClient) -> None:
    visitor = visit(width=1440, dark=True)
    visitor.sit_down(owner)
    base = f"/manage/{SLUG}/profile"
    for section in ("identity", "treatments", "languages", "materials"):
        page = visitor.open(f"{base}/{section}")
        page.locator("details.line").evaluate_all("lines => lines.forEach((line) => { line.open = true; })")
        fits(page)
    page = visitor.open(f"{base}/address")
    page.get_by_label("Town").fill("York")
    page.get_by_label("Postal code").fill("YO1 7HH")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("img", name="where the pin would stand")).to_be_visible()
    fits(page)
    page.get_by_label("The pin stands where it should").check()
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Saved. Your page says so now.")).to_be_visible()


def test_typed_words_outlive_the_session_and_a_slip(visit: Visit, owner: FlaskClient) -> None:
    words = "We take our time, and say no when it is wiser."
    visitor = visit(width=390)
    visitor.sit_down(owner)
    page = visitor.open(f"/manage/{SLUG}/profile/identity")
    own_words = page.locator("textarea[name=description]")
    own_words.fill(words)
    visitor.context.clear_cookies(name="sid")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Not saved: you were signed out.")).to_be_visible()
    visitor.sit_down(owner)
    visitor.open(f"/manage/{SLUG}/profile/identity")
    expect(page.get_by_text("What you had typed is back. It is not saved yet.")).to_be_visible()
    expect(own_words).to_have_value(words)
    fits(page)
    asked: list[str] = []
    page.once("dialog", lambda dialog: (asked.append(dialog.type), dialog.dismiss()))
    page.get_by_role("link", name="Prices").first.click()
    expect(own_words).to_have_value(words)
    assert asked == ["beforeunload"]
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Saved. Your page says so now.")).to_be_visible()
    expect(own_words).to_have_value(words)
    page.get_by_role("link", name="Prices").first.click()
    expect(page.get_by_role("heading", name="Prices", level=1)).to_be_visible()
    visitor.insist_on_calm()
