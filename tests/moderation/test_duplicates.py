"""Imported pairs at the desk: settled one by one, or together when they are two places each."""

import pytest
from flask import Flask

from directory.cases.decisions import Decision
from directory.clinics.duplicates import DuplicatePair
from directory.clinics.models import Clinic, ClinicSource
from directory.db import db, writing
from directory.moderation.duplicate_jobs import bring_duplicates
from tests import factories
from tests.accounts import people
from tests.moderation.cast import decide, moderator, open_cases
from tests.moderation.test_queue import counted
from tests.reading import text_of
from tests.reviews import published


def _pairs(app: Flask, number: int) -> None:
    with app.app_context(), writing():
        for at in range(number):
            first, second = factories.clinic(slug=f"a{at}", name=f"A {at}"), factories.clinic(slug=f"b{at}")
            db.session.flush()
            db.session.add(DuplicatePair(first_id=first.id, second_id=second.id, reasons=["same telephone"]))
        db.session.commit()
        bring_duplicates()
        assert bring_duplicates() == "brought 0, withdrew 0"


def test_one_place_leads_to_the_kept_listing(app: Flask) -> None:
    _pairs(app, 1)
    first = moderator(app)
    case = open_cases(app, "duplicate")[0]
    assert "same telephone" in first.get(f"/desk/items/{case}").text
    words = "Same telephone and the same door: one place."
    assert decide(first, case, "same", "finding", words).status_code == 303
    assert app.test_client().get("/clinics/b0").location == "/clinics/a0"


def test_what_was_said_of_the_other_listing_is_read_at_the_one_that_stays(app: Flask) -> None:
    """Of one author too, who told of both: nothing vanishes with a second page."""
    _pairs(app, 1)
    with app.app_context(), writing():
        kept, other = (db.session.query(Clinic).filter_by(slug=slug).one() for slug in ("a0", "b0"))
        published.add(kept, text="They took their time.")
        published.add(other, text="They sent me home half done.")
        author = published.add(other, text="I went there twice.").author_id
        published.add(kept, text="I came back later.").author_id = author
        db.session.commit()
    visitor = app.test_client()
    assert visitor.get("/api/v1/clinics/a0").json["rating"]["count"] == 2
    decide(moderator(app), open_cases(app, "duplicate")[0], "same", "finding", "Same telephone and the same door.")
    page = visitor.get("/clinics/a0").text
    for words in ("They took their time.", "They sent me home half done.", "I went there twice.", "I came back later."):
        assert words in page
    assert visitor.get("/api/v1/clinics/a0").json["rating"]["count"] == 4
    [found] = visitor.get("/api/v1/clinics?near=Leeds").json["results"]
    assert (found["slug"], found["rating"]["count"]) == ("a0", 4)


def test_a_row_names_both_places_and_what_tells_them_apart(app: Flask) -> None:
    with app.app_context(), writing():
        kept = factories.clinic(slug="kept", name="Soft Lines", address="1 Park Row")
        other = factories.clinic(slug="other", name="Soft Lines Ltd", address="1 Park Row", lat=53.8087)
        kept.sources.append(ClinicSource(source="List of May", source_id="17"))
        db.session.flush()
        db.session.add(DuplicatePair(first_id=kept.id, second_id=other.id, reasons=["much the same name"]))
        db.session.commit()
        bring_duplicates()
    first = moderator(app)
    for address in ("/desk/?kind=duplicate", "/desk/"):
        row = text_of(first.get(address)).partition("Imported twice?")[2]
        assert "Soft Lines and Soft Lines Ltd" in row
        assert "Name: Soft Lines / Soft Lines Ltd" in row
        assert "1.0 km apart" in row
        assert "List of May 17 / written here" in row
        assert "1 Park Row" not in row  # the same for both tells nothing
    page = first.get(f"/desk/items/{open_cases(app, 'duplicate')[0]}").text
    assert "<mark>Soft Lines Ltd</mark>" in page
    assert "1.0 km apart" in page
    assert "List of May 17" in page


def test_a_pair_without_a_shown_difference_is_not_settled_from_the_list(app: Flask) -> None:
    with app.app_context(), writing():
        one, other = factories.clinic(slug="one", name="Same"), factories.clinic(slug="other", name="Same")
        db.session.flush()
        db.session.add(DuplicatePair(first_id=one.id, second_id=other.id, reasons=["same name"]))
        db.session.commit()
        bring_duplicates()
    first, (case,) = moderator(app), open_cases(app, "duplicate")
    page = first.get("/desk/?kind=duplicate")
    assert "Every fact shown is the same" in page.text
    assert f'name="item" value="{case}"' not in page.text
    answer = first.post("/desk/bulk", data={"csrf_token": people.form_token(page), "item": [case]})
    assert answer.status_code == 422
    assert "opened and read by itself" in answer.text
    assert open_cases(app, "duplicate") == [case]


def test_nothing_ticked_is_an_error(app: Flask) -> None:
    _pairs(app, 1)
    first = moderator(app)
    answer = first.post("/desk/bulk", data={"csrf_token": people.form_token(first.get("/desk/?kind=duplicate"))})
    assert answer.status_code == 422
    assert "Tick the pairs that are two places each; nothing was decided." in answer.text
    assert "0 pairs" not in first.get("/desk/").text


@pytest.mark.parametrize("number", [0, 1, 12])
def test_the_list_of_pairs_takes_a_fixed_number_of_statements(app: Flask, number: int) -> None:
    _pairs(app, number)
    with counted(app) as statements:
        moderator_ = moderator(app)
        statements.clear()
        assert moderator_.get("/desk/?kind=duplicate").status_code == 200
    assert len(statements) <= 20


def test_ticked_pairs_are_two_places_each(app: Flask) -> None:
    _pairs(app, 3)
    first = moderator(app)
    cases = open_cases(app, "duplicate")
    token = people.form_token(first.get("/desk/?kind=duplicate"))
    assert first.post("/desk/bulk", data={"csrf_token": token, "item": cases[:2]}).status_code == 303
    with app.app_context():
        verdicts = [pair.verdict for pair in db.session.query(DuplicatePair).order_by(DuplicatePair.id)]
        assert verdicts == ["different", "different", "open"]
        assert db.session.query(Clinic).filter_by(status="published").count() == 6
        words = {decision.statement for decision in db.session.query(Decision)}
        assert words == {
            "Decided together with others from the list of pairs (2 at once), where this one stood as differing in"
            " name, at the same point of the map: two places."
        }
