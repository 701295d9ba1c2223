"""A worried reader opens the guide."""

import re
from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from directory.guide.topics import TOPICS, reading_minutes
from directory.vocabulary import GOALS

Page = Callable[[str], TestResponse]
# These pages ask the database nothing; one engine is enough.
ONE_ENGINE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@ONE_ENGINE
def test_index_leads_to_each_topic_with_its_reading_time(page: Page) -> None:
    text = page("/guide/").text
    for topic in TOPICS:
        assert f'href="/guide/{topic.slug}"' in text
    assert len(re.findall(r"\d minutes?<", text)) == len(TOPICS)


@ONE_ENGINE
def test_topics_say_where_they_come_from_and_lead_into_the_search(page: Page) -> None:
    for topic in TOPICS:
        text = page(f"/guide/{topic.slug}").text
        assert str(topic.title) in text.replace("&#39;", "'")
        assert "Where this comes from" in text
        assert re.search(r'href="/(search\?|#where")', text), f"{topic.slug} leads nowhere"


@ONE_ENGINE
def test_topics_lead_on_to_the_next_and_the_last_to_none(page: Page) -> None:
    assert "Read on" in page(f"/guide/{TOPICS[0].slug}").text
    assert "Read on" not in page(f"/guide/{TOPICS[-1].slug}").text


def test_filters_a_topic_leads_to_exist() -> None:
    named = {to["goal"] for topic in TOPICS for _, to in topic.find if isinstance(to, dict)}
    assert named <= GOALS.keys()


@ONE_ENGINE
def test_the_topic_that_asks_for_a_place_leads_to_the_field_for_it(page: Page) -> None:
    assert 'href="/#where"' in page("/guide/questions-to-ask").text
    assert 'id="where"' in page("/").text


@pytest.mark.parametrize(("words", "minutes"), [(0, 1), (200, 1), (399, 2), (1200, 6)])
def test_reading_time_is_counted_at_two_hundred_words_a_minute(words: int, minutes: int) -> None:
    assert reading_minutes("<p class='a b'>" + "word " * words + "</p>") == minutes


@ONE_ENGINE
def test_an_unknown_topic_is_a_missing_page_that_says_so(client: FlaskClient) -> None:
    answer = client.get("/guide/no-such-topic")
    assert answer.status_code == 404
    assert "There is no such page" in answer.text


@ONE_ENGINE
def test_a_proxy_may_keep_the_guide(page: Page) -> None:
    answer = page("/guide/red-flags")
    assert "s-maxage" in answer.headers["Cache-Control"]
    assert "Set-Cookie" not in answer.headers
