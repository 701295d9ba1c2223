"""Whether a site that came back answers: its pages as a visitor would ask for them, without a server in between."""

from flask import Flask

from directory.clinics.models import PUBLISHED, Clinic
from directory.db import db

PAGES = ("/healthz", "/readyz", "/", "/search?near=Leeds", "/transparency", "/transparency/log", "/api/v1/clinics")


def look(app: Flask) -> list[str]:
    """The pages that do not answer with 200, each with what it said; empty when all do."""
    slug = db.session.query(Clinic.slug).filter_by(status=PUBLISHED).order_by(Clinic.id).limit(1).scalar()
    db.session.remove()
    browser = app.test_client()
    pages = [*PAGES, *([f"/clinics/{slug}"] if slug else [])]
    answers = [(page, browser.get(page).status_code) for page in pages]
    return [f"{page}: {status}" for page, status in answers if status != 200]
