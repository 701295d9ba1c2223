"""Both sides of the house in one story: a listing claimed and filled, a consultation that becomes a review, an erasure.

What people press stands in the browser; what the desk and the second clinic do in between goes by the same pages.
"""

import sqlite3
import time
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

from flask import Flask
from flask.testing import FlaskClient
from playwright.sync_api import Page, expect
from sqlalchemy import select

from directory.clinics.models import Clinic
from directory.consultations.models import Consultation
from directory.db import Base, db, writing
from directory.practitioners.models import Practitioner
from directory.reviews.models import Review
from tests.accounts import people
from tests.claims import claiming
from tests.consultations.people import clinic_with_owner, offer, path_in_letter
from tests.consultations.test_plans import PLAN
from tests.credentials import papers
from tests.journeys.conftest import Site, Visitor
from tests.journeys.test_claim import MOST_INTERACTIONS, Hand
from tests.moderation import cast
from tests.portfolio import clinic as pictures
from tests.reviews import authors

Visit = Callable[..., Visitor]
OWNER, SEEKER, BEA = "ada@otley.example", "life-seeker@example.org", "bea@otley.example"
CONCERN = "The line at my temples: canary-of-the-seeker."
MOST_TO_ASK = 12
LISTING = """name,address,city,postal_code,country,lat,lon,phone,email,website,goals,source_id
Chevin Dots,12 Boroughgate,Otley,LS21 3AL,GB,53.9057,-1.6918,+441943460000,studio@chevin.example,https://www.chevin.example/,hairline;crown,life-1
"""


def _imported(office: Flask, folder: Path) -> str:
    file = folder / "otley.csv"
    file.write_text(LISTING, "utf-8")
    done = office.test_cli_runner().invoke(args=["clinics", "import", str(file), "--source", "Invented list"])
    assert done.exit_code == 0, done.output
    with office.app_context():
        return db.session.scalars(select(Clinic.slug).where(Clinic.name == "Chevin Dots")).one()


def _claim(page: Page, hand: Hand, office: Flask, desk: FlaskClient, slug: str) -> None:
    """By the letter's code; the desk prints it and approves."""
    hand.press("Is this your clinic? Claim it", "link")
    hand.fill("Your name", "Ada Muster")
    hand.tick("I own the business")
    hand.tick("A letter to the clinic's address")
    hand.tick("I may speak for this clinic")
    hand.press("Send the claim")
    expect(page.get_by_text("We print a letter with a code")).to_be_visible()
    case = cast.open_cases(office, "claim")[-1]
    code = claiming.code_on(claiming.proof_page(desk, case, "letter"))
    assert claiming.settle(desk, case, "posted").status_code == 303
    page.reload()
    hand.fill("The code", code)
    hand.press("That is the code")
    expect(page.get_by_text("Your proof is shown.")).to_be_visible()
    assert claiming.settle(desk, cast.open_cases(office, "claim")[-1], "approve").status_code == 303
    page.reload()
    expect(page.get_by_role("link", name="Open the clinic's desk")).to_be_visible()


def _prices(page: Page, hand: Hand) -> None:
    page.get_by_role("link", name="Say it: Prices").click()
    expect(page.get_by_role("heading", name="Prices", level=1)).to_be_visible()
    page.locator("#price-0 summary").click()
    page.get_by_label("From").first.fill("900")
    page.get_by_label("Up to").first.fill("1200")
    hand.count += 4
    hand.press("Save")
    expect(page.get_by_text("Saved. Your page says so now.")).to_be_visible()


def _name_bea(page: Page, hand: Hand) -> None:
    page.locator(".manage-menu summary").click()
    hand.count += 1
    hand.press("People", "link")
    expect(page.get_by_role("heading", name="People", level=1)).to_be_visible()
    hand.press("Name a person", "link")
    expect(page.get_by_role("heading", name="Name a person", level=1)).to_be_visible()
    page.get_by_label("Name", exact=True).fill("Bea Otley")
    hand.count += 1
    hand.press("Name this person")
    expect(page.get_by_role("heading", name="Bea Otley")).to_be_visible()


