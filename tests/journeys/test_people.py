"""An owner names a person, looks at colleagues, closing and moving; the person named says that it is so."""

import time
from collections.abc import Iterator

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from directory.accounts.queries import user_by_email
from directory.clinics.membership import give_owner
from directory.db import db, writing
from directory.factory import create_app
from directory.practitioners.accounts import PractitionerAccount
from tests import factories
from tests.accounts.people import member, set_up_app
from tests.conftest import settings_for
from tests.journeys.conftest import Site
from tests.journeys.test_pages import Visit, violations

SLUG = "canal-rooms"


@pytest.fixture(scope="module")
def cookies(site: Site) -> Iterator[dict[str, str]]:
    """Cookies of an owner with two clinics, and of a practitioner whom another clinic names."""
    app: Flask = create_app(settings_for(site.data, BASE_URL=site.url))
    factories.saved(
        app,
        lambda: factories.clinic(slug=SLUG, name="Canal Rooms"),
        lambda: factories.clinic(slug="second-rooms", name="Second Rooms", city="York"),
    )
    owner, person = member(app, "canal@example.org"), member(app, "ines@example.org")
    set_up_app(owner, time.time())
    with app.app_context(), writing():
        user, practitioner = user_by_email("canal@example.org"), user_by_email("ines@example.org")
        assert user is not None
        assert practitioner is not None
        give_owner(user, SLUG)
        give_owner(user, "second-rooms")
        page = factories.practitioner("Ines Falk", slug="ines-falk")
        db.session.flush()
        db.session.add(PractitionerAccount(practitioner_id=page.id, user_id=practitioner.id))
        db.session.commit()
    found = {name: browser.get_cookie("sid") for name, browser in (("owner", owner), ("person", person))}
    yield {name: cookie.value for name, cookie in found.items() if cookie is not None}
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


def _fits(page: Page) -> None:
    """Nothing axe objects to, and nothing stands beside the screen."""
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), page.url


def test_a_person_is_asked_and_says_yes(visit: Visit, cookies: dict[str, str]) -> None:
    visitor = visit(width=390)
    visitor.context.add_cookies([{"name": "sid", "value": cookies["owner"], "url": visitor.site.url}])
    page = visitor.open(f"/manage/{SLUG}/people")
    page.locator("details.desk-switch summary").click()
    expect(page.get_by_role("link", name="Second Rooms")).to_be_visible()
    _fits(page)
    page.get_by_role("link", name="Name a person").click()
    expect(page.get_by_role("heading", name="Name a person", level=1)).to_be_visible()
    page.get_by_label("Name", exact=True).fill("Ines Falk")
    page.get_by_role("button", name="Name this person").click()
    expect(page.get_by_text("Somebody of that name is here already")).to_be_visible()
    _fits(page)
    visitor.complaints.clear()  # the browser tells the console of every 422
    page.get_by_label("Ines Falk, no clinic now").check()
    page.get_by_role("button", name="Go on").click()
    expect(page.get_by_text("Asked, no answer yet")).to_be_visible()
    for part, heading in (
        ("colleagues", "Colleagues"),
        ("organisation", "Organisation"),
        ("closing", "Closing and moving"),
        ("move", "Move to another address"),
    ):
        visitor.open(f"/manage/{SLUG}/{part}")
        expect(page.get_by_role("heading", name=heading, level=1)).to_be_visible()
        _fits(page)
    visitor.context.clear_cookies()
    visitor.context.add_cookies([{"name": "sid", "value": cookies["person"], "url": visitor.site.url}])
    visitor.open("/account/work/")
    expect(page.get_by_text("Asks you")).to_be_visible()
    _fits(page)
    page.get_by_role("button", name="Yes, I work there").click()
    expect(page.get_by_text("You are shown there, and what you hold counts there.")).to_be_visible()
    visitor.open(f"/clinics/{SLUG}")
    expect(page.get_by_text("the person says so too")).to_be_visible()
    visitor.insist_on_calm()
