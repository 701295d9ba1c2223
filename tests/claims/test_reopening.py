"""A new name, address or owner: marked at once for every reader, looked at by the desk, put back where it is not so."""

from datetime import timedelta

import pytest
from flask import Flask

from directory.accounts.models import User
from directory.claims.reopening import reopen
from directory.clinics.editing import revisions, stamp
from directory.clinics.material import ClinicChange
from directory.clinics.membership import EDITOR, OWNER, Membership, owner_of, put_owner
from directory.clinics.models import Clinic
from directory.db import db, now, writing
from directory.errors import Refused
from directory.manage.revising import save
from directory.reviews.stages import Stage
from tests.accounts import people
from tests.consultations.people import OWNER_EMAIL, clinic_with_owner
from tests.credentials import papers
from tests.moderation.cast import decide, moderator, open_cases, reverse
from tests.reviews.published import told

PLACE = {"address": "12 Vicar Lane", "city": "Leeds"}


def change(app: Flask, email: str = OWNER_EMAIL, **columns: str) -> None:
    """What the clinic's desk does when its profile is edited."""
    with app.app_context(), writing():
        clinic = db.session.query(Clinic).filter_by(slug="one").one()
        by = db.session.query(User).filter_by(email=email).one()
        for column, value in columns.items():
            setattr(clinic, column, value)
        reopen(clinic, {"name" if "name" in columns else "address"}, by=by)
        db.session.commit()


def older(app: Flask) -> None:
    """The reviews there are were published two months ago."""
    with app.app_context(), writing():
        db.session.query(Stage).update({"published_at": now() - timedelta(days=62)})
        db.session.query(Clinic).update({"changed_at_version": Clinic.changed_at_version + 1})
        db.session.commit()


def test_a_new_address_is_marked_and_confirmed(app: Flask) -> None:
    clinic_with_owner(app, **PLACE)
    told(app)
    older(app)
    told(app, pseudonym="This month")
    with app.app_context(), writing():
        papers.rules()
        premises = papers.verified("gb-eng-premises", db.session.query(Clinic).one(), "P-77001").public_id
        db.session.commit()
    visitor = app.test_client()
    assert visitor.get(f"/credentials/{premises}").status_code == 200
    change(app, address="3 Boar Lane")
    page = visitor.get("/clinics/one").text
    assert "The address changed on" in page
    assert "this is being checked" in page
    assert "12 Vicar Lane" in page
    assert page.count("Written before the clinic changed its address on") == 1
    assert page.count("Published in the month in which the clinic changed its address") == 1
    assert "P-77001" not in page
    assert visitor.get(f"/credentials/{premises}").status_code == 404
    facts = visitor.get("/api/v1/clinics/one").json
    assert [(one["what"], one["checked"]) for one in facts["changes"]] == [("address", False)]
    assert [one["before_changes"] for one in visitor.get("/api/v1/clinics/one/reviews").json["results"]] == [
        ["address"],
        ["address"],
    ]
    [case] = open_cases(app, "claim")
    desk = moderator(app)
    shown = desk.get(f"/desk/items/{case}").text
    assert "3 Boar Lane" in shown
    assert "12 Vicar Lane" in shown
    assert decide(desk, case, "confirm", "finding").status_code == 303
    page = visitor.get("/clinics/one").text
    assert "this is being checked" not in page
    assert "; checked." in page
    assert "Written before the clinic changed its address on" in page


def test_what_is_not_so_is_put_back_and_an_appeal_brings_it_again(app: Flask) -> None:
    owner = clinic_with_owner(app)
    change(app, name="The Harley Street Clinic")
    [case] = open_cases(app, "claim")
    assert decide(moderator(app), case, "put_back", "finding").status_code == 303
    visitor = app.test_client()
    page = visitor.get("/clinics/one").text
    assert "Harley Street" not in page
    assert "The name changed" not in page
    statement = people.links(people.letters(app, OWNER_EMAIL)[-1])[0]
    page = owner.get(statement)
    assert "It is as it was before" in page.text
    where = page.text.split('href="/account/statements/')[1].split('"')[0]
    answer = people.submit(
        owner, f"/account/statements/{where}/appeal", text="It is our name since March, see the sign."
    )
    assert answer.status_code == 303
    [appealed] = open_cases(app, "appeal")
    reverse(app, appealed)
    assert "<title>The Harley Street Clinic," in visitor.get("/clinics/one").text


