"""The first page of a clinic's desk: what to do, in the order of what waits; and saying that all of it still holds."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from flask import Flask
from sqlalchemy import select

from directory.clinics.models import Clinic
from directory.db import db, now, writing
from tests import factories
from tests.accounts.people import member, submit
from tests.consultations.people import ask
from tests.credentials import papers
from tests.manage.staff import staff
from tests.manage.typing import save
from tests.moderation.reporting import a_review
from tests.reading import reads_of, text_of

Run = Callable[..., Any]


def _all_at_once(app: Flask, run: Run) -> Any:
    """A clinic where everything waits: a review, two questions, a permission that ends, facts nobody confirmed."""
    a_review(app)
    owner = staff(app, run, "owner@example.org", "one")
    for name in ("anna", "bert"):
        ask(member(app, f"{name}@example.org"), "one")
    with app.app_context(), writing():
        papers.rules()
        clinic = db.session.scalars(select(Clinic)).one()
        person = factories.practitioner("Amara Osei", at=clinic)
        db.session.flush()
        ends = now().date() + timedelta(days=39)
        papers.verified("gb-eng-person", person, "LCC-1", expires_on=ends)
        db.session.commit()
    return owner


def test_what_waits_stands_first(app: Flask, run: Run) -> None:
    owner = _all_at_once(app, run)
    assert owner.get("/manage/").location == "/manage/one/"
    words = text_of(owner.get("/manage/one/"))
    order = [
        "2 people asked for a consultation and have no answer",
        "Amara Osei ends in 39 days",
        "still true",
        "1 review has no reply",
    ]
    places = [words.index(line) for line in order]
    assert places == sorted(places)
    assert len(reads_of(app, owner, "/manage/one/")) <= 26


def test_facts_are_confirmed_with_one_press(app: Flask, run: Run) -> None:
    factories.saved(app, lambda: factories.clinic(slug="one", price_min=1000, price_max=2000, currency="GBP"))
    owner = staff(app, run, "owner@example.org", "one")
    desk = text_of(owner.get("/manage/one/"))
    assert "Nobody of the clinic has confirmed it within a year: Address, Prices." in desk
    assert "nobody has confirmed them" in text_of(app.test_client().get("/clinics/one"))
    assert submit(owner, "/manage/one/still-true", page="/manage/one/").location == "/manage/one/"
    page = text_of(owner.get("/manage/one/"))
    assert "confirmed today" in page
    assert "Say that what your page states is still true" not in page
    assert "Given by the clinic, confirmed" in text_of(app.test_client().get("/clinics/one"))


def test_what_was_said_need_not_be_confirmed_and_drafts_are_not_forgotten(app: Flask, run: Run) -> None:
    """The list asks for those sections only of which the public page says that nobody confirmed them."""
    factories.saved(app, lambda: factories.clinic(slug="one", price_min=1000, price_max=2000, currency="GBP"))
    owner = staff(app, run, "owner@example.org", "one")
    prices = "/manage/one/profile/prices"
    hours: dict[str, object] = {"days-0-opens": "09:00", "days-0-closes": "13:00"}
    assert save(owner, "/manage/one/profile/hours", hours).status_code == 303
    assert save(owner, prices, {}, to=f"{prices}/draft").status_code == 303
    page = text_of(owner.get("/manage/one/"))
    assert "confirmed it within a year: Address, Prices. Look" in page
    assert "Your draft of “Prices” is not saved" in page
    assert "· draft" in page
    editor = staff(app, run, "editor@example.org", "one", level="editor")
    assert "Your draft" not in text_of(editor.get("/manage/one/")), "a draft is its writer's"


def test_of_several_clinics_one_is_chosen(app: Flask, run: Run) -> None:
    for slug in ("one", "two"):
        factories.saved(app, lambda slug=slug: factories.clinic(slug=slug, name=f"Clinic {slug}"))  # type: ignore[misc]
    owner = staff(app, run, "owner@example.org", "one")
    run("accounts", "create", "owner@example.org", "--role", "editor", "--clinic", "two")
    page = owner.get("/manage/").text
    assert 'href="/manage/one/"' in page
    assert 'href="/manage/two/"' in page
