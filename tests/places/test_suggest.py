"""What the search box offers while a person types."""

import pytest

from directory.places.gazetteer import Gazetteer


@pytest.mark.parametrize(("typed", "country", "first"), [
    ("lee", "GB", "Leeds, England, United Kingdom"),
    ("lond", None, "London, England, United Kingdom"),
    ("mün", None, "Munich, Bavaria, Germany"),
    ("muen", "DE", "Munich, Bavaria, Germany"),
    ("paris, te", None, "Paris, Texas, United States"),
    ("austin t", None, "Austin, Texas, United States"),
    ("new y", None, "New York City, New York, United States"),
    ("brimingham", "GB", "Birmingham, England, United Kingdom"),
    ("sw1a", None, "SW1A Westminster Abbey, England, United Kingdom"),
    ("東", None, "Tokyo, Japan"),
])  # fmt: skip
def test_first_suggestion(gazetteer: Gazetteer, typed: str, country: str | None, first: str) -> None:
    labels = [place.label for place in gazetteer.suggest(typed, country=country)]
    assert labels[0] == first, labels


@pytest.mark.parametrize(("typed", "country", "offered"), [
    ("le", "GB", "Leeds, England, United Kingdom"),
    ("9021", "US", "90210 Beverly Hills, California, United States"),
    ("EC1", "GB", "EC1A London, England, United Kingdom"),
    ("scot", "GB", "Scotland, United Kingdom"),
    ("germ", None, "Germany"),
])  # fmt: skip
def test_offered_among_the_first(gazetteer: Gazetteer, typed: str, country: str | None, offered: str) -> None:
    assert offered in [place.label for place in gazetteer.suggest(typed, country=country)]


def test_bias_orders_but_does_not_hide(gazetteer: Gazetteer) -> None:
    british = [place.label for place in gazetteer.suggest("birming", country="GB")]
    american = [place.label for place in gazetteer.suggest("birming", country="US")]
    assert british[0] == "Birmingham, England, United Kingdom"
    assert american[0] == "Birmingham, Alabama, United States"
    assert set(british[:2]) == set(american[:2])


@pytest.mark.parametrize("typed", ["", " ", "l", "x" * 5000, "53.8,-1.55", "\x00", "zzzzzzq"])
def test_nothing_to_offer(gazetteer: Gazetteer, typed: str) -> None:
    assert gazetteer.suggest(typed) == []


def test_limit_and_no_label_twice(gazetteer: Gazetteer) -> None:
    for typed in ("san", "spring", "1000", "newport"):
        labels = [place.label for place in gazetteer.suggest(typed, limit=5)]
        assert len(labels) == 5
        assert len(set(labels)) == 5


def test_a_whole_name_is_not_followed_by_obscure_spellings(gazetteer: Gazetteer) -> None:
    labels = [place.label for place in gazetteer.suggest("Leeds")]
    assert labels == ["Leeds, England, United Kingdom", "Leeds, Alabama, United States"]


def test_another_name_that_was_found_is_said(gazetteer: Gazetteer) -> None:
    found = {place.name: place.matched for place in gazetteer.suggest("Bombay")}
    assert found["Mumbai"] == "Bombay"
    assert gazetteer.suggest("Leeds")[0].matched == ""
