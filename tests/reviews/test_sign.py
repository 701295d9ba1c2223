"""Step 3: the name shown, what is vouched for, what is consented to."""

import io
import re

import pytest
from flask import Flask

from directory.reviews.pseudonyms import fault, invented
from tests.accounts.people import form_token
from tests.imaging import corpus
from tests.reviews.authors import TEXT, author, clinic, draft, fill, once_of, reviews, signed

WRONG = [
    ({"pseudonym": ""}, "Choose a name.", "pseudonym"),
    ({"pseudonym": "ann@example.org"}, "This looks like an address.", "pseudonym"),
    ({"pseudonym": "Call 0771234567"}, "Use fewer digits", "pseudonym"),
    ({"own": ""}, "Only your own experience can be published.", "own"),
    ({"no_tie": ""}, "Somebody with a tie cannot review.", "no_tie"),
    ({"incentive": ""}, "Say whether anything was given or promised.", "incentive"),
    ({"incentive": "yes"}, "Say what it was.", "incentive_text"),
    ({"health": ""}, "Without this we may not keep or publish", "health"),
]


@pytest.mark.parametrize(("answers", "words", "field"), WRONG, ids=lambda value: str(value)[:30])
def test_what_is_missing_is_said_on_its_field(app: Flask, answers: dict[str, str], words: str, field: str) -> None:
    clinic(app)
    ann = author(app)
    address = draft(ann)
    typed = {name: value for name, value in {**signed(), **answers}.items() if value}
    page = fill(ann, f"{address}/sign", **typed)
    assert page.status_code == 422
    assert words in page.text
    assert f'id="{field}-error"' in page.text
    (review,) = reviews(app)
    assert [stage.state for stage in review.stages] == ["draft"]
    assert review.consents == []


def test_adding_a_document_or_going_back_keeps_the_name_and_the_ticks(app: Flask) -> None:
    clinic(app)
    ann = author(app)
    address = draft(ann)
    typed = signed(pseudonym="Grey otter", incentive="yes", incentive_text="A free cap")
    bill = (io.BytesIO(corpus.written(corpus.photo(seed=5))), "bill.jpg")
    token = form_token(ann.get(f"{address}/sign"))
    added = ann.post(f"{address}/proof", data={"csrf_token": token, "document": bill, **typed})
    assert added.location == f"{address}/sign#proof"
    page = ann.get(f"{address}/sign").text
    assert ("One page is sealed" in page, 'value="Grey otter"' in page, 'value="A free cap"' in page) == (True,) * 3
    assert len(re.findall(r"<input checked[^>]*>", page)) == 4  # own, no tie, yes to the gift, health
    assert fill(ann, f"{address}/sign", **typed, go="back").location == f"{address}/result"
    page = ann.get(f"{address}/sign").text
    assert 'value="Grey otter"' in page
    assert len(re.findall(r"<input checked[^>]*>", page)) == 3  # what is consented to may have changed there
    assert reviews(app)[0].consents == []


def test_a_document_that_was_chosen_goes_along_or_is_named(app: Flask) -> None:
    clinic(app)
    ann = author(app)
    address = draft(ann)
    page = ann.get(f"{address}/sign")
    data = {"csrf_token": form_token(page), "once": once_of(page), **signed()}
    refused = ann.post(f"{address}/sign", data={**data, "document": (io.BytesIO(b"GIF89a" + bytes(99)), "bill.gif")})
    assert (refused.status_code, 'id="document-error"' in refused.text) == (415, True)
    bill = (io.BytesIO(corpus.written(corpus.photo(seed=5))), "bill.jpg")
    assert ann.post(f"{address}/sign", data={**data, "document": bill}).location == address
    (review,) = reviews(app)
    assert (review.proof is not None, review.stages[0].state) == (True, "pending")


def test_the_page_shows_what_readers_will_see(app: Flask) -> None:
    clinic(app)
    ann = author(app)
    address = draft(ann)
    page = ann.get(f"{address}/sign").text
    (review,) = reviews(app)
    assert TEXT in page
    assert f'value="{review.pseudonym}"' in page
    assert "These are facts about my health." in page
    assert "publishes the photos" not in page  # there are none to consent to


def test_what_was_given_for_it_is_kept_and_does_not_count(app: Flask) -> None:
    clinic(app)
    ann = author(app)
    address = draft(ann)
    fill(ann, f"{address}/sign", **signed(incentive="yes", incentive_text="A free touch-up"))
    (review,) = reviews(app)
    assert (review.incentive, review.counted) == ("A free touch-up", False)
    assert review.attested["no_incentive"] is False
    assert "Not counted:" in ann.get(address).text


NAMES = [
    # name, fault, for ann.lee@example.org
    ("Quiet heron", ""),
    ("Ünïcode Ñame", ""),
    ("静かな鷺", ""),
    ("A", "short"),
    ("12", "short"),
    ("visit example.com", "address"),
    ("a@b", "address"),
    ("Born 1984", "digits"),
    ("lee", "own"),
    ("ANN", "own"),
    ("Annabel", ""),  # three letters in a longer word are chance
]


@pytest.mark.parametrize(("name", "expected"), NAMES)
def test_names_that_would_tell_who_it_is(name: str, expected: str) -> None:
    assert fault(name, "ann.lee@example.org") == expected


def test_a_long_word_of_the_address_is_found_inside_a_name() -> None:
    assert fault("mr beatrice k", "beatrice.k@example.org") == "own"


def test_invented_names_are_good_ones() -> None:
    assert {fault(invented(), "somebody@example.org") for _ in range(200)} == {""}
