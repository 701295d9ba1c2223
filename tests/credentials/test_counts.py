"""How many credentials stand at which strength, as the transparency page tells it."""

from datetime import UTC, date, datetime

import time_machine
from flask import Flask
from flask.testing import FlaskClient

from directory.db import writing
from tests import factories
from tests.credentials import papers
from tests.reading import text_of

BEFORE, AFTER = datetime(2026, 12, 31, 12, tzinfo=UTC), datetime(2027, 1, 1, 0, 0, 1, tzinfo=UTC)


def _section(client: FlaskClient) -> str:
    return text_of(client.get("/transparency")).partition("Credentials by strength")[2]


def test_what_stands_is_counted_by_strength_and_what_lapsed_apart(app: Flask, client: FlaskClient) -> None:
    assert "No credential is listed yet" in _section(client)
    with time_machine.travel(BEFORE, tick=False):
        with app.app_context(), writing():
            studio, amara = papers.leeds()
            papers.verified("gb-eng-person", amara, "SP/1", expires_on=date(2026, 12, 31))
            papers.verified("gb-eng-premises", studio, "P-1", method="document")
            papers.paper("gb-eng-person", factories.practitioner("Bea Waits"), "SP/2")
            example = factories.practitioner("Eve Example", is_example=True)
            papers.verified("gb-eng-person", example, "SP/3")
            factories.commit()
        shown = _section(client)
        assert "Found in register 1 0 0 Issuer confirmed 0 0 0 Document seen 1 0 0 Self-declared 1 0 0" in shown
        assert "Expired 0 0 0" in shown
    with time_machine.travel(AFTER, tick=False):
        shown = _section(client)
        assert "Found in register 0 0 0" in shown
        assert "Expired 1 0 0" in shown
