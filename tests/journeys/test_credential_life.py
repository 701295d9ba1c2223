"""A licence from the paper to its end, in a browser wherever a person acts: handed in, found, shown, revoked, told."""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from urllib.parse import urlsplit

from flask import Flask
from playwright.sync_api import APIResponse, Page, expect

from directory.db import db, writing
from directory.practitioners.accounts import PractitionerAccount
from tests import factories
from tests.accounts.people import letters, links, member
from tests.credentials.lists import PERSONS, mapping, person, persons
from tests.credentials.papers import person as account
from tests.imaging.corpus import pdf
from tests.journeys.conftest import Visitor
from tests.journeys.test_review import look
from tests.moderation.cast import decide, open_cases, press, with_role

Visit = Callable[..., Visitor]
ISSUER, HOLDER, SLUG = "us-ny-nyc-dohmh", "holder@proving.example", "proving-dots"
NUMBER, NAME = "SP-00077", "Ada Proving"
NEW_YORK = {
    "city": "New York",
    "region": "New York",
    "country": "US",
    "postal_code": "10001",
    "timezone": "America/New_York",
}


def _load(office: Flask, folder: Path, status: str) -> None:
    """The city's list of today, invented: her line with that status, among others."""
    rows = [person(77, NAME, status=status, town="New York"), *(person(n) for n in range(100, 140))]
    words = ["registers", "load", ISSUER, str(persons(folder, *rows))]
    layout = mapping(folder, PERSONS.replace("xx-somewhere", ISSUER))
    done = office.test_cli_runner().invoke(args=[*words, "--map", str(layout)])
    assert done.exit_code == 0, done.output


def _hand_in(page: Page) -> str:
    """The practitioner's part, on a phone; returns the credential's public id."""
    page.get_by_role("link", name="Hand one in").click()
    page.get_by_label("What is it?").select_option(label="Tattoo licence, New York City Department of Health and Mental Hygiene")  # fmt: skip # noqa: E501
    page.get_by_label("Its number").fill(NUMBER)
    page.get_by_role("button", name="Go on to the paper").click()
    expect(page.get_by_role("button", name="Send it to the desk")).to_be_visible()
    paper = {"name": "my licence.pdf", "mimeType": "application/pdf", "buffer": pdf(["Tattoo licence 77"])}
    page.get_by_label("One PDF, or one photo").set_input_files(paper)  # type: ignore[arg-type]
    page.get_by_role("button", name="Add this document").click()
    expect(page.get_by_text("Document of 1 page")).to_be_visible()
    assert look(page, "credential-own") == []
    page.get_by_role("button", name="Send it to the desk").click()
    expect(page.get_by_text("It is at the desk.")).to_be_visible()
    return page.url.rpartition("/")[2]


def _verify(page: Page) -> None:
    """The checker's part: the paper, the line in the register, the fields that agree."""
    page.get_by_role("button", name="Take this item").click()
    expect(page.get_by_text("Number, name, status and place agree with the register.")).to_be_visible()
    paper = page.get_by_role("link", name="page 1").get_attribute("href")
    assert page.request.get(urlsplit(page.url)._replace(path=paper or "", query="").geturl()).headers["content-type"] == "image/png"  # fmt: skip # noqa: E501
    assert look(page, "credential-desk") == []
    for field in ("Name", "Number", "Status", "Place"):
        page.get_by_label(f"{field} agrees").check()
    page.get_by_label("Where the answer stands").fill("https://register.example.org/")
    page.get_by_label("Why, in words").fill("Number, name, place and status stand in the city's list of today.")
    page.get_by_role("button", name="Found in the register").click()
    expect(page.get_by_text("Decided.")).to_be_visible()


def _said(visitor: Visitor, public_id: str) -> list[object]:
    """What page, search, badge, card and API say at this moment, to somebody who just came in."""

    def get(path: str) -> APIResponse:
        return visitor.context.request.get(visitor.site.url + path)

    page = visitor.open(f"/clinics/{SLUG}")
    place = "near=New York, US&credential=3"
    return [
        page.locator(".ledger").get_by_text("Found in register", exact=True).count() > 0,
        SLUG in get(f"/search?{place}&q=proving").text().partition("<main")[2],
        "No current credential" not in get(f"/badges/{SLUG}.svg").text(),
        get(f"/api/v1/credentials/{public_id}").json()["state"] == "stands",
        get(f"/api/v1/clinics/{SLUG}").json()["credential_strength"],
        [one["slug"] for one in get(f"/api/v1/clinics?{place}&q=proving").json()["results"]],
    ]


def test_from_the_paper_to_the_page_and_away_again(visit: Visit, office: Flask, tmp_path: Path) -> None:
    browser = member(office, HOLDER)
    with office.app_context(), writing():
        studio = factories.clinic("Proving Dots", slug=SLUG, lat=40.7484, lon=-73.9967, **NEW_YORK)
        ada = factories.practitioner(NAME, slug="ada-proving", at=studio)
        db.session.flush()
        holder_id = account(HOLDER).id
        db.session.add(PractitionerAccount(practitioner_id=ada.id, user_id=holder_id))
        factories.commit()
    _load(office, tmp_path, "gültig")
    holder, checker, visitor = visit(width=390), visit(width=1440), visit()
    holder.sit_down(browser)
    public_id = _hand_in(holder.open("/account/credentials/"))
    first, second = (with_role(office, f"{name}@proving.example", "checker") for name in ("first", "second"))
    checker.sit_down(first)
    (case,) = open_cases(office, "credential")
    _verify(checker.open(f"/desk/items/{case}"))
    assert _said(visitor, public_id) == [True, True, True, True, 3, [SLUG]]
    card = visitor.open(f"/credentials/{public_id}")
    expect(card.get_by_role("link", name="https://register.example.org/")).to_be_visible()
    expect(card.get_by_text(date.today().strftime("%-d %b %Y")).first).to_be_visible()  # noqa: DTZ011

    _load(office, tmp_path, "widerrufen")
    visitor.page.wait_for_timeout(1_000)
    assert _said(visitor, public_id) == [False, False, False, False, 0, []]
    letter = letters(office, HOLDER)[-1]
    assert "register no longer confirms" in letter["Subject"]
    told = holder.open(links(letter)[0])
    expect(told.get_by_text("Not found in register").first).to_be_visible()
    (case,) = open_cases(office, "register_change")
    words = "The city's own page says the same today: revoked."
    assert decide(first, case, "revoke", "finding", words).status_code == 303
    item = f"/desk/items/{case}"
    assert press(second, item, f"{item}/second", agrees="yes").status_code == 303
    expect(visitor.open(f"/credentials/{public_id}").get_by_text("Revoked by its issuer.")).to_be_visible()
    log = visitor.open(f"/transparency/log?subject=credential:{public_id}")
    expect(log.locator(".what", has_text="Credential: not found as it was")).to_be_visible()
