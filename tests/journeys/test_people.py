"""An owner names a person, looks at colleagues, closing and moving; the person named says that it is so."""

import time

import pytest
from flask import Flask
from flask.testing import FlaskClient
from playwright.sync_api import expect

from directory.accounts.queries import user_by_email
from directory.clinics.membership import give_owner
from directory.db import db, writing
from directory.practitioners.accounts import PractitionerAccount
from tests import factories
from tests.accounts.people import member, set_up_app
from tests.journeys.test_pages import Visit, fits

SLUG = "canal-rooms"


@pytest.fixture(scope="module")
def browsers(office: Flask) -> dict[str, FlaskClient]:
    """An owner with two clinics, and a practitioner whom another clinic names."""
    factories.saved(
        office,
        lambda: factories.clinic(slug=SLUG, name="Canal Rooms"),
        lambda: factories.clinic(slug="second-rooms", name="Second Rooms", city="York"),
    )
    owner, person = member(office, "canal@example.org"), member(office, "ines@example.org")
    set_up_app(owner, time.time())
    with office.app_context(), writing():
        user, practitioner = user_by_email("canal@example.org"), user_by_email("ines@example.org")
        assert user is not None
        assert practitioner is not None
        give_owner(user, SLUG)
        give_owner(user, "second-rooms")
        page = factories.practitioner("Ines Falk", slug="ines-falk")
        db.session.flush()
        db.session.add(PractitionerAccount(practitioner_id=page.id, user_id=practitioner.id))
        db.session.commit()
    return {"owner": owner, "person": person}


def test_a_person_is_asked_and_says_yes(visit: Visit, browsers: dict[str, FlaskClient]) -> None:
    visitor = visit(width=390)
    visitor.sit_down(browsers["owner"])
    page = visitor.open(f"/manage/{SLUG}/people")
    page.locator("details.desk-switch summary").click()
    expect(page.get_by_role("link", name="Second Rooms")).to_be_visible()
    fits(page)
    page.get_by_role("link", name="Name a person").click()
    expect(page.get_by_role("heading", name="Name a person", level=1)).to_be_visible()
    page.get_by_label("Name", exact=True).fill("Ines Falk")
    page.get_by_role("button", name="Name this person").click()
    expect(page.get_by_text("Somebody of that name is here already")).to_be_visible()
    fits(page)
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
        fits(page)
    visitor.context.clear_cookies()
    visitor.sit_down(browsers["person"])
    visitor.open("/account/work/")
    expect(page.get_by_text("Asks you")).to_be_visible()
    fits(page)
    page.get_by_role("button", name="Yes, I work there").click()
    expect(page.get_by_text("You are shown there, and what you hold counts there.")).to_be_visible()
    visitor.open(f"/clinics/{SLUG}")
    expect(page.get_by_text("the person says so too")).to_be_visible()
    visitor.insist_on_calm()
