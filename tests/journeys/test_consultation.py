"""A consultation in a real browser: asked on a phone in a few presses, answered, and a time taken."""

from collections.abc import Callable
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from flask import Flask
from flask.testing import FlaskClient
from playwright.sync_api import Locator, Page, expect

from tests.accounts import people
from tests.consultations.people import CONCERN, LINK, clinic_with_owner, picture
from tests.journeys.conftest import Visitor
from tests.journeys.test_review import look

Visit = Callable[..., Visitor]
CLINIC, OWNER = "asked-of", "asked@clinic.example"


@pytest.fixture(scope="module")
def owner(office: Flask) -> FlaskClient:
    return clinic_with_owner(office, CLINIC, OWNER)


def _ask(page: Page) -> int:
    """Fill the form in; returns how many presses and fields that took."""
    page.get_by_role("link", name="Ask for a consultation").click()
    page.get_by_label("What you would like to know or change").fill(CONCERN)
    page.get_by_label("Soft, so that nobody notices").check()
    page.get_by_label("Weekday mornings").check()
    page.get_by_label("may read what I wrote").check()
    page.get_by_role("button", name="Send the question").click()
    return 6


def test_asked_on_a_phone_answered_and_taken(visit: Visit, office: Flask, owner: FlaskClient) -> None:
    seeker = visit(width=390)
    seeker.sit_down(people.member(office, "phone-seeker@example.org"))
    page = seeker.open(f"/clinics/{CLINIC}")
    assert _ask(page) < 12
    expect(page.get_by_role("heading", name="Your consultations")).to_be_visible()
    assert look(page, "consultations") == []
    boss = visit(width=1280)
    boss.sit_down(owner)
    desk = boss.open(f"/manage/{CLINIC}/consultations/")
    assert look(desk, "consultation-desk") == []
    desk.get_by_role("link", name="Asked").first.click()
    expect(desk.get_by_text(CONCERN)).to_be_visible()
    assert look(desk, "consultation-question") == []
    desk.get_by_role("link", name="Offer times").click()
    expect(desk.get_by_label("First time")).to_be_visible()
    soon = datetime.now(ZoneInfo("Europe/London")) + timedelta(days=4)
    desk.get_by_label("First time").fill(f"{soon:%Y-%m-%dT}14:30")
    assert look(desk, "consultation-answer") == []
    desk.get_by_role("button", name="Send the times").click()
    page.reload()
    page.get_by_role("link", name="Clinic asked-of").click()
    expect(page.get_by_role("button", name="Take this time")).to_be_visible()
    assert look(page, "consultation-times") == []
    page.get_by_role("button", name="Take this time").click()
    expect(page.get_by_text("Booked. A calendar file is below.")).to_be_visible()
    assert look(page, "consultation-booked") == []
    seeker.insist_on_calm()


class Keys:
    """A person without a mouse: moves with the tab key, and counts what is pressed or typed besides."""

    def __init__(self, page: Page) -> None:
        self.page, self.count = page, 0

    def go_to(self, target: Locator) -> None:
        """Tab until it has the focus; what the tab key cannot reach fails here."""
        for _step in range(120):
            if target.evaluate("one => one === document.activeElement"):
                return
            self.page.keyboard.press("Tab")
        raise AssertionError(f"the tab key does not reach {target}")

    def press(self, target: Locator, key: str) -> None:
        self.go_to(target)
        self.page.keyboard.press(key)
        self.count += 1

    def type(self, target: Locator, words: str) -> None:
        self.go_to(target)
        self.page.keyboard.type(words)
        self.count += 1


def test_compared_clinics_are_asked_by_keyboard_without_an_account_and_a_photo_follows(
    visit: Visit, office: Flask, owner: FlaskClient
) -> None:
    clinic_with_owner(office, "asked-too", "too@clinic.example")
    seeker = visit(width=390)
    page = seeker.open(f"/compare?c={CLINIC}&c=asked-too")
    keys = Keys(page)
    keys.press(page.get_by_role("link", name="Ask these"), "Enter")
    expect(page.get_by_role("heading", name="Ask up to three clinics")).to_be_visible()
    expect(page.get_by_role("checkbox", name="Clinic asked-too")).to_be_checked()
    assert look(page, "consultation-new") == []
    keys.type(page.get_by_label("What you would like to know or change"), CONCERN)
    keys.press(page.get_by_role("button", name="Send the question"), "Enter")
    expect(page.get_by_text("answers need another look")).to_be_visible()
    seeker.complaints.clear()  # the browser tells the console of every 422
    assert look(page, "consultation-wrong") == []
    keys.type(page.get_by_label("Your e-mail address"), "keys@example.org")
    keys.press(page.get_by_label("may read what I wrote"), "Space")
    keys.press(page.get_by_role("button", name="Send the question"), "Enter")
    expect(page.get_by_role("heading", name="One more step: your mailbox")).to_be_visible()
    seeker.open(LINK.findall(people.letters(office, "keys@example.org")[-1].get_content())[0])
    keys.press(page.get_by_role("button", name="Send it now"), "Enter")
    expect(page.get_by_role("heading", name="Your consultations")).to_be_visible()
    expect(page.locator(".account-list li")).to_have_count(2)
    assert keys.count + 1 < 12  # and the link in the letter
    keys.press(page.get_by_role("link", name="Clinic asked-too"), "Enter")
    keys.press(page.get_by_role("link", name="Add photos"), "Enter")
    expect(page.get_by_role("heading", name="Photos with your question")).to_be_visible()
    page.get_by_label("Photo", exact=True).set_input_files(
        {"name": "me.jpg", "mimeType": "image/jpeg", "buffer": picture()}
    )
    keys.press(page.get_by_label("may look at this photo"), "Space")
    keys.press(page.get_by_role("button", name="Add this photo"), "Enter")
    expect(page.get_by_text("The photo is added.")).to_be_visible()
    assert look(page, "consultation-photos") == []
    assert "Clinic" not in page.title()
    seeker.open(f"/clinics/{CLINIC}/passport")
    assert look(page, "passport") == []
    seeker.insist_on_calm()
