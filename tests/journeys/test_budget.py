"""What a page weighs on the wire, compressed, before the map."""

from collections import Counter
from collections.abc import Callable

import pytest
from playwright.sync_api import Response

from tests.journeys.conftest import Visitor
from tests.journeys.pages import LEEDS

Visit = Callable[..., Visitor]
BUDGET = {"document": 25_000, "stylesheet": 20_000, "script": 30_000, "font": 80_000}


@pytest.mark.parametrize(
    "address",
    [
        "/",
        "/search?near=Leeds",
        f"/clinics/{LEEDS[0]}",
        "/practitioners/amara-osei-bonsu",
        f"/compare?c={LEEDS[0]}&c={LEEDS[1]}",
        "/guide/questions-to-ask",
        "/policy/ranking",
    ],
)
def test_a_page_weighs_little(visit: Visit, address: str) -> None:
    visitor = visit(width=820)
    answers: list[Response] = []
    visitor.page.on("response", lambda answer: answers.append(answer))
    visitor.open(address)
    visitor.page.wait_for_load_state("networkidle")
    weights: Counter[str] = Counter()
    # The files for ś, ő and their like load only when a name needs them.
    for answer in (one for one in answers if "-ext.woff2" not in one.url):
        weights[answer.request.resource_type] += answer.request.sizes()["responseBodySize"]
    over = {kind: weights[kind] for kind, most in BUDGET.items() if weights[kind] > most}
    assert over == {}, dict(weights)