def _licensed(office: Flask, owner: FlaskClient, slug: str) -> None:
    """Bea takes the link, agrees, and what she holds was found in the register."""
    bea = people.member(office, BEA)
    with office.app_context():
        name = db.session.scalars(select(Practitioner.slug).where(Practitioner.name == "Bea Otley")).one()
    sent = people.submit(owner, f"/manage/{slug}/credentials/people/{name}", email=BEA)
    assert sent.status_code == 303, sent.text
    taken = people.submit(bea, path_in_letter(office, BEA))
    assert taken.status_code == 303, taken.text
    with office.app_context(), writing():
        papers.rules()
        person = db.session.scalars(select(Practitioner).where(Practitioner.slug == name)).one()
        papers.verified("gb-eng-person", person, "LCC/SP/07777")
        db.session.commit()


def _healed(office: Flask, owner: FlaskClient, desk: FlaskClient, slug: str) -> None:
    path = pictures.begin(owner, slug)
    assert pictures.add(owner, path, pictures.a_picture(seed=4_711)).status_code == 303
    link, picture = pictures.link_of(office), pictures.ids(office)[-1]
    assert pictures.agree(office, link, picture).status_code == 303
    assert pictures.send(owner, path).status_code == 303
    people.letters(office)  # the comparison with other clinics' pictures has been made
    assert cast.decide(desk, cast.open_cases(office, "result")[-1], "publish").status_code == 303


def _asked(page: Page, hand: Hand) -> None:
    """From three compared to two asked."""
    hand.press("Ask these", "link")
    expect(page.get_by_role("heading", name="Ask up to three clinics")).to_be_visible()
    page.get_by_label("Third Way").uncheck()
    page.get_by_label("What you would like to know or change").fill(CONCERN)
    page.get_by_label("Soft, so that nobody notices").check()
    page.get_by_label("may read what I wrote").check()
    hand.count += 4
    hand.press("Send the question")
    expect(page.get_by_role("heading", name="Your consultations")).to_be_visible()


def _met(office: Flask, slug: str) -> None:
    """The day has come and gone."""
    with office.app_context(), writing():
        one = db.session.scalars(select(Consultation).join(Clinic).where(Clinic.slug == slug)).one()
        one.booked_start = datetime.now(UTC) - timedelta(hours=2)
        db.session.commit()


def _reviewed(browser: FlaskClient, slug: str, **when: str) -> None:
    draft = authors.begin(browser, slug, **when)
    told = authors.fill(browser, f"{draft}/result", **authors.judged(stage="fresh"))
    assert told.location == f"{draft}/sign", told.text
    sent = authors.fill(browser, f"{draft}/sign", **authors.signed())
    assert sent.status_code == 303, sent.text


def _found(office: Flask, site: Site, *words: str) -> list[str]:
    """Where these words still stand: any cell of any table, and the bytes of the database itself."""
    found = []
    with office.app_context():
        for table in Base.metadata.sorted_tables:
            for row in db.session.execute(select(table)):
                found += [f"{table.name}: {word}" for word in words if word in str(tuple(row))]
        db.session.remove()
    with closing(sqlite3.connect(site.data / "hairline.sqlite")) as connection:
        busy, *_pages = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        assert not busy
    for path in site.data.glob("hairline.sqlite*"):
        content = path.read_bytes()
        found += [f"{path.name}: {word}" for word in words if word.encode() in content]
    return found


