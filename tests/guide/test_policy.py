"""What the site says about itself is what the code does."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from directory.accounts import devices, jobs, sessions
from directory.accounts.roles import LIFETIMES, Standing
from directory.cases.clocks import CLOCKS
from directory.guide.topics import POLICIES
from directory.guide.worked import worked_example
from directory.moderation.rules import NONE_BROKEN, RULES
from directory.reviews import rating
from directory.search import ranking
from tests.factories import clinic, saved
from tests.reading import text_of

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
    assert ", ".join(f"{km:g}" for km in ranking.DISTANCE_BANDS_KM) in text


def test_ranking_page_works_the_score_through(page: Page) -> None:
    text = text_of(page("/policy/ranking"))
    example = worked_example()
    for step in example.steps:
        assert f"{step.weight:.3f}" in text
    assert f"= {example.rating.score}." in text
    assert f"Careful estimate: {example.rating.lower:.2f}" in text
    for constant in (*rating.VERIFICATION_WEIGHT.values(), *rating.STAGE_WEIGHT.values(), rating.HALF_LIFE_MONTHS):
        assert str(constant) in text
    assert f"up to {ranking.SCORE_POINTS:.0f} points" in text


def test_review_page_lists_every_rule_and_clock(page: Page) -> None:
    text = text_of(page("/policy/reviews"))
    for key, rule in RULES.items():
        assert (str(rule.words) in text) == (key != NONE_BROKEN), key
    assert f"within {CLOCKS['review'].hours} hours" in text
    assert f"within {CLOCKS['appeal'].hours // 24} days" in text
    assert "contact confirmed" in text


def test_privacy_page_names_every_cookie_the_site_sets(page: Page) -> None:
    text = page("/policy/privacy").text
    for cookie in ("theme", "unit", "saved", "session", "sid", "device"):
        assert f"<code>{cookie}</code>" in text


def test_privacy_page_says_how_long_an_account_keeps_what(page: Page) -> None:
    text = text_of(page("/policy/privacy"))
    member = LIFETIMES[Standing.MEMBER]
    assert f"after {member.idle.total_seconds() / 3600:.0f} hours without a visit" in text
    assert f"after {member.absolute.days} days at most" in text
    assert f"deleted {sessions.KEPT.days} days after it ended" in text
    assert f"Kept {devices.KNOWN_SECONDS // 86_400} days" in text
    assert f"forgotten after {jobs.UNCONFIRMED_LIFE.days} days" in text
    assert "not signed in for 3 years" in text


def test_without_an_address_no_page_asks_to_write(app: Flask, page: Page) -> None:
    saved(app, lambda: clinic("First Rooms", slug="first"))
    assert "Something wrong? Report this page" in page("/clinics/first").text
    assert "has not given an address yet" in text_of(page("/policy/contact"))
    assert "Write to us" not in text_of(page("/policy/verification"))


def test_an_address_given_is_the_one_shown(app: Flask, page: Page) -> None:
    app.config["SETTINGS"] = replace(app.config["SETTINGS"], contact_email="hello@example.org")
    assert "mailto:hello@example.org" in page("/policy/contact").text


def test_an_unknown_policy_is_a_missing_page(client: FlaskClient) -> None:
    assert client.get("/policy/cookies-we-sell").status_code == 404
