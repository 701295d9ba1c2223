"""Letters about saved clinics, a clinic's numbers and the operators' room in a browser: nothing axe objects to on a
desk and on a phone, and no letter of a chart drawn smaller than thirteen pixels."""

from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from playwright.sync_api import expect
from sqlalchemy import select

from directory.accounts.models import User
from directory.accounts.queries import user_by_email
from directory.clinics.membership import give_owner
from directory.clinics.models import Clinic
from directory.clinics.sightings import Sighting
from directory.db import db, now, writing
from directory.following.links import token_of
from directory.following.wishing import follow_as
from tests import factories
from tests.accounts.people import member, set_up_app
from tests.journeys.test_pages import Visit, violations

SMALLEST = 13
LETTERS = """() => Math.min(...[...document.querySelectorAll('.chart text')].map(
    one => parseFloat(getComputedStyle(one).fontSize) * one.ownerSVGElement.getBoundingClientRect().width / 360))"""
OPERATORS = ("", "people", "jobs", "retention")


@pytest.fixture(scope="module")
def pages(office: Flask) -> dict[str, tuple[str, FlaskClient | None]]:
    """Addresses with whoever may open them; None is anybody."""
    factories.saved(office, lambda: factories.clinic("Counted Rooms", slug="counted-rooms", goals=["hairline"]))
    owner, operator = member(office, "counted@example.org"), member(office, "technician@example.org")
    for browser in (owner, operator):
        set_up_app(browser, now().timestamp())
    with office.app_context(), writing():
        people = [user_by_email(f"{name}@example.org") for name in ("counted", "technician")]
        assert people[0] is not None
        assert people[1] is not None
        people[1].give_role("operator")
        give_owner(people[0], "counted-rooms")
        clinic = db.session.scalars(select(Clinic).where(Clinic.slug == "counted-rooms")).one()
        for back in range(60):
            day = (now() - timedelta(days=back)).date()
            db.session.add(Sighting(clinic_id=clinic.id, day=day, views=back % 7 * (back < 40), appearances=30 + back))
        token = token_of(follow_as(_person(people[0]), [clinic], ["papers"]))
        db.session.commit()
    found: dict[str, tuple[str, FlaskClient | None]] = {
        "follow": ("/following/new?c=counted-rooms", None),
        "follow-show": (f"/following/{token}", None),
        "follow-end": (f"/following/{token}/end", None),
        "numbers": ("/manage/counted-rooms/numbers", owner),
    }
    return found | {f"operator-{name}": (f"/operator/{name}", operator) for name in OPERATORS}


def _person(user: User | None) -> User:
    assert user is not None
    return user


def test_every_page_on_desk_and_phone(visit: Visit, pages: dict[str, tuple[str, FlaskClient | None]]) -> None:
    wrong = []
    for name, (address, who) in pages.items():
        for width, dark in ((1440, True), (390, False)):
            visitor = visit(width=width, dark=dark)
            if who is not None:
                visitor.sit_down(who)
            page = visitor.open(address)
            expect(page.locator("h1")).to_be_visible()
            wrong += [f"{name} at {width}: {line}" for line in violations(page)]
            if name == "numbers" and (smallest := page.evaluate(LETTERS)) < SMALLEST:
                wrong.append(f"letters of {smallest} pixels at {width}")
            visitor.insist_on_calm()
            visitor.context.close()
    assert wrong == []
