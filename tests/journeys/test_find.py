"""A visitor finds a clinic, keeps it and lays it beside another: by keyboard, and without any script."""

import re
from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.journeys.conftest import Visitor
from tests.journeys.crowd import CROWD

Visit = Callable[..., Visitor]


def heading(page: Page) -> str:
    return page.get_by_role("heading", level=1).inner_text()


def test_from_a_few_letters_to_two_clinics_side_by_side(visit: Visit) -> None:
    visitor = visit()
    page = visitor.open("/")
    where = page.get_by_label("Where")
    where.focus()
    page.keyboard.type("Leed", delay=20)
    expect(page.get_by_role("option").first).to_contain_text("Leeds")
    page.keyboard.press("ArrowDown")
    expect(where).to_have_attribute("aria-activedescendant", re.compile("."))
    page.keyboard.press("Enter")
    expect(where).to_have_value(re.compile("^Leeds"))
    if not page.url.partition("/search")[1]:
        page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("of Leeds")
    everything = heading(page)

    page.locator("#filters").get_by_role("link", name=re.compile("^Hairline")).click()
    expect(page.get_by_role("heading", level=1)).not_to_have_text(everything)
    assert "goal=hairline" in page.url
    page.go_back()
    expect(page.get_by_role("heading", level=1)).to_have_text(everything)

    first = page.locator(".result").first
    first.get_by_text("Why here?").click()
    expect(first.get_by_text("Nobody pays to stand here.")).to_be_visible()
    first.get_by_role("checkbox", name=re.compile("^Compare")).check()
    page.locator(".result").nth(1).get_by_role("checkbox", name=re.compile("^Compare")).check()
    expect(page.locator("[data-compare-status]")).to_contain_text("2 clinics to compare")

    name = first.get_by_role("link").first.inner_text()
    first.get_by_role("link").first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text(name)
    page.get_by_role("button", name=re.compile(f"^Save {re.escape(name)}")).click()
    expect(page.locator("[data-saved-count]")).to_have_text("1")

    page.go_back()
    page.get_by_role("button", name="Compare", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Two clinics, side by side")
    page.get_by_role("link", name="Only what differs").click()
    expect(page.get_by_role("link", name="Show all facts")).to_be_visible()

    page.get_by_role("link", name=re.compile("^Saved")).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("1 saved clinic")
    expect(page.get_by_role("link", name=name)).to_be_visible()
    page.get_by_role("button", name="Remove").click()
    expect(page.get_by_text("Nothing is saved yet.")).to_be_visible()
    visitor.insist_on_calm()


def test_the_same_without_a_script(visit: Visit) -> None:
    visitor = visit(script=False)
    page = visitor.open("/")
    page.get_by_label("Where").fill("Leeds")
    page.get_by_label("What for").select_option("hairline")
    page.get_by_role("button", name="Search").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("of Leeds")
    before = heading(page)

    page.get_by_role("button", name="More filters").click()
    page.get_by_label("Cheapest price at most").fill("1500")
    page.get_by_role("button", name="Show the clinics").click()
    expect(page.get_by_role("heading", level=1)).not_to_have_text(before)
    page.locator("#filters > .chip-bar .chip.on", has_text="Prices from £1,500 or less").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(before)
    page.get_by_role("button", name=re.compile("Best fit first")).click()
    page.get_by_role("link", name="Nearest first").click()
    assert "sort=distance" in page.url

    first = page.locator(".result").first
    first.get_by_text("Why here?").click()
    expect(first.get_by_text("Nobody pays to stand here.")).to_be_visible()
    name = first.get_by_role("link").first.inner_text()
    first.get_by_role("link", name=re.compile("^Save")).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Save this clinic on this device?")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Saved on this device.")).to_be_visible()

    visitor.open("/search?near=Leeds")
    for n in range(3):
        page.locator(".result").nth(n).get_by_role("checkbox").check()
    page.get_by_role("button", name="Compare", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Three clinics, side by side")
    page.get_by_role("link", name=re.compile("^Remove")).first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Two clinics, side by side")

    visitor.open("/saved")
    expect(page.get_by_role("link", name=name)).to_be_visible()
    page.get_by_role("button", name="Clear the list").click()
    expect(page.get_by_text("Nothing is saved yet.")).to_be_visible()

    visitor.open("/preferences")
    page.get_by_label("Dark").check()
    page.get_by_role("button", name="Keep").click()
    expect(page.get_by_text("Kept on this device.")).to_be_visible()
    assert page.evaluate("getComputedStyle(document.documentElement).colorScheme") == "dark"


def test_pages_of_a_crowded_place(visit: Visit) -> None:
    visitor = visit(width=390)
    page = visitor.open("/search?near=Inverness&radius=60&unit=mi")
    expect(page.get_by_role("heading", level=1)).to_contain_text(f"{CROWD:,} clinics within 60 miles of Inverness")
    page.get_by_role("link", name="Next page").click()
    expect(page.get_by_text(re.compile("Page 2 of"))).to_be_visible()
    expect(page.locator(".pin-number").first).to_have_text(re.compile(r"^\d\d$"))
    page.get_by_role("button", name="Map").click()
    expect(page.locator("#map")).to_be_visible()
    page.get_by_role("button", name="List").click()
    expect(page.locator(".result").first).to_be_visible()


def test_nothing_found_says_what_to_loosen(visit: Visit) -> None:
    visitor = visit()
    page = visitor.open("/search?near=Hull&goal=removal&goal=hairline&radius=5&unit=mi")
    expect(page.get_by_role("heading", name="What to loosen, and what that gives")).to_be_visible()
    page.locator(".ways a").first.click()
    expect(page.locator(".result").first).to_be_visible()


def test_a_pin_is_looked_at_first_and_going_back_leads_to_the_map(visit: Visit) -> None:
    visitor = visit(width=390, height=844)
    page = visitor.open("/search?near=Leeds")
    page.get_by_role("button", name="Map", exact=True).click()
    page.locator(".map-pin:not(.other)").last.click(timeout=20_000)
    preview = page.locator(".map-preview")
    expect(preview).to_contain_text(" mi")
    preview.get_by_role("link").click()
    page.wait_for_url("**/clinics/**")
    page.go_back()
    expect(page.locator("#map")).to_be_visible()
    expect(page.get_by_role("button", name="Map", exact=True)).to_have_attribute("aria-pressed", "true")
    page.get_by_role("button", name="List", exact=True).click()
    assert "#" not in page.url
    visitor.insist_on_calm()


def test_all_filters_can_be_reached_and_closed_on_a_phone(visit: Visit) -> None:
    page = visit(width=390, height=844).open("/search?near=Leeds")
    page.get_by_role("button", name="More filters").click()
    panel = page.locator("#more")
    panel.get_by_role("link").last.scroll_into_view_if_needed()
    expect(panel.get_by_role("link").last).to_be_in_viewport()
    panel.get_by_role("button", name="Close").click()
    expect(panel).to_be_hidden()


def test_a_place_nobody_knows_is_said(visit: Visit) -> None:
    page = visit().open("/search?near=Qwxzzkv")
    expect(page.get_by_text("We do not know a place called “Qwxzzkv”").first).to_be_visible()


def test_bad_values_are_named_and_the_rest_is_kept(visit: Visit) -> None:
    page = visit().open("/search?near=Leeds&radius=abc&sort=prettiest&page=1000000000")
    notice = page.locator(".notice.warn")
    for name in ("radius", "sort", "page"):
        expect(notice).to_contain_text(name)
    expect(page.get_by_role("heading", level=1)).to_contain_text("of Leeds")