def test_a_place_put_back_is_found_again_where_it_was(app: Flask) -> None:
    """By the clinic's own form: what the desk puts back is one more line of the listing's history."""
    owner = clinic_with_owner(app, **PLACE)
    with app.app_context(), writing():
        clinic, by = db.session.query(Clinic).one(), db.session.query(User).filter_by(email=OWNER_EMAIL).one()
        save(
            clinic, "address", {"city": "Whitby", "lat": 54.4858, "lon": -0.6206}, by=by, seen=stamp(clinic, "address")
        )
        db.session.commit()
    [case] = open_cases(app, "claim")
    assert decide(moderator(app), case, "put_back", "finding").status_code == 303
    with app.app_context():
        clinic = db.session.query(Clinic).one()
        assert (clinic.city, clinic.city_key, clinic.lat) == ("Leeds", "leeds", 53.7997)
        assert [one.before.get("city") for one in revisions(clinic)] == ["Whitby", "Leeds"]
    assert owner.get("/manage/one/history").status_code == 200


def test_a_change_taken_back_closes_its_case(app: Flask) -> None:
    clinic_with_owner(app, **PLACE)
    change(app, address="3 Boar Lane")
    change(app, address="4 Boar Lane")  # joins the first
    assert len(open_cases(app, "claim")) == 1
    change(app, address="12 Vicar Lane")
    assert open_cases(app, "claim") == []
    assert "The address changed" not in app.test_client().get("/clinics/one").text


@pytest.mark.parametrize("home", ["before", "now"])
def test_a_home_studio_tells_no_street(app: Flask, home: str) -> None:
    clinic_with_owner(app, is_home=home == "before", **PLACE)
    with app.app_context(), writing():
        clinic = db.session.query(Clinic).one()
        clinic.is_home, clinic.address = home == "now", "3 Boar Lane"
        reopen(clinic, {"address"}, by=None)
        db.session.commit()
    visitor = app.test_client()
    assert "Vicar" not in visitor.get("/clinics/one").text + visitor.get("/api/v1/clinics/one").text


def test_a_listing_handed_over_without_right_is_its_former_owners_again(app: Flask) -> None:
    clinic_with_owner(app)
    people.member(app, "buyer@example.org")
    with app.app_context(), writing():
        clinic, seller = db.session.query(Clinic).one(), db.session.query(User).filter_by(email=OWNER_EMAIL).one()
        buyer = db.session.query(User).filter_by(email="buyer@example.org").one()
        with pytest.raises(Refused):
            put_owner(clinic, buyer)
        db.session.query(Membership).update({"level": EDITOR})
        put_owner(clinic, buyer)
        reopen(clinic, {"owner"}, by=buyer, was_owner=seller)
        db.session.commit()
    assert "The owner changed on" in app.test_client().get("/clinics/one").text
    [case] = open_cases(app, "claim")
    assert decide(moderator(app), case, "put_back", "finding").status_code == 303
    with app.app_context():
        clinic = db.session.query(Clinic).one()
        owner = owner_of(clinic.id)
        assert owner is not None
        assert db.session.get_one(User, owner.user_id).email == OWNER_EMAIL
        assert sorted(one.level for one in db.session.query(Membership)) == [EDITOR, OWNER]


def test_an_erased_listing_forgets_what_it_was(app: Flask) -> None:
    clinic_with_owner(app, **PLACE)
    change(app, address="3 Boar Lane")
    with app.app_context(), writing():
        db.session.query(Clinic).one().erase()
        db.session.commit()
    with app.app_context():
        assert db.session.query(ClinicChange).one().before == {}
