"""A review in a real browser: three steps with a photo that says where it was taken, by keyboard, without a script."""

from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from tests.imaging import corpus
from tests.journeys.conftest import OUTPUT, Visitor
from tests.journeys.pages import LEEDS
from tests.journeys.test_account import arrive
from tests.journeys.test_pages import violations

Visit = Callable[..., Visitor]
NEW = f"/clinics/{LEEDS[1]}/reviews/new"
TEXT = "They took their time, showed healed work and drew the line twice before a dot was made."
SMALLEST, DESK = 320, 1440


def photo(seed: int = 1) -> dict[str, object]:
    """A JPEG with a place, a device and a time in it."""
    content = corpus.written(corpus.photo(seed=seed), exif=corpus.exif(6))
    return {"name": "IMG_0042 at home.jpg", "mimeType": "image/jpeg", "buffer": content}


def go_on(page: Page) -> None:
    page.get_by_role("button", name="Save and go on").last.click()


def visit_step(page: Page) -> None:
    page.get_by_label("What was done?").select_option("hairline")
    page.get_by_label("Month").select_option("1")
    page.get_by_label("Year").select_option("2026")
    go_on(page)
    expect(page.get_by_text("Step 2 of 3: the result")).to_be_visible()


def result_step(page: Page) -> None:
    page.get_by_label("Good", exact=True).check()
    page.get_by_label("Yes").check()
    page.get_by_label("Tell what happened").fill(TEXT)


def sign_step(page: Page) -> None:
    page.get_by_label("I was treated there myself").check()
    page.get_by_label("I have no tie").check()
    page.get_by_label("No", exact=True).check()
    for box in page.get_by_label("I agree that").all():
        box.check()
    page.get_by_role("button", name="Send it in").click()
    expect(page.get_by_text("We have it. Thank you.")).to_be_visible()


def look(page: Page, name: str) -> list[str]:
    """What axe objects to, and what scrolls sideways, in both themes on a desk and on a small phone."""
    wrong: list[str] = []
    OUTPUT.mkdir(parents=True, exist_ok=True)
    for theme in ("light", "dark"):
        page.emulate_media(color_scheme=theme)  # type: ignore[arg-type]
        for width in (SMALLEST, DESK):
            page.set_viewport_size({"width": width, "height": 900})
            wrong += [f"{name} {theme} {width}: {line}" for line in violations(page)]
            page.screenshot(path=OUTPUT / f"{name}-{width}-{theme}.png", full_page=True)
    page.emulate_media(color_scheme="light")
    return wrong


def stored_files(data: Path) -> list[bytes]:
    return [path.read_bytes() for path in (data / "files").rglob("*") if path.is_file()]


def test_three_steps_with_a_photo_and_every_page_is_in_order(visit: Visit, office: Flask) -> None:
    visitor = visit(width=DESK)
    page = arrive(visitor, office, "reviewer@example.org")
    visitor.open(NEW)
    before = stored_files(visitor.site.data)
    wrong = look(page, "review-visit")
    go_on(page)
    expect(page.get_by_role("alert")).to_be_visible()
    wrong += look(page, "review-visit-wrong")
    visitor.complaints.clear()  # the browser's note that the form was answered with 422
    visit_step(page)
    result_step(page)
    page.get_by_label("Photo", exact=True).set_input_files(photo())  # type: ignore[arg-type]
    page.get_by_role("button", name="Add this photo").click()
    expect(page.get_by_role("button", name="Remove photo 1")).to_be_visible()
    expect(page.get_by_label("Tell what happened")).to_have_value(TEXT)  # nothing was loaded anew
    kept = stored_files(visitor.site.data)
    assert len(kept) == len(before) + 4
    assert not [content for content in kept if corpus.CANARY in content or b"GPS" in content]
    wrong += look(page, "review-result")
    go_on(page)
    expect(page.get_by_text("Step 3 of 3: the name")).to_be_visible()
    wrong += look(page, "review-sign")
    sign_step(page)
    wrong += look(page, "review-own")
    visitor.open("/account/reviews")
    wrong += look(page, "review-mine")
    page.get_by_role("link", name="Kirkgate").click()
    page.get_by_role("link", name="Take the whole review back").click()
    expect(page.get_by_role("heading", name="Take the whole review back")).to_be_visible()
    wrong += look(page, "review-withdraw")
    page.get_by_label("Yes, erase it").check()
    page.get_by_role("button", name="Erase").click()
    expect(page.get_by_text("Taken back by you")).to_be_visible()
    assert wrong == []
    visitor.insist_on_calm()


def test_without_a_script_it_is_the_same(visit: Visit, office: Flask) -> None:
    visitor = visit(width=390, script=False)
    page = arrive(visitor, office, "plain-author@example.org")
    visitor.open(NEW)
    visit_step(page)
    result_step(page)
    page.get_by_label("Photo", exact=True).set_input_files(photo(2))  # type: ignore[arg-type]
    page.get_by_role("button", name="Add this photo").click()
    expect(page.get_by_role("button", name="Remove photo 1")).to_be_visible()
    expect(page.get_by_label("Tell what happened")).to_have_value(TEXT)  # saved with the photo
    go_on(page)
    sign_step(page)
    visitor.insist_on_calm()


def press_until(page: Page, key: str, wanted: str, most: int = 90) -> None:
    """Press a key until the element of that name and no other has the focus."""
    for _ in range(most):
        page.keyboard.press(key)
        if page.evaluate("document.activeElement.name + '=' + document.activeElement.value").startswith(wanted):
            return
        if page.evaluate("document.activeElement.textContent.trim()") == wanted:
            return
    pytest.fail(f"{wanted} cannot be reached with {key}")


def test_by_keyboard_alone(visit: Visit, office: Flask) -> None:
    visitor = visit()
    page = arrive(visitor, office, "keys-author@example.org")
    visitor.open(NEW)
    for name, typed in (("goal", "Hairline"), ("month", "January"), ("year", "2026")):
        press_until(page, "Tab", f"{name}=")
        page.keyboard.type(typed)
    press_until(page, "Tab", "Save and go on")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Step 2 of 3: the result")).to_be_visible()
    press_until(page, "Tab", "overall=")
    page.keyboard.press("ArrowDown")
    press_until(page, "Tab", "again=")
    page.keyboard.press("Space")
    press_until(page, "Tab", "text=")
    page.keyboard.type(TEXT)
    press_until(page, "Tab", "Save and go on")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Step 3 of 3: the name")).to_be_visible()
    for name in ("own=", "no_tie=", "incentive=", "health="):
        press_until(page, "Tab", name)
        page.keyboard.press("Space")
    press_until(page, "Tab", "Send it in")
    page.keyboard.press("Enter")
    expect(page.get_by_text("We have it. Thank you.")).to_be_visible()
    visitor.insist_on_calm()
