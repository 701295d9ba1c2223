"""A review that is published changes the score in every process at once; one that is hidden takes it back."""

import json
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from directory.accounts.models import User
from directory.clinics.models import Clinic
from directory.config import Settings
from directory.db import db, writing
from directory.reviews.models import Review
from directory.reviews.scores import ClinicScore
from directory.reviews.stages import Stage
from tests import factories

ROOT = Path(__file__).parents[2]


def _review(app: Flask, slug: str, number: int, overall: int, state: str = "published", stage: str = "6m") -> None:
    with app.app_context(), writing():
        clinic = db.session.query(Clinic).filter_by(slug=slug).one()
        author = User(email=f"{slug}{number}@example.org")
        db.session.add(author)
        db.session.flush()
        review = Review(clinic=clinic, author_id=author.id, pseudonym="grey fox", treated_month="2026-05")
        review.verification = "visit"
        made = Stage(review=review, stage=stage, overall=overall, text="Calm.", state="pending")
        db.session.add(review)
        db.session.flush()
        if state == "published":
            made.publish()
        db.session.commit()


@pytest.fixture
def scored(app: Flask) -> Flask:
    """Two clinics side by side, one with five proven reviews of four and five stars, one with two."""
    factories.saved(app, lambda: factories.clinic("Ada", slug="ada"), lambda: factories.clinic("Bea", slug="bea"))
    for number, overall in enumerate((5, 5, 4, 5, 4)):
        _review(app, "ada", number, overall)
    for number in range(2):
        _review(app, "bea", number, 5, stage="fresh")
    return app


def _found(client: FlaskClient, search: str) -> list[str]:
    results = client.get(f"/api/v1/clinics?near=53.8,-1.55&radius=50&{search}").get_json()["results"]
    return [result["slug"] for result in results]


@pytest.mark.parametrize(
    ("search", "found"),
    [
        ("sort=score", ["ada", "bea"]),
        ("min_score=4", ["ada"]),  # Bea has too few reviews to have a score at all
        ("min_score=4.9", []),
        ("stage=healed", ["ada"]),  # Bea's are fresh
        ("sort=best", ["ada", "bea"]),
    ],
)
def test_results_look_at_scores(scored: Flask, search: str, found: list[str]) -> None:
    assert _found(scored.test_client(), search) == found


def test_page_card_api_and_table_say_the_same(scored: Flask) -> None:
    client = scored.test_client()
    with scored.app_context():
        kept = {score.clinic_id: score.shown for score in db.session.query(ClinicScore)}
        ids = {clinic.slug: clinic.id for clinic in db.session.query(Clinic)}
    for slug in ("ada", "bea"):
        rating = client.get(f"/api/v1/clinics/{slug}").get_json()["rating"]
        shown = kept[ids[slug]]
        assert rating == {
            "score": shown.score,
            "count": shown.count,
            "counted": shown.counted,
            "healed": shown.healed,
        }
    listed = client.get("/api/v1/clinics?near=Leeds").get_json()["results"]
    assert {one["slug"]: one["rating"]["score"] for one in listed} == {"ada": kept[ids["ada"]].score, "bea": None}
    page = client.get("/search?near=Leeds").get_data(as_text=True)
    assert f'<span class="score-number">{kept[ids["ada"]].score}</span>' in page
    assert "Too few reviews to score" in page


def test_what_waits_or_was_removed_says_nothing(scored: Flask) -> None:
    before = scored.test_client().get("/api/v1/clinics/ada").get_json()["rating"]
    _review(scored, "ada", 9, 1, state="pending")
    assert scored.test_client().get("/api/v1/clinics/ada").get_json()["rating"] == before
    with scored.app_context(), writing():
        review = db.session.query(Review).order_by(Review.id).first()
        assert review is not None
        review.suspect("Several reviews came at once; somebody is looking.")
        db.session.commit()
    after = scored.test_client().get("/api/v1/clinics/ada").get_json()["rating"]
    assert (after["count"], after["counted"]) == (before["count"], before["counted"] - 1)


def test_another_process_knows_within_a_second(app: Flask, settings: Settings) -> None:
    factories.saved(app, lambda: factories.clinic("Ada", slug="ada"))
    script = (
        "import json, sys\nfrom directory.factory import create_app\nclient = create_app().test_client()\n"
        "for _line in sys.stdin:\n"
        "    found = client.get('/api/v1/clinics?near=53.8,-1.55&min_score=3').get_json()\n"
        "    print(json.dumps(found['total']), flush=True)\n"
    )
    environment = {**os.environ, "DATA": str(settings.data), "DATABASE_URL": settings.database_url}
    with subprocess.Popen(
        [sys.executable, "-c", script],
        cwd=ROOT,
        env=environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as worker:
        assert worker.stdin is not None
        assert worker.stdout is not None

        def asked() -> int:
            worker.stdin.write("\n")  # type: ignore[union-attr]
            worker.stdin.flush()  # type: ignore[union-attr]
            return int(json.loads(worker.stdout.readline()))  # type: ignore[union-attr]

        assert asked() == 0
        for number in range(4):
            _review(app, "ada", number, 5)
        time.sleep(0.6)
        assert asked() == 1
        worker.stdin.close()
        worker.wait(20)
