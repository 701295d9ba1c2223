"""Every page, light and dark, from a small phone to a desk: nothing axe objects to, nothing that scrolls sideways,
nothing asked of anybody else; and a picture of each for eyes to judge (tests/output/screens)."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import OUTPUT, Visitor
from tests.journeys.pages import STOPS, Stop

Visit = Callable[..., Visitor]
AXE = (Path(__file__).parent.parent / "vendor" / "axe-core-4.14.1" / "axe.min.js").read_text(encoding="utf-8")
PICTURES = (1440, 820, 390)
SMALLEST = 320  # also what 1280 pixels are at 400 % zoom


TWO_FRAMES = "() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))"
CUT_OFF = """() => [...document.querySelectorAll("body *")].filter((one) => {
  const box = one.getBoundingClientRect();
  if (box.width < 2 || box.height < 2 || box.right <= innerWidth + 3 || box.left >= innerWidth) return false;
  if (!one.checkVisibility({ visibilityProperty: true, opacityProperty: true })) return false;
  for (let at = one; at && at !== document.body; at = at.parentElement) {
    const style = getComputedStyle(at);
    if (style.position === "fixed" || (at !== one && style.overflowX !== "visible")) return false;
  }
  return true;
}).map((one) => one.tagName + "." + one.className + " " + Math.round(one.getBoundingClientRect().right))"""


def cut_off(page: Page) -> list[str]:
    """What reaches past the right edge of the screen, where nobody can scroll to; the page itself never scrolls so."""
    page.evaluate(TWO_FRAMES)  # the page may just have been given another width
    found = [f"cut off: {one}" for one in page.evaluate(CUT_OFF)]
    if page.evaluate("document.documentElement.scrollWidth > window.innerWidth"):
        found.append("the page scrolls sideways")
    return found


def violations(page: Page) -> list[str]:
    """What axe objects to, and what is cut off at the side; one line for each element."""
    page.wait_for_load_state()
    page.evaluate(AXE)
    found: dict[str, Any] = page.evaluate("axe.run(document, {resultTypes: ['violations']})")
    wrong = [(rule["id"], node) for rule in found["violations"] for node in rule["nodes"]]
    return [f"{rule}: {node['target']} {node['failureSummary']}" for rule, node in wrong] + cut_off(page)


def fits(page: Page) -> None:
    """Nothing axe objects to, and nothing is cut off."""
    assert violations(page) == [], page.url


def wait_for_map(page: Page) -> None:
    if page.locator("#map").count() and page.locator(".result").count():
        expect(page.locator(".map-pin").first).to_be_visible(timeout=20_000)


def show_all_pictures(page: Page) -> None:
    """Load what waits for the visitor to scroll, so that a picture of the whole page shows it."""
    page.evaluate("""async () => {
        const waiting = [...document.images];
        waiting.forEach((image) => { image.loading = "eager"; });
        await Promise.all(waiting.map((image) => image.decode().catch(() => {})));
    }""")


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("stop", STOPS, ids=lambda stop: stop.name)
def test_every_page_at_every_width(visit: Visit, stop: Stop, theme: str) -> None:
    visitor = visit(width=PICTURES[0], dark=theme == "dark")
    if stop.saved:
        visitor.context.add_cookies([{"name": "saved", "value": stop.saved, "url": visitor.site.url}])
    answer = visitor.page.goto(visitor.site.url + stop.address)
    assert answer is not None
    assert answer.status == stop.status
    page = visitor.page
    wait_for_map(page)
    wrong = violations(page)
    OUTPUT.mkdir(parents=True, exist_ok=True)
    show_all_pictures(page)
    for width in PICTURES:
        page.set_viewport_size({"width": width, "height": 900})
        page.screenshot(path=OUTPUT / f"{stop.name}-{width}-{theme}.png", full_page=True)
    page.evaluate("document.documentElement.style.fontSize = '200%'")
    wrong += [f"with letters of twice the size, at {PICTURES[-1]}: {line}" for line in cut_off(page)]
    page.evaluate("document.documentElement.style.fontSize = ''")
    page.set_viewport_size({"width": SMALLEST, "height": 640})
    wrong += [f"at {SMALLEST}: {line}" for line in violations(page)]
    assert wrong == []
    if stop.status == 200:
        visitor.insist_on_calm()
