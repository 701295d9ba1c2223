"""Several clinics under one name: founded, asked, joined, left; what visitors and machines see of it."""

from collections.abc import Callable
from typing import Any

from flask import Flask
from sqlalchemy import func, select

from directory.clinics.models import Clinic, Organisation
from directory.clinics.organisations import OrganisationRequest
from directory.db import db, writing
from tests import factories
from tests.accounts.people import form_token, letters, submit
from tests.manage.staff import staff
from tests.reading import text_of

Run = Callable[..., Any]


def _two(app: Flask, run: Run) -> tuple[Any, Any]:
    factories.saved(
        app,
        lambda: factories.clinic("Kirkgate Rooms", slug="one"),
        lambda: factories.clinic("Canal Rooms", slug="two", city="York"),
    )
    return staff(app, run, "owner@example.org", "one"), staff(app, run, "other@example.org", "two")


def _firm(app: Flask, slug: str) -> Any:
    return app.test_client().get(f"/api/v1/clinics/{slug}").json["organisation"]


def _ask(browser: Any, here: str, page: str) -> Any:
    return browser.post(f"{here}/ask", data={"csrf_token": form_token(browser.get(here)), "page": page})


def _page(app: Flask, slug: str) -> str:
    return text_of(app.test_client().get(f"/clinics/{slug}"))


def test_a_clinic_of_another_owner_joins_when_both_say_so(app: Flask, run: Run) -> None:
    owner, other = _two(app, run)
    here = "/manage/one/organisation"
    assert submit(owner, here, name="").status_code == 422
    assert submit(owner, here, name="Stipple & Sons").status_code == 303
    assert _firm(app, "one") == {"name": "Stipple & Sons", "clinics": []}
    for bad in ("", "https://example.org/clinics/nowhere", "one"):
        assert _ask(owner, here, bad).status_code == 422
    asked = _ask(owner, here, "http://localhost:8000/clinics/two")
    assert asked.status_code == 303
    assert _ask(owner, here, "two").status_code == 422  # once
    assert _ask(owner, here, "nowhere").status_code == 422
    assert _firm(app, "two") is None
    assert "Stipple & Sons asks Canal Rooms" in letters(app, "other@example.org")[-1].get_content()
    assert "Stipple & Sons asks this clinic to stand under its name" in text_of(other.get("/manage/two/"))
    page = other.get("/manage/two/organisation")
    assert "Stipple & Sons asks this clinic to join." in text_of(page)
    address = page.text.partition('action="/manage/two/organisation/requests/')[2].partition('"')[0]
    there = f"/manage/two/organisation/requests/{address}"
    assert submit(other, there, page="/manage/two/organisation", answer="join").status_code == 303
    assert _firm(app, "two")["clinics"] == [
        {"slug": "one", "name": "Kirkgate Rooms", "url": "http://localhost:8000/clinics/one"}
    ]
    assert "Also at Stipple & Sons has more than one address" in _page(app, "one")
    assert "Canal Rooms York" in _page(app, "one")
    assert "a clinic that was asked is part of" in letters(app, "owner@example.org")[-1].get_content().lower()


def test_a_no_leaves_everything_as_it_was_and_one_owner_needs_no_asking(app: Flask, run: Run) -> None:
    owner, other = _two(app, run)
    here = "/manage/one/organisation"
    submit(owner, here, name="Stipple & Sons")
    _ask(owner, here, "two")
    page = other.get("/manage/two/organisation").text
    address = page.partition('action="/manage/two/organisation/requests/')[2].partition('"')[0]
    there = f"/manage/two/organisation/requests/{address}"
    assert submit(other, there, page="/manage/two/organisation", answer="decline").status_code == 303
    assert _firm(app, "two") is None
    factories.saved(app, lambda: factories.clinic("Third Rooms", slug="three"))
    assert run("accounts", "create", "owner@example.org", "--role", "owner", "--clinic", "three").exit_code == 0
    assert "Add Third Rooms, which is yours too" in text_of(owner.get(here))
    assert _ask(owner, here, "three").status_code == 303
    assert [one["slug"] for one in _firm(app, "three")["clinics"]] == ["one"]
    # Two desks: each leads to the other.
    assert 'href="/manage/three/"' in owner.get(here).text
    assert submit(owner, "/manage/three/organisation/leave").status_code == 303
    assert _firm(app, "three") is None
    assert "Also at" not in _page(app, "one")
    assert submit(owner, "/manage/one/organisation/leave").status_code == 303
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(Organisation)) == 0
        assert db.session.scalar(select(func.count()).select_from(OrganisationRequest)) == 0


def test_an_editor_looks_and_a_stranger_finds_nothing(app: Flask, run: Run) -> None:
    owner, other = _two(app, run)
    editor = staff(app, run, "ed@example.org", "one", level="editor")
    assert editor.get("/manage/one/organisation").status_code == 200
    assert submit(editor, "/manage/one/organisation", page="/manage/one/people/new", name="Mine").status_code == 404
    submit(owner, "/manage/one/organisation", name="Stipple & Sons")
    assert submit(editor, "/manage/one/organisation/ask", page="/manage/one/people/new").status_code == 404
    assert other.get("/manage/one/organisation").status_code == 404


def test_a_sibling_that_is_renamed_or_hidden_changes_the_page_that_names_it(app: Flask, run: Run) -> None:
    owner, _other = _two(app, run)
    assert run("accounts", "create", "owner@example.org", "--role", "editor", "--clinic", "two").exit_code == 0
    submit(owner, "/manage/one/organisation", name="Stipple & Sons")
    with app.app_context(), writing():
        first, second = db.session.scalars(select(Clinic).order_by(Clinic.id)).all()
        second.organisation_id = first.organisation_id
        db.session.commit()
    browser = app.test_client()
    held = {"If-None-Match": browser.get("/clinics/one").headers["ETag"]}
    assert browser.get("/clinics/one", headers=held).status_code == 304
    with app.app_context(), writing():
        db.session.scalars(select(Clinic).where(Clinic.slug == "two")).one().rename("Newly Named")
        db.session.commit()
    assert "Newly Named" in text_of(browser.get("/clinics/one", headers=held))
    with app.app_context(), writing():
        db.session.scalars(select(Clinic).where(Clinic.slug == "two")).one().suspend()
        db.session.commit()
    assert "Newly Named" not in text_of(browser.get("/clinics/one"))
