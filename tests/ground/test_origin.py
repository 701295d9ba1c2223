"""A change is only made for a page of ours."""

import pytest
from flask.testing import FlaskClient

from tests.accounts.people import form_token

ADDRESS = "/account/sign-up"
FIELDS = {"email": "noor@example.org"}

# What the browser says of where the request comes from, and the answer.
ORIGINS = [
    ({}, 303),
    ({"Sec-Fetch-Site": "same-origin"}, 303),
    ({"Sec-Fetch-Site": "same-origin", "Origin": "null"}, 303),  # a page that sends no referrer
    ({"Sec-Fetch-Site": "none"}, 303),
    ({"Sec-Fetch-Site": "same-site"}, 403),
    ({"Sec-Fetch-Site": "cross-site"}, 403),
    ({"Sec-Fetch-Site": "cross-site", "Origin": "http://localhost"}, 403),
    ({"Origin": "http://localhost"}, 303),
    ({"Origin": "https://evil.example"}, 403),
    ({"Origin": "null"}, 403),
    ({"Origin": "http://localhost.evil.example"}, 403),
]


@pytest.mark.parametrize(("headers", "status"), ORIGINS)
def test_where_a_form_may_come_from(client: FlaskClient, headers: dict[str, str], status: int) -> None:
    token = form_token(client.get(ADDRESS))
    assert client.post(ADDRESS, data={"csrf_token": token, **FIELDS}, headers=headers).status_code == status


def test_without_a_token_or_with_somebody_elses_nothing_happens(client: FlaskClient) -> None:
    stranger = client.application.test_client()
    token = form_token(stranger.get(ADDRESS))
    client.get(ADDRESS)
    for data in ({}, {"csrf_token": "x"}, {"csrf_token": token}):
        assert client.post(ADDRESS, data={**FIELDS, **data}).status_code == 400
