"""A visitor reads about the person who would do the work."""

from collections.abc import Callable
from datetime import date

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from directory.db import db
from directory.practitioners.models import Engagement, Practitioner
from tests.factories import clinic, practitioner, saved
from tests.reading import reads_of, text_of

Page = Callable[[str], TestResponse]


def amara() -> None:
    here = clinic("Headingley Rooms", slug="headingley")
    before = clinic("Kirkgate Rooms", slug="kirkgate")
    hidden = clinic("Hidden Rooms", slug="hidden", status="suspended")
    person = practitioner(
        "Amara Osei-Bonsu",
        slug="amara",
        at=here,
        role="Owner",
        goals=["hairline"],
        languages=["en", "tw"],
        about="Draws the line by hand first.",
        about_lang="en",
    )
    person.engagements[0].since, person.engagements[0].standing = date(2021, 3, 1), "named"
    db.session.add_all(
        [
            Engagement(
                practitioner=person, clinic=before, role="Artist", since=date(2018, 1, 1), until=date(2021, 2, 1)
            ),
            Engagement(practitioner=person, clinic=hidden),
        ]
    )


def test_the_page_says_whose_word_it_is(app: Flask, page: Page) -> None:
    saved(app, amara)
    text = text_of(page("/practitioners/amara"))
    assert "Named by the clinic, not checked" in text
    assert "Headingley Rooms Leeds LS1 4AP Owner · since March 2021" in text
    assert "Worked before at Kirkgate Rooms Leeds LS1 4AP Artist · January 2018 to February 2021" in text
    assert "Hidden Rooms" not in text
    assert "Draws the line by hand first." in text
    assert "English, Twi" in text
    assert "Nobody here has looked for a licence, a certificate or an insurance policy" in text
    assert "1 clinic" in text


def test_a_person_with_nothing_stated(app: Flask, page: Page) -> None:
    saved(app, lambda: practitioner("Jo Marsh", slug="jo"))
    text = text_of(page("/practitioners/jo"))
    assert "Treatments Not stated" in text
    assert "Works at Not stated" in text


def test_hostile_words_stay_words(app: Flask, page: Page) -> None:
    saved(app, lambda: practitioner("<script>alert(1)</script>", slug="x", about="<img src=x onerror=alert(2)>"))
    text = page("/practitioners/x").text
    assert "<script>alert" not in text
    assert "<img src=x" not in text


def test_hidden_erased_and_unknown(app: Flask, client: FlaskClient) -> None:
    saved(
        app,
        lambda: practitioner("Hidden", slug="hidden", status="suspended"),
        lambda: practitioner("Erased", slug="erased", status="erased"),
    )
    answers = {slug: client.get(f"/practitioners/{slug}").status_code for slug in ("hidden", "erased", "never")}
    assert answers == {"hidden": 404, "erased": 410, "never": 404}


def test_an_invented_person_is_labelled_and_not_indexed(app: Flask, page: Page) -> None:
    saved(app, lambda: practitioner("Made Up", slug="made-up", is_example=True))
    answer = page("/practitioners/made-up").text
    assert "Invented example" in answer
    assert '<meta name="robots" content="noindex">' in answer


def test_an_unchanged_page_is_not_sent_again(app: Flask, client: FlaskClient) -> None:
    saved(app, amara)
    held = {"If-None-Match": client.get("/practitioners/amara").headers["ETag"]}
    assert client.get("/practitioners/amara", headers=held).status_code == 304
    saved(app, lambda: setattr(db.session.scalars(db.select(Practitioner)).one(), "about", "New words."))
    changed = client.get("/practitioners/amara", headers=held)
    assert changed.status_code == 200
    assert "New words." in changed.text


def test_few_statements_however_many_places(app: Flask, client: FlaskClient) -> None:
    def busy() -> None:
        person = practitioner("Busy", slug="busy")
        for n in range(12):
            db.session.add(Engagement(practitioner=person, clinic=clinic(f"Room {n}", slug=f"room-{n}")))

    saved(app, busy)
    reads = reads_of(app, client, "/practitioners/busy")
    assert len(reads) <= 4, reads


def test_the_picture_is_drawn_from_the_address(client: FlaskClient) -> None:
    assert client.get("/practitioners/anyone/cover.svg").mimetype == "image/svg+xml"
    assert client.get("/practitioners/NOT%20a%20slug/cover.svg").status_code == 404
