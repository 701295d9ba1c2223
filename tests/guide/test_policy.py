"""What the site says about itself is what the code does."""

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from directory.guide.topics import POLICIES
from directory.search import ranking

Page = Callable[[str], TestResponse]
# These pages ask the database nothing; one engine is enough.
pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def test_each_policy_page_opens_and_names_the_others(page: Page) -> None:
    for name in POLICIES:
        text = page(f"/policy/{name}").text
        for other in POLICIES.keys() - {name}:
            assert f'href="/policy/{other}"' in text


def test_ranking_page_quotes_the_constants_in_use(page: Page) -> None:
    text = page("/policy/ranking").text
    assert f"{ranking.GOAL_POINTS:.0f} points for each" in text
    assert f"{ranking.BAND_POINTS:.0f} points for each step" in text
    assert ", ".join(f"{km:.0f}" for km in ranking.DISTANCE_BANDS_KM) in text


def test_review_page_does_not_claim_reviews_there_are_none_of(page: Page) -> None:
    assert "No reviews are shown on this site yet" in page("/policy/reviews").text


def test_privacy_page_names_every_cookie_the_site_sets(page: Page) -> None:
    text = page("/policy/privacy").text
    for cookie in ("theme", "unit", "saved", "session"):
        assert f"<code>{cookie}</code>" in text


def test_an_unknown_policy_is_a_missing_page(client: FlaskClient) -> None:
    assert client.get("/policy/cookies-we-sell").status_code == 404
