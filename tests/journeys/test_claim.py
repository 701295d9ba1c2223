"""A listing claimed in a real browser: from the clinic's page to its desk, by a letter that the desk prints."""

from collections.abc import Callable

from flask import Flask
from playwright.sync_api import Page, expect

from tests import factories
from tests.accounts import people
from tests.claims.claiming import KNOWN
from tests.journeys.conftest import Visitor
from tests.journeys.test_review import look
from tests.moderation.cast import with_role

Visit = Callable[..., Visitor]
CLINIC = "to-be-claimed"
MOST_INTERACTIONS = 40


class Hand:
    """Presses and fills in, and counts."""

    def __init__(self, page: Page) -> None:
        self.page, self.count = page, 0

    def press(self, words: str, role: str = "button") -> None:
        self.page.get_by_role(role, name=words).click()  # type: ignore[arg-type]
        self.count += 1

    def fill(self, label: str, words: str) -> None:
        self.page.get_by_label(label, exact=True).fill(words)
        self.count += 1

    def tick(self, label: str) -> None:
        self.page.get_by_label(label).check()
        self.count += 1


def _print_letter(desk: Page) -> str:
    """What the moderator does before the post goes: take the item, print, say that it is posted."""
    desk.locator(".desk-queue a").first.click()
    expect(desk.get_by_role("heading", name="Claim or change of a listing")).to_be_visible()
    desk.get_by_role("button", name="Take this item").click()
    expect(desk.get_by_role("button", name="Show the letter to print")).to_be_visible()
    assert look(desk, "claim-desk") == []
    desk.get_by_role("button", name="Show the letter to print").click()
    expect(desk.locator(".letter-code")).to_be_visible()
    assert look(desk, "claim-letter") == []
    code = desk.locator(".letter-code").inner_text()
    desk.get_by_role("link", name="Back to the item").click()
    desk.get_by_label("Why, in words for whoever it concerns").fill("The letter went out with today's post.")
    desk.get_by_role("button", name="The letter is posted").click()
    expect(desk.get_by_text("Decided.")).to_be_visible()
    return code


def _approve(desk: Page) -> None:
    desk.locator(".desk-queue a").first.click()
    desk.get_by_role("button", name="Take this item").click()
    desk.get_by_label("Why, in words for whoever it concerns").fill("The code of the letter was typed.")
    desk.get_by_role("button", name="Approve").click()
    expect(desk.get_by_text("Decided.")).to_be_visible()


def test_claimed_by_letter_on_a_phone(visit: Visit, office: Flask) -> None:
    factories.saved(office, lambda: factories.clinic(slug=CLINIC, name="To Be Claimed", **KNOWN))
    ada, moderator = visit(width=390), visit(width=1280)
    ada.sit_down(people.member(office, "ada@home.example"))
    moderator.sit_down(with_role(office, "claims@desk.example", "moderator"))
    page = ada.open(f"/clinics/{CLINIC}")
    hand = Hand(page)
    hand.press("Is this your clinic? Claim it", "link")
    expect(page.get_by_role("heading", name="Claim To Be Claimed")).to_be_visible()
    assert look(page, "claim-new") == []
    hand.fill("Your name", "Ada Muster")
    hand.tick("I own the business")
    hand.tick("A letter to the clinic's address")
    hand.tick("I may speak for this clinic")
    hand.press("Send the claim")
    expect(page.get_by_text("We print a letter with a code")).to_be_visible()
    assert look(page, "claim-show") == []
    desk = moderator.open("/desk/?kind=claim")
    code = _print_letter(desk)
    page.reload()
    hand.fill("The code", code)
    hand.press("That is the code")
    expect(page.get_by_text("Your proof is shown.")).to_be_visible()
    moderator.open("/desk/?kind=claim")
    _approve(desk)
    page.reload()
    hand.press("Open the clinic's desk", "link")
    expect(page.get_by_role("heading", name="second", exact=False).first).to_be_visible()
    assert hand.count < MOST_INTERACTIONS
    ada.insist_on_calm()
