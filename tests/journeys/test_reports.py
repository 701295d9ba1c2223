"""Reporting and the clinic's desk in a browser: nothing axe objects to in either theme, from a small phone to a desk;
a report sent by keyboard alone; cards that are drawn."""

import time
from collections.abc import Iterator
from typing import NamedTuple

import pytest
from flask import Flask
from flask.testing import FlaskClient
from playwright.sync_api import expect

from directory.accounts.queries import user_by_email
from directory.clinics.membership import give_owner
from directory.db import db, now, writing
from directory.factory import create_app
from tests.accounts.people import member, set_up_app, submit
from tests.conftest import settings_for
from tests.journeys.conftest import OUTPUT, Site, Visitor
from tests.journeys.test_pages import Visit, violations
from tests.moderation.reporting import a_review, report, send
from tests.moderation.test_legal import NOTICE

TEXT = "It tells of a treatment that this clinic does not offer at all."


class Cast(NamedTuple):
    """Addresses of the pages, and the cookies of an owner and of an author."""

    pages: dict[str, str]
    owner: str
    author: str
    review: str


def _cookie(browser: FlaskClient) -> str:
    found = browser.get_cookie("sid")
    assert found is not None
    return found.value


@pytest.fixture(scope="module")
def cast(site: Site) -> Iterator[Cast]:
    app: Flask = create_app(settings_for(site.data, BASE_URL=site.url))
    author = member(app, "author@example.org")
    review = a_review(app, slug="reported-rooms")
    owner = member(app, "owner@example.org")
    set_up_app(owner, now().timestamp())
    with app.app_context(), writing():
        user = user_by_email("owner@example.org")
        assert user is not None
        give_owner(user, "reported-rooms")
        db.session.commit()
    told = report(app.test_client(), f"review:{review}", "fake").location
    send(app.test_client(), f"/report/legal?about=review:{review}", **NOTICE)
    notice = author.get("/account/notices/").text.split('href="/account/notices/')[1].split('"')[0]
    batch = submit(owner, "/manage/reported-rooms/invitations", number="6").location
    code = owner.get(batch).text.split('class="code">')[1].split("<")[0]
    base = f"/manage/reported-rooms/reviews/{review}"
    submit(owner, base + "/reply", text="Dear Anna, when you visited us on 3 May it was fine.", knowing="y")
    evidence = submit(owner, base + "/dispute", text=TEXT).location
    pages = {
        "report-where": "/report",
        "report": f"/report?about=review:{review}",
        "report-legal": f"/report/legal?about=review:{review}",
        "report-status": told,
        "invited": f"/i/{code}",
        "notices": "/account/notices/",
        "notice": f"/account/notices/{notice}",
        "manage": "/manage/",
        "manage-reviews": "/manage/reported-rooms/reviews",
        "manage-reply": base + "/reply",
        "manage-withdraw": base + "/reply/withdraw",
        "manage-dispute": base + "/dispute",
        "manage-evidence": evidence,
        "manage-threat": "/manage/reported-rooms/threat",
        "manage-decisions": "/manage/reported-rooms/decisions",
        "manage-invitations": "/manage/reported-rooms/invitations",
        "manage-codes": batch,
        "manage-cards": batch + "/cards",
    }
    yield Cast(pages, _cookie(owner), _cookie(author), review)
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


def _come(visit: Visit, cast: Cast, name: str, **more: object) -> Visitor:
    visitor = visit(**more)
    sid = cast.owner if name.startswith("manage") else cast.author if name.startswith("notice") else ""
    if sid:
        visitor.context.add_cookies([{"name": "sid", "value": sid, "url": visitor.site.url}])
    return visitor


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_every_page_in_both_themes(visit: Visit, cast: Cast, theme: str) -> None:
    wrong = []
    for name, address in cast.pages.items():
        visitor = _come(visit, cast, name, width=1440, dark=theme == "dark")
        answer = visitor.page.goto(visitor.site.url + address)
        assert answer is not None
        assert answer.status == 200, name
        OUTPUT.mkdir(parents=True, exist_ok=True)
        for width in (1440, 390, 320):
            visitor.page.set_viewport_size({"width": width, "height": 800})
            if width != 320:
                visitor.page.screenshot(path=OUTPUT / f"{name}-{width}-{theme}.png", full_page=True)
            if width != 390:
                wrong += [f"{name} at {width}: {line}" for line in violations(visitor.page)]
        visitor.insist_on_calm()
        visitor.context.close()
    assert wrong == []


def test_a_report_by_keyboard_alone(visit: Visit, cast: Cast) -> None:
    visitor = _come(visit, cast, "report")
    page = visitor.open(f"/report?about=review:{cast.review}")
    page.locator("#ground-0").focus()
    page.keyboard.press("Space")
    page.keyboard.press("Tab")
    expect(page.locator("#text")).to_be_focused()  # the field that nobody sees is not in the way
    page.keyboard.type("It names somebody who never agreed to that.")
    for _ in range(3):
        page.keyboard.press("Tab")
    page.keyboard.press("Space")
    time.sleep(3)  # nobody fills in a form in less: the trap asks for it
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_text("A person will look at it by")).to_be_visible()


def test_wrong_answers_are_named_and_what_was_typed_stays(visit: Visit, cast: Cast) -> None:
    visitor = _come(visit, cast, "report")
    page = visitor.open(f"/report?about=review:{cast.review}")
    page.locator("#text").fill("The whole story of it stands here.")
    page.get_by_role("button", name="Send the report").click()
    expect(page.get_by_role("alert")).to_be_focused()
    expect(page.locator("#text")).to_have_value("The whole story of it stands here.")
    assert violations(page) == []
