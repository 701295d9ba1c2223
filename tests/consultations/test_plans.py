"""Treatment plans: laid side by side in the same lines, and each new version with what it changes."""

import re
from datetime import UTC, datetime, timedelta

from flask import Flask

from directory.accounts.models import User
from directory.clinics.models import Clinic
from directory.consultations.inquiries import Inquiry
from directory.consultations.models import OfferedTime
from directory.db import db, writing
from tests import factories
from tests.accounts import people
from tests.consultations.people import CONCERN, SEEKER, clinic_with_owner
from tests.reading import reads_of, text_of

ROW = re.compile(r'<tr(?: class="(\w+)")?>\s*<th scope="row">([^<]+)')
# Who it is and what for; then the plans and the one key that opens them all, or questions, their plans and drafts.
MOST_READS = {"/account/plans": 7, "/account/consultations": 9}
PLAN = {
    "pattern": "The scar at the back",
    "sessions": "3",
    "price": "GBP 900",
    "included": "All sessions and a touch-up",
    "risks": "Colour can shift",
    "cooling_off": "14",
}


def _met(app: Flask, *slugs: str) -> list[str]:
    """The seeker has met each of these clinics; the consultations' names."""
    with app.app_context(), writing():
        clinics = [db.session.query(Clinic).filter_by(slug=slug).one() for slug in slugs]
        user = db.session.query(User).filter_by(email=SEEKER).one()
        asked = {"concern": CONCERN, "look": "soft"}
        inquiry = Inquiry.draft(asked, about="", clinics=clinics, consent_version="1")
        db.session.add(inquiry)
        db.session.flush()
        inquiry.send(user)
        for one in inquiry.consultations:
            one.answer("", [OfferedTime(starts_at=datetime.now(UTC) + timedelta(days=1), minutes=30, way="clinic")])
            one.accept(one.times[0])
            one.booked_start = datetime.now(UTC) - timedelta(days=1)
        db.session.commit()
        return [one.public_id for one in inquiry.consultations]


def test_plans_stand_in_the_same_lines_and_what_differs_is_marked(app: Flask) -> None:
    owners = [clinic_with_owner(app, slug, f"{slug}@clinic.example") for slug in ("one", "two")]
    factories.saved(app, lambda: factories.clinic(slug="third", name="Third"))
    seeker = people.member(app, SEEKER)
    assert "No clinic has written you a plan yet" in seeker.get("/account/plans").text
    first, second = _met(app, "one", "two")
    dearer = {**PLAN, "price": "GBP 1,050", "pattern": "the scar at the  back.", "needle": "3 round"}
    assert people.submit(owners[0], f"/manage/one/consultations/{first}/plan", **PLAN).status_code == 303
    assert people.submit(owners[1], f"/manage/two/consultations/{second}/plan", **dearer).status_code == 303
    answer = seeker.get("/account/plans")
    page = answer.text
    kinds = {title.strip(): kind for kind, title in ROW.findall(page)}
    assert kinds["Price, all together"] == "differs"
    assert kinds["Needle"] == "partial"
    assert kinds["What is treated, and the pattern"] == kinds["Sessions"] == ""
    assert "1 line differs" in text_of(answer)
    assert page.count('data-clinic="Clinic two"') == len(kinds)
    for address in ("/account/plans", "/account/consultations"):
        reads = reads_of(app, seeker, address)
        assert len(reads) <= MOST_READS[address], "\n".join(reads)


def test_a_new_version_says_what_it_changes_and_only_it_is_answered(app: Flask) -> None:
    owner, seeker = clinic_with_owner(app), people.member(app, SEEKER)
    (name,) = _met(app, "one")
    people.submit(owner, f"/manage/one/consultations/{name}/plan", **PLAN)
    here = f"/account/consultations/{name}"
    old = re.findall(r'href="(/account/plans/[^"]+/accepted)"', seeker.get(here).text)[0]
    assert "What changed" not in seeker.get(here).text
    people.submit(owner, f"/manage/one/consultations/{name}/plan", **{**PLAN, "price": "GBP 800", "touch_up": "One"})
    page = seeker.get(here)
    changes = page.text.partition("What changed since version 1")[2].partition("All of it")[0]
    assert re.findall(r"<del[^>]*>([^<]+)", changes) == ["GBP 900"]
    assert re.findall(r"<ins>([^<]+)", changes) == ["GBP 800", "One"]
    assert people.submit(seeker, old).status_code == 409
    (new,) = re.findall(r'href="(/account/plans/[^"]+/accepted)"', page.text)
    assert "Nothing is paid or booked here" in seeker.get(new).text
    assert "Accepted" not in seeker.get("/account/plans").text
    assert people.submit(seeker, new).status_code == 303
    assert "Accepted" in seeker.get("/account/plans").text


def test_plans_write_a_few_letters_a_day_and_no_more(app: Flask) -> None:
    owner = clinic_with_owner(app)
    people.member(app, SEEKER)
    [one] = _met(app, "one")
    page = f"/manage/one/consultations/{one}/plan"
    codes = [people.submit(owner, page, **{**PLAN, "price": f"GBP {number}"}).status_code for number in range(12)]
    assert codes == [*[303] * 10, 429, 429]
    assert len(people.letters(app, SEEKER)) == 10
