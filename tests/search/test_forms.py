"""Every bad value is answered on its field, and the rest of the question is kept."""

from urllib.parse import parse_qsl

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from werkzeug.datastructures import MultiDict

from directory.search.forms import Query, read_query


@pytest.fixture(scope="module")
def words() -> Flask:
    """Messages need a language; nothing else of an application is touched."""
    from flask_babel import Babel

    app = Flask(__name__)
    Babel(app)
    return app


def read(words: Flask, text: str) -> Query:
    with words.test_request_context():
        query = read_query(MultiDict(parse_qsl(text, keep_blank_values=True)))
        query.messages = {name: str(message) for name, message in query.messages.items()}
        return query


@pytest.mark.parametrize(
    ("text", "field"),
    [
        ("near=" + "x" * 10_000, "near"),
        ("near=%00%01%02", "near"),
        ("lat=999&lon=1", "lat"),
        ("lat=1&lon=181", "lon"),
        ("lat=nan&lon=1", "lat"),
        ("lat=1e1&lon=1", "lat"),
        ("lat=1", "lon"),
        ("lat=inf&lon=-inf", "lon"),
        ("radius=-1", "radius"),
        ("radius=0", "radius"),
        ("radius=wide", "radius"),
        ("unit=parsec", "unit"),
        ("q=" + "a" * 101, "q"),
        ("q=a b c d e f g h i", "q"),
        ("q=%E2%98%85", "q"),
        ("goal=hairline&goal=beard", "goal"),
        ("price_max=cheap&currency=GBP", "price_max"),
        ("price_max=-5&currency=GBP", "price_max"),
        ("price_max=1e9&currency=GBP", "price_max"),
        ("currency=XXL", "currency"),
        ("language=klingon", "language"),
        ("gender=yes", "gender"),
        ("open_now=maybe", "open_now"),
        ("sort=paid", "sort"),
        ("sort=stars", "sort"),
        ("page=1000000000", "page"),
        ("page=0", "page"),
        ("page=1.5", "page"),
        ("page=one", "page"),
        ("per_page=51", "per_page"),
        ("cursor=" + "x" * 401, "cursor"),
        ("near=Leeds&near=York", "near"),
        ("sort=best&sort=newest", "sort"),
        ("credential=5", "credential"),
        ("requirement=all", "requirement"),
        ("consultation=phone", "consultation"),
        ("min_score=6", "min_score"),
        ("stage=fresh", "stage"),
        ("&".join(f"a{number}=1" for number in range(31)), ""),
    ],
)
def test_a_bad_value_is_named_and_the_rest_is_kept(words, text, field):
    query = read(words, text if field == "" else f"{text}&language=en")
    assert query.messages[field]
    assert set(query.messages) <= {field, "lat", "lon"}
    if field not in {"", "language"}:
        assert query.language == "en"


@pytest.mark.parametrize(
    "text",
    [
        "near=Leeds&radius=15&unit=mi&q=noor+studio&goal=crown&goal=hairline&price_max=1999.50&currency=GBP"
        "&language=ar&gender=female&consultation=video&open_now=1&sort=newest",
        "lat=53.8&lon=-1.55&sort=distance",
        "lat=-17.123456&lon=-122.419416&radius=12.3456",
        "near=M%C3%BCnchen",
        "",
    ],
)
def test_a_good_question_has_one_address_and_reads_back_from_it(words, text):
    query = read(words, text)
    assert query.messages == {}
    assert query.parameters() == parse_qsl(text)


def test_blank_fields_of_a_form_ask_for_nothing(words):
    query = read(words, "near=&radius=+&q=&goal=&price_max=&currency=&language=&gender=&sort=&page=&utm_source=x")
    assert (query.parameters(), query.messages) == ([], {})


def test_the_same_value_twice_is_no_fault(words):
    assert read(words, "near=Leeds&near=Leeds").messages == {}


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    pairs=st.lists(
        st.tuples(
            st.sampled_from(
                [
                    "near",
                    "lat",
                    "lon",
                    "radius",
                    "unit",
                    "q",
                    "goal",
                    "price_max",
                    "currency",
                    "language",
                    "gender",
                    "consultation",
                    "open_now",
                    "sort",
                    "page",
                    "per_page",
                    "cursor",
                    "x",
                ]
            ),
            st.text(max_size=60) | st.sampled_from(["1", "-1", "1e400", "٣", "NaN", "0x10", "1_0", "9" * 40]),
        ),
        max_size=8,
    )
)
def test_no_text_at_all_breaks_it(words, pairs):
    with words.test_request_context():
        query = read_query(MultiDict(pairs))
        again = read_query(MultiDict(query.parameters()))
    assert again.parameters() == query.parameters()
    assert not again.messages