def test_from_an_imported_listing_to_a_review_that_outlives_its_author(
    visit: Visit, office: Flask, site: Site, tmp_path: Path
) -> None:
    slug = _imported(office, tmp_path)
    desk = cast.with_role(office, "life@desk.example", "lead")
    second = cast.with_role(office, "life-two@desk.example", "lead")
    ada = people.member(office, OWNER)
    boss = visit(width=390)
    boss.sit_down(ada)
    page = boss.open(f"/clinics/{slug}")
    hand = Hand(page)
    _claim(page, hand, office, desk, slug)
    people.set_up_app(ada, time.time())  # an owner's account must not open by a password alone
    boss.sit_down(ada)
    boss.open(f"/manage/{slug}/")
    _prices(page, hand)
    _name_bea(page, hand)
    assert hand.count < MOST_INTERACTIONS
    _licensed(office, ada, slug)
    _healed(office, ada, desk, slug)

    rival = clinic_with_owner(office, "second-way", "second@way.example")
    clinic_with_owner(office, "third-way", "third@way.example")
    with office.app_context(), writing():
        for named, name in (("second-way", "Second Way"), ("third-way", "Third Way")):
            db.session.scalars(select(Clinic).where(Clinic.slug == named)).one().rename(name)
        db.session.commit()
    seeker, browser = visit(width=390), people.member(office, SEEKER)
    seeker.sit_down(browser)
    page = seeker.open(f"/clinics/{slug}")
    expect(page.get_by_text("£900 to £1,200").first).to_be_visible()
    expect(page.get_by_text("Found in register").first).to_be_visible()
    expect(page.get_by_role("heading", name="Results, by how long they have healed")).to_be_visible()
    page = seeker.open(f"/compare?c={slug}&c=second-way&c=third-way")
    hand = Hand(page)
    _asked(page, hand)
    assert hand.count < MOST_TO_ASK

    at_clinic, at_rival = path_in_letter(office, OWNER), path_in_letter(office, "second@way.example")
    assert not [one for one in people.letters(office, "third@way.example") if "/manage/" in one.get_content()]
    soon = datetime.now(UTC) + timedelta(days=3)
    assert offer(ada, at_clinic, soon).status_code == 303
    assert people.submit(rival, f"{at_rival}/decline", reason="other").status_code == 303
    page = seeker.open(path_in_letter(office, SEEKER))
    seeker.open("/account/consultations")
    page.get_by_role("link", name="Chevin Dots").click()
    page.get_by_role("button", name="Take this time").click()
    expect(page.get_by_text("Booked. A calendar file is below.")).to_be_visible()
    booked = page.url
    seeker.open(f"/clinics/{slug}/passport")
    assert len(page.pdf()) > 2_000
    _met(office, slug)
    page.goto(booked)
    page.get_by_role("button", name="Yes, we met").click()
    expect(page.get_by_text("You said that you met.")).to_be_visible()
    said = ada.post(f"{at_clinic}/attended", data={"csrf_token": people.form_token(ada.get(at_clinic))})
    assert said.status_code == 303
    assert people.submit(ada, f"{at_clinic}/plan", **PLAN).status_code == 303
    seeker.open("/account/plans")
    expect(page.get_by_text("GBP 900")).to_be_visible()

    today = datetime.now(UTC)
    _reviewed(browser, slug, month=str(today.month), year=str(today.year))
    case = cast.open_cases(office, "review")[-1]
    assert cast.decide(second, case, "publish").status_code == 303
    page = seeker.open(f"/clinics/{slug}")
    expect(page.get_by_text(authors.TEXT)).to_be_visible()
    expect(page.get_by_text("Visit proven").first).to_be_visible()

    page = boss.open(f"/manage/{slug}/reviews")
    page.get_by_role("link", name="Reply").first.click()
    page.get_by_label("Your reply").fill("Thank you John. Your second session in March went well, and we refunded you.")
    page.get_by_role("button", name="Send it to a moderator").click()
    expect(page.get_by_role("alert").first).to_be_visible()
    expect(page.get_by_text("may tell who the reviewer is").first).to_be_visible()
    assert cast.open_cases(office, "reply") == []

    page = seeker.open("/account/erase")
    page.get_by_label("The words stay").check()
    page.get_by_label("Erase my account and everything").check()
    page.get_by_role("button", name="Erase", exact=True).click()
    expect(page.get_by_role("heading", name="erased")).to_be_visible()
    people.letters(office)  # the last letter has gone
    assert _found(office, site, SEEKER, CONCERN) == []
    page = seeker.open(f"/clinics/{slug}")
    expect(page.get_by_text(authors.TEXT)).to_be_visible()  # it stays, as its author chose
    with office.app_context():
        assert db.session.scalars(select(Review).join(Clinic).where(Clinic.slug == slug)).one().author_id is None
