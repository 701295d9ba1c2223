"""A seeker filters by credentials; a licence that lapses stops to count the second it does, without any write."""

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient

from directory.config import Settings
from directory.credentials.models import Credential
from directory.db import db, writing
from directory.factory import create_app
from tests import factories
from tests.credentials import papers
from tests.reading import text_of

CHECKED = datetime(2026, 10, 14, 9, 0, tzinfo=UTC)
ON_THE_LAST_DAY = datetime(2026, 12, 31, 23, 59, 59, tzinfo=UTC)
AFTER_IT = datetime(2027, 1, 1, 0, 0, 0, tzinfo=UTC)


@pytest.fixture
def licensed(app: Flask) -> str:
    with time_machine.travel(CHECKED, tick=False), app.app_context(), writing():
        public_id = papers.licensed(date(2026, 12, 31)).public_id
        factories.clinic("Bare Studio", slug="bare")
        factories.commit()
    return public_id


def found(client: FlaskClient, query: str) -> dict[str, Any]:
    body = client.get(f"/api/v1/clinics?near=Leeds&{query}").json
    assert body is not None
    return {one["slug"]: one for one in body["results"]}


def test_filters_and_figures(licensed: str, client: FlaskClient) -> None:
    with time_machine.travel(ON_THE_LAST_DAY, tick=False):
        assert set(found(client, "")) == {"headingley", "bare"}
        for level in (1, 2, 3):
            assert set(found(client, f"credential={level}")) == {"headingley"}
        assert not found(client, "credential=4")
        one = found(client, "requirement=met")["headingley"]
        assert one["credential_strength"] == 3
        assert one["requirements"] == {"met": 2, "missing": 0, "unknown": 0}
        bare = found(client, "")["bare"]
        assert bare["credential_strength"] is None
        assert bare["requirements"]["missing"] == 2
        detail = client.get(f"/api/v1/credentials/{one['credential']}").json
        assert detail is not None
        assert detail["strength"] == 3


def test_a_lapse_counts_the_second_it_comes(licensed: str, client: FlaskClient) -> None:
    """The same process, nothing written, no job: filters, figures, order, chips and the kept answer change."""
    with time_machine.travel(ON_THE_LAST_DAY, tick=False):
        assert "headingley" in found(client, "requirement=met")
        kept = client.get("/api/v1/clinics/headingley")
        page = client.get("/search?near=Leeds")
        assert "Shows what the law asks" in text_of(page)
    with time_machine.travel(AFTER_IT, tick=False):
        assert not found(client, "requirement=met")
        assert list(found(client, "")) == ["bare", "headingley"], "a lapsed licence that the law asks for comes last"
        assert found(client, "")["headingley"]["requirements"] == {"met": 1, "missing": 1, "unknown": 0}
        tag = {"If-None-Match": kept.headers["ETag"]}
        assert client.get("/api/v1/clinics/headingley", headers=tag).status_code == 200
        again = client.get("/search?near=Leeds", headers={"If-None-Match": page.headers["ETag"]})
        assert again.status_code == 200
        assert "A licence that the law asks for has run out" in text_of(again)


def test_a_revocation_is_seen_in_another_process_at_once(
    licensed: str, app: Flask, settings: Settings, tmp_path: Path
) -> None:
    """A second application on the same database, as another worker has one."""
    other = create_app(settings).test_client()
    with time_machine.travel(ON_THE_LAST_DAY):
        assert "headingley" in found(other, "credential=3")
        with app.app_context(), writing():
            one = db.session.query(Credential).filter_by(public_id=licensed).one()
            who, second = papers.person("a@example.org"), papers.person("b@example.org")
            one.revoke(source=papers.SOURCE, by=who, second=second)
            db.session.query(Credential).filter(Credential.clinic_id.is_not(None)).one().withdraw()
            db.session.commit()
        assert "headingley" not in found(other, "credential=1")
        assert found(other, "")["headingley"]["credential_strength"] is None


def test_training_that_nobody_checked_for_a_year_counts_no_more_within_the_second(
    app: Flask, client: FlaskClient
) -> None:
    """At no quarter of an hour, in no figure that search keeps: the list of results says so all the same."""
    checked = datetime(2025, 11, 3, 9, 1, 7, tzinfo=UTC)
    brisbane = {"city": "Brisbane", "region": "Queensland", "country": "AU", "postal_code": "4000"}
    with time_machine.travel(checked, tick=False), app.app_context(), writing():
        papers.rules()
        studio = factories.clinic("River Dots", **brisbane, lat=-27.4698, lon=153.0251, timezone="Australia/Brisbane")
        papers.verified("au-hltinf005", factories.practitioner("Kim", at=studio), "H-1", method="document")
        factories.commit()
    address, tag, asked = "/api/v1/clinics?near=-27.47,153.03", "", []
    for moment in (datetime(2026, 11, 3, 9, 1, 5, tzinfo=UTC), datetime(2026, 11, 3, 9, 1, 6, tzinfo=UTC)):
        with time_machine.travel(moment, tick=False):
            answer = client.get(address, headers={"If-None-Match": tag})
            asked.append(answer.status_code)
            tag = answer.headers["ETag"]
    assert asked == [200, 304]
    with time_machine.travel(datetime(2026, 11, 3, 9, 1, 7, tzinfo=UTC), tick=False):
        answer = client.get(address, headers={"If-None-Match": tag})
        assert answer.status_code == 200
        assert answer.json is not None
        assert answer.json["results"][0]["requirements"]["met"] == 0
