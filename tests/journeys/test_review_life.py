"""One review from its first word to the public record, told by everybody it touches."""

import subprocess
import sys
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

from flask import Flask
from PIL import Image
from playwright.sync_api import Page, expect

from directory.cases.models import Case
from directory.db import db
from directory.reviews.models import Review
from tests.accounts import people
from tests.consultations.people import clinic_with_owner
from tests.journeys.conftest import Visitor
from tests.journeys.test_account import arrive
from tests.journeys.test_review import TEXT, go_on, photo, sign_step
from tests.moderation import cast

Visit = Callable[..., Visitor]
LATER = "Ten months on the dots have spread a little and still look like hair."
ROOT = Path(__file__).parents[2]


def _case(app: Flask, slug: str, kind: str) -> str:
    """The newest open item of that kind about that clinic."""
    with app.app_context():
        clinic = db.session.execute(db.text("SELECT id FROM clinic WHERE slug = :slug"), {"slug": slug}).scalar_one()
        found = db.session.query(Case).filter_by(kind=kind, clinic_id=clinic, state="open").order_by(Case.id.desc())
        case = found.first()
        assert case is not None, kind
        return case.public_id


def _first_step(page: Page, year: str) -> None:
    page.get_by_label("What was done?").select_option("hairline")
    page.get_by_label("Month").select_option("1")
    page.get_by_label("Year").select_option(year)
    go_on(page)


def _second_step(page: Page, text: str, stage: str = "") -> None:
    if stage:
        page.get_by_label(stage).check()
    page.get_by_label("Good", exact=True).check()
    page.get_by_label("Yes").check()
    page.get_by_label("Tell what happened").fill(text)


def _rating(visitor: Visitor, slug: str) -> dict[str, Any]:
    answer = visitor.context.request.get(f"{visitor.site.url}/api/v1/clinics/{slug}")
    rating: dict[str, Any] = answer.json()["rating"]
    return rating


def test_the_life_of_a_review(visit: Visit, office: Flask, tmp_path: Path) -> None:
    slug = "life-leeds"
    owner = clinic_with_owner(office, slug, "life-owner@clinic.example")
    first, second = cast.moderator(office, "life1"), cast.moderator(office, "life2")
    reader = visit()
    assert _rating(reader, slug)["count"] == 0

    # Somebody who was treated signs up and writes, with a photo that says where it was taken.
    author = visit(width=390)
    page = arrive(author, office, "life-author@example.org")
    author.open(f"/clinics/{slug}/reviews/new")
    _first_step(page, "2025")
    page.set_input_files('input[type="file"]', photo(seed=77))  # type: ignore[arg-type]
    page.get_by_role("button", name="Add this photo").click()
    expect(page.locator(".photo img, .photos img, img[src*='/account/photos/']").first).to_be_visible()
    _second_step(page, TEXT, "From six months")
    go_on(page)
    sign_step(page)
    reader.open(f"/clinics/{slug}")
    expect(reader.page.get_by_text(TEXT)).to_have_count(0)

    # A moderator publishes it: page and search know at once.
    assert cast.decide(first, _case(office, slug, "review"), "publish").status_code == 303
    reader.open(f"/clinics/{slug}")
    expect(reader.page.get_by_text(TEXT)).to_be_visible()
    assert _rating(reader, slug)["counted"] == 1
    picture = reader.page.locator("img[src*='/photos/']").first.get_attribute("src")
    assert picture is not None
    content = reader.context.request.get(reader.site.url + picture).body()
    shown = Image.open(BytesIO(content))
    assert dict(shown.getexif()) == {}
    assert set(shown.info) <= {"background", "loop", "duration", "timestamp"}

    # The healed stage is told later, in the same episode.
    author.open("/account/reviews")
    page.get_by_role("link", name=f"Clinic {slug}").first.click()
    page.get_by_role("button", name="Tell how it is now").click()
    _second_step(page, LATER, "From a year")
    go_on(page)
    sign_step(page)
    assert cast.decide(second, _case(office, slug, "stage"), "publish").status_code == 303
    reader.open(f"/clinics/{slug}")
    expect(reader.page.get_by_text(LATER)).to_be_visible()
    assert (_rating(reader, slug)["count"], _rating(reader, slug)["healed"]) == (1, 1)

    # The clinic's complaint does not hide it, and one moderator alone does not take it down.
    with office.app_context():
        number = db.session.query(Review).filter(Review.clinic.has(slug=slug)).one().public_id
    why = "The clinic was closed in the month that the review tells of."
    assert people.submit(owner, f"/manage/{slug}/reviews/{number}/dispute", text=why).status_code == 303
    case = _case(office, slug, "dispute")
    assert cast.decide(first, case, "remove", "experience").status_code == 303
    reader.open(f"/clinics/{slug}")
    expect(reader.page.get_by_text(LATER)).to_be_visible()
    item, why = f"/desk/items/{case}", "He was there; his words are his own."
    assert cast.press(second, item, f"{item}/second", agrees="no", why=why).status_code == 303
    assert cast.decide(second, case, "keep").status_code == 303  # nothing stays open for other journeys

    # Another author is refused, reads why, and wins the appeal before somebody else.
    loser = visit(width=390)
    loser.sit_down(people.member(office, "author990@example.org"))
    words = "The needle was new, and nobody hurried me at all."
    refused = cast.a_review(office, slug=slug, number=990, text=words)
    assert cast.decide(first, refused, "refuse", "personal").status_code == 303
    page = loser.open("/account/statements")
    page.locator("main a[href*='/account/statements/']").first.click()
    expect(page.get_by_text(cast.WHY)).to_be_visible()
    page.get_by_role("link", name="Appeal").click()
    page.get_by_label("Why is the decision wrong?").fill("I name nobody: read it once more, please.")
    page.get_by_role("button", name="Send the appeal").click()
    expect(page.get_by_text("We have your appeal.")).to_be_visible()
    appeal = _case(office, slug, "appeal")
    cast.reverse(office, appeal, "It names nobody; the first reading was wrong.")
    reader.open(f"/clinics/{slug}")
    expect(reader.page.get_by_text(words)).to_be_visible()

    # The public record shows all of it, and verifies.
    log = reader.context.request.get(f"{reader.site.url}/transparency/log.jsonl").body()
    (tmp_path / "log.jsonl").write_bytes(log)
    script = ROOT / "static" / "verify-log.py"
    done = subprocess.run([sys.executable, str(script), str(tmp_path / "log.jsonl")], capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    for act in ("review.publish.decided", "stage.publish.decided", "review.refuse.decided", "appeal.reversed"):
        assert act.encode() in log
