"""Imported pairs at the desk: settled one by one, or together when they are two places each."""

from flask import Flask

from directory.clinics.duplicates import DuplicatePair
from directory.clinics.models import Clinic
from directory.db import db, writing
from directory.moderation.duplicate_jobs import bring_duplicates
from tests import factories
from tests.accounts import people
from tests.moderation.cast import decide, moderator, open_cases
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
