"""A visitor lays clinics side by side."""

import re
from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from directory.clinics.models import Clinic
from directory.db import db, writing
from tests.factories import clinic, practitioner, price, saved
from tests.reading import reads_of, text_of
from tests.reviews.published import add

Page = Callable[[str], TestResponse]

# The pages read through the same queries on both databases; one is enough here.
pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def two() -> None:
    first = clinic(
        "First Rooms",
        slug="first",
        goals=[],
        facts={"deposit": "£100", "patch_test": "48 hours", "photos": "Kept"},
        languages=["en"],
    )
    first.put_prices([price("hairline", 125_000, sessions_min=3, sessions_max=3)])
    practitioner("Amara Osei-Bonsu", slug="amara", at=first)
    stated = {"deposit": "£150", "patch_test": "48 hours"}
    clinic("Second Rooms", slug="second", facts=stated, languages=["en", "de"], goals=["hairline"])


def differing(answer: TestResponse, mark: str = "differs") -> list[str]:
    return re.findall(rf'<tr class="{mark}">\s*<th scope="row">([^<]+)', answer.text)


def test_what_differs_is_marked_and_counted(app: Flask, page: Page) -> None:
    saved(app, two)
    answer = page("/compare?c=first&c=second")
    assert differing(answer) == ["Deposit", "Languages"]
    text = text_of(answer)
    assert "Two clinics, side by side" in text
    assert "2 of 22 facts differ" in text
    assert "£1,250 3 sessions Offered, price not stated" in text
    assert "Deposit , differs £100 £150" in text


def test_what_only_some_state_is_missing_and_no_difference(app: Flask, page: Page) -> None:
    saved(app, two)
    answer = page("/compare?c=first&c=second")
    assert differing(answer, "partial") == ["People named", "Hairline", "Photos"]
    text = text_of(answer)
    assert "3 are stated by some only" in text
    assert "Photos , stated by some only Kept Not stated" in text


def test_each_cell_names_its_clinic_where_the_heads_are_out_of_sight(app: Flask, page: Page) -> None:
    saved(app, two)
    assert '<td data-clinic="Second Rooms"><span dir="auto">£150' in page("/compare?c=first&c=second").text


def test_only_what_differs_needs_no_script(app: Flask, page: Page) -> None:
    saved(app, two)
    answer = page("/compare?c=first&c=second&differ=1")
    assert "Patch test" not in text_of(answer)
    assert len(differing(answer)) == 2
    assert differing(answer, "partial") == []
    assert "Show all facts" in text_of(answer)


def test_each_column_can_be_taken_away(app: Flask, page: Page) -> None:
    saved(app, two)
    answer = page("/compare?c=first&c=second")
    assert '<a class="action" href="/compare?c=second" rel="nofollow">Remove' in answer.text
    assert "One clinic" in text_of(page("/compare?c=second"))


def test_what_cannot_be_shown_is_said_and_the_rest_kept(app: Flask, page: Page) -> None:
    saved(app, two, lambda: clinic("Hidden", slug="hidden", status="suspended"))
    hostile = "%3Cscript%3Ealert(1)%3C/script%3E"
    answer = page(f"/compare?c=first&c=nowhere&c=hidden&c=first&c={hostile}&c=&c=second")
    text = text_of(answer)
    assert "“nowhere” is not listed here and is left out." in text
    assert "“hidden” is not listed here and is left out." in text
    assert "“<script>alert(1)</script>” is not listed" in text
    assert "<script>alert" not in answer.text
    assert "A clinic was named twice; it stands here once." in text
    assert "Two clinics, side by side" in text


def test_a_fifth_clinic_is_named_and_left_out(app: Flask, page: Page) -> None:
    saved(app, lambda: [clinic(f"Room {n}", slug=f"room-{n}") for n in range(5)])
    text = text_of(page("/compare?" + "&".join(f"c=room-{n}" for n in range(5))))
    assert "Four clinics, side by side" in text
    assert "Four clinics fit side by side. Left out: Room 4." in text
    assert "Add a" not in text


def test_nothing_to_compare_says_what_to_do(page: Page) -> None:
    text = text_of(page("/compare"))
    assert "Choose up to four clinics" in text
    assert "facts differ" not in text


def test_a_thousand_slugs_are_refused_plainly(client: FlaskClient) -> None:
    answer = client.get("/compare?" + "&".join(f"c=x{n}" for n in range(1000)))
    assert answer.status_code == 414
    assert "At most" in answer.text


def test_an_unchanged_table_is_not_sent_again(app: Flask, client: FlaskClient) -> None:
    saved(app, two)
    first = client.get("/compare?c=first&c=second")
    held = {"If-None-Match": first.headers["ETag"]}
    assert client.get("/compare?c=first&c=second", headers=held).status_code == 304
    saved(app, lambda: setattr(db.session.scalars(db.select(Clinic)).first(), "languages", ["pl"]))
    assert client.get("/compare?c=first&c=second", headers=held).status_code == 200


def test_few_statements_for_four_clinics(app: Flask, client: FlaskClient) -> None:
    def four() -> None:
        for n in range(4):
            place = clinic(f"Room {n}", slug=f"room-{n}", goals=[])
            place.put_prices([price("hairline", 1000 + n)])
            for p in range(3):
                practitioner(f"Person {n} {p}", slug=f"person-{n}-{p}", at=place)

    saved(app, four)
    reads = reads_of(app, client, "/compare?" + "&".join(f"c=room-{n}" for n in range(4)))
    assert len(reads) <= 9, reads


def test_scores_stand_with_their_number(app: Flask, page: Page) -> None:
    saved(app, two)
    with app.app_context(), writing():
        first = db.session.query(Clinic).filter_by(slug="first").one()
        for stage in ("6m", "12m", "12m", "fresh"):
            add(first, stages=((stage, 5),))
        db.session.commit()
    text = text_of(page("/compare?c=first&c=second"))
    assert "of 5 4 counted reviews No reviews yet" in text
    assert "3 of 4 None" in text
